"""No consistent case is told to do and not to do the same thing in the same setting."""

from itertools import combinations

from guidelines.knowledge.labels import Direction, Setting
from guidelines.knowledge.model import AcceptedPair, Guideline, Statement
from guidelines.verification.proof import Proof
from guidelines.verification.report import Finding


def no_opposite_stances(proof: Proof) -> Finding:
    """Every pair of opposite statements excludes each other, or is accepted with a reason from the source."""
    accepted = {frozenset((pair.first, pair.second)) for pair in proof.guideline.accepted_pairs}
    failures = []
    looked_at = 0
    for left, right in combinations(proof.guideline.statements, 2):
        if not opposite(proof.guideline, left, right):
            continue
        looked_at += 1
        both = proof.where(left.when, right.when)
        if both and frozenset((left.id, right.id)) not in accepted:
            failures.append(f"{left.id} ({left.stance}) and {right.id} ({right.stance}): {proof.words(both)}")
    failures += [problem for pair in proof.guideline.accepted_pairs for problem in _unreal(proof, pair)]
    proven = [
        f"{looked_at} pairs of opposite stances on one intervention compared, over every consistent case"
    ]
    proven += [
        f"accepted: {pair.first} and {pair.second}. {pair.reason}" for pair in proof.guideline.accepted_pairs
    ]
    return Finding(tuple(failures), tuple(proven))


def opposite(guideline: Guideline, left: Statement, right: Statement) -> bool:
    """For and against one intervention in settings that meet."""
    return (
        left.intervention == right.intervention
        and _meet(guideline, left.setting, right.setting)
        and {left.stance.direction, right.stance.direction} == {Direction.FOR, Direction.AGAINST}
    )


def _meet(guideline: Guideline, left: Setting, right: Setting) -> bool:
    """Any line meets every setting; in an edition without options only the lines of therapy."""
    if left is right:
        return True
    others = tuple(Setting) if guideline.has_options else (Setting.FIRST_LINE, Setting.LATER_LINE)
    return Setting.ANY_LINE in (left, right) and (left in others or right in others)


def _unreal(proof: Proof, pair: AcceptedPair) -> list[str]:
    """What is wrong with an accepted pair: it must be opposite, and both must be able to apply."""
    first, second = proof.known(pair.first), proof.known(pair.second)
    if first is None or second is None:
        return [f"accepted pair {pair.first} and {pair.second}: no such statement"]
    if not opposite(proof.guideline, first, second):
        return [f"accepted pair {first.id} and {second.id}: their stances are not opposite in one setting"]
    if not proof.where(first.when, second.when):
        return [f"accepted pair {first.id} and {second.id}: no consistent case meets both"]
    return []
