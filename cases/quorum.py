"""Whether enough people are there: one rule for the meeting's page, the decision and what is signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cases.models import Attendance, Board


@dataclass(frozen=True, slots=True)
class Quorum:
    """`missing` are the disciplines that must be there and are not; `lacking` says how many people more."""

    people: int
    missing: tuple[str, ...]
    lacking: int
    asked: bool

    @property
    def is_met(self) -> bool:
        return not self.missing and not self.lacking

    @property
    def words(self) -> str:
        """ "Quorum met, 6 present"; "No quorum: Pathology missing, 2 more people needed"."""
        present = f"{self.people} present"
        if not self.asked:
            return f"{present}; the board has set no quorum"
        if self.is_met:
            return f"Quorum met, {present}"
        parts = [f"{', '.join(self.missing)} missing"] if self.missing else []
        if self.lacking:
            parts.append(f"{self.lacking} more {'person' if self.lacking == 1 else 'people'} needed")
        return f"No quorum ({present}): {', '.join(parts)}"

    @property
    def words_before(self) -> str:
        """Of a roll not called yet: "For a quorum: Surgery, Pathology; 4 people at least"."""
        if not self.asked:
            return "The board has set no quorum"
        parts = [", ".join(self.missing)] if self.missing else []
        if self.lacking:
            parts.append(f"{self.lacking} {'person' if self.lacking == 1 else 'people'} at least")
        return f"For a quorum: {'; '.join(parts)}"


def quorum_of(board: Board, present: Iterable[Attendance]) -> Quorum:
    """The board's rule, held against who is there; a person who stands for two disciplines counts once."""
    listed = list(present)
    people = len({(one.person_id, one.name.casefold()) for one in listed})
    there = {one.discipline for one in listed}
    missing = tuple(name for name in board.quorum_disciplines if name not in there)
    asked = bool(board.quorum_disciplines or board.quorum_people)
    return Quorum(people, missing, max(0, board.quorum_people - people), asked)
