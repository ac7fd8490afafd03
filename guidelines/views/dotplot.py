"""Where the marks of a dot plot stand, in the units of its drawing. The template draws them."""

from dataclasses import dataclass
from textwrap import wrap

from guidelines.show.evidence import Dot, Plot

LEFT, RIGHT, WIDTH = 12, 20, 420
LINE, MARK_ROW, TOP = 15, 22, 22
CHARACTERS = 58  # of a name, in one line


@dataclass(frozen=True)
class DotMark:
    """One figure: its name in lines, its place or stretch on the axis, and where its number is written."""

    dot: Dot
    names: tuple[tuple[int, str], ...]
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
    ticks: tuple[tuple[str, float], ...]
    marks: tuple[DotMark, ...]


def drawn(plot: Plot) -> Drawing:
    """Lay a plot out: one row for each figure, in the order of the source."""
    y = TOP
    marks = []
    for dot in plot.dots:
        marks.append(_mark(dot, y))
        y = marks[-1].y + 9
    ticks = tuple((label, _x(share)) for label, share in plot.ticks)
    return Drawing(plot, WIDTH, y + 4, ticks, tuple(marks))


def _mark(dot: Dot, top: int) -> DotMark:
    text = " · ".join(part for part in (dot.study.name, dot.figure.arm, dot.size) if part)
    names = tuple((top + LINE * (index + 1), line) for index, line in enumerate(wrap(text, CHARACTERS)))
    y = top + LINE * len(names) + MARK_ROW - 8
    x, x2 = _x(dot.x), None if dot.x2 is None else _x(dot.x2)
    end = x if x2 is None else x2
    # The number stands behind its mark, or before it where there is no room behind.
    behind = end < WIDTH - 110
    return DotMark(dot, names, y, x, x2, round(end + 9 if behind else x - 9, 1), "start" if behind else "end")


def _x(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)
