"""Which stored report, study or course a row of a list speaks of, and what it would change there.

A part is known by what tells it from others: a report by its laboratory number or days, a study by kind and
day. Where several could be meant, nobody guesses. What a row leaves open stays as it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError

from cases.actions.edits import differences
from cases.actions.versions import KIND_OF, Values, values_of
from cases.casefile.shape import RecordPart
from cases.filing import STAGE, columns_of, read_stored
from cases.models import Board, Case, ImportedRow, Patient, RecordVersion
from cases.models.base import Stamped
from cases.models.columns import WrittenField
from cases.reading import PartialDate, fold_number

# What tells a part from others of its kind; of a report any of these will do, of everything else all of them.
TOLD_BY: Mapping[str, tuple[str, ...]] = {
    "pathology": ("lab_number", "sampled_on", "reported_on"),
    "imaging": ("modality", "performed_on"),
    "molecular": ("reported_on", "method"),
    "marker": ("name", "measured_on"),
    "treatment": ("kind", "started_on"),
    "assessment": ("assessed_on",),
}
ANY_TELLS = frozenset({"pathology"})
FOLDED = frozenset({"lab_number", "name"})


class NotTold(ValueError):
    """Several stored parts could be meant; the message says what would tell them apart."""


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A column that a row would change. `path`: of the row's case file; `before` and `after`: as versions
    have them; `confirmed`: a person has entered or seen what stands there; `taken`: whether it is changed
    all the same.
    """

    path: str
    kind: str
    column: str
    before: Any
    after: Any
    confirmed: bool = False
    taken: bool = True

    def tick(self, row: int) -> str:
        """Names the difference to whoever lets it be overwritten: it holds for what stood there then."""
        seen = sha256(repr(self.before).encode()).hexdigest()[:12]
        return f"{row}:{self.path}:{self.column}:{seen}"


