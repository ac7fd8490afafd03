"""Interventions that pull against each other are told of each other, or never meet."""

from collections.abc import Iterator
from itertools import combinations

from guidelines.engine.boxes import Box
from guidelines.knowledge.conditions import AllOf, Condition
from guidelines.knowledge.labels import Direction
from guidelines.knowledge.model import Caution, Statement
from guidelines.verification.expectations import Opposed, Told
from guidelines.verification.proof import Proof
from guidelines.verification.regions import in_words, leftover
from guidelines.verification.report import Finding


def opposed_explained(proof: Proof) -> Finding:
    """Wherever statements on two opposed interventions hold together, a listed place tells of it.

    Within a family, all pairs of which one is advised for and one against must be listed.
    """
    failures: list[str] = []
    proven: list[str] = []
    if proof.guideline.has_options and not proof.expectations.opposed:
        failures.append("opposed.yaml: no pair is listed")
    failures += _unlisted(proof)
    for entry in proof.expectations.opposed:
        problems = list(_problems(proof, entry))
        failures += [f"{entry.first} and {entry.second}: {problem}" for problem in problems]
        how = ", ".join(dict.fromkeys(one.statement for one in entry.told))
        proven.append(
            f"{entry.first} and {entry.second}: "
            + (f"told wherever both hold, by {how}. " if how else "never together. ")
            + entry.reason
        )
    return Finding(tuple(failures), tuple(proven))


def _unlisted(proof: Proof) -> Iterator[str]:
    """Members of one family, one advised for and one against, that can hold together and are not listed."""
    listed = {frozenset((one.first, one.second)) for one in proof.expectations.opposed}
    for left, right in combinations(proof.guideline.statements, 2):
        pair = frozenset((left.intervention, right.intervention))
        if (
            len(pair) == 1
            or pair in listed
            or right.intervention not in proof.guideline.family(left.intervention)
        ):
            continue
        directions = {left.stance.direction, right.stance.direction}
        if directions == {Direction.FOR, Direction.AGAINST} and proof.together(left.when, right.when):
            yield f"{left.id} and {right.id} pull against each other, and opposed.yaml does not list them"


def _problems(proof: Proof, entry: Opposed) -> Iterator[str]:
    for code in (entry.first, entry.second):
        if code not in proof.guideline.interventions:
            yield f"no such intervention: {code}"
            return
    places: list[tuple[Told, Statement, Condition]] = []
    for told in entry.told:
        statement = proof.known(told.statement)
        if statement is None or statement.intervention not in (entry.first, entry.second):
            yield f"{told.statement} is no statement on either"
        elif (shown := _shown(statement, told.says)) is None:
            yield f"{told.statement} does not say {told.says!r}"
        else:
            places.append((told, statement, shown))
    used: set[Told] = set()
    for left in _on(proof, entry.first):
        for right in _on(proof, entry.second):
            both = proof.together(left.when, right.when)
            covers: list[Box] = []
            for told, statement, shown in places:
                if both and statement in (left, right):
                    used.add(told)
                    covers += proof.where(shown)
            rest = leftover(proof.space, both, covers)
            if rest is not None:
                yield f"{left.id} and {right.id} are not told of each other: {in_words(proof.space, rest)}"
    for told, _, _ in places:
        if told not in used:
            yield f"{told.statement}: nothing to tell, no case meets both"


def _on(proof: Proof, intervention: str) -> list[Statement]:
    return [one for one in proof.guideline.statements if one.intervention == intervention]


def _shown(statement: Statement, says: str) -> Condition | None:
    """Where the words are shown, beside the statement; None if they stand nowhere.

    A caution that is shown only while something is open counts nowhere: a complete case never sees it.
    """
    if says in statement.statement:
        return AllOf(())
    for caution in statement.cautions:
        if says in caution.text and caution.unless_settled is None:
            return _condition(caution)
    return None


def _condition(caution: Caution) -> Condition:
    return AllOf(()) if caution.when is None else caution.when
