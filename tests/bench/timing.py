"""Measuring: CPU time, medians, and always in turns, so that a busy machine is busy for all alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import process_time_ns
from typing import Any, TypeVar

T = TypeVar("T")

MICRO, MILLI = 1_000, 1_000_000


@dataclass(frozen=True)
class Row:
    """One line of the table. `value` is what the target speaks of: a ratio, a time or a rate."""

    what: str
    baseline: str
    measured: str
    ratio: float | None = None
    target: str = ""
    met: bool | None = None


def in_turns(
    functions: Mapping[str, Callable[[T], Any]], inputs: Sequence[T], turns: int
) -> dict[str, float]:
    """CPU nanoseconds of one call, by name: the median over the turns of the mean over the inputs.

    Each input is given to one function after the other: who answers people does not do one thing ten times in
    a row, and finds the processor's caches as something else has left them.
    """
    spent: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(turns):
        turn = dict.fromkeys(functions, 0)
        for one in inputs:
            for name, function in functions.items():
                begun = process_time_ns()
                function(one)
                turn[name] += process_time_ns() - begun
        for name, time in turn.items():
            spent[name].append(time / len(inputs))
    return {name: median(times) for name, times in spent.items()}


def in_rows(functions: Mapping[str, Callable[[T], Any]], inputs: Sequence[T], turns: int) -> dict[str, float]:
    """The same, but each function is given all inputs in a row: the smaller it is, the more it gains."""
    spent: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(turns):
        for name, function in functions.items():
            begun = process_time_ns()
            for one in inputs:
                function(one)
            spent[name].append((process_time_ns() - begun) / len(inputs))
    return {name: median(times) for name, times in spent.items()}


def against_the_door(
    what: str, functions: Mapping[str, Callable[[T], Any]], inputs: Sequence[T], turns: int, limit: float
) -> list[Row]:
    """Two rows, in turns and in rows; both have to meet the target."""
    return [
        compared(what, in_turns(functions, inputs, turns), limit, MILLI),
        compared(f"  · {len(inputs)} of each in a row", in_rows(functions, inputs, turns), limit, MILLI),
    ]


def each(function: Callable[[T], Any], inputs: Sequence[T], turns: int) -> list[float]:
    """CPU nanoseconds for each input: the median over the turns."""
    spent: list[list[int]] = [[] for _ in inputs]
    for _ in range(turns):
        for times, one in zip(spent, inputs, strict=True):
            begun = process_time_ns()
            function(one)
            times.append(process_time_ns() - begun)
    return [median(times) for times in spent]


def asked_in(captured: Sequence[Mapping[str, str]]) -> int:
    """How many statements read or write something; to begin and to end a transaction does neither."""
    return sum(not query["sql"].startswith(("BEGIN", "COMMIT")) for query in captured)


def yardstick() -> str:
    """How fast this machine is just now, in words: absolute times mean little without it."""
    spent = each(lambda count: sum(one * one for one in range(count)), [1_000_000], 5)
    return f"A million squares summed: {shown(spent[0], MILLI)}."


def compared(what: str, spent: Mapping[str, float], limit: float | None, unit: int = MICRO) -> Row:
    """A row from two times, the baseline first; `limit` is the highest ratio that meets the target."""
    (_, baseline), (_, measured) = spent.items()
    ratio = measured / baseline
    return Row(
        what,
        shown(baseline, unit),
        shown(measured, unit),
        ratio,
        "" if limit is None else f"≤ {limit:g} ×",
        None if limit is None else ratio <= limit,
    )


def within(what: str, nanoseconds: float, limit_ms: float, baseline: str = "") -> Row:
    """A row from one time, with its limit in milliseconds."""
    return Row(
        what,
        baseline,
        shown(nanoseconds, MILLI),
        None,
        f"≤ {limit_ms:g} ms",
        nanoseconds <= limit_ms * MILLI,
    )


def shown(nanoseconds: float, unit: int) -> str:
    """With the unit and as many digits as mean something."""
    value = nanoseconds / unit
    return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f} {'µs' if unit == MICRO else 'ms'}"


def table(rows: Sequence[Row]) -> str:
    """The rows as text."""
    met = {True: "yes", False: "NO", None: ""}
    lines = [
        (
            row.what,
            row.baseline,
            row.measured,
            "" if row.ratio is None else f"{row.ratio:.2f} ×",
            row.target,
            met[row.met],
        )
        for row in rows
    ]
    return grid(("what", "baseline", "measured", "ratio", "target", "met?"), lines)


def grid(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their longest text, the first one to the left."""
    widths = [max(len(line[column]) for line in (head, *lines)) for column in range(len(head))]
    written = [
        "  ".join(
            text.ljust(width) if column == 0 else text.rjust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in (head, *lines)
    ]
    return "\n".join([written[0], "  ".join("─" * width for width in widths), *written[1:]])
