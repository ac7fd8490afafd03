"""Three-valued questions to single values, for what is written without an engine.

A fact that is absent or None is unknown. Nothing of `guidelines` is used here.
"""

from typing import Any

Truth = bool | None


def all_of(*parts: Truth) -> Truth:
    """True if every part is, false if any is false."""
    if False in parts:
        return False
    return None if None in parts else True


def any_of(*parts: Truth) -> Truth:
    """True if any part is, false if every part is false."""
    if True in parts:
        return True
    return None if None in parts else False


def no(part: Truth) -> Truth:
    """The opposite; unknown stays unknown."""
    return None if part is None else not part


def one_of(value: Any, wanted: tuple[Any, ...]) -> Truth:
    """Whether a stated value is one of those wanted."""
    if value is None:
        return None
    if isinstance(value, str | int | float):
        return value in wanted
    return None if any(one in value for one in wanted) else False


def includes(value: tuple[str, ...] | None, wanted: tuple[str, ...]) -> Truth:
    """Whether a list has one of them."""
    return None if value is None else any(one in value for one in wanted)


def includes_other_than(value: tuple[str, ...] | None, named: tuple[str, ...]) -> Truth:
    """Whether a list has anything but them."""
    return None if value is None else any(one not in named for one in value)


def is_empty(value: tuple[str, ...] | None, wanted: bool) -> Truth:
    """Whether a list is empty, or is not."""
    return None if value is None else (not value) is wanted


def above(value: Any, bound: float) -> Truth:
    """Whether a number, or both ends of a range, lie above the bound."""
    if value is None:
        return None
    if isinstance(value, (int, float)):
        return value > bound
    if value.low > bound or (value.low == bound and value.low_open):
        return True
    return False if value.high <= bound else None


def below(value: Any, bound: float) -> Truth:
    """Whether a number, or both ends of a range, lie below the bound."""
    if value is None:
        return None
    if isinstance(value, (int, float)):
        return value < bound
    if value.high < bound or (value.high == bound and value.high_open):
        return True
    return False if value.low >= bound else None


def at_most(value: Any, bound: float) -> Truth:
    """Whether it does not lie above the bound."""
    return no(above(value, bound))


def at_least(value: Any, bound: float) -> Truth:
    """Whether it does not lie below the bound."""
    return no(below(value, bound))
