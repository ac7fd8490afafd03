"""Remarks on a case as a whole that show by what clauses answer: reasons and cautions of a classification."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from guidelines.engine.clauses import REMEMBERED, Clause
from guidelines.engine.memory import Memory


@dataclass(frozen=True, slots=True)
class PreparedRemark:
    """A remark or a caution with its conditions as indices of clauses."""

    text: str
    when: int | None
    unless_settled: int | None = None

    @property
    def clauses(self) -> list[int]:
        """Its conditions."""
        return [index for index in (self.when, self.unless_settled) if index is not None]

    def places(self, clauses: Sequence[Clause]) -> set[int]:
        """What it depends on, as places in `EngineCase.told`."""
        return {place for index in self.clauses for place in clauses[index].places}


class Remarks:
    """Remarks, with which of them show remembered for each group that reads the same facts: an answer asks
    for fifty, which are twenty groups.
    """

    def __init__(self, remarks: Sequence[PreparedRemark], clauses: Sequence[Clause]) -> None:
        self._remarks = tuple(remarks)
        groups: list[tuple[set[int], list[int]]] = []
        reads = [one.places(clauses) for one in remarks]
        for number in sorted(range(len(reads)), key=lambda number: -len(reads[number])):
            group = next((members for places, members in groups if reads[number] <= places), None)
            if group is None:
                groups.append((reads[number], [number]))
            else:
                group.append(number)
        self._groups = tuple(_Group(places, members) for places, members in groups)

    def shown(self, told: Sequence[object], shows: Callable[[PreparedRemark], bool]) -> list[str]:
        """The texts of those that show for a case that tells this, in their order."""
        found: list[int] = []
        for group in self._groups:
            key = group.key(told)
            showing = group.remembered.get(key)
            if showing is None:
                showing = tuple(one for one in group.members if shows(self._remarks[one]))
                group.remembered[key] = showing
            found += showing
        return [self._remarks[one].text for one in sorted(found)]


class _Group:
    """Remarks by their numbers, and the places in `told` of all that they read."""

    def __init__(self, places: set[int], members: Sequence[int]) -> None:
        self.members = members
        self.key: Callable[[Sequence[object]], object] = (
            itemgetter(*sorted(places)) if places else lambda _: ()
        )
        self.remembered: Memory[object, tuple[int, ...]] = Memory(REMEMBERED)
