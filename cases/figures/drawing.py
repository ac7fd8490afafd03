"""Pictures of figures: bars, columns by month, and how values spread. Their numbers stand in them as text."""

from __future__ import annotations

from dataclasses import dataclass

from cases.figures.report import Spread
from cases.figures.shown import ShownCount, ShownFigure

WIDTH = 360
ROW, BAR, WORDS = 34, 10, 14  # height of a line of bars, of a bar, of its words
ROOM = 84  # right of the longest bar, for its number
YES_AND_NO = 2
COLUMNS, ABOVE, BELOW = 96, 18, 22  # height of the columns, of the numbers above them and the months below
MOST_NAMED = 15  # columns that have room for their numbers and months
EDGE = 10
HIDDEN = 14.0  # how long a bar is drawn whose number is not shown


@dataclass(frozen=True, slots=True)
class FigureShape:
    """`look`: bar, hidden (a number that is not shown), span, box or middle."""

    d: str
    look: str


@dataclass(frozen=True, slots=True)
class FigureWords:
    """Text at a place; `anchor` as SVG has it."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    strong: bool = False


@dataclass(frozen=True, slots=True)
class FigurePicture:
    """In units of one pixel; `summary` says in a sentence what there is to see."""

    height: float
    summary: str
    shapes: tuple[FigureShape, ...]
    words: tuple[FigureWords, ...]
    width: float = WIDTH


def draw(shown: ShownFigure) -> FigurePicture | None:
    """The picture of a figure; None where there is nothing to draw."""
    if shown.spread is not None:
        return _spread(shown, shown.spread)
    if not any(one.number or one.number is None for one in shown.counts):
        return None
    return _columns(shown) if shown.code == "months" else _bars(shown)


def _rect(x: float, y: float, width: float, height: float) -> str:
    return f"M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}Z"


def _summary(shown: ShownFigure) -> str:
    told = ", ".join(f"{one.label} {one.words}" for one in shown.counts if one.number != 0)
    return f"{shown.definition.title}: {told}. The table says the same."


def _bars(shown: ShownFigure) -> FigurePicture:
    drawn = [one for one in shown.counts if one.number != 0 or _tells(shown)]
    longest = max([one.number or 0 for one in drawn] + [1])
    shapes, words = [], []
    for place, one in enumerate(drawn):
        top = place * ROW
        length = HIDDEN if one.number is None else round((WIDTH - ROOM) * one.number / longest, 1)
        look = "hidden" if one.number is None else "bar"
        shapes.append(FigureShape(_rect(0, top + WORDS + 4, max(length, 1), BAR), look))
        words.append(FigureWords(0, top + WORDS, one.label))
        words.append(FigureWords(max(length, 1) + 6, top + WORDS + 4 + BAR, _told(one), strong=True))
    return FigurePicture(len(drawn) * ROW, _summary(shown), tuple(shapes), tuple(words))


def _tells(shown: ShownFigure) -> bool:
    """Whether a line of nothing says something: of yes and no, and of disciplines that never came."""
    return len(shown.counts) == YES_AND_NO or not shown.figure.cases


def _told(one: ShownCount) -> str:
    return f"{one.words} ({one.share})" if one.share else one.words


def _columns(shown: ShownFigure) -> FigurePicture:
    width = WIDTH / len(shown.counts)
    highest = max([one.number or 0 for one in shown.counts] + [1])
    shapes, words = [], []
    for place, one in enumerate(shown.counts):
        height = HIDDEN if one.number is None else round(COLUMNS * one.number / highest, 1)
        left, middle = place * width, (place + 0.5) * width
        look = "hidden" if one.number is None else "bar"
        if height:
            shapes.append(
                FigureShape(
                    _rect(round(left + 2, 1), ABOVE + COLUMNS - height, round(width - 4, 1), height), look
                )
            )
        words += _named(shown, one, place, round(middle, 1), ABOVE + COLUMNS - height - 4)
    height = ABOVE + COLUMNS + BELOW
    return FigurePicture(height, _summary(shown), tuple(shapes), tuple(words))


def _named(shown: ShownFigure, one: ShownCount, place: int, middle: float, above: float) -> list[FigureWords]:
    """A month by its letter under the column, and the number above; of many months the Januaries alone."""
    base = ABOVE + COLUMNS + 14
    if len(shown.counts) <= MOST_NAMED:
        number = [FigureWords(middle, above, str(one.number), "middle", strong=True)] if one.number else []
        return [*number, FigureWords(middle, base, one.label[:1], "middle")]
    if one.code.endswith("-01") or place == 0:
        return [FigureWords(middle, base, one.code[:4], "middle")]
    return []


def _spread(shown: ShownFigure, spread: Spread) -> FigurePicture:
    """A line from the least to the greatest, a box over the middle half, the median across it."""
    reach = spread.most - spread.least or 1

    def at(value: float) -> float:
        return round(EDGE + (value - spread.least) / reach * (WIDTH - 2 * EDGE), 1)

    low, high = at(spread.low), at(spread.high)
    shapes = (
        FigureShape(f"M{at(spread.least):g} 30H{at(spread.most):g}", "span"),
        FigureShape(_rect(low, 22, max(high - low, 2), 16), "box"),
        FigureShape(f"M{at(spread.median):g} 18v24", "middle"),
    )
    told = f"{spread.median:.0f} {spread.unit}"
    words = (
        FigureWords(min(max(at(spread.median), 30), WIDTH - 40), 12, told, "middle", strong=True),
        FigureWords(0, 58, f"{spread.least:.0f}"),
        FigureWords(WIDTH, 58, f"{spread.most:.0f}", "end"),
    )
    summary = (
        f"{shown.definition.title}: from {spread.least:.0f} to {spread.most:.0f} {spread.unit}, half of them "
        f"from {spread.low:.0f} to {spread.high:.0f}, median {told}. The table says the same."
    )
    return FigurePicture(62, summary, shapes, words)
