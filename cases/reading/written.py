"""What every reader gives back, and the one error that every reader raises."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

ValueT = TypeVar("ValueT")

LONGEST = 200
"""A value of the record is a few words; more characters than this are a slip of the clipboard."""

LARGEST = 10**15
MOST_DIGITS = 17
"""Numbers below this, of so many digits, are the same number in every program that reads the answers."""

NOT_KEPT = "a number too large or too long to be kept exactly"


@dataclass(frozen=True, slots=True)
class AsWritten(Generic[ValueT]):
    """What was written, and what it means.

    `value` is None where nothing was written, and where the words are kept but settle no value (a caution
    then says why). `words` are the words as written, without the blanks around them. `cautions` are plain
    sentences for a clinician.
    """

    value: ValueT | None
    words: str
    cautions: tuple[str, ...] = ()


class Unreadable(ValueError):
    """What was written cannot be read, or could be read in two ways.

    `written` is what was written, fit for one line; `problem` what is wrong with it; `allowed` what may be
    written; `message` both of these; the text of the error all three.
    """

    def __init__(self, written: object, problem: str, allowed: str) -> None:
        self.written = shown(written)
        self.problem = problem
        self.allowed = allowed
        self.message = f"{problem}; allowed: {allowed}"
        super().__init__(f'"{self.written}": {self.message}')


class Problem(ValueError):
    """Inside this package: what is wrong, before the reader says of what, and what is allowed instead."""


def shown(written: object) -> str:
    """Anything from outside, fit for one line of a message: short, control characters escaped."""
    try:
        text = written if isinstance(written, str) else json.dumps(written, ensure_ascii=False, default=str)
    except ValueError:  # a whole number of thousands of digits
        text = "a number"
    line = " ".join(text[: 2 * LONGEST].split())
    line = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in line)
    return line if len(line) <= 60 else f"{line[:60]}…"


def plain(number: Decimal) -> str:
    """A number as a person writes it: every digit it has, no trailing zeros, no exponent."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def can_be_kept(number: int | float | Decimal) -> bool:
    """Whether a number is finite, below 10^15, and of at most 17 digits, 30 places after the dot."""
    if isinstance(number, float):
        number = Decimal(repr(number))
    if isinstance(number, Decimal):
        _, digits, exponent = number.as_tuple()
        if not isinstance(exponent, int) or len(digits) > MOST_DIGITS or exponent < -30:
            return False
    return -LARGEST < number < LARGEST


def words_of(written: object, allowed: str) -> str:
    """The words of a text or number, without the blanks around them; "" for nothing.

    Raises `Unreadable` for what is neither (true and false included), for a number that cannot be kept
    exactly (`can_be_kept`), and for a text of more than 200 characters.
    """
    if written is None:
        return ""
    if isinstance(written, str):
        words = written.strip()
        if len(words) > LONGEST:
            raise Unreadable(written, f"longer than {LONGEST} characters", allowed)
        return words
    if isinstance(written, bool) or not isinstance(written, int | float | Decimal):
        raise Unreadable(written, "neither a text nor a number", allowed)
    return plain(number_of(written, allowed))


def number_of(written: int | float | Decimal, allowed: str) -> Decimal:
    """A number as an exact decimal. Raises `Unreadable` as `words_of` does."""
    if not can_be_kept(written):
        raise Unreadable(written, NOT_KEPT, allowed)
    number = written if isinstance(written, Decimal) else Decimal(repr(written))
    return abs(number) if number == 0 else number
