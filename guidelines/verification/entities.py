"""What is a therapy of one entity is never offered to another."""

from collections.abc import Iterator

from guidelines.knowledge.labels import POSITIVE_STANCES, TREATMENT_TOPICS
from guidelines.knowledge.model import Statement
from guidelines.verification.proof import Proof
from guidelines.verification.report import Finding

PAIR = ("g3_net", "nec")


def therapies_keep_to_their_entity(proof: Proof) -> Finding:
    """Declared therapies have no positive stance elsewhere, and every therapy of one entity is declared."""
    failures: list[str] = []
    declared: dict[str, str] = {}
    for entry in proof.expectations.single_entity:
        if entry.section not in proof.guideline.sections:
            failures.append(f"single_entity.yaml: no such section: {entry.section}")
        for code in entry.interventions:
            declared[code] = entry.entity
            failures += _problems(proof, code, entry.entity)
    offered = _offered(proof)
    for code, entities in offered.items():
        if len(entities) == 1 and code not in declared:
            failures.append(
                f"{code}: offered in {entities.copy().pop()} only, but not declared in single_entity.yaml"
            )
    both = [
        proof.guideline.interventions[code].label for code, entities in offered.items() if len(entities) == 2
    ]
    proven = [
        f"only in {entry.entity}: {', '.join(entry.interventions)}. {entry.reason}"
        for entry in proof.expectations.single_entity
    ]
    return Finding(tuple(failures), (*proven, f"in both, as the source says: {', '.join(both)}"))


def _problems(proof: Proof, code: str, entity: str) -> Iterator[str]:
    positive = [one for one in proof.guideline.statements if one.intervention == code and _positive(one)]
    if not any(proof.where(one.when, proof.entity(entity)) for one in positive):
        yield f"{code}: declared for {entity}, but no statement offers it there"
    for statement in positive:
        for other in proof.guideline.derived["entity"].values:
            if other == entity:
                continue
            offered = proof.where(statement.when, proof.entity(str(other)))
            if offered:
                yield f"{statement.id}: {code} is {statement.stance} in {other}: {proof.words(offered)}"


def _positive(statement: Statement) -> bool:
    return statement.stance in POSITIVE_STANCES


def _offered(proof: Proof) -> dict[str, set[str]]:
    """Treatment → the entities (G3 NET, NEC) in which a positive statement can apply."""
    offered: dict[str, set[str]] = {}
    for statement in proof.guideline.statements:
        if statement.topic in TREATMENT_TOPICS and _positive(statement):
            found = {entity for entity in PAIR if proof.where(statement.when, proof.entity(entity))}
            offered.setdefault(statement.intervention, set()).update(found)
    return offered
