"""A timeline laid out: lanes one below the other, years across, in the units of its drawing.

A unit is a pixel where the picture is shown as wide as it was drawn; letters are then 13 pixels high. For a
projector it is drawn narrow and shown large. Nothing is told by color alone: a lane has its heading, an event
its words, what is followed a sign for what became of it, and what is not known exactly is pale with a dashed
edge.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from textwrap import wrap

from cases.reading import PartialDate
from cases.timeline.model import DECISION, DISCUSSION, LANES, TREATMENTS, Timeline, TimelineEvent
from cases.timeline.scale import TimelineTick, TimeScale

WIDE, NARROW = 760.0, 348.0  # a page; a phone, half a projector, a column beside others
PAPER = 880.0  # a sheet, whose letters are small

CHARACTER, LINE = 7.3, 16.0  # mean width of a letter 13 units high, and the height of a line
EDGE, TIP = 4.0, 7.0
HEAD, HEADING = 40.0, 22.0  # the axis' words; a lane's heading
GUTTER = 108.0  # left of the lanes of a low picture, for their headings
UNTIL = 18.0  # the height of the words at its end, above all else
BAR, SIGN = 8.0, 5.0  # the height of a bar, half the width of a sign
GAP = 10.0  # between two things on one row
STUB = 24.0  # what is drawn of a course whose other end is not known
LONGEST_LINE, MOST_LINES = 44, 3
MOST_ROWS = 3  # with words in a lane; treatments get as many as they need
AHEAD = timedelta(days=365)  # what is planned is drawn for a year, or for as long as the case is old

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TimelineShape:
    """A path. `look`: sign, hollow, bar, planned or pale; `kind`: the lane it is on."""

    d: str
    look: str
    kind: str


@dataclass(frozen=True, slots=True)
class TimelineWords:
    """One line of text. `anchor`: start or end; `heading`: of a lane."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    heading: bool = False


@dataclass(frozen=True, slots=True)
class TimelinePicture:
    """Everything that is drawn, from `top` down.

    `until`: the place of what `until_words` says; without words nothing is drawn there. `wordless`: how many
    signs stand without words, for want of room; `later`: how many events lie too far ahead. `has_…`: whether
    there is something of it to explain.
    """

    width: float
    height: float
    summary: str
    ticks: tuple[TimelineTick, ...]
    until: float
    until_words: str
    shapes: tuple[TimelineShape, ...]
    words: tuple[TimelineWords, ...]
    wordless: int
    later: int
    has_pale: bool
    has_open: bool
    has_planned: bool
    has_marks: bool

    @property
    def top(self) -> float:
        """Above it nothing is drawn."""
        return 0.0 if self.until_words else UNTIL

    @property
    def drawn_height(self) -> float:
        """From the top down."""
        return self.height - self.top


def draw_timeline(timeline: Timeline, width: float = WIDE, *, low: bool = False) -> TimelinePicture | None:
    """The picture, `width` units wide; None where nothing is dated.

    A `low` one has its headings beside the lanes, and bounds treatments too.
    """
    return _Drawing(timeline, width, low).picture() if timeline.dated else None


@dataclass(slots=True)
class _Placed:
    """An event on a row: all that it covers, from left to right, and how high it is."""

    event: TimelineEvent
    left: float
    right: float
    lines: tuple[str, ...]
    words_at: float = 0.0
    anchor: str = "start"

    @property
    def height(self) -> float:
        return LINE * max(1, len(self.lines)) + (BAR + 4 if is_wide(self.event) else 0)


@dataclass(slots=True)
class _LaneRow:
    placed: list[_Placed] = field(default_factory=list)

    def has_room(self, left: float, right: float) -> bool:
        return all(right + GAP <= other.left or left - GAP >= other.right for other in self.placed)

    @property
    def height(self) -> float:
        return max(one.height for one in self.placed) + 4


def is_wide(event: TimelineEvent) -> bool:
    """Whether it covers a stretch of time, so that its words stand above it: a course, a date not exact."""
    return event.is_course or (event.start is not None and event.start.precision != "day")


