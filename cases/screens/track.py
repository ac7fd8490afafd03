"""Which track the engine proposes for a case, and why: in full, or by protocol. A person decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cases.choices import Track
from cases.readiness import Readiness
from guidelines.answer.parts import Assessment, Option
from guidelines.knowledge.labels import (
    AGREEMENTS,
    POSITIVE_STANCES,
    STANCES,
    TREATMENT_TOPICS,
    Agreement,
    Kind,
    Stance,
    Status,
)

FEW = 3  # facts or options that a reason names


@dataclass(frozen=True, slots=True)
class ProposedTrack:
    """`reasons`: sentences; for a full discussion, everything that stands against the protocol."""

    track: Track
    reasons: tuple[str, ...]


def proposed_track(assessment: Assessment, readiness: Readiness) -> ProposedTrack:
    """By protocol if every statement on treatment is settled, the leading one stands firm, and nothing is
    missing or stale; in full otherwise."""
    leading = _leading(assessment)
    against = tuple(_against(assessment, leading, readiness))
    if against or leading is None:
        return ProposedTrack(Track.FULL, against)
    return ProposedTrack(
        Track.PROTOCOL,
        (
            "Every statement on treatment is settled, and nothing is missing or stale.",
            f"{leading.intervention_label}: {_verdict(leading)}.",
        ),
    )


def _against(assessment: Assessment, leading: Option | None, readiness: Readiness) -> Iterator[str]:
    undecided = [
        one.intervention_label
        for one in assessment.options
        if one.topic in TREATMENT_TOPICS and one.status == Status.POSSIBLE
    ]
    if undecided:
        yield f"Not settled: {_some(undecided)}."
    elif _is_open(assessment):
        yield "A statement on treatment is not settled."
    if leading is None:
        yield "No treatment that the guideline is for applies."
    elif leading.provided:
        yield f"{leading.intervention_label} depends on what is not known yet."
    elif not _stands_firm(leading):
        yield f"{leading.intervention_label}, the leading treatment: {_verdict(leading)}."
    for state, words in (("missing", "Missing"), ("stale", "Stale")):
        facts = [item.label for item in readiness.items if item.state == state]
        if facts:
            yield f"{words}: {_some(facts)}."


def _is_open(assessment: Assessment) -> bool:
    """Whether a fact that is not known decides a statement on treatment, be it an option's verdict or not."""
    return any(
        one.topic in TREATMENT_TOPICS and one.status == Status.POSSIBLE for one in assessment.recommendations
    )


def _leading(assessment: Assessment) -> Option | None:
    """The first treatment, in the order of the options, that applies and that the guideline is for."""
    return next(
        (
            one
            for one in assessment.options
            if one.topic in TREATMENT_TOPICS
            and one.kind == Kind.TREATMENT
            and one.status == Status.APPLIES
            and one.stance in POSITIVE_STANCES
            and not one.done
        ),
        None,
    )


def _stands_firm(option: Option) -> bool:
    """By consensus, or recommended by the panel."""
    by_panel = option.stance == Stance.RECOMMENDED and option.agreement == Agreement.PANEL
    return by_panel or option.agreement == Agreement.CONSENSUS


def _verdict(option: Option) -> str:
    return f"{STANCES[option.stance].lower()}, {AGREEMENTS[option.agreement].lower()}"


def _some(names: list[str]) -> str:
    more = len(names) - FEW
    return ", ".join(names[:FEW]) + (f" and {more} more" if more > 0 else "")
