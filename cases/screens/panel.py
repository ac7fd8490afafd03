"""The panel beside the record: the question, what was asked and what else there is to choose, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from cases.facts import RecordFacts
from cases.screens.options import (
    Known,
    OptionRow,
    Principle,
    RowGroup,
    Rows,
    Said,
    Statable,
    provisos_in_words,
)
from cases.snapshot.key_facts import PLACE
from guidelines.answer.parts import Answer, Asked, Outline, TrialMatch
from guidelines.knowledge.labels import DIRECTIONS, STATUSES, Accrual, Direction, Status
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.facts import FACTS, Value
from guidelines.vocabulary.sayings import in_running_text

MOST_SHOWN = 3  # decisive facts shown before "more"
# What is folded and fetched when it is opened: the code in its address, and its title as a page.
FOLDS = {
    "facts": "What would change the answer",
    "principles": "Principles",
    "trials": "Trials named in the guideline",
}
MORE, MORE_TITLE = "more-", "If open facts turn out so"  # the rest of a group of rows


@dataclass(frozen=True, slots=True)
class DecisiveFact:
    """A fact not known that would change the answer; `link` leads to its field, "" where there is none."""

    fact: str
    label: str
    decides: str
    link: str


@dataclass(frozen=True, slots=True)
class AskedLine:
    """What the board's question is about: its row, or `standing` in a word and the sentences that say why
    there is none. `also`: which others the question means; what was asked, where the row is another's.
    """

    code: str
    name: str
    row: OptionRow | None
    standing: str
    reasons: tuple[str, ...]
    also: str


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A trial of the text, how the case stands to it, and its own cautions."""

    nct: str
    title: str
    standing: str
    eligibility: str
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything `panel/_body.html` shows, in its order."""

    address: str
    question: str
    asked: tuple[AskedLine, ...]
    entity: str
    diagnosis: str
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    left_out: tuple[str, ...]
    decisive: tuple[DecisiveFact, ...]
    later: tuple[DecisiveFact, ...]
    groups: tuple[RowGroup, ...]
    not_covered: tuple[str, ...]
    principles: tuple[Principle, ...]
    trials: tuple[TrialRow, ...]
    trial_cautions: tuple[str, ...]
    basis: str
    guideline: str
    counts: str
    unsaved: bool


def panel_of(
    guideline: Guideline,
    assessment: Answer[Statable],
    facts: RecordFacts,
    *,
    question: str,
    address: str,
    link: Callable[[str], str],
    left_out: Iterable[str] = (),
    unsaved: bool = False,
) -> Panel:
    """The panel of an assessment.

    `address` is that of the pages of its options, `link` says where a fact is entered, `left_out` what was
    not valid.
    """
    rows = Rows(guideline, assessment, known(facts))
    groups = rows.groups()
    missing = decisive_facts(assessment, link)
    shared = trial_cautions(assessment.trials)
    return Panel(
        address=address,
        question=question,
        asked=tuple(asked_line(one, rows, guideline) for one in assessment.asked),
        entity=assessment.classification.label,
        diagnosis=diagnosis_of(assessment, facts),
        reasons=assessment.classification.reasons,
        cautions=(*facts.cautions, *assessment.classification.cautions),
        left_out=tuple(left_out),
        decisive=missing[:MOST_SHOWN],
        later=missing[MOST_SHOWN:],
        groups=groups,
        not_covered=assessment.not_covered,
        principles=rows.principles(),
        trials=tuple(trial_row(guideline, one, shared) for one in assessment.trials),
        trial_cautions=shared,
        basis=assessment.basis,
        guideline=f"{assessment.guideline.id}, version {assessment.guideline.version}",
        counts=counts_of(groups),
        unsaved=unsaved,
    )


def known(facts: RecordFacts) -> Known:
    """What the record knows, with the days of its tests."""
    return Known(facts.values, facts.done)


def diagnosis_of(assessment: Answer[Outline], facts: RecordFacts) -> str:
    """ "G3 NET, pancreas, metastatic, liver": the class, and where the disease is."""
    shown = (_in_short(name, facts.values[name]) for name in PLACE if facts.values.get(name))
    return ", ".join([assessment.classification.label, *shown])


def _in_short(fact: str, value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(in_running_text(FACTS[fact].label_of(code)) for code in value)
    return in_running_text(FACTS[fact].show(value))


def decisive_facts(assessment: Answer[Outline], link: Callable[[str], str]) -> tuple[DecisiveFact, ...]:
    """What would change the answer, in its order, each with the number of options it bears on."""
    of = {one.id: one.intervention if assessment.options else one.id for one in assessment.recommendations}
    noun = "option" if assessment.options else "statement"
    found = []
    for one in assessment.missing:
        number = len({of[statement] for statement in one.decides})
        decides = f"decides {number} {noun}{'' if number == 1 else 's'}"
        found.append(DecisiveFact(one.fact, FACTS[one.fact].label, decides, link(one.fact)))
    return tuple(found)


def asked_line(one: Asked, rows: Rows[Said], guideline: Guideline) -> AskedLine:
    """The answer to one thing that was asked; never silent."""
    row = rows.of_option(one.option) if one.option else None
    reasons = [text for text in (one.principle, one.not_covered) if text]
    reasons += [f"Does not apply: {exclusion.reason}" for exclusion in one.excluded]
    others = [guideline.interventions[code].label for code in one.family if code != one.intervention]
    also = [f"Asked about: {one.intervention_label}."] if row and row.code != one.intervention else []
    also += [f"The question also covers: {'; '.join(others)}."] if others else []
    standing = "A principle" if one.principle else "Not covered" if one.not_covered else "Does not apply"
    return AskedLine(
        one.intervention,
        one.intervention_label,
        row,
        "" if row else standing,
        tuple(dict.fromkeys(reasons)),
        " ".join(also),
    )


def trial_row(guideline: Guideline, trial: TrialMatch, shared: Iterable[str]) -> TrialRow:
    """A trial with its cautions but for those that stand above all of them."""
    return TrialRow(
        trial.nct,
        trial.title,
        trial_standing(trial, next(one.provided for one in guideline.trials if one.nct == trial.nct)),
        trial.eligibility,
        tuple(text for text in trial.cautions if text not in shared),
    )


def trial_standing(trial: TrialMatch, provided: Mapping[str, Value]) -> str:
    """Whether the case fits, what is open, or that it takes nobody."""
    if trial.status == Status.BLOCKED:
        return STATUSES[Status.BLOCKED]
    if trial.accrual == Accrual.COMPLETED:
        return Accrual.COMPLETED.label
    if trial.missing:
        return f"Open: {', '.join(FACTS[name].label for name in trial.missing)}"
    return "; ".join(["Fits, as far as the text goes", *provisos_in_words(trial.provided, provided)])


def trial_cautions(trials: tuple[TrialMatch, ...]) -> tuple[str, ...]:
    """What is to be minded with every one of several trials, to be said once."""
    if len(trials) < 2:
        return ()
    return tuple(text for text in trials[0].cautions if all(text in other.cautions for other in trials))


def counts_of(groups: Iterable[RowGroup]) -> str:
    """ "4 apply · 22 possible · 9 advised against": what the closed drawer says."""
    applies = possible = against = 0
    for row in (row for group in groups for row in (*group.rows, *group.open)):
        possible += row.status == Status.POSSIBLE
        direction = DIRECTIONS[row.stance]
        against += row.status == Status.APPLIES and direction is Direction.AGAINST
        applies += row.status == Status.APPLIES and direction is Direction.FOR
    return f"{applies} apply · {possible} possible · {against} advised against"
