"""One drug, procedure or test, one verdict: the statements on it in their order, and the options in theirs.

The order of statements on one intervention is data (`Order`); the rules that read it stand here. Principles
are neither options nor qualifications.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import itemgetter
from typing import TypeVar

from guidelines.answer.outlines import KeptOutline
from guidelines.answer.parts import (
    Answer,
    MissingFact,
    Option,
    Outline,
    Recommendation,
    StandingStatement,
)
from guidelines.knowledge.conditions import tests_in
from guidelines.knowledge.labels import (
    TREATMENT_TOPICS,
    Agreement,
    Direction,
    Entity,
    Kind,
    Setting,
    Stance,
    Status,
    Topic,
)
from guidelines.knowledge.model import Guideline

Place = tuple[int, ...]
Standing = TypeVar("Standing", StandingStatement, KeptOutline)

SPECIFIC, ROUTINE, LAST, BLOCKED = range(4)
NEVER_DONE = (Setting.MONITORING.value, Setting.SURVEILLANCE.value)
"""Rows of a schedule ask for a test again: a result does not answer them."""

_KINDS = {kind.value: rank for rank, kind in enumerate(Kind)}
_STANCES = {stance.value: rank for rank, stance in enumerate(Stance)}
_AGREEMENTS = {agreement.value: rank for rank, agreement in enumerate(Agreement)}
_VOICES = {agreement.value: agreement.voice.value for agreement in Agreement}
_DIRECTIONS = {stance.value: stance.direction for stance in Stance}
_APPLIES, _POSSIBLE, _BLOCKED = Status.APPLIES.value, Status.POSSIBLE.value, Status.BLOCKED.value
_EXCLUDED, _PRINCIPLE, _FOLLOW_UP = Status.EXCLUDED.value, Kind.PRINCIPLE.value, Topic.FOLLOW_UP.value


@lru_cache(maxsize=8)
def places(guideline: Guideline) -> Mapping[str, tuple[int, int]]:
    """Statement → its part of the order on its intervention (specific, routine, last), and its number."""
    found = {one.id: (ROUTINE, index) for index, one in enumerate(guideline.statements)}
    for order in guideline.orders.values():
        parts = ((SPECIFIC, order.specific), (ROUTINE, order.routine), (LAST, order.last))
        listed = [(part, one) for part, ids in parts for one in ids]
        found.update({one: (part, number) for number, (part, one) in enumerate(listed)})
    return found


def _place(one: StandingStatement | Outline, where: tuple[int, int], scheduled: bool) -> Place:
    """Where a statement stands among those on its intervention. `scheduled`: a row of a schedule applies."""
    part, number = where
    if one.status == _BLOCKED:
        return (BLOCKED, number)
    applies = one.status == _APPLIES
    # A row of the tables for follow-up and treatment is the verdict there; while that is open it comes last.
    if part == LAST or (not applies and one.topic == _FOLLOW_UP):
        return (LAST, not applies, number)
    if part == SPECIFIC and applies and not (one.done and scheduled):
        return (SPECIFIC, number)
    return (ROUTINE, _VOICES[one.agreement], not applies, _AGREEMENTS[one.agreement], number)


@lru_cache(maxsize=512)
def options_and_missing(
    guideline: Guideline, entity: str, outlines: tuple[KeptOutline, ...]
) -> tuple[tuple[Option, ...], tuple[MissingFact, ...]]:
    """The options, and what would change them. Kept, because outlines are: a case that is typed has the same
    ones from key to key.
    """
    options = options_of(guideline, entity, outlines)
    return options, missing_of(guideline, outlines, options)


def options_of(guideline: Guideline, entity: str, outlines: Iterable[KeptOutline]) -> tuple[Option, ...]:
    """One option for each intervention that has a statement which applies, is possible or blocked."""
    if not guideline.has_options:
        return ()
    first = settling_first(guideline, entity)
    ranked = [_ranked(guideline, first, tuple(said)) for said in _by_intervention(outlines)]
    return tuple([option for _, option in sorted(ranked, key=itemgetter(0))])


@lru_cache(maxsize=8192)
def _ranked(
    guideline: Guideline, first: tuple[str, ...], said: tuple[KeptOutline, ...]
) -> tuple[Place, Option]:
    """The option of the statements on one intervention, behind its place among the others. Kept, because
    outlines are: most cases have most options in common with others.
    """
    listed = list(said)
    _put_in_order(listed, places(guideline))
    return _rank(listed[0], first), _as_option(listed)


def in_order(guideline: Guideline, entity: str, standing: Iterable[Standing]) -> list[list[Standing]]:
    """The statements on each intervention that has an option, the one that gives its verdict first; in the
    order of the options.
    """
    listed, where = _by_intervention(standing), places(guideline)
    for said in listed:
        if len(said) > 1:
            _put_in_order(said, where)
    first = settling_first(guideline, entity)
    return sorted(listed, key=lambda said: _rank(said[0], first))


def _by_intervention(standing: Iterable[Standing]) -> list[list[Standing]]:
    """What makes options, gathered."""
    gathered: dict[str, list[Standing]] = {}
    for one in standing:
        if one.kind != _PRINCIPLE and one.status != _EXCLUDED:
            if one.intervention in gathered:
                gathered[one.intervention].append(one)
            else:
                gathered[one.intervention] = [one]
    return list(gathered.values())


def settling_first(guideline: Guideline, entity: str) -> tuple[str, ...]:
    """The interventions that go before all others while the entity is open."""
    return guideline.settles_entity if entity in (Entity.INDETERMINATE, Entity.UNKNOWN) else ()


def verdicts_of(assessment: Answer[Recommendation]) -> tuple[Option, ...]:
    """What a board may choose on: the options; of an edition that gives none, each statement by itself."""
    if assessment.options:
        return assessment.options
    standing = [one for one in assessment.recommendations if one.status != Status.EXCLUDED]
    return tuple(_alone(one) for one in standing)


def _alone(one: Recommendation) -> Option:
    """A statement as an option. Such an edition tells no kinds apart: what treats is told by its topic."""
    kind = Kind.TREATMENT if one.topic in TREATMENT_TOPICS else Kind.TEST
    return replace(_as_option([one]), kind=kind.value)


def _put_in_order(said: list[Standing], where: Mapping[str, tuple[int, int]]) -> None:
    scheduled = any(one.setting in NEVER_DONE and one.status == _APPLIES for one in said)
    said.sort(key=lambda one: _place(one, where[one.id], scheduled))


def _as_option(said: Sequence[Recommendation | KeptOutline]) -> Option:
    one = said[0]
    return Option(
        one.intervention,
        one.intervention_label,
        one.topic,
        one.kind,
        one.id,
        one.setting,
        one.stance,
        one.agreement,
        one.status,
        one.missing,
        one.provided,
        one.done,
        tuple([other.id for other in said[1:]]),
        one.schedule,
    )


def _rank(option: StandingStatement | Outline, first: Sequence[str]) -> tuple[int, ...]:
    """The order of options: what settles an open entity, then by kind; within a kind what is for it and
    applies, then what may, then what is open, then what is against, then blocked and done.
    """
    settles = first and option.intervention in first and not option.done
    if settles and _DIRECTIONS[option.stance] is Direction.FOR:
        return (-1, first.index(option.intervention))
    return _rank_within(option.kind, option.stance, option.agreement, option.status, option.done)


@lru_cache(maxsize=1024)
def _rank_within(kind: str, stance: str, agreement: str, status: str, done: bool) -> tuple[int, ...]:
    """Kept, because an answer asks it for forty options that are of few sorts."""
    strength, voice, direction = _STANCES[stance], _VOICES[agreement], _DIRECTIONS[stance]
    possible, rank = status == _POSSIBLE, _KINDS[kind]
    if status == _BLOCKED or done:
        return (rank, 4 if status == _BLOCKED else 5, strength, voice, _AGREEMENTS[agreement])
    if direction is Direction.FOR:
        return (rank, 1 if possible else 0, strength, voice, _AGREEMENTS[agreement])
    last = (2, strength, possible, voice) if direction is Direction.OPEN else (3, possible, voice, strength)
    return (rank, *last)


def missing_of(
    guideline: Guideline, standing: Sequence[Outline], options: Sequence[Option]
) -> tuple[MissingFact, ...]:
    """The unknown facts that decide something open, first what decides the options shown first.

    What decides only a principle or a test already done is not asked; a fact is asked after what it rests on.
    """
    decides: dict[str, list[str]] = {}
    best: dict[str, int] = {}
    shown = {option.intervention: place for place, option in enumerate(options)}
    for one in standing:
        if one.missing and one.kind != _PRINCIPLE and not one.done:
            place = shown.get(one.intervention, 0)
            for fact in one.missing:
                if fact not in decides:
                    decides[fact], best[fact] = [one.id], place
                    continue
                decides[fact].append(one.id)
                if place < best[fact]:
                    best[fact] = place
    order = _vocabulary_order(guideline)
    ranked = sorted(decides, key=lambda fact: (best[fact], -len(decides[fact]), order[fact]))
    return tuple([MissingFact(fact, tuple(decides[fact])) for fact in _grounds_first(guideline, ranked)])


def _grounds_first(guideline: Guideline, ranked: list[str]) -> list[str]:
    """The same facts, each after those of them that it rests on."""
    rests_on, placed = grounds_of(guideline), []
    open_facts = dict.fromkeys(ranked)
    while open_facts:
        for fact in open_facts:
            if fact not in rests_on or open_facts.keys().isdisjoint(rests_on[fact]):
                break
        else:
            fact = next(iter(open_facts))
        del open_facts[fact]
        placed.append(fact)
    return placed


@lru_cache(maxsize=8)
def _vocabulary_order(guideline: Guideline) -> Mapping[str, int]:
    return {name: index for index, name in enumerate(guideline.facts)}


@lru_cache(maxsize=8)
def grounds_of(guideline: Guideline) -> Mapping[str, frozenset[str]]:
    """Fact → the facts it rests on, or that say whether it is presumed."""
    found: dict[str, frozenset[str]] = {}
    conditions = [(one.fact, one.only) for one in guideline.arises if one.asked_after]
    conditions += [(one.fact, one.given) for one in guideline.presumptions if not one.certain]
    for fact, condition in conditions:
        names = {test.fact.name for test in tests_in(condition)} - {fact}
        found[fact] = found.get(fact, frozenset()) | names
    return found