class _Drawing:
    def __init__(self, timeline: Timeline, width: float, low: bool) -> None:
        self.timeline, self.width, self.low = timeline, width, low
        first = min(event.first for event in timeline.dated if event.first)
        ahead = timeline.until + max(AHEAD, timeline.until - first)
        self.events = [event for event in timeline.dated if not (event.mark and _first(event) > ahead)]
        last = max([timeline.until, *(event.last for event in self.events if event.last)])
        before = STUB if any(event.is_course and event.start is None for event in self.events) else SIGN
        behind = STUB if any(event.is_over and event.end is None for event in self.events) else TIP
        self.left = EDGE + (GUTTER if low else 0)
        self.scale = TimeScale.around(first, last, self.left + before, width - EDGE - behind)
        self.line = min(LONGEST_LINE, int((width - self.left) / 2 / CHARACTER) - 3)
        self.shapes: list[TimelineShape] = []
        self.words: list[TimelineWords] = []
        self.wordless = 0
        self.y = HEAD

    def picture(self) -> TimelinePicture:
        for kind, (heading, _) in LANES.items():
            events = [event for event in self.events if event.kind == kind]
            if events:
                self.words.append(
                    TimelineWords(EDGE, self.y + (12 if self.low else 14), heading, heading=True)
                )
                self.y += 0 if self.low else HEADING
                for row in self._rows(events, bounded=self.low or kind != TREATMENTS):
                    for placed in row.placed:
                        self._draw(placed)
                    self.y += row.height
                self.y += 6
        return TimelinePicture(
            width=self.width,
            height=self.y,
            summary=summary_of(self.timeline),
            ticks=tuple(replace(tick, d=self._axis(tick)) for tick in self.scale.ticks()),
            until=self.scale.x(self.timeline.until),
            until_words=self.timeline.until_words,
            shapes=tuple(self.shapes),
            words=tuple(self.words),
            wordless=self.wordless,
            later=len(self.timeline.dated) - len(self.events),
            has_pale=any(shape.look in ("pale", "hollow") for shape in self.shapes),
            has_open=any(event.is_course and not event.end and not event.is_over for event in self.events),
            has_planned=any(event.is_planned for event in self.events),
            has_marks=any(event.mark for event in self.events),
        )  # fmt: skip

    def _axis(self, tick: TimelineTick) -> str:
        """Its line from top to bottom, which leaves out the headings that it would cross."""
        d = f"M{tick.x:g} {UNTIL + 4 if tick.strong else HEAD - 2:g}"
        for words in self.words:
            if words.heading and tick.x < EDGE + len(words.text) * CHARACTER:
                d += f"V{words.y - 12:g}M{tick.x:g} {words.y + 4:g}"
        return f"{d}V{self.y:g}"

    # --- Rows -----------------------------------------------------------------------------------------------

    def _rows(self, events: list[TimelineEvent], *, bounded: bool) -> list[_LaneRow]:
        """Each event on the first row that has room for it.

        A bounded lane has few rows, and the newest are placed first, what lies ahead after them: what finds
        no room there stands as a sign on a last row, without its words, which the table has.
        """
        rows: list[_LaneRow] = []
        bare = _LaneRow()
        for event in self._nearest_first(events) if bounded else events:
            placed = self._wide(event) if is_wide(event) else self._sign(event)
            row = next((row for row in rows if row.has_room(placed.left, placed.right)), None)
            if row is None and bounded and len(rows) == MOST_ROWS:
                bare.placed.append(_Placed(event, *self._covers(event), ()))
                continue
            if row is None:
                rows.append(row := _LaneRow())
            row.placed.append(placed)
        self.wordless += len(bare.placed)
        return [*rows, bare] if bare.placed else rows

    def _nearest_first(self, events: list[TimelineEvent]) -> list[TimelineEvent]:
        """What was, the newest first, then what lies ahead, the next first."""
        behind = [event for event in events if _first(event) <= self.timeline.until]
        return [*reversed(behind), *events[len(behind) :]]

    def _lines(self, event: TimelineEvent) -> tuple[str, ...]:
        """Its words, broken between words: a treatment's all of them, of a report what has room."""
        lines = wrap(event.words, self.line)
        kept = lines if event.kind == TREATMENTS else lines[:MOST_LINES]
        return (*kept[:-1], f"{kept[-1]} …") if len(lines) > len(kept) else tuple(kept)

    def _sign(self, event: TimelineEvent) -> _Placed:
        """A sign with its words to the right, or, near the end, to the left."""
        lines = self._lines(event)
        long = max(map(len, lines), default=0) * CHARACTER
        left, right = self._covers(event)
        if right + 3 + long <= self.width - EDGE:
            return _Placed(event, left, right + 3 + long, lines, right + 3)
        return _Placed(event, left - 3 - long, right, lines, left - 3, "end")

    def _wide(self, event: TimelineEvent) -> _Placed:
        """A stretch with its words above, from its beginning, or, near the end, up to the edge."""
        lines = self._lines(event)
        long = max(map(len, lines), default=0) * CHARACTER
        left, right = self._covers(event)
        if left + long <= self.width - EDGE:
            return _Placed(event, left, max(right, left + long), lines, left)
        edge = self.width - EDGE
        return _Placed(event, min(left, edge - long), max(right, edge), lines, edge, "end")

    def _covers(self, event: TimelineEvent) -> tuple[float, float]:
        """From where to where its shape reaches."""
        left, right = self._dated(event)
        if not event.is_course:
            return (left, max(right, left + 2 * SIGN)) if is_wide(event) else (left - SIGN, left + SIGN)
        if event.start is None:
            return left - STUB, right
        if event.end is None:
            return left, (
                right + STUB if event.is_over else max(self.scale.x(self.timeline.until), right) + TIP
            )
        return left, max(right, left + 3)

    def _dated(self, event: TimelineEvent) -> tuple[float, float]:
        """The places of the beginning of its first day and of the end of its last."""
        dates = [date for date in (event.start, event.end) if date]
        return self.scale.x(dates[0].first), self.scale.x(dates[-1].last + DAY)

    # --- Shapes ---------------------------------------------------------------------------------------------

    def _draw(self, placed: _Placed) -> None:
        event = placed.event
        for number, line in enumerate(placed.lines):
            y = self.y + 12 + number * LINE
            self.words.append(TimelineWords(round(placed.words_at, 1), y, line, placed.anchor))
        below = self.y + LINE * max(1, len(placed.lines)) + 2
        left, right = self._covers(event)
        if event.is_planned:
            self._add(event, span(left, right, below), "planned")
        elif event.is_course:
            self._course(event, left, right, below)
        elif is_wide(event):
            self._add(event, span(left, right, below), "pale")
            self._add(event, sign(event.mark or event.kind, (left + right) / 2, below + BAR / 2), "hollow")
        else:
            self._add(event, sign(event.mark or event.kind, left + SIGN, self.y + 8), "sign")

    def _course(self, event: TimelineEvent, left: float, right: float, y: float) -> None:
        """Solid while it certainly lasted, pale where it may have: a date may be a month or a year."""
        sure_from, sure_to = self._sure(event, left, right)
        if sure_to > sure_from:
            if sure_from > left:
                self._add(event, span(left, sure_from, y), "pale")
            opened = event.start is not None and event.end is None and not event.is_over
            self._add(event, arrow(sure_from, right, y) if opened else span(sure_from, sure_to, y), "bar")
            if sure_to < right and not opened:
                self._add(event, span(sure_to, right, y), "pale")
        else:
            self._add(event, span(left, right, y), "pale")

    def _sure(self, event: TimelineEvent, left: float, right: float) -> tuple[float, float]:
        """From where to where it certainly lasted."""
        exact = self._exact
        if event.start and event.end:
            begins = exact(event.start, left, self.scale.x(event.start.last))
            return begins, exact(event.end, right, self.scale.x(event.end.first))
        if event.start is None or event.is_over:
            return left, left
        return self.scale.x(event.start.last), right

    @staticmethod
    def _exact(date: PartialDate, drawn: float, known: float) -> float:
        return drawn if date.precision == "day" else known

    def _add(self, event: TimelineEvent, d: str, look: str) -> None:
        self.shapes.append(TimelineShape(d, look, event.kind))


