"""Every complete case gets one entity, and a treatment to choose or the word that there is none."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from guidelines.answer.options import ROUTINE, places
from guidelines.engine.boxes import Box
from guidelines.knowledge.conditions import AllOf, Condition, Not, Test
from guidelines.knowledge.labels import TREATMENT_TOPICS, Direction, Kind, Topic, Voice
from guidelines.knowledge.model import Derived, Remark, Statement
from guidelines.verification.proof import ENTITIES_IN_SCOPE, Proof
from guidelines.verification.regions import Region, in_words, leftover
from guidelines.verification.report import Finding
from guidelines.vocabulary.facts import FACTS

BRAIN = "brain"
"""Section whose statements treat or spare the brain: alone they leave the tumor unanswered."""


OFFERED = (
    "a treatment that the verdict is for and that is not blocked (in metastatic disease a systemic one; what "
    "other societies say and treatment of the brain do not count)"
)


def every_case_answered(proof: Proof) -> Finding:
    """In scope, every complete case meets a treatment that is offered or the remark that there is none."""
    treated = [box for condition in treatments(proof) for box in proof.where(condition)]
    known = proof.guideline.interventions
    failures = [*_wrongly_listed(proof, treated)]
    failures += [
        f"accompanying.yaml: no such intervention: {one}" for one in accompanying(proof) if one not in known
    ]
    covers = [*treated, *(box for one in answering(proof) for box in proof.where(said(one)))]
    for entity in ENTITIES_IN_SCOPE:
        for rest in _gaps(proof, _complete(proof, entity), covers):
            failures.append(f"{entity}: no treatment is offered and no remark for: {_words(proof, rest)}")
    for derived in proof.guideline.derived.values():
        failures += _not_exactly_one(proof, derived)
    names = ", ".join(proof.guideline.derived)
    offered = OFFERED if proof.guideline.has_options else "a statement on treatment, other than of the brain,"
    return Finding(
        tuple(failures),
        (
            f"every complete case of {', '.join(ENTITIES_IN_SCOPE)} has {offered} or one of these remarks",
            *(f"{entry.remark}: {entry.reason}" for entry in proof.expectations.answering),
            *(
                f"no answer alone: {', '.join(entry.interventions)}. {entry.reason}"
                for entry in proof.expectations.accompanying
            ),
            f"exactly one value in every consistent case: {names}",
        ),
    )


def treatments(proof: Proof) -> list[Condition]:
    """Where each statement answers what to do about the tumor.

    An edition without options says only that something is said; with them, something must be offered.
    """
    about = [one for one in proof.guideline.statements if _on_the_tumor(one)]
    if not proof.guideline.has_options:
        return [one.when for one in about]
    alone = [one for one in about if one.intervention not in accompanying(proof)]
    return [_verdict(proof, one) for one in alone if _offers(one)]


def accompanying(proof: Proof) -> dict[str, str]:
    """Interventions that answer nothing alone, each with the reason."""
    return {code: entry.reason for entry in proof.expectations.accompanying for code in entry.interventions}


def _answers(statement: Statement) -> Condition:
    """The cases that a statement can answer: local treatment alone answers localized disease only."""
    if statement.topic is Topic.SYSTEMIC_THERAPY:
        return statement.when
    return AllOf((statement.when, Test(FACTS["extent"], "is", ("localized",))))


def _on_the_tumor(statement: Statement) -> bool:
    return statement.topic in TREATMENT_TOPICS and statement.source.section.id != BRAIN


def _offers(statement: Statement) -> bool:
    return (
        statement.kind is Kind.TREATMENT
        and statement.stance.direction is Direction.FOR
        and statement.agreement.voice is not Voice.OTHERS
    )


def holds_unblocked(statement: Statement) -> Condition:
    """The statement applies and no proviso blocks it."""
    needed = [Test(FACTS[name], "is", (value,)) for name, value in statement.provided.items()]
    return AllOf((statement.when, *needed))


def _verdict(proof: Proof, statement: Statement) -> Condition:
    """Where the statement applies and nothing that goes before it on its intervention speaks otherwise."""
    place = place_in(proof)
    before = [
        Not(holds_unblocked(other))
        for other in proof.guideline.statements
        if other.intervention == statement.intervention
        and other.kind is not Kind.PRINCIPLE
        and other.stance.direction is not Direction.FOR
        and place[other.id] < place[statement.id]
        and proof.where(holds_unblocked(statement), holds_unblocked(other))
    ]
    return AllOf((_answers(statement), holds_unblocked(statement), *before))


def place_in(proof: Proof) -> dict[str, tuple[int, ...]]:
    """Where each statement stands among those on its intervention when all of them apply."""
    found = {}
    where = places(proof.guideline)
    for one in proof.guideline.statements:
        part, number = where[one.id]
        rank = (one.agreement.voice.value, list(type(one.agreement)).index(one.agreement))
        found[one.id] = (part, *(rank if part == ROUTINE else ()), number)
    return found


def answering(proof: Proof) -> list[Remark]:
    """The remarks that may stand in for a treatment."""
    listed = {entry.remark for entry in proof.expectations.answering}
    return [remark for remark in proof.guideline.not_covered if remark.id in listed]


def said(remark: Remark) -> Condition:
    """Where a remark is shown."""
    return remark.when if remark.unless is None else AllOf((remark.when, Not(remark.unless)))


def _wrongly_listed(proof: Proof, treated: list[Box]) -> Iterator[str]:
    """Listed remarks that do not exist, or that no case needs."""
    remarks = {remark.id: remark for remark in answering(proof)}
    for entry in proof.expectations.answering:
        if entry.remark not in remarks:
            yield f"answering_remarks.yaml: no such remark: {entry.remark}"
            continue
        others = [
            box for name, one in remarks.items() if name != entry.remark for box in proof.where(said(one))
        ]
        if not any(_gaps(proof, _complete(proof, one), [*treated, *others], 1) for one in ENTITIES_IN_SCOPE):
            yield f"answering_remarks.yaml: no case needs {entry.remark}"


def _complete(proof: Proof, entity: str) -> Region:
    return proof.where(proof.entity(entity), *proof.guideline.rules)


def _gaps(proof: Proof, region: Region, covers: Iterable[Box], most: int = 5) -> list[Box]:
    """Boxes of the region that nothing covers, up to `most`."""
    found: list[Box] = []
    listed = list(covers)
    while len(found) < most and (rest := leftover(proof.space, region, [*listed, *found])) is not None:
        found.append(rest)
    return found


def _words(proof: Proof, rest: Box) -> str:
    return in_words(proof.space, rest)


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
