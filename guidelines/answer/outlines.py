"""A statement as it stands for every case that leaves the same bands open: remembered for the next of them.

Options and questions are made of outlines alone. A recommendation is an outline with the reasons of one case.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

import orjson

from guidelines.answer.parts import Outline, Recommendation
from guidelines.answer.reasons import Grounds, Reason
from guidelines.answer.schedules import schedule_as_json
from guidelines.knowledge.model import Phase, Schedule

_alike = attrgetter(*[one.name for one in fields(Outline)])


@dataclass(eq=False)  # what is made of some of them is kept by which they are
class KeptOutline(Outline):
    """An outline with the facts that speak for it, whose values differ from case to case.

    `clauses`: those of its statement, as the engine counts them, by which it is told why it does not apply.
    `schedule` says in which phase of it the cases are.
    """

    clauses: tuple[int, ...]
    grounds: Grounds
    schedule: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        self._alike: tuple[Any, ...] = _alike(self)
        self._written = b""
        self._in_phases: dict[tuple[Phase, ...] | None, KeptOutline] = {}

    def scheduled(self, schedule: Schedule, phases: tuple[Phase, ...] | None) -> "KeptOutline":
        """The same for cases that stand in these phases of its schedule; None where nobody knows in which."""
        found = self._in_phases.get(phases)
        if found is None:
            told = schedule_as_json(schedule, phases)
            found = KeptOutline(*self._alike, self.clauses, self.grounds, told)  # type: ignore[call-arg]
            self._in_phases[phases] = found
        return found

    def as_recommendation(self, because: tuple[Reason, ...], excluded_by: str) -> Recommendation:
        """With the reasons of one case."""
        return Recommendation(*self._alike, because, excluded_by, self.schedule)  # type: ignore[call-arg]

    def written(self) -> bytes:
        """The recommendation as JSON, but for its last fields, which `reasons_written` gives."""
        if not self._written:
            self._written = orjson.dumps(Outline(*self._alike))[:-1] + b","
        return self._written


def reasons_written(because: Sequence[Reason], excluded_by: str, schedule: dict[str, Any] | None) -> bytes:
    """The fields of a recommendation that its outline has not, as the end of a JSON object."""
    return orjson.dumps({"because": because, "excluded_by": excluded_by, "schedule": schedule})[1:]