def _first(event: TimelineEvent) -> date:
    """The first day of what is dated."""
    return event.first or date.max


def span(left: float, right: float, y: float) -> str:
    """A bar from side to side."""
    return f"M{left:g} {y:g}H{right:g}v{BAR:g}H{left:g}Z"


def arrow(left: float, right: float, y: float) -> str:
    """A bar that goes on."""
    return f"M{left:g} {y:g}H{right - TIP:g}l{TIP:g} {BAR / 2:g}l{-TIP:g} {BAR / 2:g}H{left:g}Z"


def sign(what: str, x: float, y: float) -> str:
    """The sign of a lane, or of what became of something, around its middle.

    What is done to the patient points down, a decision is a flag, what is left a cross.
    """
    r, d = SIGN, 2 * SIGN
    signs = {
        "open": f"M{x - r:g} {y - r:g}h{d:g}v{d:g}h{-d:g}Z M{x + 3:g} {y - 3:g}h-6v6h6Z",
        "done": f"M{x - r:g} {y:g}l2 -2l2 2l4 -5l2 2l-6 7Z",
        "left": f"M{x - r:g} {y - r + 2:g}l2 -2l3 3l3 -3l2 2l-3 3l3 3l-2 2l-3 -3l-3 3l-2 -2l3 -3Z",
        DISCUSSION: f"M{x - r:g} {y - r:g}h{d:g}v7h-4l-3 3v-3h-3Z",
        DECISION: f"M{x - r:g} {y + r:g}v{-d:g}h{d:g}l-3 3l3 3h{3 - d:g}v{d - 6:g}Z",
        "pathology": f"M{x - r:g} {y:g}a{r:g} {r:g} 0 1 0 {d:g} 0a{r:g} {r:g} 0 1 0 {-d:g} 0Z",
        "imaging": f"M{x - r:g} {y - r:g}h{d:g}v{d:g}h{-d:g}Z",
        "molecular": f"M{x:g} {y - r:g}l{r:g} {r:g}l{-r:g} {r:g}l{-r:g} {-r:g}Z",
        "markers": f"M{x:g} {y - r:g}l{r:g} {d:g}h{-d:g}Z",
        TREATMENTS: f"M{x:g} {y + r:g}l{-r:g} {-d:g}h{d:g}Z",
    }
    return signs[what]


def summary_of(timeline: Timeline) -> str:
    """What there is to see, in a sentence."""
    counts = Counter(event.kind for event in timeline.dated)
    parts = [f"{counts[kind]} in {heading.lower()}" for kind, (heading, _) in LANES.items() if counts[kind]]
    years = [day.year for event in timeline.dated for day in (event.first, event.last) if day]
    span_of_years = f"{min(years)} to {max(years)}" if min(years) < max(years) else str(min(years))
    return f"Timeline, {span_of_years}: {', '.join(parts)}. The table says the same."
