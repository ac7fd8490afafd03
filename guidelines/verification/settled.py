"""What is settled stays settled: the boxes behind every answer are sound.

A statement applies when no box in which it fails is still possible. Learning a fact only narrows what is
possible, so once that is so it stays so, as long as the boxes of "holds" and "fails" are disjoint, cover
every consistent case, and reach no inconsistent one. Then too a statement that is open has a consistent
completion each way.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from guidelines.engine.bands import BandedFact
from guidelines.engine.boxes import Boxes
from guidelines.knowledge.phrases import describe
from guidelines.verification.proof import Proof
from guidelines.verification.regions import in_words, leftover, overlap
from guidelines.verification.report import Finding
from guidelines.vocabulary.facts import Range


def settled_stays_settled(proof: Proof) -> Finding:
    """The boxes of every part are sound, parts are independent, and learning only narrows."""
    engine = proof.engine
    failures: list[str] = []
    for prepared, name in _prepared(proof):
        parts = [engine.parts[part].boxes for part in prepared]
        failures += [f"{name}: {problem}" for boxes in parts for problem in _unsound(proof, boxes)]
        failures += [f"{name}: {problem}" for problem in _dependent(proof, parts)]
    for fact in engine.space.facts:
        failures += _does_not_narrow(fact)
    proven = (
        f"{len(engine.parts)} parts of conditions: where they hold and where they fail is disjoint and "
        "covers every consistent case, and no inconsistent one",
        "so an open statement has a consistent completion each way, and a settled one stays as it is",
        f"{len(engine.space.facts)} facts: a stated value or a narrower range only takes away from what was "
        "possible",
    )
    return Finding(tuple(dict.fromkeys(failures)), proven)


def _prepared(proof: Proof) -> Iterator[tuple[tuple[int, ...], str]]:
    engine, guideline = proof.engine, proof.guideline
    for statement, prepared in zip(guideline.statements, engine.statements, strict=True):
        yield prepared.parts, statement.id
    for remark, prepared in zip(guideline.not_covered, engine.not_covered, strict=True):
        yield prepared.parts, f"not covered: {remark.id}"
    for trial, prepared in zip(guideline.trials, engine.trials, strict=True):
        yield prepared.parts, f"trial {trial.nct}"
    for value, prepared in engine.entity.items():
        yield prepared.parts, f"entity {value}"
    for one, prepared in zip(guideline.provisional, engine.provisional, strict=True):
        yield prepared.parts, f"provisional {one.value}, given {describe(one.given)}"


def _unsound(proof: Proof, boxes: Boxes) -> Iterator[str]:
    space = proof.engine.space
    both = overlap(boxes.true, boxes.false)
    if both is not None:
        yield f"holds and fails at once for: {in_words(space, both)}"
    rest = leftover(space, proof.consistent, (*boxes.true, *boxes.false))
    if rest is not None:
        yield f"neither holds nor fails for: {in_words(space, rest)}"
    if set(boxes.reads) & space.tied:
        outside = leftover(space, (*boxes.true, *boxes.false), proof.consistent)
        if outside is not None:
            yield f"reaches a case that contradicts itself: {in_words(space, outside)}"


def _dependent(proof: Proof, parts: Sequence[Boxes]) -> Iterator[str]:
    """Parts are decided one by one, which is exact only if no fact, and no tie between facts, joins them."""
    tied = proof.engine.space.tied
    for left, right in combinations(parts, 2):
        joint = set(left.reads) & set(right.reads)
        if joint or (set(left.reads) & tied and set(right.reads) & tied):
            yield "two parts that are decided apart read the same facts"


def _does_not_narrow(fact: BandedFact) -> Iterator[str]:
    for bit, band in enumerate(fact.bands):
        if band.value is not None and fact.possible(band.value) != 1 << bit:
            yield f"{fact.fact.name}: {band.label} is not its own band"
    for outer, inner in product(_ranges(fact), repeat=2):
        inside = outer.low <= inner.low and inner.high <= outer.high
        if inside and fact.possible(inner) & ~fact.possible(outer):
            yield f"{fact.fact.name}: {inner} is not narrower than {outer}"


def _ranges(fact: BandedFact) -> list[Range]:
    """Every range between the values that stand for the bands, for a fact that may be stated as a range."""
    if fact.fact.type != "range":
        return []
    values = [band.value for band in fact.bands if isinstance(band.value, int | float)]
    return [Range(low, high) for low, high in combinations(sorted(values), 2)]
