"""Everything once more with an SMT solver, which reads the conditions and not the boxes made of them."""

from collections.abc import Iterator
from itertools import combinations

import z3

from guidelines.engine.engine import Prepared
from guidelines.knowledge.conditions import Condition
from guidelines.knowledge.labels import POSITIVE_STANCES
from guidelines.verification.answers import answering, said, treatments
from guidelines.verification.proof import ENTITIES_IN_SCOPE, Proof
from guidelines.verification.report import Finding
from guidelines.verification.solver import SecondReading
from guidelines.verification.stances import opposite


def second_reading(proof: Proof) -> Finding:
    """The engine's boxes equal the conditions, and the solver finds no case against the main properties."""
    reading = SecondReading(proof.guideline)
    failures = [*_boxes_differ(proof, reading), *_opposed(proof, reading)]
    failures += [*_unanswered(proof, reading), *_lent(proof, reading)]
    asked = [*_asked(proof)]
    proven = (
        f"{len(asked)} conditions: the engine's answer equals the condition in every consistent case, "
        "numbers taken as numbers",
        "opposite stances, unanswered cases, entities and single-entity therapies: "
        "the solver finds no case against them either",
    )
    return Finding(tuple(failures), proven)


def _asked(proof: Proof) -> Iterator[tuple[str, Condition, Prepared]]:
    engine, guideline = proof.engine, proof.guideline
    for statement, prepared in zip(guideline.statements, engine.statements, strict=True):
        yield statement.id, statement.when, prepared
    for remark, prepared in zip(guideline.not_covered, engine.not_covered, strict=True):
        yield f"not covered: {remark.id}", remark.when, prepared
    for trial, prepared in zip(guideline.trials, engine.trials, strict=True):
        yield f"trial {trial.nct}", trial.when, prepared
    for value, prepared in engine.entity.items():
        yield f"entity {value}", proof.entity(value), prepared


def _boxes_differ(proof: Proof, reading: SecondReading) -> Iterator[str]:
    engine = proof.engine
    for name, condition, prepared in _asked(proof):
        parts = [engine.parts[part].boxes for part in prepared.parts]
        holds = z3.And([reading.region(engine.space, boxes.true) for boxes in parts])
        fails = z3.Or([reading.region(engine.space, boxes.false) for boxes in parts])
        tree = reading.tree(condition)
        if found := reading.some_case(holds != tree):
            yield f"{name}: where it holds differs from its condition: {found.words(condition)}"
        if found := reading.some_case(fails == tree):
            yield f"{name}: where it fails differs from its condition: {found.words(condition)}"


def _opposed(proof: Proof, reading: SecondReading) -> Iterator[str]:
    accepted = {frozenset((pair.first, pair.second)) for pair in proof.guideline.accepted_pairs}
    for left, right in combinations(proof.guideline.statements, 2):
        if not opposite(proof.guideline, left, right) or frozenset((left.id, right.id)) in accepted:
            continue
        if found := reading.some_case(reading.tree(left.when), reading.tree(right.when)):
            yield f"{left.id} and {right.id} are opposite: {found.words(left.when, right.when)}"


def _unanswered(proof: Proof, reading: SecondReading) -> Iterator[str]:
    guideline = proof.guideline
    answers = [*treatments(proof), *(said(remark) for remark in answering(proof))]
    in_scope = z3.Or([reading.tree(proof.entity(entity)) for entity in ENTITIES_IN_SCOPE])
    unanswered = z3.Not(z3.Or([reading.tree(one) for one in answers]))
    if found := reading.some_case(in_scope, unanswered):
        yield f"no answer on treatment: {found.words(proof.entity('g3_net'), *answers)}"
    for derived in guideline.derived.values():
        values = [reading.tree(named) for named in derived.values.values()]
        if found := reading.some_case(z3.Not(z3.PbEq([(value, 1) for value in values], 1))):
            yield f"{derived.name}: not exactly one value: {found.words(*derived.values.values())}"


def _lent(proof: Proof, reading: SecondReading) -> Iterator[str]:
    declared = {
        code: entry.entity for entry in proof.expectations.single_entity for code in entry.interventions
    }
    for statement in proof.guideline.statements:
        entity = declared.get(statement.intervention)
        if entity is None or statement.stance not in POSITIVE_STANCES:
            continue
        elsewhere = z3.Not(reading.tree(proof.entity(entity)))
        if found := reading.some_case(reading.tree(statement.when), elsewhere):
            yield f"{statement.id}: offered outside {entity}: {found.words(statement.when)}"
