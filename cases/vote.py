"""What a vote comes to, by the definitions that the guideline's own panel used (source, lines 93-101)."""

from __future__ import annotations

from guidelines.knowledge.labels import Agreement

MOST_DISSENTERS = 1  # for a consensus
MAJORITY_PERCENT = 75


def agreement_of(in_favor: int, against: int) -> str:
    """ "Consensus", "Majority" or "No consensus" of those who voted, without abstentions; "" for nobody."""
    voting = in_favor + against
    if not voting:
        return ""
    if against <= MOST_DISSENTERS and in_favor > against:
        return Agreement.CONSENSUS.label
    enough = in_favor * 100 >= MAJORITY_PERCENT * voting
    return (Agreement.MAJORITY if enough else Agreement.NO_CONSENSUS).label