@dataclass(slots=True)
class PlannedPart:
    """A part to store: a new one, or a stored one as it was compared, with the columns to set."""

    kind: str
    path: str
    part: Stamped
    is_new: bool
    fields: dict[str, Any] = field(default_factory=dict)
    differences: tuple[FieldDifference, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether there is anything to store."""
        return self.is_new or bool(self.fields)

    def additions(self) -> Iterator[FieldDifference]:
        """What a new part says, column by column."""
        columns = self.part.declared.columns
        blank = values_of(type(self.part)(), columns)
        for name, after in values_of(self.part, columns).items():
            if after != blank[name]:
                yield FieldDifference(f"{self.path}.{name}", self.kind, name, blank[name], after)


def changes_in(parts: Sequence[PlannedPart], *, of_new_case: bool) -> list[FieldDifference]:
    """What would change in what is stored, and what new parts add to a case that is there already."""
    found = [one for part in parts for one in part.differences]
    added = [one for part in parts if part.is_new and not of_new_case for one in part.additions()]
    return [*found, *added]


def written_columns(part: RecordPart, model: type[Stamped]) -> dict[str, Any]:
    """The columns that a row says something of; what it does not is left out and stays."""
    found = columns_of(part, model)
    told = {name for name in part.words if name != "stage"}
    if "stage" in part.words:
        told |= {name for name in found if name.startswith("stage_") and found[name]}
    fields = {name: value for name, value in found.items() if name in told and name != "board"}
    return {name: _day(model, name, value) for name, value in fields.items()}


def _day(model: type[Stamped], name: str, value: Any) -> Any:
    """A whole day, where the column holds no less. Raises `ValidationError`."""
    if not isinstance(value, PartialDate) or model is not Patient:
        return value
    if value.day is None:
        raise ValidationError({name: ["the day is not known, and it is needed"]})
    return value.first


def match(kind: str, fields: Mapping[str, Any], stored: Sequence[Stamped]) -> Stamped | None:
    """The stored part that a row speaks of; None where it is a new one. Raises `NotTold`."""
    said = _told(kind, fields)
    telling = [(part, _told(kind, vars(part))) for part in stored]
    same = [part for part, held in telling if _is_same(kind, said, held)]
    if len(same) == 1:
        return same[0]
    possible = same or [part for part, held in telling if _could_be(said, held)]
    alike = [part for part in possible if not differences(part, fields)]
    if alike:
        return alike[0]
    if possible:
        number = f"{len(possible)} entries" if len(possible) > 1 else "an entry"
        raise NotTold(f"the case has {number} of which this may speak; state {', '.join(TOLD_BY[kind])}")
    return None


def _told(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What is stated of what tells parts apart."""
    found = {name: values.get(name) for name in TOLD_BY[kind]}
    return {name: fold_number(value) if name in FOLDED else value for name, value in found.items() if value}


def _is_same(kind: str, said: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
    if kind not in ANY_TELLS or not said or not held:
        return said == held
    shared = said.keys() & held.keys()
    return bool(shared) and all(said[name] == held[name] for name in shared)


def _could_be(said: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
    """Whether the row leaves open what would tell the part from it."""
    return said.keys() < held.keys() and all(held[name] == value for name, value in said.items())


def compared(
    kind: str, stored: Stamped, read: RecordPart, fields: Mapping[str, Any], board: Board, today: date
) -> list[FieldDifference]:
    """What the row would change in a stored part. The same value in other words changes nothing."""
    changed = differences(stored, fields)
    if any(_is_written(stored, name) for name in changed):
        held, _ = read_stored(stored, board, today)
        for name in [name for name in changed if _is_written(stored, name)]:
            if held.says(name) is not None and held.says(name) == read.says(name):
                del changed[name]
    after = type(stored)()
    for name, value in changed.items():
        setattr(after, name, value)
    before, then = values_of(stored, changed), values_of(after, changed)
    blank = values_of(type(stored)(), changed)
    seen = _confirmed(stored, [name for name in changed if before[name] != blank[name]])
    return [
        FieldDifference(f"{read.path}.{_key(name)}", kind, name, before[name], then[name], name in seen)
        for name in sorted(changed)
    ]


def _is_written(part: Stamped, name: str) -> bool:
    return isinstance(part._meta.get_field(name), WrittenField)


def _key(column: str) -> str:
    """The key of the case file that a column is filled from."""
    _, _, letter = column.partition("stage_")
    return f"stage.{letter}" if letter in STAGE else column


def _confirmed(part: Stamped, columns: Sequence[str]) -> set[str]:
    """Of these columns, those that a person has entered, or has seen since a list filled them: whoever saves
    a part in its form stands for what the form shows.
    """
    if not columns:
        return set()
    versions = list(RecordVersion.objects.filter(kind=KIND_OF[type(part)], uid=part.uid).order_by("version"))
    cases = {version.case_id for version in versions}
    rows = ImportedRow.objects.filter(case__in=cases).values_list("saves", flat=True)
    listed = {save for saves in rows for save in saves}
    by_list = {
        name: version.version
        for version in versions
        if version.pk in listed
        for name in _names(version.after)
    }
    last_seen = max((version.version for version in versions if version.pk not in listed), default=0)
    return {name for name in columns if by_list.get(name, 0) <= last_seen}


def _names(values: Values | None) -> Iterable[str]:
    return values or ()


def with_ticks(
    found: Iterable[FieldDifference], row: int, ticks: frozenset[str] | None
) -> tuple[FieldDifference, ...]:
    """The differences with what may be overwritten: everything where `ticks` is None."""
    return tuple(
        replace(one, taken=not one.confirmed or ticks is None or one.tick(row) in ticks) for one in found
    )


def is_of_an_undone_list(case: Case) -> bool:
    """Whether the case came in with a list that was taken back: it is closed, and its values are nobody's."""
    rows = ImportedRow.objects.filter(case=case, created=True).select_related("list_import__undone_by")
    last = rows.order_by("-pk").first()
    return last is not None and hasattr(last.list_import, "undone_by")
