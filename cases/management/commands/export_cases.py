"""`manage.py export_cases --board SLUG [-o FILE]`: a board's cases as case files, or as a table."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.actions.access_log import log_command_export
from cases.exchange.lists.fields import FIELDS
from cases.exchange.lists.papers import ON_TEMPLATE
from cases.exchange.lists.tables import (
    TABLE_FORMATS,
    NoSuchColumn,
    as_csv,
    as_workbook,
    case_rows,
    columns_at,
)
from cases.filing import as_case_file
from cases.management.naming import BAD_INPUT, board_named, write_out
from cases.models import Board, Case
from cases.queries import with_record
from cases.record import record_of
from guidelines.show.exports import guarded

AT_ONCE = 100  # cases read together


class Command(BaseCommand):
    help = (
        "Write the cases of a board in the order they were entered: as case files in JSON Lines, which "
        "import_cases reads back to the same facts, or as a table of chosen columns, which it reads too. "
        "Each case gets an event that it went out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--board", metavar="SLUG", required=True, help="whose cases they are")
        parser.add_argument(
            "--format", choices=("jsonl", *TABLE_FORMATS), default="jsonl", help="jsonl unless given"
        )
        parser.add_argument(
            "--columns",
            metavar="A,B,…",
            default=",".join(ON_TEMPLATE),
            help="of a table: fields as the empty list names them; pathology[1].ki67 is of the second report",
        )
        parser.add_argument("-o", "--output", metavar="FILE", default="-", help="else standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        board = board_named(options["board"])
        if options["format"] == "jsonl":
            lines = (f"{json.dumps(file, ensure_ascii=False)}\n".encode() for file in files_of(board))
            write_out(options["output"], lines)
            return
        try:
            columns = columns_at(options["columns"].split(","), FIELDS)
        except NoSuchColumn as error:
            raise CommandError(str(error), returncode=BAD_INPUT) from error
        rows = case_rows(files_of(board), columns)
        made = as_csv(rows, guarded) if options["format"] == "csv" else as_workbook(rows, "Cases")
        write_out(options["output"], [made])


def files_of(board: Board) -> Iterator[dict[str, Any]]:
    """Each case as a case file; it leaves its event as it goes out."""
    for case in with_record(Case.objects.filter(board=board)).order_by("created_at", "pk").iterator(AT_ONCE):
        log_command_export(case=case, document="case file")
        yield as_case_file(record_of(case))
