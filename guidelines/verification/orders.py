"""Statements on one intervention that can hold together have an order, and it says what it should.

That each pair is in the order is structure; that the order is right is asked in two ways: by the rules that
every order keeps, and by the verdicts that are written down apart from it.
"""

from collections.abc import Iterator
from itertools import pairwise

from guidelines.answer.options import LAST, NEVER_DONE, SPECIFIC, places
from guidelines.knowledge.labels import Kind, Setting, Stance
from guidelines.knowledge.model import Statement
from guidelines.verification.answers import place_in
from guidelines.verification.proof import Proof
from guidelines.verification.regions import leftover
from guidelines.verification.report import Finding

INDICATION = "an indication"
"""How a statement names what a table leaves to the individual case ("as indicated")."""


def one_verdict(proof: Proof) -> Finding:
    """Every pair that can hold together is ordered as written down, or says the same."""
    pairs = list(_pairs(proof))
    differing = sum(left.stance is not right.stance for left, right in pairs)
    return Finding(
        tuple(misordered(proof)),
        (
            f"{len(pairs)} pairs of statements on one intervention can hold together: "
            f"{len(pairs) - differing} say the same, {differing} have the verdict that is written down",
            "rows of monitoring and surveillance and sentences on a condition come first, a table's "
            '"as indicated" last; of two conditions, the narrower goes before the wider',
            *(
                f"{one.first} before {', '.join(one.over)}: {one.reason}"
                for one in proof.expectations.verdicts
            ),
        ),
    )


def misordered(proof: Proof) -> Iterator[str]:
    """What is wrong with the orders, in words."""
    pairs = list(_pairs(proof))
    yield from _unordered(proof, pairs)
    yield from _misplaced(proof)
    yield from _listed_otherwise(proof)
    yield from _verdicts(proof, pairs)
    yield from _wider_first(proof, pairs)


def _pairs(proof: Proof) -> Iterator[tuple[Statement, Statement]]:
    """Statements on one intervention that some case meets together; the one that goes first, first."""
    place = place_in(proof)
    for left, right in proof.meeting:
        yield (left, right) if place[left.id] <= place[right.id] else (right, left)


def _unordered(proof: Proof, pairs: list[tuple[Statement, Statement]]) -> Iterator[str]:
    for left, right in pairs:
        if left.intervention not in proof.guideline.orders and left.stance is not right.stance:
            yield f"{left.intervention}: no order, but {left.id} and {right.id} can hold together"


def _misplaced(proof: Proof) -> Iterator[str]:
    """Statements in a part of their order that is not for such as they are."""
    where = places(proof.guideline)
    for one in proof.guideline.statements:
        if one.intervention not in proof.guideline.orders or one.kind is Kind.PRINCIPLE:
            continue
        part = where[one.id][0]
        if one.setting in NEVER_DONE and part != SPECIFIC:
            yield f"{one.id}: a row of {one.setting} belongs among the specific sentences"
        if _as_indicated(one) is not (part == LAST):
            yield f'{one.id}: a table\'s "as indicated" stands last, and nothing else does'


def _as_indicated(one: Statement) -> bool:
    """A table's entry at baseline whose indication the table leaves to the individual case."""
    indicated = one.stance is Stance.CONSIDER and INDICATION in one.statement
    return indicated and one.source.table is not None and one.setting is Setting.BASELINE


def _wider_first(proof: Proof, pairs: list[tuple[Statement, Statement]]) -> Iterator[str]:
    """Specific sentences that are wider than one that says otherwise and goes after them."""
    where = places(proof.guideline)
    for first, then in pairs:
        if where[first.id][0] != SPECIFIC or where[then.id][0] == LAST or first.stance is then.stance:
            continue
        wide, narrow = proof.where(first.when), proof.where(then.when)
        inside = leftover(proof.space, narrow, wide) is None
        if inside and leftover(proof.space, wide, narrow) is not None:
            yield f"{first.id} goes before {then.id}, whose condition is narrower"


def _listed_otherwise(proof: Proof) -> Iterator[str]:
    """Routine sentences that are listed in another order than the one in which their voices place them."""
    place = place_in(proof)
    for order in proof.guideline.orders.values():
        for first, then in pairwise(order.routine):
            if place[first] > place[then]:
                yield f"{then} goes before {first} by its voice, but is listed after it"


def _verdicts(proof: Proof, pairs: list[tuple[Statement, Statement]]) -> Iterator[str]:
    expected = {(one.first, over) for one in proof.expectations.verdicts for over in one.over}
    known = {one.id for one in proof.guideline.statements}
    found = {(first.id, then.id) for first, then in pairs if first.stance is not then.stance}
    for pair in sorted(found - expected):
        first, then = pair
        told = "the other way round in verdicts.yaml" if (then, first) in expected else "not in verdicts.yaml"
        yield f"{first} is the verdict before {then}: {told}"
    for first, then in sorted(expected - found):
        if (then, first) not in found:
            unknown = [one for one in (first, then) if one not in known]
            what = (
                f"no such statement: {unknown[0]}" if unknown else "they never hold together or say the same"
            )
            yield f"verdicts.yaml: {first} before {then}: {what}"
