"""The grammar of a measured number: signs, ranges, words of approximation, several dimensions."""

import re
from collections.abc import Callable
from decimal import Decimal

from cases.reading.bounds import BoundedNumber
from cases.reading.written import NOT_KEPT, Problem, can_be_kept

NUMBER = r"\d+(?:[.,]\d+)?"

_APPROXIMATE = r"(?:~|(?:circa|ca|approximately|approx|appr|about|around|roughly)(?![a-z]))"
# The word or sign before a number → (which side it bounds, whether the number itself is left out).
_SIGNS: dict[str, tuple[str, bool]] = {
    r">/?=|> =|at least|no less than|not less than|no fewer than": ("low", False),
    r"</?=|< =|at most|up to|no more than|not more than": ("high", False),
    r">|more than|greater than|higher than|larger than|over|above|exceeding": ("low", True),
    r"<|less than|lower than|smaller than|fewer than|below|under": ("high", True),
}
_TAILS: dict[str, str] = {
    r"(?:or|and) (?:more|higher|above|over|greater|larger)": "low",
    r"(?:or|and) (?:less|lower|below|under|fewer|smaller)": "high",
}
_SIGN = "|".join(f"(?:{signs})" for signs in _SIGNS)
_TAIL = "|".join(_TAILS)
_TIMES = re.compile(r" ?(?:x|\*|by) ?")

Convert = Callable[[Decimal, str], Decimal]
"""From a number and its unit as written ("" without one) to the reader's unit. Raises `Problem`."""


class Phrase:
    """Reads the phrases of one measurement.

    `unit` is a regular expression of the units that may follow a number ("" for none), `convert` brings a
    number to the reader's unit, and with `dimensions` "3.4 x 2.1" is read as its largest number.
    """

    def __init__(self, unit: str, convert: Convert, *, dimensions: bool = False) -> None:
        self._convert = convert
        self._dimensions = dimensions
        first, second = (rf"(?P<n{i}>{NUMBER})(?: ?(?P<u{i}>{unit}))?" for i in (0, 1))
        about = f"(?P<about>{_APPROXIMATE} ?)?"
        self._amount = re.compile(first)
        self._plain = re.compile(f"{about}{first}(?: ?(?P<tail>{_TAIL}))?")
        self._signed = re.compile(f"{about}(?P<s0>{_SIGN}) ?{first}")
        self._range = re.compile(f"{about}(?:between |from )?{first}(?: ?-{{1,2}} ?| ?~ ?| ?to ?){second}")
        self._between = re.compile(f"{about}between {first} and {second}")
        self._both = re.compile(f"{about}(?P<s0>{_SIGN}) ?{first} and (?P<s1>{_SIGN}) ?{second}")
        self._dims = re.compile(f"{about}(?:(?P<s0>{_SIGN}) ?)?(?P<dims>\\d.*)")

    def read(self, text: str) -> BoundedNumber:
        """The number that a measured text (`characters.measured`) states. Raises `Problem`."""
        for pattern, build in (
            (self._plain, self._read_plain),
            (self._signed, self._read_signed),
            (self._between, self._read_range),
            (self._range, self._read_range),
            (self._both, self._read_both),
            (self._dims, self._read_dimensions),
        ):
            found = pattern.fullmatch(text)
            if found and (number := build(found)) is not None:
                return number
        raise Problem(_what_is_wrong(text))

    def _read_plain(self, found: re.Match[str]) -> BoundedNumber:
        (number,) = self._numbers([(found["n0"], found["u0"])])
        side = next(
            (side for tail, side in _TAILS.items() if re.fullmatch(tail, found["tail"] or "")), "both"
        )
        return _bounded({side: (number, False)}, approximate=bool(found["about"]))

    def _read_signed(self, found: re.Match[str]) -> BoundedNumber:
        (number,) = self._numbers([(found["n0"], found["u0"])])
        side, is_open = _sign(found["s0"])
        return _bounded({side: (number, is_open)}, approximate=bool(found["about"]))

    def _read_range(self, found: re.Match[str]) -> BoundedNumber:
        low, high = self._numbers([(found["n0"], found["u0"]), (found["n1"], found["u1"])])
        return _bounded({"low": (low, False), "high": (high, False)}, approximate=bool(found["about"]))

    def _read_both(self, found: re.Match[str]) -> BoundedNumber:
        numbers = self._numbers([(found["n0"], found["u0"]), (found["n1"], found["u1"])])
        sides = {}
        for sign, number in zip((found["s0"], found["s1"]), numbers, strict=True):
            side, is_open = _sign(sign)
            sides[side] = (number, is_open)
        if len(sides) != 2:
            raise Problem("both bounds are on one side")
        return _bounded(sides, approximate=bool(found["about"]))

    def _read_dimensions(self, found: re.Match[str]) -> BoundedNumber | None:
        parts = [self._amount.fullmatch(part) for part in _TIMES.split(found["dims"])]
        if not self._dimensions or len(parts) < 2 or None in parts:
            return None
        largest = max(self._numbers([(part["n0"], part["u0"]) for part in parts if part]))
        side, is_open = _sign(found["s0"]) if found["s0"] else ("both", False)
        return _bounded({side: (largest, is_open)}, approximate=bool(found["about"]))

    def _numbers(self, amounts: list[tuple[str, str | None]]) -> list[Decimal]:
        """The numbers in the reader's unit; one without a unit takes that of the next that has one."""
        units = [unit or "" for _, unit in amounts]
        if any(units) and not units[-1]:
            raise Problem("a unit after some of the numbers, but not after the last")
        for place in reversed(range(len(units) - 1)):
            units[place] = units[place] or units[place + 1]
        return [self._convert(decimal_of(n), unit) for (n, _), unit in zip(amounts, units, strict=True)]


def decimal_of(text: str) -> Decimal:
    """A number as written, with a decimal dot or comma. Raises `Problem` if it cannot be kept exactly."""
    number = Decimal(text.replace(",", "."))
    if not can_be_kept(number):
        raise Problem(NOT_KEPT)
    return number


def _sign(written: str) -> tuple[str, bool]:
    return next(meaning for signs, meaning in _SIGNS.items() if re.fullmatch(signs, written))


def _bounded(sides: dict[str, tuple[Decimal, bool]], *, approximate: bool) -> BoundedNumber:
    """`sides`: "low", "high", or "both" for a value → number, and whether the bound leaves it out."""
    low, low_open = sides.get("low") or sides.get("both") or (None, False)
    high, high_open = sides.get("high") or sides.get("both") or (None, False)
    try:
        return BoundedNumber(low, high, low_open, high_open, approximate)
    except ValueError as error:
        raise Problem(str(error)) from None


def _what_is_wrong(text: str) -> str:
    numbers = re.findall(NUMBER, re.sub(r"mm ?\^?2", "mm", text))
    if not numbers:
        return "no number"
    if re.fullmatch(rf"- ?{NUMBER}.*", text):
        return "a number below 0"
    if re.search(r"(?<!\d)[.,]\d", text):
        return "a number that begins with its decimal sign (write 0.5)"
    if re.fullmatch(rf"{NUMBER}[^a-z]*-", text):
        return "a range without its end"
    if len(numbers) > 1:
        return "two numbers without a word of range between them"
    return "not understood as a whole"
