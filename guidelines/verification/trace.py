"""What the source prints in the lines that the encoding names: their numbers, their citations, a hash.

The text of the source is not part of the project. `write_trace` reads it once and leaves `trace.yaml` in the
release's folder: by that file the numbers and studies of every statement are checked wherever the text is not
at hand, and the hash tells whether the lines are still those the encoding was checked against.

Lines are written "1037-1040", several stretches "1037-1040, 1051-1053", counted from 1, ends included.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guidelines.verification.numbers import excused_by, flat, numbers_in
from guidelines.vocabulary.yamlfile import ContentError, read_yaml

FILE = "trace.yaml"

_SUMMARY = "Summary of recommendations"
_TABLE = re.compile(r"Table [0-9]+")
_TRIAL = re.compile(r"NCT[0-9]{8}")
_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}[a-d]?\b")
_ET_AL = re.compile(r"[\s,]*e[tf]\s*al\.?$")


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands in one stretch of lines. `cites`: works as "Sorbye 2013", as the text prints them.

    `trials`: the numbers of registered trials.
    """

    sha256: str
    numbers: frozenset[str]
    cites: frozenset[str]
    trials: frozenset[str] = frozenset()

    def lacks(self, text: str, ocr: Iterable[str] = ()) -> set[str]:
        """The numbers of the text that the passage does not print, but for those among the keys of `ocr`.

        `write_trace` has seen that what `ocr` says is printed for them stands in the passage.
        """
        return set(numbers_in(text) - self.numbers - excused_by(ocr))

    def cited(self, work: str, ocr: Iterable[str] = ()) -> bool:
        """Whether the passage cites the work ("Sorbye 2013"), if only as damaged as `ocr` says."""
        return work in self.cites or work in ocr


def stretches(lines: str) -> tuple[tuple[int, int], ...]:
    """The first and last line of each stretch. Raises `ValueError` where they are not in ascending order."""
    found: list[tuple[int, int]] = []
    for stretch in lines.split(","):
        match = re.fullmatch(r"\s*([1-9][0-9]*)(?:-([1-9][0-9]*))?\s*", stretch)
        if match is None:
            raise ValueError(f"{lines!r} is not lines as in '1037-1040, 1051-1053'")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or (found and first <= found[-1][1]):
            raise ValueError(f"{lines!r}: the lines are not in ascending order")
        found.append((first, last))
    return tuple(found)


def inside(lines: str, outer: str) -> bool:
    """Whether every one of the lines is among the outer lines."""
    return all(
        any(first <= start and end <= last for first, last in stretches(outer))
        for start, end in stretches(lines)
    )


def speaks_for(path: Sequence[str], other: Sequence[str]) -> bool:
    """Whether what the other section cites is evidence in this one: itself, or one that this one sums up.

    A summary or a table cites nothing; it sums up the sections that share its path up to its own heading.
    """
    sums_up = path[-1] == _SUMMARY or _TABLE.fullmatch(path[-1]) is not None
    return list(path) == list(other) or (sums_up and list(other[: len(path) - 1]) == list(path[:-1]))


def text_of(source_text: str, lines: str) -> str:
    """The source's text in those lines. Raises `ValueError` where the source has fewer lines."""
    source = source_text.split("\n")
    found: list[str] = []
    for first, last in stretches(lines):
        if last > len(source):
            raise ValueError(f"{lines!r}: the source has {len(source)} lines")
        found += source[first - 1 : last]
    return "\n".join(found)


def cites_in(text: str) -> frozenset[str]:
    """The works cited in the text's brackets: "Sorbye 2013", "Pavel & de Herder 2017", "Bellizzi 2020a".

    Spelled as printed; words run together ("Chenetal. 2017") are taken apart. A bracket that the text begins
    or ends within counts.
    """
    return frozenset(cite for bracket in _brackets(flat(text)) for cite in _cites(bracket))


def cite(reference_id: str, authors: str, year: int) -> str:
    """A reference as `cites_in` gives it; the letter after the year, if there is one, is that of its id."""
    letter = re.search(r"[0-9]{4}([a-d])$", reference_id)
    short = re.sub(r" et al\.$", "", authors).replace(" and ", " & ")
    return f"{short} {year}{letter[1] if letter else ''}"


