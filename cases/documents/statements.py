"""The answer of an edition without options, arranged for paper: treatment in full, the rest a line each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cases.documents.options import source_of
from cases.snapshot.frozen_answer import FrozenAnswer, FrozenRecommendation, FrozenStance, FrozenTrial

# How cautions name the number of a decision on an unclear place of the source, which tells no reader
# anything; some say nothing else.
NUMBERED = re.compile(r" \((?:reading|decision) \d+\)")
NUMBER_ONLY = "Source unclear: "


@dataclass(frozen=True, slots=True)
class PrintedStatement:
    """One statement. `stance` is the code that picks the symbol; everything else is in words."""

    stance: str
    strength: str
    agreement: str
    what: str
    text: str
    cautions: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Short:
    """An intervention and its strength. `agreement` joins those of several statements that agree on it."""

    stance: str
    strength: str
    agreement: str
    what: str


@dataclass(frozen=True, slots=True)
class PrintedTopic:
    """Statements under one topic."""

    heading: str
    lines: tuple[PrintedStatement, ...]


@dataclass(frozen=True, slots=True)
class PrintedBranch:
    """What would stand on the case if the open question were answered as it says."""

    question: str
    lines: tuple[Short, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact not known, and the number of statements it decides."""

    label: str
    decides: int


@dataclass(frozen=True, slots=True)
class PrintedTrial:
    """A trial the case may fit; `open` names the facts that still decide it."""

    nct: str
    title: str
    eligibility: str
    open: str


@dataclass(frozen=True, slots=True)
class Guidance:
    """What the guideline says, arranged.

    `applies`, `against` and `unsettled` hold treatments in full; `work_up` everything else that applies, of
    whatever stance; `possible`, for the annex, treatments that open facts decide.
    """

    applies: tuple[PrintedTopic, ...]
    against: tuple[PrintedTopic, ...]
    unsettled: tuple[PrintedTopic, ...]
    work_up: tuple[Short, ...]
    possible: tuple[PrintedBranch, ...]
    missing: tuple[Missing, ...]
    not_covered: tuple[str, ...]
    trials: tuple[PrintedTrial, ...]
    trial_caution: str


def guidance_of(answer: FrozenAnswer) -> Guidance:
    """What of the answer belongs on a handout, in the guideline's order of topics and strengths."""
    applying = [each for each in answer.recommendations if each.status.code == "applies"]
    treatments = [each for each in applying if each.treats]
    open_ones = [each for each in answer.recommendations if each.status.code == "possible" and each.treats]
    return Guidance(
        applies=_by_topic(treatments, "for"),
        against=_by_topic(treatments, "against"),
        unsettled=_by_topic(treatments, "open"),
        work_up=shorts_of(each for each in applying if not each.treats),
        possible=_possible(open_ones),
        missing=tuple(Missing(one.fact.words, len(one.decides)) for one in answer.missing),
        not_covered=answer.not_covered,
        trials=tuple(_trial(one) for one in answer.trials),
        trial_caution=answer.trials[0].cautions[-1] if answer.trials else "",
    )


def _in_order(recommendations: Iterable[FrozenRecommendation]) -> list[FrozenRecommendation]:
    return sorted(recommendations, key=lambda each: (each.topic.place, each.stance.place))


def _by_topic(recommendations: Iterable[FrozenRecommendation], direction: str) -> tuple[PrintedTopic, ...]:
    chosen = _in_order(each for each in recommendations if each.stance.direction == direction)
    topics = dict.fromkeys(each.topic for each in chosen)
    return tuple(
        PrintedTopic(topic.words, tuple(line_of(each) for each in chosen if each.topic == topic))
        for topic in topics
    )


def shorts_of(recommendations: Iterable[FrozenRecommendation]) -> tuple[Short, ...]:
    """A line for each intervention and stance, the strongest stance first."""
    together: dict[tuple[FrozenStance, str], list[FrozenRecommendation]] = {}
    for each in sorted(_in_order(recommendations), key=lambda each: each.stance.place):
        together.setdefault((each.stance, each.intervention.words), []).append(each)
    return tuple(
        Short(
            stance.code,
            stance.words,
            "; ".join(dict.fromkeys(each.agreement.words for each in found)),
            what,
        )
        for (stance, what), found in together.items()
    )


def line_of(each: FrozenRecommendation) -> PrintedStatement:
    """A statement with its codes in words."""
    return PrintedStatement(
        stance=each.stance.code,
        strength=each.stance.words,
        agreement=each.agreement.words,
        what=each.intervention.words,
        text=each.text,
        cautions=tuple(
            NUMBERED.sub("", caution) for caution in each.cautions if not caution.startswith(NUMBER_ONLY)
        ),
        source=source_of(each),
    )


def _possible(recommendations: list[FrozenRecommendation]) -> tuple[PrintedBranch, ...]:
    """By open question, those that fewest facts decide first."""
    questions: dict[str, list[FrozenRecommendation]] = {}
    for each in recommendations:
        questions.setdefault(each.question, []).append(each)
    ranked = sorted(questions.items(), key=lambda item: (len(item[1][0].missing), -len(item[1])))
    return tuple(PrintedBranch(question, shorts_of(asked)) for question, asked in ranked)


def _trial(one: FrozenTrial) -> PrintedTrial:
    return PrintedTrial(one.nct, one.title, one.eligibility, ", ".join(fact.words for fact in one.missing))
