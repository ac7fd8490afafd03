"""Where the marks of a dot plot stand, in the units of its drawing. The template draws them."""

from dataclasses import dataclass

from guidelines.evidence import Dot, Plot

LEFT, RIGHT, WIDTH = 12, 24, 560
ROW, TOP = 34, 26


@dataclass(frozen=True)
class Mark:
    """One figure: its row and its place or stretch on the axis; `text_x` is where its number is written."""

    dot: Dot
    y: int
    x: float
    x2: float | None
    text_x: float
    anchor: str


@dataclass(frozen=True)
class Drawing:
    """A dot plot ready to be drawn."""

    plot: Plot
    width: int
    height: int
    axis_y: int
    ticks: tuple[tuple[str, float], ...]
    marks: tuple[Mark, ...]


def drawn(plot: Plot) -> Drawing:
    """Lay a plot out: one row for each figure, in the order of the source."""
    bottom = TOP + ROW * len(plot.dots)
    marks = tuple(_mark(dot, TOP + ROW * row + 22) for row, dot in enumerate(plot.dots))
    ticks = tuple((label, _x(share)) for label, share in plot.ticks)
    return Drawing(plot, WIDTH, bottom + 14, bottom, ticks, marks)


def _mark(dot: Dot, y: int) -> Mark:
    x, x2 = _x(dot.x), None if dot.x2 is None else _x(dot.x2)
    end = x if x2 is None else x2
    # The number stands behind its mark, or before it where there is no room behind.
    behind = end < WIDTH - 130
    return Mark(dot, y, x, x2, round(end + 9 if behind else x - 9, 1), "start" if behind else "end")


def _x(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)
