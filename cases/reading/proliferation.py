"""Ki-67 and mitoses, as pathology reports write them."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from cases.reading.bounds import BoundedNumber
from cases.reading.characters import measured
from cases.reading.measures import Bound, Measure
from cases.reading.phrases import NUMBER, Phrase, decimal_of
from cases.reading.written import AsWritten, Problem, Unreadable, number_of, plain, words_of

TWO_MM2 = Decimal(2)
"""Mitoses are counted per 2 mm²."""

_SIGNS_ALLOWED = 'a range ("20-25", "20 to 25"), a bound ("> 20", ">= 80", "< 1", "at least 20") or "~45"'

_MM2 = r"mm ?\^?2|(?:sq|square) ?(?:mm|millimet(?:er|re)s?)"

KI67 = Measure(
    label="Ki-67",
    unit="%",
    phrase=Phrase(r"%|per ?cent|pct", lambda number, _: number),
    minimum=Decimal(0),
    maximum=Decimal(100),
    near=Decimal(2),
    allowed=f'a number from 0 to 100, in percent ("45", "45.5 %"), {_SIGNS_ALLOWED}',
)

MITOSES = Measure(
    label="Mitotic count",
    unit="per 2 mm²",
    phrase=Phrase("mitos[ie]s|mitotic figures?", lambda number, _: number),
    minimum=Decimal(0),
    maximum=Decimal(9999),  # 2 mm² hold about ten thousand cells
    near=Decimal(2),
    allowed=(
        'a count from 0 to 9999 per 2 mm² ("25", "25/2 mm²"), per another area ("12/10 mm²", "25/mm²") or '
        f'per a stated number of fields ("16/10 HPF"); {_SIGNS_ALLOWED}'
    ),
)

FIELD_AREA = Measure(
    label="Field area",
    unit="mm²",
    phrase=Phrase(_MM2, lambda number, _: number),
    minimum=Decimal(0),
    maximum=Decimal(1),
    near=Decimal(0),
    allowed='the area of one high-power field in mm², above 0 up to 1 ("0.238"; most are 0.15 to 0.31)',
    above_minimum=True,
)

_PER = re.compile(
    rf"(?P<count>.*\S) ?(?:/|\bper\b|\bin\b) ?(?P<number>{NUMBER})? ?"
    rf"(?:(?P<area>{_MM2})|(?P<fields>hpfs?|high[ -]power[ -]fields?))"
)
_PER_WHAT = re.compile(rf".*\S ?(?:/|\bper\b|\bin\b) ?{NUMBER}")
_FIELDS = re.compile(r"\bhpfs?\b|\bhigh[ -]power[ -]field|\dhpf")


def read_ki67(written: object, *, bounds: Iterable[Bound] = ()) -> AsWritten[BoundedNumber]:
    """Ki-67 in percent, 0 to 100. `bounds` are the guideline's: an approximate value within 2 of one gets a
    caution. Raises `Unreadable`."""
    return KI67.read(written, bounds)


def read_field_area(written: object) -> AsWritten[Decimal]:
    """The area of one high-power field in mm², above 0 up to 1, a single number. Raises `Unreadable`."""
    area = FIELD_AREA.read(written)
    if area.value is None:
        return AsWritten(None, area.words)
    if area.value.value is None or area.value.approximate:
        raise Unreadable(written, "not a single number", FIELD_AREA.allowed)
    return AsWritten(area.value.value, area.words)


def read_mitoses(
    written: object,
    *,
    field_mm2: Bound | None = None,
    board_field_mm2: Bound | None = None,
    bounds: Iterable[Bound] = (),
) -> AsWritten[BoundedNumber]:
    """Mitoses per 2 mm², 0 to 9999. A bare number is per 2 mm²; another area is converted.

    A count per high-power fields is converted with the report's field area, else the board's (mm², both
    positive, else `ValueError`), and a caution says so; without either the value is None, the words are kept
    and a caution says that the count is unknown. `bounds` as for Ki-67. Raises `Unreadable`.
    """
    if isinstance(written, Mapping):
        return MITOSES.read(written, bounds)
    words = words_of(written, MITOSES.allowed)
    text = measured(words)
    try:
        found = _PER.fullmatch(text)
        if found is None:
            _refuse_half_a_denominator(text)
            return MITOSES.read(words, bounds)
        count = MITOSES.checked(MITOSES.phrase.read(found["count"]))
        area, field = _counted_area(found, field_mm2, board_field_mm2)
        if area is None:
            unknown = "the area of a field (HPF) is not known, so the count per 2 mm² is unknown."
            return AsWritten(None, words, (f"{MITOSES.label} {words}: {unknown}",))
        value = MITOSES.checked(count.scaled(TWO_MM2, area))
    except Problem as problem:
        raise Unreadable(written, str(problem), MITOSES.allowed) from None
    cautions = MITOSES.cautions(value, words, bounds)
    if field:
        cautions = (f"{MITOSES.label} {words}: with {field} that is {value.text(MITOSES.unit)}.", *cautions)
    return AsWritten(value, words, cautions)


def _counted_area(
    found: re.Match[str], field_mm2: Bound | None, board_field_mm2: Bound | None
) -> tuple[Decimal | None, str]:
    """The area counted in mm², None if it is not known, and the field it was computed from, in words. Raises
    `Problem`."""
    if found["fields"] and not found["number"]:
        raise Problem("HPF without their number")
    number = decimal_of(found["number"] or "1")
    if number == 0:
        raise Problem("a count per 0")
    if found["area"]:
        return number, ""
    if field_mm2 is not None:
        field = _positive(field_mm2)
        return number * field, f"a field (HPF) of {plain(field)} mm²"
    if board_field_mm2 is not None:
        field = _positive(board_field_mm2)
        return number * field, f"the board's field (HPF) of {plain(field)} mm², the report giving none,"
    return None, ""


def _positive(area: Bound) -> Decimal:
    field = number_of(area, FIELD_AREA.allowed)
    if field <= 0:
        raise ValueError(f"a field area is positive, not {plain(field)} mm²")
    return field


def _refuse_half_a_denominator(text: str) -> None:
    if _FIELDS.search(text):
        raise Problem("HPF without their number")
    if _PER_WHAT.fullmatch(text):
        raise Problem("a count per a number of what? Neither mm² nor HPF is written")
