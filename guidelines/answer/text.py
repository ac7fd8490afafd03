"""The answer as plain text, for reading in a terminal: what a board asks for first, and no more."""

from collections.abc import Iterable, Iterator, Mapping

from guidelines.answer.parts import Asked, Assessment, Option, Recommendation
from guidelines.knowledge import labels
from guidelines.knowledge.labels import Status
from guidelines.knowledge.model import Guideline
from guidelines.knowledge.spoken import all_of, spoken_value
from guidelines.vocabulary.facts import FACTS


def as_text(guideline: Guideline, assessment: Assessment) -> str:
    """Diagnosis, what was asked, options, what would change them, what is not covered, trials."""
    return "\n".join(_lines(guideline, assessment))


def _lines(guideline: Guideline, assessment: Assessment) -> Iterator[str]:
    classification = assessment.classification
    said = {one.id: one for one in assessment.recommendations}
    yield classification.label
    yield from (f"  {reason}" for reason in classification.reasons)
    yield from (f"  Caution: {caution}" for caution in classification.cautions)
    if assessment.asked:
        yield "\nASKED"
        for one in assessment.asked:
            yield from _asked(one, said, guideline)
    if assessment.options:
        yield from _options(assessment.options, said, guideline)
    else:
        yield from _by_status(assessment.recommendations)
    excluded = [one for one in assessment.recommendations if one.status == Status.EXCLUDED]
    if excluded and assessment.options:
        yield "\nEXCLUDED"
        for left_out in excluded:
            yield from _statement(left_out)
    missing = [f"{FACTS[one.fact].label}: decides {_count(len(one.decides))}" for one in assessment.missing]
    yield from _section("WHAT WOULD CHANGE IT", missing)
    yield from _section("NOT COVERED", assessment.not_covered)
    yield from _section("TRIALS", _trials(assessment))
    yield f"\n{assessment.basis}"
    yield f"Encoding {assessment.guideline.id} {assessment.guideline.version}"


def _asked(one: Asked, said: Mapping[str, Recommendation], guideline: Guideline) -> Iterator[str]:
    if one.option is not None:
        yield from _option(one.option, said, guideline)
        return
    yield f"  {one.intervention_label}"
    if one.principle:
        yield f"    A principle: {one.principle}"
    reasons = dict.fromkeys(exclusion.reason for exclusion in one.excluded)
    yield from (f"    Does not apply: {reason}" for reason in reasons)
    if one.not_covered:
        yield f"    {one.not_covered}"


def _options(
    options: Iterable[Option], said: Mapping[str, Recommendation], guideline: Guideline
) -> Iterator[str]:
    kind = ""
    for option in options:
        if option.kind != kind:
            kind = option.kind
            yield f"\n{labels.KINDS[kind].upper()}"
        yield from _option(option, said, guideline)


def _option(option: Option, said: Mapping[str, Recommendation], guideline: Guideline) -> Iterator[str]:
    verdict = said[option.id]
    yield f"  {option.intervention_label} [{_marks(verdict)}]"
    yield f"    {verdict.statement}"
    if verdict.question:
        yield f"    If: {verdict.question}"
    if option.status == Status.BLOCKED:
        yield f"    Because: {'; '.join(reason.text for reason in verdict.because[:1])}"
    if option.provided:
        needed = guideline.statement(option.id).provided
        spoken = [spoken_value(FACTS[name], needed[name]) for name in option.provided]
        yield f"    Provided that {all_of(spoken)}"
    yield from (f"    Caution: {caution}" for caution in verdict.cautions)
    yield from (f"    Also: [{_marks(said[one])}] {said[one].statement}" for one in option.qualified_by)


def _marks(one: Recommendation) -> str:
    """How strong a statement is, and whether it holds: what is only possible never reads like a verdict."""
    states = {Status.POSSIBLE.value: "possible", Status.BLOCKED.value: "set aside here"}
    marks = [strength(one.stance, one.agreement), states.get(one.status, ""), "done" if one.done else ""]
    return "; ".join(mark for mark in marks if mark)


def strength(stance: str, agreement: str) -> str:
    """Both codes in words, once where they say the same."""
    said, stood_behind = labels.STANCES[stance], labels.AGREEMENTS[agreement]
    return said if said == stood_behind else f"{said}, {stood_behind.lower()}"


def _trials(assessment: Assessment) -> Iterator[str]:
    for trial in assessment.trials:
        yield f"{trial.nct} {trial.title} ({labels.STATUSES[trial.status]})"
        yield from (f"  {caution}" for caution in trial.cautions)


def _count(number: int) -> str:
    return f"{number} statement{'' if number == 1 else 's'}"


def _section(title: str, items: Iterable[str]) -> Iterator[str]:
    listed = list(items)
    if listed:
        yield f"\n{title}"
        yield from (f"  {item}" for item in listed)


def _by_status(recommendations: Iterable[Recommendation]) -> Iterator[str]:
    """The statements of an edition that gives no options."""
    for status, label in labels.STATUSES.items():
        chosen = [one for one in recommendations if one.status == status]
        if chosen:
            yield f"\n{label.upper()}"
        for topic, words in labels.TOPICS.items():
            here = [one for one in chosen if one.topic == topic]
            if here:
                yield f"  {words}"
            for one in here:
                yield from _statement(one)


def _statement(one: Recommendation) -> Iterator[str]:
    yield f"    [{strength(one.stance, one.agreement)}] {one.statement}"
    if one.question:
        yield f"      If: {one.question}"
    if one.because:
        yield f"      Because: {'; '.join(reason.text for reason in one.because)}"
    if one.excluded_by:
        yield f"      Excluded: {one.excluded_by}"
    yield from (f"      Caution: {caution}" for caution in one.cautions)
    yield f"      Source: {' > '.join(one.source.section)}"
