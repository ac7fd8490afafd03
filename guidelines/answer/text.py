"""The answer as plain text, for reading in a terminal."""

from collections.abc import Iterable, Iterator

from guidelines.answer.assessment import Assessment, Recommendation
from guidelines.knowledge import labels
from guidelines.vocabulary.facts import FACTS


def as_text(assessment: Assessment) -> str:
    """The whole answer, grouped by status and topic."""
    return "\n".join(_lines(assessment))


def _lines(assessment: Assessment) -> Iterator[str]:
    classification = assessment.classification
    yield classification.label
    yield from (f"  {reason}" for reason in classification.reasons)
    yield from (f"  Caution: {caution}" for caution in classification.cautions)
    for status, label in labels.STATUSES.items():
        chosen = [one for one in assessment.recommendations if one.status == status]
        if chosen:
            yield f"\n{label.upper()}"
            yield from _by_topic(chosen)
    yield from _section("NOT KNOWN, AND DECISIVE", [_missing(*one) for one in _missing_pairs(assessment)])
    yield from _section("NOT COVERED", assessment.not_covered)
    yield from _section(
        "TRIALS",
        [f"{trial.nct} {trial.title} ({labels.STATUSES[trial.status]})" for trial in assessment.trials],
    )
    yield f"\n{assessment.basis}"
    yield f"Encoding {assessment.guideline.id} {assessment.guideline.version}"


def _missing_pairs(assessment: Assessment) -> list[tuple[str, int]]:
    return [(one.fact, len(one.decides)) for one in assessment.missing]


def _missing(fact: str, count: int) -> str:
    return f"{FACTS[fact].label}: decides {count} statement{'' if count == 1 else 's'}"


def _section(title: str, items: Iterable[str]) -> Iterator[str]:
    listed = list(items)
    if listed:
        yield f"\n{title}"
        yield from (f"  {item}" for item in listed)


def _by_topic(chosen: list[Recommendation]) -> Iterator[str]:
    for topic, label in labels.TOPICS.items():
        here = [one for one in chosen if one.topic == topic]
        if here:
            yield f"  {label}"
        for one in here:
            yield from _statement(one)


def _statement(one: Recommendation) -> Iterator[str]:
    strength = f"{labels.STANCES[one.stance]}, {labels.AGREEMENTS[one.agreement].lower()}"
    yield f"    [{strength}] {one.statement}"
    if one.question:
        yield f"      If: {one.question}"
    if one.because:
        yield f"      Because: {'; '.join(reason.text for reason in one.because)}"
    if one.excluded_by:
        yield f"      Excluded: {one.excluded_by}"
    yield from (f"      Caution: {caution}" for caution in one.cautions)
    yield f"      Source: {' > '.join(one.source.section)}"
