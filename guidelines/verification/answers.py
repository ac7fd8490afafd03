"""Every complete case gets one entity, and an answer on treatment or the word that there is none."""

from collections.abc import Iterator
from itertools import combinations

from guidelines.engine.boxes import Box
from guidelines.knowledge.labels import TREATMENT_TOPICS
from guidelines.knowledge.model import Derived, Remark, Statement
from guidelines.verification.proof import ENTITIES_IN_SCOPE, Proof
from guidelines.verification.regions import Region, in_words, leftover
from guidelines.verification.report import Finding

BRAIN = "brain"
"""Section whose statements treat or spare the brain: alone they leave the tumor unanswered."""


def every_case_answered(proof: Proof) -> Finding:
    """In scope, every complete case meets a treatment statement or the remark that there is none."""
    treated = [
        box for one in proof.guideline.statements if treats_tumor(one) for box in proof.where(one.when)
    ]
    remarks = answering(proof)
    failures = [*_wrongly_listed(proof, treated)]
    covers = [*treated, *(box for one in remarks for box in proof.where(one.when))]
    for entity in ENTITIES_IN_SCOPE:
        for rest in _gaps(proof, _complete(proof, entity), covers):
            failures.append(
                f"{entity}: neither a treatment statement nor a remark for: {in_words(proof.space, rest)}"
            )
    for derived in proof.guideline.derived.values():
        failures += _not_exactly_one(proof, derived)
    names = ", ".join(proof.guideline.derived)
    return Finding(
        tuple(failures),
        (
            f"every complete case of {', '.join(ENTITIES_IN_SCOPE)} has a treatment statement "
            "(those on the brain not counted) or one of these remarks",
            *(f"{entry.remark}: {entry.reason}" for entry in proof.expectations.answering),
            f"exactly one value in every consistent case: {names}",
        ),
    )


def answering(proof: Proof) -> list[Remark]:
    """The remarks that may stand in for a treatment statement."""
    listed = {entry.remark for entry in proof.expectations.answering}
    return [remark for remark in proof.guideline.not_covered if remark.id in listed]


def _wrongly_listed(proof: Proof, treated: list[Box]) -> Iterator[str]:
    """Listed remarks that do not exist, or that no case needs."""
    remarks = {remark.id: remark for remark in answering(proof)}
    for entry in proof.expectations.answering:
        if entry.remark not in remarks:
            yield f"answering_remarks.yaml: no such remark: {entry.remark}"
            continue
        others = [
            box for name, one in remarks.items() if name != entry.remark for box in proof.where(one.when)
        ]
        if not any(_gaps(proof, _complete(proof, one), [*treated, *others], 1) for one in ENTITIES_IN_SCOPE):
            yield f"answering_remarks.yaml: no case needs {entry.remark}"


def _complete(proof: Proof, entity: str) -> Region:
    return proof.where(proof.entity(entity), *proof.guideline.rules)


def treats_tumor(statement: Statement) -> bool:
    """A statement on the treatment of the tumor itself."""
    return statement.topic in TREATMENT_TOPICS and statement.source.section.id != BRAIN


def _gaps(proof: Proof, region: Region, covers: list[Box], most: int = 5) -> list[Box]:
    """Boxes of the region that nothing covers, up to `most`."""
    found: list[Box] = []
    while len(found) < most and (rest := leftover(proof.space, region, [*covers, *found])) is not None:
        found.append(rest)
    return found


def _not_exactly_one(proof: Proof, derived: Derived) -> list[str]:
    problems = []
    for (one, left), (other, right) in combinations(derived.values.items(), 2):
        both = proof.where(left, right)
        if both:
            problems.append(f"{derived.name}: both {one} and {other} for: {proof.words(both)}")
    every = [box for named in derived.values.values() for box in proof.where(named)]
    rest = leftover(proof.space, proof.consistent, every)
    if rest is not None:
        problems.append(f"{derived.name}: no value for: {in_words(proof.space, rest)}")
    return problems
