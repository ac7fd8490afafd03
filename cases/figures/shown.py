"""What a reader sees of the figures: whoever may not see a case is shown no number that fewer than five cases
stand behind, nor one from which it could be worked out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cases.figures.definitions import FigureDefinition
from cases.figures.report import BoardFigure, FigureCount, FiguresReport, Spread

FEWEST = 5
FEW, WITHHELD = f"fewer than {FEWEST}", "not shown"


@dataclass(frozen=True, slots=True)
class ShownCount:
    """One line. `number` is None where it is not shown; `words` has what stands in its place, `share` the
    percent of the whole, "" where there is none. `linked`: whether the reader may see the cases behind it.
    """

    code: str
    label: str
    number: int | None
    words: str
    share: str
    linked: bool


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """`says`: its one number in words, `of` the whole; `counts` stand in the table and in the picture."""

    figure: BoardFigure
    says: str
    of: str
    counts: tuple[ShownCount, ...]
    spread: Spread | None
    linked: bool

    @property
    def code(self) -> str:
        return self.figure.code

    @property
    def definition(self) -> FigureDefinition:
        return self.figure.definition


@dataclass(frozen=True, slots=True)
class ShownGroup:
    title: str
    figures: tuple[ShownFigure, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """Which cases somebody may see: every one but `closed`; none at all if not `reads`."""

    reads: bool = True
    closed: frozenset[int] = frozenset()

    def sees(self, cases: frozenset[int]) -> bool:
        """Whether every one of these."""
        return self.reads and not cases & self.closed if cases else True


def shown_to(report: FiguresReport, sight: Sight) -> tuple[ShownGroup, ...]:
    """The figures as somebody with that sight sees them."""
    return tuple(
        ShownGroup(group.title, tuple(_shown(figure, sight) for figure in group.figures))
        for group in report.groups
    )


def percent(number: int, of: int) -> str:
    """ "40 %", rounded; "" of nothing."""
    return f"{round(100 * number / of)} %" if of else ""


def _shown(figure: BoardFigure, sight: Sight) -> ShownFigure:
    few = _few(figure, sight)
    beside = _next_smallest(figure, few)
    left_out = {*few, *beside}
    whole_hidden = figure.of < FEWEST and not sight.sees(figure.cases)
    counts = tuple(
        ShownCount(
            one.code,
            one.label,
            None if one.code in left_out else one.number,
            FEW if one.code in few else WITHHELD if one.code in beside else str(one.number),
            ""
            if one.code in left_out or whole_hidden or not _is_share(figure)
            else percent(one.number, figure.of),
            bool(one.cases) and sight.sees(one.cases),
        )
        for one in figure.counts
    )
    return ShownFigure(
        figure,
        _says(figure, left_out, whole_hidden),
        FEW if whole_hidden else str(figure.of),
        counts,
        None if whole_hidden else figure.spread,
        bool(figure.cases) and sight.sees(figure.cases),
    )


def _few(figure: BoardFigure, sight: Sight) -> set[str]:
    """Counts of fewer than five, zero too, whose cases the reader may not all see."""
    if sight.sees(figure.cases):
        return set()
    closed = [one for one in figure.counts if not sight.reads or not sight.sees(one.cases)]
    return {one.code for one in closed if one.number < FEWEST}


def _next_smallest(figure: BoardFigure, few: Collection[str]) -> set[str]:
    """Where only one number is left out, the whole less the others would tell it: one more goes with it."""
    others: list[FigureCount] = [one for one in figure.counts if one.code not in few]
    if len(few) != 1 or not others:
        return set()
    return {min(others, key=lambda one: one.number).code}


def _is_share(figure: BoardFigure) -> bool:
    return figure.of > 0 and figure.code != "months"


def _says(figure: BoardFigure, left_out: set[str], whole_hidden: bool) -> str:
    """The one number in words: a share, a median, or how many there were."""
    noun = figure.definition.of
    if whole_hidden:
        return f"{FEW.capitalize()} {noun}"
    if not figure.of:
        return f"No {noun}"
    if figure.spread:
        return f"Median {figure.spread.median:.0f} {figure.spread.unit}, {figure.of} {noun}"
    if not figure.counted:
        return f"{figure.of} {noun}"
    if left_out & set(figure.counted):
        return f"{WITHHELD.capitalize()}, of {figure.of} {noun}"
    return f"{percent(figure.number, figure.of)}: {figure.number} of {figure.of} {noun}"
