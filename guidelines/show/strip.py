"""A measured fact on a line, with every bound that the guideline puts to it."""

from dataclasses import dataclass

from guidelines.engine.engine import engine_for
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.facts import Fact, Range, Value, plain

WIDTH, LEFT, RIGHT = 1000.0, 12.0, 988.0
MARGIN = 138.0  # half of the longest words


@dataclass(frozen=True, slots=True)
class Place:
    """A value or range on the line: both ends, equal for a value, and its words."""

    x: float
    x2: float
    words: str

    @property
    def is_range(self) -> bool:
        return self.x2 > self.x

    @property
    def anchor(self) -> str:
        """How words hang on it, so that none leaves the drawing."""
        return "end" if self.x > RIGHT - MARGIN else "start" if self.x < LEFT + MARGIN else "middle"


@dataclass(frozen=True, slots=True)
class Strip:
    """The line from the smallest to the largest value. `bounds`: place and words of each threshold."""

    fact: Fact
    low: float
    high: float
    bounds: tuple[tuple[float, str], ...]
    today: Place | None
    then: Place | None

    @property
    def words(self) -> str:
        """Everything that is drawn, in a sentence."""
        limits = ", ".join(text for _, text in self.bounds)
        today = self.today.words if self.today else "not known"
        then = f"; what if: {self.then.words}" if self.then else ""
        thresholds = f"Thresholds of the guideline: {limits} {self.fact.unit}"
        return f"{self.fact.label} recorded: {today}{then}. {thresholds}."


def strip(guideline: Guideline, name: str, today: Value | None, then: Value | None) -> Strip:
    """Draw the fact `name`, which must have a minimum and a maximum; `then` is drawn where it differs."""
    space = engine_for(guideline).space
    banded = space.facts[space.index[name]]
    low, high = banded.fact.minimum, banded.fact.maximum
    if low is None or high is None:
        raise ValueError(f"{name} has no limits to draw it between")

    def place(value: float) -> float:
        """On the line: an end that nobody gave is infinite, and drawn to the end of it."""
        value = max(low, min(value, high))
        return round(LEFT + (value - low) / (high - low) * (RIGHT - LEFT), 1)

    def placed(value: Value | None) -> Place | None:
        if isinstance(value, Range):
            return Place(place(value.low), place(value.high), banded.fact.show(value))
        if isinstance(value, int | float):
            return Place(place(value), place(value), banded.fact.show(value))
        return None

    bounds = tuple((place(bound), plain(bound)) for bound in banded.bounds)
    return Strip(banded.fact, low, high, bounds, placed(today), placed(then) if then != today else None)
