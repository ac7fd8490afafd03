"""Every bound behaves on it, just below it and just above it as the reading of the source says."""

from collections.abc import Iterator
from math import inf

from guidelines.answer.assessment import assess
from guidelines.answer.parts import Assessment
from guidelines.engine.bands import BandedFact
from guidelines.verification.expectations import Threshold, ThresholdCase
from guidelines.verification.proof import Proof
from guidelines.verification.report import Finding
from guidelines.vocabulary.facts import FactsInvalid, Value, plain
from guidelines.vocabulary.parsing import parse_facts


def thresholds_hold(proof: Proof) -> Finding:
    """Every row of thresholds.yaml holds, and every bound of the encoding has its three rows."""
    failures: list[str] = []
    for threshold in proof.expectations.thresholds:
        failures += _wrong(proof, threshold)
    for fact in proof.engine.space.facts:
        failures += _without_rows(proof, fact)
    proven = [
        f"{proof.guideline.facts[one.fact].label} {plain(one.bound)}: {one.text} Tried at "
        f"{', '.join(plain(case.at) for case in one.cases)}."
        for one in proof.expectations.thresholds
        if one.fact in proof.guideline.facts
    ]
    return Finding(tuple(failures), tuple(proven))


def _wrong(proof: Proof, threshold: Threshold) -> Iterator[str]:
    name = f"{threshold.fact} {plain(threshold.bound)} ({threshold.text})"
    known = {one.id for one in proof.guideline.statements} | {one.id for one in proof.guideline.not_covered}
    known |= {trial.nct for trial in proof.guideline.trials}
    for listed in sorted(
        {one for case in threshold.cases for one in (*case.applies, *case.not_covered, *case.trials)}
    ):
        if listed not in known:
            yield f"{name}: no such statement, remark or trial: {listed}"
    for case in threshold.cases:
        try:
            facts = parse_facts({**threshold.given, threshold.fact: case.at}, proof.guideline.facts)
        except FactsInvalid as error:
            yield f"{name}: {error}"
            continue
        for problem in _differs(proof, threshold, case, facts):
            yield f"{name}, at {plain(case.at)}: {problem}"


def _differs(
    proof: Proof, threshold: Threshold, case: ThresholdCase, facts: dict[str, Value]
) -> Iterator[str]:
    answer = assess(proof.guideline, facts)
    entity = answer.classification.entity
    if case.entity is not None and entity != case.entity:
        yield f"entity is {entity}, expected {case.entity}"
    applies = {one.id for one in answer.recommendations if one.status == "applies"}
    uncovered = {one.id for one in proof.guideline.not_covered if one.text in answer.not_covered}
    trials = {one.nct for one in answer.trials if one.status != "blocked" and not one.missing}
    yield from _compare(
        "applies", applies, case.applies, {one for row in threshold.cases for one in row.applies}
    )
    yield from _compare(
        "not covered",
        uncovered,
        case.not_covered,
        {one for row in threshold.cases for one in row.not_covered},
    )
    yield from _compare("trial", trials, case.trials, {one for row in threshold.cases for one in row.trials})
    cautions = _cautions(answer)
    fragments = {one for row in threshold.cases for one in row.cautions}
    said = {one for one in fragments if any(one in text for text in cautions)}
    yield from _compare("caution", said, case.cautions, fragments)


def _compare(kind: str, found: set[str], expected: tuple[str, ...], named: set[str]) -> Iterator[str]:
    """What differs, of everything that the rows of this threshold name."""
    yield from (f"{kind}: {one} is missing" for one in expected if one not in found)
    yield from (f"{kind}: {one} is not expected" for one in sorted(named & found - set(expected)))


def _cautions(answer: Assessment) -> list[str]:
    said = [text for one in answer.recommendations if one.status == "applies" for text in one.cautions]
    return [*answer.classification.cautions, *said]


def _without_rows(proof: Proof, fact: BandedFact) -> Iterator[str]:
    """Bounds of the encoding for which nobody wrote down what is expected on either side."""
    tried = {
        case.at for one in proof.expectations.thresholds if one.fact == fact.fact.name for case in one.cases
    }
    expected = {one.bound for one in proof.expectations.thresholds if one.fact == fact.fact.name}
    for bound in fact.bounds:
        if bound not in expected:
            yield f"{fact.fact.name} {plain(bound)}: a bound without a row in thresholds.yaml"
            continue
        for side, found in _sides(fact, bound, tried).items():
            if not found:
                yield f"{fact.fact.name} {plain(bound)}: no row {side}"


def _sides(fact: BandedFact, bound: float, tried: set[float]) -> dict[str, bool]:
    lower = max((one for one in fact.bounds if one < bound), default=-inf)
    upper = min((one for one in fact.bounds if one > bound), default=inf)
    whole = fact.fact.type == "integer"
    low, high = fact.fact.minimum, fact.fact.maximum
    sides = {"at it": bound in tried}
    if low is None or bound > low:
        sides["just below it"] = any(lower < one < bound or (whole and one == bound - 1) for one in tried)
    if high is None or bound < high:
        sides["just above it"] = any(bound < one < upper or (whole and one == bound + 1) for one in tried)
    return sides
