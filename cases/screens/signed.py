"""The guideline's answer on the page of a signed decision: what was frozen, arranged for reading.

A row is an option; where the edition had no options, a statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from cases.snapshot.frozen import Frozen
from cases.snapshot.frozen_answer import (
    FrozenAnswer,
    FrozenAsked,
    FrozenGuideline,
    FrozenMissing,
    FrozenOption,
    FrozenRecommendation,
    FrozenStance,
    FrozenTerm,
    FrozenTopic,
    FrozenTrial,
)

MOST_SHOWN = 6  # decisive facts shown before "more"
RANKS = {"for": 0, "against": 1, "open": 2}


@dataclass(frozen=True, slots=True)
class SignedRow:
    """One verdict. `statements`: the one that holds first, then those that qualify it.

    `agreement` is "" where an option's would repeat the verdict.
    """

    id: str
    title: str
    setting: str
    stance: FrozenStance
    agreement: str
    status: str
    question: str
    done: bool
    statements: tuple[FrozenRecommendation, ...]

    @property
    def possible(self) -> bool:
        """Whether a fact that nobody knew would have decided it."""
        return self.status == "possible"


@dataclass(frozen=True, slots=True)
class SignedGroup:
    """Rows under one heading: what was settled, then what unknown facts would have decided."""

    code: str
    heading: str
    settled: tuple[SignedRow, ...]
    possible: tuple[SignedRow, ...]


@dataclass(frozen=True, slots=True)
class SignedAnswer:
    """All of it, in the order of the page. `counts` is what the closed drawer says."""

    classification: FrozenTerm
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    asked: tuple[FrozenAsked, ...]
    decisive: tuple[FrozenMissing, ...]
    later: tuple[FrozenMissing, ...]
    groups: tuple[SignedGroup, ...]
    principles: tuple[FrozenRecommendation, ...]
    not_covered: tuple[str, ...]
    trials: tuple[FrozenTrial, ...]
    basis: str
    guideline: FrozenGuideline
    counts: str


def signed_answer(frozen: Frozen) -> SignedAnswer:
    """The answer as it was frozen."""
    answer = frozen.answer
    groups = tuple(_by_kind(answer) if answer.options else _by_topic(answer.recommendations))
    return SignedAnswer(
        classification=answer.classification.entity,
        reasons=answer.classification.reasons,
        cautions=(*frozen.cautions, *answer.classification.cautions),
        asked=answer.asked or (),
        decisive=answer.missing[:MOST_SHOWN],
        later=answer.missing[MOST_SHOWN:],
        groups=groups,
        principles=tuple(_principles(answer)) if answer.options else (),
        not_covered=answer.not_covered,
        trials=answer.trials,
        basis=answer.basis,
        guideline=frozen.guideline,
        counts=_counts(row for group in groups for row in (*group.settled, *group.possible)),
    )


# --- By option ----------------------------------------------------------------------------------------------


def _by_kind(answer: FrozenAnswer) -> Iterator[SignedGroup]:
    """The options in the order in which the guideline gave them, under a heading for each kind."""
    by_id = {each.id: each for each in answer.recommendations}
    for kind, options in groupby(answer.options or (), key=lambda option: option.kind):
        rows = [_option_row(option, by_id) for option in options]
        yield SignedGroup(kind.code, kind.words, *_parted(rows))


def _option_row(option: FrozenOption, by_id: dict[str, FrozenRecommendation]) -> SignedRow:
    statements = tuple(by_id[each] for each in (option.id, *option.qualified_by))
    agreement = option.agreement.words
    return SignedRow(
        id=option.id,
        title=option.intervention.words,
        setting=option.setting.words,
        stance=option.stance,
        agreement=agreement if agreement != option.stance.words else "",
        status=option.status.code,
        question=statements[0].open_question,
        done=option.done,
        statements=statements,
    )


def _principles(answer: FrozenAnswer) -> Iterator[FrozenRecommendation]:
    for each in answer.recommendations:
        if each.kind and each.kind.code == "principle" and each.status.code != "excluded":
            yield each


# --- By statement -------------------------------------------------------------------------------------------


def _by_topic(recommendations: Iterable[FrozenRecommendation]) -> Iterator[SignedGroup]:
    """The statements in the order of topics; what is for something stands before what is against or open."""
    topics: dict[FrozenTopic, list[FrozenRecommendation]] = {}
    for each in recommendations:
        if each.status.code != "excluded":
            topics.setdefault(each.topic, []).append(each)
    for topic, found in sorted(topics.items(), key=lambda pair: pair[0].place):
        settled, possible = _parted([_statement_row(each) for each in found])
        yield SignedGroup(
            topic.code,
            topic.words,
            tuple(sorted(settled, key=lambda row: (RANKS[row.stance.direction], row.stance.place))),
            tuple(sorted(possible, key=lambda row: RANKS[row.stance.direction])),
        )


def _statement_row(each: FrozenRecommendation) -> SignedRow:
    return SignedRow(
        id=each.id,
        title=each.intervention.words,
        setting=each.setting.words,
        stance=each.stance,
        agreement=each.agreement.words,
        status=each.status.code,
        question=each.open_question,
        done=bool(each.done),
        statements=(each,),
    )


# --- Both ---------------------------------------------------------------------------------------------------


def _parted(rows: list[SignedRow]) -> tuple[tuple[SignedRow, ...], tuple[SignedRow, ...]]:
    settled = tuple(row for row in rows if not row.possible)
    return settled, tuple(row for row in rows if row.possible)


def _counts(rows: Iterable[SignedRow]) -> str:
    """ "9 apply · 4 possible · 2 advised against"."""
    applies = possible = against = 0
    for row in rows:
        possible += row.possible
        against += row.status == "applies" and row.stance.direction == "against"
        applies += row.status == "applies" and row.stance.direction == "for"
    return f"{applies} apply · {possible} possible · {against} advised against"
