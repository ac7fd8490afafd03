"""The guideline's answer arranged for paper, one verdict for each drug, procedure or test.

The handout's first sheet has what leads, its second what is advised against and still to do; all else is for
the annex.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cases.snapshot.frozen_answer import (
    FrozenAnswer,
    FrozenAsked,
    FrozenMissing,
    FrozenOption,
    FrozenRecommendation,
    FrozenTerm,
    FrozenTrial,
)

MOST_LEADING, MOST_DECISIVE, MOST_OPENED = 6, 3, 2  # on the first sheet
MOST_OPEN = 2  # of a trial


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

    @property
    def in_short(self) -> str:
        """ "acceptable option, panel, no vote, if there is an NTRK fusion"."""
        said = [self.strength.lower(), self.agreement.lower()]
        return ", ".join(filter(None, (*said, f"if {self.question}" if self.question else "")))


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
class SameStrength:
    """Tests still to do that the guideline says with the same strength, which is in words."""

    strength: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedDecisive:
    """A fact not known that would change the answer. `opens`: what it would decide first, each with its
    strength in words; `more`: how many besides.
    """

    label: str
    opens: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class AnswerOnPaper:
    """The answer, each part in its order.

    `settling`: tests that settle an open entity first; `leading`: treatment that applies, then follow-up that
    applies, as many as the first sheet holds, and `more_leading` counts the rest; `decisive`: the facts that
    would change it, likewise. `trial_cautions` are those that the trials share. The last five are for the
    annex: `applies` is all that leads, `possible` treatment and follow-up that open facts decide, `done`
    tests already made.
    """

    asked: tuple[PrintedAsked, ...]
    settling: tuple[PrintedVerdict, ...]
    leading: tuple[PrintedVerdict, ...]
    more_leading: int
    decisive: tuple[PrintedDecisive, ...]
    more_decisive: int
    against: tuple[PrintedVerdict, ...]
    blocked: tuple[PrintedVerdict, ...]
    unsettled: tuple[PrintedVerdict, ...]
    work_up: tuple[SameStrength, ...]
    tests_against: tuple[str, ...]
    trials: tuple[TrialOnPaper, ...]
    trial_cautions: tuple[str, ...]
    not_covered: tuple[str, ...]
    applies: tuple[PrintedVerdict, ...] = ()
    possible: tuple[PrintedVerdict, ...] = ()
    missing: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()


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
        followed = [*for_it, *schedules]
        applies = self._all(one for one in followed if one.status.code == "applies")
        shared = _shared(self.answer.trials)
        return AnswerOnPaper(
            asked=tuple(self._asked(one) for one in self.answer.asked or ()),
            settling=self._all(one for one in settles if not one.done),
            leading=applies[:MOST_LEADING],
            more_leading=len(applies[MOST_LEADING:]),
            decisive=tuple(map(self._decisive, self.answer.missing[:MOST_DECISIVE])),
            more_decisive=len(self.answer.missing[MOST_DECISIVE:]),
            against=self._all(one for one in standing if one.stance.direction == "against"),
            blocked=self._all(one for one in for_it if one.status.code == "blocked"),
            unsettled=self._all(one for one in standing if one.stance.direction == "open"),
            work_up=_by_strength(one for one in rest if _is_to_do(one) and one not in schedules),
            tests_against=tuple(
                one.intervention.words
                for one in rest
                if one.status.code == "applies" and one.stance.direction == "against" and not one.done
            ),
            trials=tuple(_trial(one, shared) for one in self.answer.trials),
            trial_cautions=_of_each(shared),
            not_covered=self.answer.not_covered,
            applies=applies,
            possible=self._all(one for one in followed if one.status.code == "possible"),
            missing=tuple(one.fact.words for one in self.answer.missing),
            done=tuple(one.intervention.words for one in self.options if one.done),
            principles=tuple(
                one.text
                for one in self.answer.recommendations
                if one.kind and one.kind.code == "principle" and one.status.code == "applies"
            ),
        )

    def _decisive(self, missing: FrozenMissing) -> PrintedDecisive:
        """With the verdicts that the fact would decide, in the order of the options."""
        opened = [one for one in self.options if one.id in missing.decides and not one.done]
        names = [f"{one.intervention.words} ({one.stance.words.lower()})" for one in opened]
        return PrintedDecisive(missing.fact.words, tuple(names[:MOST_OPENED]), len(names[MOST_OPENED:]))

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
        if one.excluded:
            reasons += ["Does not apply.", *(each.reason for each in one.excluded)]
        verdict = self._printed(one.option) if one.option else None
        return PrintedAsked(one.intervention.words, verdict, tuple(dict.fromkeys(reasons)))


def source_of(said: FrozenRecommendation) -> str:
    """The section path, without the heading that every section ends with, and the table."""
    path = [heading for heading in said.source.section if heading != "Summary of recommendations"]
    table = said.source.table
    return ", ".join(filter(None, (" › ".join(path), table if table not in path else "")))


def _by_strength(options: Iterable[FrozenOption]) -> tuple[SameStrength, ...]:
    """In the order in which each strength comes first."""
    gathered: dict[str, list[str]] = {}
    for one in options:
        stance, agreement = one.stance.words, one.agreement.words
        strength = stance if agreement == stance else f"{stance}, {agreement.lower()}"
        gathered.setdefault(strength, []).append(one.intervention.words)
    return tuple(SameStrength(strength, tuple(names)) for strength, names in gathered.items())


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


def _shared(trials: tuple[FrozenTrial, ...]) -> dict[str, tuple[str, ...]]:
    """Cautions that all of several trials have, or all but one, which is named with it."""
    counts = Counter(text for one in trials for text in one.cautions)
    return {
        text: tuple(one.nct for one in trials if text not in one.cautions)
        for text, count in counts.items()
        if count > 1 and count >= len(trials) - 1
    }


def _of_each(shared: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """ "Check its full criteria." or "It may still recruit (not NCT00000001)."."""
    return tuple(
        f"{text.rstrip('.')} (not {without[0]})." if without else text for text, without in shared.items()
    )


def _trial(one: FrozenTrial, shared: Iterable[str]) -> TrialOnPaper:
    unknown = [fact.words for fact in (*one.missing, *one.provided)]
    more = len(unknown[MOST_OPEN:])
    still_open = "; ".join(unknown[:MOST_OPEN]) + (f" and {more} more" if more else "")
    return TrialOnPaper(
        one.nct,
        one.title,
        one.eligibility,
        "Not feasible here" if one.status.code == "blocked" else still_open,
        tuple(text for text in one.cautions if text not in shared),
    )
