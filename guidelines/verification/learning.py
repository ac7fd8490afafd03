"""Learning a fact overturns nothing but by the listed presumptions and provisos.

That a settled condition stays settled is exact, on boxes (`settled`): it asks only that what is possible
narrows. The steps before it, from stated facts to what is possible, are tried out here: completely for facts
that bear on few others, and for the rest over every combination of a few.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, islice

from guidelines.engine.settling import Settled
from guidelines.knowledge.conditions import tests_in
from guidelines.knowledge.labels import Status
from guidelines.verification.proof import Proof
from guidelines.verification.report import Finding
from guidelines.verification.sweep import Case, Web, corners, with_one_less
from guidelines.vocabulary.facts import Value

FEW, MANY = 4, 3
"""So many facts are stated at a time: of a cluster of up to ten, and of a larger one."""

LISTED = 10
"""Failures that are told; with so many, the rest is not tried out."""

Key = tuple[tuple[str, Value], ...]


def learning_overturns_nothing(proof: Proof) -> Finding:
    """Whatever is settled stays so when one more fact is stated, but for presumptions and provisos."""
    tried: list[str] = []
    failures = tuple(islice(_overturned(_Cases(proof), tried), LISTED))
    presumed = dict.fromkeys(one.fact for one in proof.guideline.presumptions)
    provisos = sorted({name for one in proof.guideline.statements for name in one.provided})
    return Finding(
        failures,
        (
            *tried,
            f"excepted, as listed: what is presumed ({_labels(proof, presumed)})",
            f"excepted, as listed: the provisos ({_labels(proof, provisos)}); they block and exclude nothing",
        ),
    )


def _overturned(cases: "_Cases", tried: list[str]) -> Iterator[str]:
    """Every failure; `tried` says what was tried out, each line when that is through."""
    web = Web(cases.proof)
    for cluster in web.clusters:
        stated = [name for name in cluster if web.values(name)]
        most = FEW if len(stated) <= 10 else MANY
        before = cases.learned
        yield from _in_another_order(cases, web.cases(stated, 2))
        yield from _narrowing(cases, web.cases(stated, most))
        how = (
            "every combination"
            if most >= len(stated)
            else f"{most} at a time, two of which bear on each other,"
        )
        named = _labels(cases.proof, cluster)
        tried.append(f"{named}: {how} stated, and one more fact learned {cases.learned - before} times")
    before = cases.learned
    yield from _statuses(cases)
    times = cases.learned - before
    tried.append(
        f"at the edge of every statement, one fact was learned {times} times: what applied still does"
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """A settled case. `bands`: all that it leaves possible, as one number."""

    settled: Settled
    bands: int

    @property
    def at_odds(self) -> bool:
        """Do its facts contradict each other? Such a case is answered with cautions, and proves nothing."""
        return bool(self.settled.unused or self.settled.outranked)


class _Cases:
    """Settles cases, each once. `learned`: how often a fact was."""

    def __init__(self, proof: Proof) -> None:
        self.proof = proof
        self.learned = 0
        self.names = [one.fact.name for one in proof.space.facts]
        self.offsets = [0, *accumulate(len(one.bands) for one in proof.space.facts)][:-1]
        self._known: dict[Key, _Known] = {}
        self._rests_on = {
            one.fact: {test.fact.name for test in tests_in(one.only)} for one in proof.guideline.arises
        }
        self._presumed_when = {
            id(one.when): one.presumed
            for concluded in proof.guideline.concluded.values()
            for one in concluded.conclusions
        }

    def settled(self, case: Case) -> _Known:
        key = tuple(case.items())
        known = self._known.get(key)
        if known is None:
            settled = self.proof.engine.settling.settle(case)
            bands = sum(map(int.__lshift__, settled.possible, self.offsets))
            known = self._known[key] = _Known(settled, bands)
        return known

    def steps(self, cases: Iterable[Case]) -> Iterator[tuple[str, Case, _Known, Case, _Known]]:
        """The fact learned, the case without it and the case with it, neither at odds with itself."""
        for case in cases:
            after = self.settled(case)
            if after.at_odds:
                continue
            for learned, before_it in with_one_less(case):
                before = self.settled(before_it)
                if not before.at_odds:
                    self.learned += 1
                    yield learned, before_it, before, case, after

    def opened(self, before: _Known, after: _Known) -> list[str]:
        """Facts that can be now what they could not be before."""
        more = after.bands & ~before.bands
        if not more:
            return []
        facts = self.proof.space.facts
        return [
            name
            for name, offset, banded in zip(self.names, self.offsets, facts, strict=True)
            if more >> offset & banded.everything
        ]

    def excepted(self, settled: Settled) -> set[str]:
        """What was presumed, or concluded by presumption, and what rests on it."""
        found = set(settled.presumed)
        found |= {name for name, when in settled.concluded.items() if self._presumed_when.get(id(when))}
        while more := {name for name, grounds in self._rests_on.items() if grounds & found} - found:
            found |= more
        return found


def _narrowing(cases: _Cases, tried: Iterable[Case]) -> Iterator[str]:
    """What opens by a fact that is learned, though it was settled."""
    for learned, before_it, before, case, after in cases.steps(tried):
        opened = cases.opened(before, after)
        if not opened:
            continue
        excepted = cases.excepted(before.settled)
        for name in opened:
            # A stated "none" that turns out to be about nothing is passed over without a word (reading 34).
            passed_over = name in before_it and after.settled.facts.get(name) != before_it[name]
            if name not in excepted and not passed_over:
                value = in_words(cases.proof, {learned: case[learned]})
                yield f"{name} opens when {value} is learned, after {in_words(cases.proof, before_it)}"


def _in_another_order(cases: _Cases, tried: Iterable[Case]) -> Iterator[str]:
    """Cases that settle otherwise when the same facts are stated in another order."""
    for case in tried:
        turned = dict(reversed(case.items()))
        if cases.settled(case).bands != cases.settled(turned).bands:
            yield f"it matters in which order is stated: {in_words(cases.proof, case)}"


def _statuses(cases: _Cases) -> Iterator[str]:
    """Cases that just meet a statement: does anything that held without one of their facts end with it?"""
    provided = [set(one.provided) for one in cases.proof.guideline.statements]
    ids = [one.id for one in cases.proof.guideline.statements]
    known: dict[Key, list[str]] = {}

    def statuses(case: Case) -> list[str]:
        key = tuple(case.items())
        if key not in known:
            known[key] = _of_each(cases.proof, case)
        return known[key]

    for learned, before_it, before, case, after in cases.steps(corners(cases.proof)):
        if cases.opened(before, after):
            continue  # by a presumption, as was held above
        for name, provisos, was, now in zip(ids, provided, statuses(before_it), statuses(case), strict=True):
            ends = was == Status.APPLIES and now != Status.APPLIES
            if ends and not (now == Status.BLOCKED and learned in provisos):
                stated = in_words(cases.proof, before_it)
                yield f"{name} applies to {stated}, and is {now} once {learned} is known"


def _of_each(proof: Proof, case: Case) -> list[str]:
    """The status of every statement."""
    asked = proof.engine.case(case)
    found = []
    for prepared, provisos in zip(proof.engine.statements, proof.engine.provisos, strict=True):
        if not asked.can_hold(prepared):
            found.append(Status.EXCLUDED.value)
        elif asked.blocked_by(provisos):
            found.append(Status.BLOCKED.value)
        else:
            found.append((Status.POSSIBLE if asked.can_fail(prepared) else Status.APPLIES).value)
    return found


def _labels(proof: Proof, names: Iterable[str]) -> str:
    return ", ".join(proof.guideline.facts[name].label for name in names)


def in_words(proof: Proof, case: Mapping[str, Value]) -> str:
    """Stated facts in words."""
    facts = proof.guideline.facts
    return (
        "; ".join(f"{facts[name].label}: {facts[name].show(value)}" for name, value in case.items())
        or "nothing"
    )
