"""The guideline's answer arranged for paper, one verdict for each drug, procedure or test, and bounded.

What is done, what is a principle, and what only qualifies a verdict stays on the case's page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cases.snapshot.frozen_answer import (
    FrozenAnswer,
    FrozenAsked,
    FrozenOption,
    FrozenRecommendation,
    FrozenTerm,
    FrozenTrial,
)

# As many as leave the usual case on two sheets; the case's page has them all.
MOST_OPTIONS, MOST_POSSIBLE, MOST_SCHEDULES, MOST_MISSING, MOST_AGAINST = 6, 6, 3, 8, 8


@dataclass(frozen=True, slots=True)
class PrintedVerdict:
    """An option in a line or two. `agreement` is "" where it would repeat the strength.

    `stance` is the code that picks the symbol; `question` what an open fact has to be; `notes` what it
    depends on, what to mind, or why it is not feasible.
    """

    stance: str
    strength: str
    agreement: str
    what: str
    text: str
    question: str
    notes: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class PrintedAsked:
    """The answer to one thing asked: its verdict, or the reasons why there is none."""

    what: str
    verdict: PrintedVerdict | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrialOnPaper:
    """A trial the case may fit, with its own cautions; `open` says what still decides it."""

    nct: str
    title: str
    eligibility: str
    open: str
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerOnPaper:
    """What of the answer belongs on a handout, in its order.

    `settles`: what comes before any treatment while the diagnosis is open; `possible`: treatment and
    follow-up that open facts decide. Each `more_` counts what there is no room for. `trial_cautions` are
    those that all trials share.
    """

    asked: tuple[PrintedAsked, ...]
    settles: tuple[PrintedVerdict, ...]
    applies: tuple[PrintedVerdict, ...]
    more_applies: int
    schedules: tuple[PrintedVerdict, ...]
    missing: tuple[str, ...]
    more_missing: int
    possible: tuple[PrintedVerdict, ...]
    more_possible: int
    against: tuple[PrintedVerdict, ...]
    more_against: int
    blocked: tuple[PrintedVerdict, ...]
    unsettled: tuple[PrintedVerdict, ...]
    work_up: tuple[tuple[PrintedVerdict, ...], ...]
    tests_against: tuple[str, ...]
    trials: tuple[TrialOnPaper, ...]
    trial_cautions: tuple[str, ...]
    not_covered: tuple[str, ...]


def answer_on_paper(answer: FrozenAnswer) -> AnswerOnPaper:
    """The answer of an edition that gives options."""
    return _Arranger(answer).whole()


class _Arranger:
    """One answer being arranged."""

    def __init__(self, answer: FrozenAnswer) -> None:
        self.answer = answer
        self.options = answer.options or ()
        self.said = {one.id: one for one in answer.recommendations}

    def whole(self) -> AnswerOnPaper:
        settles = self._settling()
        treatments = [one for one in self.options if one.kind.code == "treatment"]
        rest = [one for one in self.options if one.kind.code != "treatment" and one not in settles]
        schedules = [one for one in rest if one.kind.code == "schedule" and one.stance.direction == "for"]
        standing = [one for one in treatments if one.status.code == "applies"]
        for_it = [one for one in treatments if one.stance.direction == "for"]
        applies = self._all(one for one in for_it if one.status.code == "applies")
        possible = self._all(one for one in for_it if one.status.code == "possible")
        against = self._all(one for one in standing if one.stance.direction == "against")
        missing = [one.fact.words for one in self.answer.missing]
        may_follow = self._all(one for one in schedules if one.status.code == "possible")
        to_do = self._all(one for one in rest if _is_to_do(one) and one not in schedules)
        shared = _shared(self.answer.trials)
        return AnswerOnPaper(
            asked=tuple(self._asked(one) for one in self.answer.asked or ()),
            settles=self._all(settles),
            applies=applies[:MOST_OPTIONS],
            more_applies=len(applies[MOST_OPTIONS:]),
            schedules=self._all(one for one in schedules if one.status.code == "applies"),
            missing=tuple(missing[:MOST_MISSING]),
            more_missing=len(missing[MOST_MISSING:]),
            possible=(*possible[:MOST_POSSIBLE], *may_follow[:MOST_SCHEDULES]),
            more_possible=len(possible[MOST_POSSIBLE:]),
            against=against[:MOST_AGAINST],
            more_against=len(against[MOST_AGAINST:]),
            blocked=self._all(one for one in for_it if one.status.code == "blocked"),
            unsettled=self._all(one for one in standing if one.stance.direction == "open"),
            work_up=tuple(to_do[place : place + 2] for place in range(0, len(to_do), 2)),
            tests_against=tuple(
                one.intervention.words
                for one in rest
                if one.status.code == "applies" and one.stance.direction == "against" and not one.done
            ),
            trials=tuple(_trial(one, shared) for one in self.answer.trials),
            trial_cautions=shared,
            not_covered=self.answer.not_covered,
        )

    def _settling(self) -> tuple[FrozenOption, ...]:
        """What stands before the first treatment, and is no treatment itself."""
        kinds = [one.kind.code for one in self.options]
        first = kinds.index("treatment") if "treatment" in kinds else 0
        return self.options[:first]

    def _all(self, options: Iterable[FrozenOption]) -> tuple[PrintedVerdict, ...]:
        return tuple(self._printed(one) for one in options)

    def _printed(self, option: FrozenOption) -> PrintedVerdict:
        said = self.said[option.id]
        agreement = option.agreement.words
        return PrintedVerdict(
            stance=option.stance.code,
            strength=option.stance.words,
            agreement=agreement if agreement != option.stance.words else "",
            what=option.intervention.words,
            text=said.text,
            question=said.question,
            notes=tuple(_notes(option, said)),
            source=source_of(said),
        )

    def _asked(self, one: FrozenAsked) -> PrintedAsked:
        reasons = [text for text in (one.principle, one.not_covered) if text]
        reasons += [f"Does not apply. {each.reason}" for each in one.excluded]
        verdict = self._printed(one.option) if one.option else None
        return PrintedAsked(one.intervention.words, verdict, tuple(dict.fromkeys(reasons)))


def source_of(said: FrozenRecommendation) -> str:
    """The section path, without the heading that every section ends with, and the table."""
    path = [heading for heading in said.source.section if heading != "Summary of recommendations"]
    table = said.source.table
    return ", ".join(filter(None, (" › ".join(path), table if table not in path else "")))


def _is_to_do(option: FrozenOption) -> bool:
    return option.status.code == "applies" and option.stance.direction == "for" and not option.done


def _notes(option: FrozenOption, said: FrozenRecommendation) -> Iterator[str]:
    """A verdict that does not hold yet has its question, and no more."""
    if option.status.code == "blocked":
        yield f"Not feasible: {'; '.join(reason.text for reason in said.because[:1])}."
    if option.status.code != "applies":
        return
    if option.provided:
        yield f"Provided {_together(option.provided)}."
    yield from (f"Caution: {caution}" for caution in said.cautions)


def _together(facts: Iterable[FrozenTerm]) -> str:
    return " and ".join(fact.words for fact in facts)


def _shared(trials: tuple[FrozenTrial, ...]) -> tuple[str, ...]:
    """Cautions that every one of several trials has."""
    if len(trials) < 2:
        return ()
    return tuple(text for text in trials[0].cautions if all(text in one.cautions for one in trials))


def _trial(one: FrozenTrial, shared: Iterable[str]) -> TrialOnPaper:
    open_ones = [fact.words for fact in one.missing] + [fact.words for fact in one.provided]
    return TrialOnPaper(
        one.nct,
        one.title,
        one.eligibility,
        "Not feasible here" if one.status.code == "blocked" else "; ".join(open_ones),
        tuple(text for text in one.cautions if text not in shared),
    )
