"""`manage.py import_cases FILE --board SLUG [--mapping NAME] [--dry-run]`: cases from a list, CSV or XLSX."""

import argparse
import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from cases.access import people_where, person_where
from cases.actions.importing import ImportOutdated, keep_reading
from cases.choices import Right, Role
from cases.exchange.lists.mapping import DateOrder, ListMapping, MappingInvalid, Unit, read_mapping
from cases.exchange.lists.papers import template
from cases.exchange.lists.workbooks import Unfit
from cases.management.naming import BAD_INPUT, board_named
from cases.models import Board, ListImport, ListReading, Membership
from cases.screens.lists import (
    ListPlan,
    Progress,
    as_json,
    finished,
    fitting,
    import_list,
    list_of,
    opened,
    plan,
    problems_of,
    source_of,
)

SOME_REFUSED = 1

EPILOG = """
A row is one case, known by its record number and, where the list has one, its key. A header that is a key
of the case file (record_number, surname, birth_date, question, primary_site, pathology.ki67 …; --template
FILE.xlsx has them all) or a label of the forms maps by itself; a mapping says the rest, as JSON:

  {"sheet": "", "header_row": 0, "encoding": "", "separator": "",
   "columns": {"Pat-Nr": "record_number", "Bemerkung": ""},
   "values": {"Differenzierung": {"gut": "well", "schlecht": "poor"}, "Metastasen": {"keine": "none"}},
   "units": {"Ki-67": "share"}, "dates": {"Geburtsdatum": "day_first"}, "question": "Treatment?"}

Empty cells, "k.A.", "n.d." and "?" are not known and change nothing. Nothing is guessed: a word that is not
mapped, a Ki-67 of 0.35 and a date that can be read in two ways refuse the rows that have them, and the
question is printed once with what may be answered, by the mapping or by --unit and --dates. What a person
has entered stays without --overwrite. --dry-run writes nothing and says what would be done, as text or JSON:

  {"list", "board", "sheet", "header_row", "encoding", "separator", "columns": {header: field},
   "left_out": [header],
   "counts": {"create", "change", "unchanged", "refused"},
   "questions": [{"kind": "values" | "units" | "dates", "column", "field", "words": {word: rows}, "allowed"}],
   "rows": [{"row", "state", "record_number", "key", "changes": [{"field", "before", "after", "kept"}],
             "faults": [{"column", "value", "reason", "allowed"}]}],
   "import": the id of what was taken over; null in a dry run, and where nothing changed}

Exit status: 0 every row is in, or would be; 1 some rows are refused, all others are in, or would be;
2 nothing could be done: the file, the board, the mapping or an option is wrong. What is wrong stands on
standard error.
"""


