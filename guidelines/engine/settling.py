"""What follows from the stated facts before any statement is asked: the case settled as far as it can be.

Four steps, each said in the guideline's data. A stated fact settles its ground (a margin: the primary was
resected). A fact whose ground fails cannot arise, and a value stated for it is not used. An unstated fact
that a report presumes counts as presumed. A concluded fact (high grade) takes the first of its values that
certainly holds. All of it works on bands, so that values no condition tells apart are settled alike.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from guidelines.engine.boxes import Box, Space, meets, without_ground
from guidelines.knowledge.conditions import Condition, Truth, because, tests_in
from guidelines.knowledge.inference import Arises
from guidelines.knowledge.model import Guideline
from guidelines.knowledge.phrases import comparison
from guidelines.vocabulary.facts import ABSENT, Value

NOTHING_SAID = (False, 0, ())
"""Stated values that say nothing where the fact cannot arise."""


class Settled:
    """The case as the engine asks it, made by `Settling` and then only read.

    `possible`: the bands each fact leaves open. `facts`: stated values that are used, and what follows from
    them. `follows` and `presumed`: names of facts that nobody stated. `unused`: stated facts that cannot
    arise. `outranked`: a stated fact that goes before the stated fact it rests on → that fact. `idle`: facts
    that are open, yet pointless to ask. `concluded`: a concluded fact → the condition that it follows from.
    """

    def __init__(self, stated: Mapping[str, Value], possible: list[int]) -> None:
        self.stated = stated
        self.possible = possible
        self.facts: dict[str, Value] = dict(stated)
        self.follows: set[str] = set()
        self.presumed: set[str] = set()
        self.unused: dict[str, None] = {}
        self.outranked: dict[str, str] = {}
        self.idle: set[str] = set()
        self.concluded: dict[str, Condition] = {}
        self._behind: dict[str, tuple[tuple[str, str], ...]] = {}

    @property
    def groundless(self) -> frozenset[str]:
        """Facts that nobody stated and that only other cases have, or whose ground was not looked for."""
        elsewhere = {*self.stated, *self.follows, *self.presumed, *self.concluded}
        return frozenset((self.facts.keys() | self.idle) - elsewhere)

    def behind(self, name: str) -> tuple[tuple[str, str], ...]:
        """The facts that a concluded fact was concluded from, with their bounds in words."""
        if name not in self._behind:  # every statement on high-grade disease asks it
            tests = because(self.concluded[name], self.facts, Truth.TRUE)
            self._behind[name] = tuple((test.fact.name, comparison(test)) for test in tests)
        return self._behind[name]


@dataclass(frozen=True, slots=True)
class _Dependent:
    """A fact that only some cases have."""

    name: str
    index: int
    silent: tuple[Value, ...]
    outranks: bool
    absent: int
    counts_as: Value


@dataclass(frozen=True, slots=True)
class _Ground:
    """A condition under which facts arise. `leaves_open`: facts of it with the value that answers nothing;
    `undone`: such facts of which it asks no more than that they were looked for.
    """

    true: tuple[Box, ...]
    dependents: tuple[_Dependent, ...]
    leaves_open: tuple[tuple[str, Value], ...]
    undone: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class _Presumed:
    name: str
    index: int
    mask: int
    value: Value
    deciding: tuple[Box, ...]
    certain: bool


@dataclass(frozen=True, slots=True)
class _Concluding:
    name: str
    index: int
    values: tuple[tuple[int, bool, tuple[Box, ...], Condition], ...]


class Settling:
    """The four steps for one guideline."""

    def __init__(self, guideline: Guideline, space: Space) -> None:
        self._space = space
        self._grounds = tuple(self._ground_groups(guideline.arises))
        self._ground_of = {one.name: ground for ground in self._grounds for one in ground.dependents}
        self._dependents = {one.name: one for ground in self._grounds for one in ground.dependents}
        presumed = tuple(self._presumptions(guideline))
        asked = set[str]().union(*map(self._asked_by, self._grounds))
        certain = [one for one in presumed if one.certain]
        self._of_grounds = tuple(one for one in certain if one.name in asked)
        self._of_others = tuple(one for one in certain if one.name not in asked)
        self._unless_ruled_out = tuple(one for one in presumed if not one.certain)
        self._concluding = tuple(self._conclusions(guideline))
        self._after_presumptions = tuple(self._resting_on({one.name for one in self._of_grounds}))

    def _resting_on(self, names: set[str]) -> Iterator[_Ground]:
        """The grounds that read one of these facts, or what rests on such a ground: the data names a ground
        before what rests on it.
        """
        for ground in self._grounds:
            if names & self._asked_by(ground):
                names = names | {one.name for one in ground.dependents}
                yield ground

    def _asked_by(self, ground: _Ground) -> set[str]:
        return {self._space.facts[index].fact.name for box in ground.true for index, _ in box}

    def _ground_groups(self, arises: Sequence[Arises]) -> Iterator[_Ground]:
        """Facts with one ground together, in the order of the data: a ground is settled before what rests
        on it.
        """
        gathered: dict[Condition, list[Arises]] = {}
        for entry in arises:
            gathered.setdefault(entry.only, []).append(entry)
        for condition, entries in gathered.items():
            facts = {test.fact.name: test.fact.leaves_open for test in tests_in(condition)}
            unanswered = {name: value for name, value in facts.items() if value is not None}
            boxes = self._space.plain_boxes(condition).true
            told_apart = {self._space.facts[index].fact.name for box in boxes for index, _ in box}
            yield _Ground(
                boxes,
                tuple(self._dependent(entry) for entry in entries),
                tuple(one for one in unanswered.items() if one[0] in told_apart),
                tuple(one for one in unanswered.items() if one[0] not in told_apart),
            )

    def _dependent(self, entry: Arises) -> _Dependent:
        index = self._space.index[entry.fact]
        banded = self._space.facts[index]
        counts_as = without_ground(banded.fact)
        none = banded.absent or banded.everything
        absent = none if counts_as is ABSENT else banded.possible(counts_as)
        return _Dependent(
            entry.fact, index, (*NOTHING_SAID, *entry.silent), entry.outranks, absent, counts_as
        )

    def _presumptions(self, guideline: Guideline) -> Iterator[_Presumed]:
        for one in guideline.presumptions:
            index = self._space.index[one.fact]
            banded = self._space.facts[index]
            value = banded.fact.parse(one.value)
            boxes = self._space.plain_boxes(one.given)
            yield _Presumed(
                one.fact,
                index,
                banded.absent if value is None else banded.possible(value),
                ABSENT if value is None else value,
                boxes.false if one.certain else boxes.true,
                one.certain,
            )

    def _conclusions(self, guideline: Guideline) -> Iterator[_Concluding]:
        for name, one in guideline.concluded.items():
            index = self._space.index[name]
            banded = self._space.facts[index]
            yield _Concluding(
                name,
                index,
                tuple(
                    (
                        banded.possible(each.value),
                        each.value,
                        self._space.plain_boxes(each.when).false,
                        each.when,
                    )
                    for each in one.conclusions
                ),
            )

    def settle(self, stated: Mapping[str, Value]) -> "Settled":
        """Settle a case. `stated` are parsed values; what is absent is unknown."""
        work = Settled(stated, self._space.possible(stated))
        if self._grounds:
            self._settle_grounds(work)
            self._drop_what_cannot_arise(self._grounds, work)
            self._presume(self._of_grounds, work)
            if work.presumed:
                self._drop_what_cannot_arise(self._after_presumptions, work)
            # Not before: what cannot arise is no reason to presume anything.
            self._presume(self._of_others, work)
            for name in work.follows:
                self._note_value(name, work)
        self._presume(self._unless_ruled_out, work)
        self._conclude(work)
        return work

    def _settle_grounds(self, work: Settled) -> None:
        """Walk from each stated fact up to what it rests on, as far as that is unstated."""
        # In the order of the data, so that the order in which facts are stated makes no difference.
        waiting = [
            name
            for name, one in reversed(self._dependents.items())
            if name in work.stated and work.stated[name] not in one.silent
        ]
        while waiting:
            name = waiting.pop()
            ground = self._ground_of[name]
            if len(ground.true) != 1 or _not_looked_for(ground, work):
                continue
            (box,) = ground.true
            if not meets(ground.true, work.possible) and not self._outranks(name, box, work):
                if name in work.stated:  # at once, so that it does not stand in the way of another fact
                    self._leave_out(self._dependents[name], work)
                continue
            for index, mask in box:
                if work.possible[index] & ~mask:
                    waiting += self._narrow(name, index, mask, work)

    def _narrow(self, name: str, index: int, mask: int, work: Settled) -> list[str]:
        """Narrow a ground to what a fact that rests on it needs; returns it where it rests on others too."""
        banded = self._space.facts[index]
        ground = banded.fact.name
        if work.possible[index] & mask:
            work.possible[index] &= mask
            work.follows.add(ground)
        else:
            work.outranked[name] = ground
            work.possible[index], work.facts[ground] = banded.extended(work.facts[ground], mask)
        return [ground] if ground in self._dependents else []

    def _outranks(self, name: str, box: Box, work: Settled) -> bool:
        """A finding that goes before the list it rests on, unless what that rests on is stated against."""
        if not self._dependents[name].outranks:
            return False
        above = [self._space.facts[index].fact.name for index, mask in box if not work.possible[index] & mask]
        return all(
            one in self._ground_of and meets(self._ground_of[one].true, work.possible) for one in above
        )

    def _drop_what_cannot_arise(self, grounds: Iterable[_Ground], work: Settled) -> None:
        possible, facts, stated = work.possible, work.facts, work.stated
        for ground in grounds:
            not_looked_for = bool(ground.leaves_open) and _not_looked_for(ground, work)
            undone = bool(ground.undone) and any(facts.get(name) == value for name, value in ground.undone)
            if not (not_looked_for or undone) and meets(ground.true, possible):
                continue
            for one in ground.dependents:
                if one.name in stated:
                    self._leave_out(one, work)
                else:
                    possible[one.index], facts[one.name] = one.absent, one.counts_as
                if not_looked_for:
                    del facts[one.name]
                    possible[one.index] = self._space.facts[one.index].everything
                    work.idle.add(one.name)

    def _leave_out(self, one: _Dependent, work: Settled) -> None:
        """A stated fact that cannot arise counts as nothing; where it says something, that is not used."""
        if work.stated[one.name] not in one.silent:
            work.unused[one.name] = None
        work.possible[one.index], work.facts[one.name] = one.absent, one.counts_as

    def _note_value(self, name: str, work: Settled) -> None:
        """A fact that is down to one band has that band's value, where the band is one value."""
        index = self._space.index[name]
        banded, bands = self._space.facts[index], work.possible[index]
        if bands & (bands - 1):
            return
        value = banded.bands[bands.bit_length() - 1].value
        if value is not None and (not banded.bounds or value in banded.bounds):
            work.facts[name] = value

    def _presume(self, presumptions: Iterable[_Presumed], work: Settled) -> None:
        for one in presumptions:
            if one.name in work.facts or not work.possible[one.index] & one.mask:
                continue
            if meets(one.deciding, work.possible) is not one.certain:
                work.possible[one.index] &= one.mask
                work.facts[one.name] = one.value
                work.presumed.add(one.name)

    def _conclude(self, work: Settled) -> None:
        for one in self._concluding:
            for mask, value, fails, condition in one.values:
                if not meets(fails, work.possible):
                    work.possible[one.index] = mask
                    work.facts[one.name] = value
                    work.concluded[one.name] = condition
                    break


def _not_looked_for(ground: _Ground, work: Settled) -> bool:
    """Is a fact of the ground stated with the value that answers nothing?"""
    return any(work.facts.get(name) == value for name, value in ground.leaves_open)
