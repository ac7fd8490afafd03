"""All conditions of a guideline decided at once, by arithmetic on one large integer.

Every box of every condition is one bit, set while the box is still possible. What a case states clears bits:
for each fact with a given set of open bands there is one integer of the boxes that remain; a case is a
handful of `&`.

The bits of the boxes that belong together form a group with an empty bit above it. Adding all ones to a group
carries into that bit exactly if a box of the group is left, so one addition asks all groups:

    group  . 0 0 1 0    + 0 1 1 1 1  =  1 0 0 0 1    a box is left
    group  . 0 0 0 0    + 0 1 1 1 1  =  0 1 1 1 1    none is left

A condition can hold if every part of it has a true box left; a second addition of the same kind finds the
conditions with a part that has none. It may fail if any part has a false box left. It is optional: `meets` in
`boxes`, asked of every part, is the reference and gives the same answer, only slower; a test holds the two
together.
"""

from collections.abc import Sequence
from itertools import compress
from operator import is_not

from guidelines.engine.boxes import Box, Boxes, Space
from guidelines.engine.memory import Memory

Verdicts = bytes
"""One byte for each condition, in the order given; anything but 0 means yes."""

REMEMBERED = 256
"""Sets of open bands kept for one fact."""


class _Layout:
    """Hands out bits from the lowest up, each box with the bands it asks for. `stride`: bits of an answer."""

    def __init__(self, stride: int) -> None:
        self.width = 0
        self.stride = stride
        self.boxes: list[tuple[int, dict[int, int]]] = []
        self.all_boxes = 0

    def group(self, boxes: Sequence[Box]) -> int:
        """Place boxes side by side; returns all their ones."""
        start = self.width
        for box in boxes:
            self.boxes.append((1 << self.width, dict(box)))
            self.width += 1
        ones = (1 << self.width) - (1 << start)
        self.all_boxes |= ones
        return ones

    def empty(self) -> int:
        """One bit that no box uses."""
        self.width += 1
        return 1 << (self.width - 1)

    def top(self) -> int:
        """An empty bit, the highest of its stride: each answer has a byte of its own, at equal distances."""
        self.width += -(self.width + 1) % self.stride
        return self.empty()


class Arithmetic:
    """The conditions, each given as its parts, laid out once."""

    def __init__(self, space: Space, conditions: Sequence[Sequence[Boxes]]) -> None:
        self._stride = max(map(_bytes_for, conditions))
        layout = _Layout(8 * self._stride)
        self._ones = self._guards = 0  # of the first addition: of all groups
        self._part_guards = self._part_ones = 0  # of the second: of the parts of each condition
        self._tops = 0
        for parts in conditions:
            self._place_holding(layout, parts)
        self._holding = layout.width // 8
        for parts in conditions:
            self._place_failing(layout, parts)
        self._length = layout.width // 8
        self._all_boxes = layout.all_boxes
        self._everything = space.everything
        self._remaining = tuple(_Remaining(index, layout) for index in range(len(space.facts)))

    def _place_holding(self, layout: _Layout, parts: Sequence[Boxes]) -> None:
        """A group for each part."""
        start = layout.width
        for part in parts:
            ones = layout.group(part.true)
            guard = layout.empty()
            self._ones |= ones
            self._part_guards |= guard
        top = layout.top()
        self._part_ones |= top - (1 << start)
        self._guards |= self._part_guards
        self._tops |= top

    def _place_failing(self, layout: _Layout, parts: Sequence[Boxes]) -> None:
        """One group for all parts."""
        start = layout.width
        layout.group([box for part in parts for box in part.false])
        top = layout.top()
        self._ones |= top - (1 << start)
        self._guards |= top

    def answer(self, possible: Sequence[int]) -> tuple[Verdicts, Verdicts]:
        """Which conditions can hold, and which may fail, for a case that leaves these bands open."""
        boxes = self._all_boxes
        narrowed = map(is_not, possible, self._everything)  # by identity: a fact too many does no harm
        for remaining, bands in compress(zip(self._remaining, possible, strict=True), narrowed):
            boxes &= remaining[bands]
        left = (boxes + self._ones) & self._guards
        lacking = ((self._part_guards & ~left) + self._part_ones) & self._tops
        may_fail = left & ~self._part_guards
        answers = ((lacking ^ self._tops) | may_fail).to_bytes(self._length, "little")
        step = self._stride
        return answers[step - 1 : self._holding : step], answers[self._holding + step - 1 :: step]


def _bytes_for(parts: Sequence[Boxes]) -> int:
    """The bytes a condition needs, each way: a bit for each box and, where it must hold, for each part."""
    holding, failing = sum(len(part.true) + 1 for part in parts), sum(len(part.false) for part in parts)
    return max(holding, failing) // 8 + 1


class _Remaining(Memory[int, int]):
    """Open bands of one fact → the boxes that are still possible with them."""

    def __init__(self, index: int, layout: _Layout) -> None:
        super().__init__(REMEMBERED)
        self._all_boxes = layout.all_boxes
        self._asking: dict[int, int] = {}  # bands that are asked for → the boxes that ask for them
        for bit, box in layout.boxes:
            if index in box:
                self._asking[box[index]] = self._asking.get(box[index], 0) | bit

    def __missing__(self, bands: int) -> int:
        # Boxes that ask for the same bands go together: there are two thousand boxes, and few such bands.
        gone = 0 if bands else self._all_boxes  # without a band that is open there is no such case
        for asked, boxes in self._asking.items():
            if not asked & bands:
                gone |= boxes
        self[bands] = self._all_boxes ^ gone
        return self._all_boxes ^ gone