class Command(BaseCommand):
    help = (
        "Take cases over from a list, CSV or XLSX, or from case files as JSON Lines: new ones, and what has "
        "changed in known ones."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        kwargs |= {"epilog": EPILOG}
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="the list")
        parser.add_argument("--board", metavar="SLUG", help="whose cases they are")
        parser.add_argument(
            "--mapping", metavar="NAME", help="how it is read, by a name stored with the board"
        )
        parser.add_argument(
            "--mapping-file", metavar="FILE", help="the same as JSON; kept under --mapping NAME as a version"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="write nothing, and say what would be done"
        )
        parser.add_argument("--format", choices=("text", "json"), default="text", help="of what is printed")
        parser.add_argument(
            "--by", metavar="USERNAME", help="who takes it over; else the board's coordinator"
        )
        parser.add_argument(
            "--refused", metavar="FILE", help="write the refused rows there, with their reasons, as they came"
        )
        parser.add_argument("--overwrite", action="store_true", help="also what people have entered")
        parser.add_argument("--sheet", metavar="NAME", help="of a workbook; else the first")
        parser.add_argument("--header-row", metavar="N", type=int, help="the row of the headers, from 1")
        parser.add_argument("--encoding", help="of a CSV: utf-8, utf-16, cp1252 …")
        parser.add_argument("--separator", help="of a CSV: ; , | or a tab")
        parser.add_argument(
            "--unit", action="append", default=[], metavar="COLUMN=percent|share",
            help="what the numbers of a Ki-67 column mean",
        )  # fmt: skip
        parser.add_argument(
            "--dates", action="append", default=[], metavar="COLUMN=day_first|month_first",
            help="what 03/05/2026 means in a column",
        )  # fmt: skip
        parser.add_argument("--question", help="what is asked of a new case whose row does not say")
        parser.add_argument(
            "--template", metavar="FILE", help="write an empty list there, and do nothing else"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["template"]:
            Path(options["template"]).write_bytes(template())
            return
        try:
            listed, made = self._done(options)
        except Unfit as error:
            raise _bad(str(error)) from error
        except MappingInvalid as error:
            raise _bad("\n".join(error.faults)) from error
        except ImportOutdated as error:
            raise _bad(f"{error} Nothing was taken over; start again.") from error
        self._print(listed, made, options)
        if options["refused"] and listed.counts["refused"]:
            Path(options["refused"]).write_bytes(listed.refused())
        if listed.counts["refused"]:
            sys.exit(SOME_REFUSED)

    def _done(self, options: Mapping[str, Any]) -> tuple[ListPlan, ListImport | None]:
        if not options["file"] or not options["board"]:
            raise _bad("Say which FILE, and whose cases they are with --board SLUG.")
        board = board_named(options["board"])
        by = _person(board, options["by"])
        try:
            data = Path(options["file"]).read_bytes()
        except OSError as error:
            raise _bad(f"{options['file']}: {error.strerror}.") from error
        stored = (
            _stored(board, options["mapping"]) if options["mapping"] and not options["mapping_file"] else None
        )
        mapping = _with_options(_mapping(stored, options["mapping_file"]), options)
        file = opened(data, mapping)
        if stored is None and not options["mapping_file"]:
            stored = fitting(board, file)
            mapping = _with_options(_mapping(stored, None), options)
            file = opened(data, mapping)
        ticks = None if options["overwrite"] else frozenset[str]()
        listed = self._run(plan(board, by, list_of(board, file, mapping), ticks=ticks))
        if options["dry_run"]:
            return listed, None
        if options["mapping"] and options["mapping_file"]:
            content = mapping.model_dump(mode="json")
            stored = keep_reading(by=by, board=board, name=options["mapping"], content=content)
        source = source_of(Path(options["file"]).name, data, stored)
        return listed, self._run(import_list(board, by, listed, source))

    def _run(self, work: Any) -> Any:
        """The work, saying on standard error every thousand rows how far it is."""

        def told() -> Any:
            last = 0
            while True:
                try:
                    at: Progress = next(work)
                except StopIteration as end:
                    return end.value
                if at.done // 1000 != last:
                    last = at.done // 1000
                    self.stderr.write(f"{at.what}: {at.done} of {at.total} rows")
                yield at

        return finished(told())

    def _print(self, listed: ListPlan, made: ListImport | None, options: Mapping[str, Any]) -> None:
        if options["format"] == "json":
            data = as_json(listed, Path(options["file"]).name, board_named(options["board"]))
            data |= {"dry_run": options["dry_run"], "import": str(made.uid) if made else None}
            self.stdout.write(json.dumps(data, ensure_ascii=False))
            return
        counts, tense = listed.counts, "would be " if options["dry_run"] else ""
        self.stdout.write(
            f"{counts['create']} new, {counts['change']} {tense}changed, {counts['unchanged']} unchanged, "
            f"{counts['refused']} refused"
        )
        for line in listed.lines("change"):
            for change in line.changes:
                kept = "" if change.taken else " (stays: a person entered it; --overwrite)"
                self.stdout.write(f"row {line.number}: {change.path}: {change.before} → {change.after}{kept}")
        if listed.read.left_out:
            self.stdout.write(f"Columns left out: {', '.join(listed.read.left_out)}")
        for question in listed.read.questions:
            self.stderr.write(f"{question.text} Allowed: {', '.join(question.allowed)}.")
        for problem in problems_of(listed.lines("refused")):
            self.stderr.write(problem)


def _bad(text: str) -> CommandError:
    return CommandError(text, returncode=BAD_INPUT)


def _person(board: Board, username: str | None) -> User:
    """Who takes the list over."""
    people = people_where(board, Right.ENTER)
    if username:
        found = person_where(board, Right.ENTER, username)
        if found is None:
            raise _bad(f"{username!r} may not enter cases of this board.")
        return found
    coordinating = Membership.objects.filter(board=board, role=Role.COORDINATOR)
    coordinators = set(coordinating.values_list("user", flat=True))
    if not people:
        raise _bad("Nobody may enter cases of this board.")
    return next((one for one in people if one.pk in coordinators), people[0])


def _stored(board: Board, name: str) -> ListReading:
    found = ListReading.objects.filter(board=board, name=name).order_by("-version").first()
    if found is None:
        names = sorted(set(ListReading.objects.filter(board=board).values_list("name", flat=True)))
        raise _bad(f"The board has no mapping {name!r}; allowed: {', '.join(names) or 'none are stored'}.")
    return found


def _mapping(stored: ListReading | None, file: str | None) -> ListMapping:
    if file is None:
        return read_mapping(stored.content) if stored else ListMapping()
    try:
        raw = json.loads(Path(file).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise _bad(f"{file}: {error}") from error
    return read_mapping(raw)


def _with_options(mapping: ListMapping, options: Mapping[str, Any]) -> ListMapping:
    """The mapping with what the options say beside it. Raises `MappingInvalid`."""
    said = {
        name: options[name]
        for name in ("sheet", "header_row", "encoding", "separator", "question")
        if options[name] is not None
    }
    units: dict[str, Unit] = {**mapping.units, **_answers(options["unit"])}  # type: ignore[dict-item]
    dates: dict[str, DateOrder] = {**mapping.dates, **_answers(options["dates"])}  # type: ignore[dict-item]
    return read_mapping({**mapping.model_dump(), **said, "units": units, "dates": dates})


def _answers(words: Sequence[str]) -> dict[str, str]:
    """COLUMN=ANSWER, several times."""
    found = {}
    for word in words:
        column, equals, answer = word.rpartition("=")
        if not equals:
            raise _bad(f"{word!r}: write COLUMN=ANSWER.")
        found[column] = answer.replace("-", "_")
    return found