def trace(source_text: str, ranges: Iterable[str]) -> dict[str, Passage]:
    """What the source prints in each of the ranges, in the order of their lines.

    Raises `ValueError` for a range that is malformed or not in the source.
    """
    passages = {}
    for lines in sorted(set(ranges), key=stretches):
        text = text_of(source_text, lines)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        trials = frozenset(_TRIAL.findall(flat(text)))
        passages[lines] = Passage(sha256, numbers_in(text), cites_in(text), trials)
    return passages


def ranges_of(folder: Path) -> tuple[str, ...]:
    """Every distinct range that the release names: of statements, cautions, trials, studies and sections."""
    return tuple(sorted({lines for _, _, entry in _entries(folder) for lines in _own(entry)}, key=stretches))


def write_trace(folder: Path, source: Path) -> None:
    """Write the release's `trace.yaml`.

    Raises `ContentError` for a range that is malformed or not in the source, and for an `ocr` whose damaged
    text does not stand in the entry's lines.
    """
    source_text = source.read_text(encoding="utf-8")
    for path, name, entry in _entries(folder):
        try:
            text = "\n".join(text_of(source_text, lines) for lines in _own(entry))
        except ValueError as error:
            raise ContentError(path, name, f"lines: {error}") from error
        for given, damaged in entry.get("ocr", {}).items():
            if flat(damaged) not in flat(text):
                raise ContentError(path, name, f"ocr: {damaged!r}, for {given}, does not stand in its lines")
    passages = trace(source_text, ranges_of(folder))
    written = [
        f"{json.dumps(lines)}:\n"
        f"  sha256: {passage.sha256}\n"
        f"  numbers: {json.dumps(sorted(passage.numbers, key=_size))}\n"
        f"  cites: {json.dumps(sorted(passage.cites), ensure_ascii=False)}\n"
        + (f"  trials: {json.dumps(sorted(passage.trials))}\n" if passage.trials else "")
        for lines, passage in passages.items()
    ]
    head = "# What the source prints in the lines named by this release: made by a command, not by hand.\n\n"
    (folder / FILE).write_text(head + "".join(written), encoding="utf-8")


def read_trace(folder: Path) -> dict[str, Passage]:
    """The release's trace by lines. Raises `ContentError`."""
    path = folder / FILE
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise ContentError(path, "", "a mapping of lines is expected")
    try:
        return {
            lines: Passage(
                raw["sha256"],
                frozenset(raw["numbers"]),
                frozenset(raw["cites"]),
                frozenset(raw.get("trials", ())),
            )
            for lines, raw in content.items()
        }
    except (AttributeError, KeyError, TypeError) as error:
        raise ContentError(path, "", f"sha256, numbers and cites are expected: {error}") from error


def _entries(folder: Path) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """Every entry of the release's files, with its file and name."""
    for path in sorted(folder.rglob("*.yaml")):
        if path.name == FILE:
            continue
        content = read_yaml(path)
        for number, entry in enumerate(content if isinstance(content, list) else [content], 1):
            if isinstance(entry, dict):
                yield path, str(entry.get("id") or entry.get("nct") or f"entry {number}"), entry


def _own(value: Any) -> Iterator[str]:
    """The ranges named anywhere in one entry."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "lines" and isinstance(inner, str | int):
                yield str(inner)
            else:
                yield from _own(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _own(inner)


def _brackets(text: str) -> Iterator[str]:
    """What stands in brackets, also where the text begins or ends within one."""
    opened = text.find("(")
    closed = text.find(")")
    if closed != -1 and (opened == -1 or closed < opened):
        yield text[:closed]
    for match in re.finditer(r"\(([^()]*)", text):
        yield match[1]


def _cites(bracket: str) -> Iterator[str]:
    """Works are told apart by their years; a year without a name belongs to the name before it."""
    authors, start = "", 0
    for match in _YEAR.finditer(bracket):
        name = _ET_AL.sub("", bracket[start : match.start()].strip(" ,;")).strip(" ,;")
        start = match.end()
        authors = name or authors
        if re.match(r"(?:[A-Z]|de |van )[^0-9]*$", authors):
            yield f"{authors} {match[0]}"


def _size(number: str) -> tuple[float, str]:
    whole, _, part = number.partition("/")
    return float(whole) / float(part or 1), number
