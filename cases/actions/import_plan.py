"""What a list would do, row by row: a new case, a change, nothing, or a refusal with its reasons.

A preview and the import itself are this same plan; only `importing` writes. A row is one case, known by the
board, the record number and, where given, the case's key in the system that it came from.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.access import may
from cases.actions.edits import differences
from cases.actions.identity import NAMES, name_of
from cases.actions.import_checks import MISSING, faults_in
from cases.actions.import_parts import (
    FieldDifference,
    NotTold,
    PlannedPart,
    compared,
    is_of_an_undone_list,
    match,
    with_ticks,
    written_columns,
)
from cases.actions.versions import KIND_OF, MODELS
from cases.casefile.shape import CaseFile, PatientPart, RecordPart
from cases.choices import CaseStatus, Right
from cases.models import Board, Case, Patient, StoredReadiness
from cases.models.base import Stamped
from cases.queries import with_record
from cases.reading import fold_name, fold_number, near_numbers, search_words
from cases.record import FIELD_OF, record_of

RowState = Literal["create", "change", "unchanged", "refused"]
AT_ONCE = 250  # rows whose cases are read together

OTHER_PERSON = "Another person of the same name and date of birth is on this board"
OTHER_NUMBER = "A person with this date of birth and nearly this record number is on this board"
SAME_QUESTION = "An open case of this patient asks the same question"
_KINDS: Mapping[str, str] = {field: KIND_OF[model] for model, field in FIELD_OF.items()}


@dataclass(frozen=True, slots=True)
class RowToImport:
    """A row by its number in the list, as a case file that was read."""

    number: int
    file: CaseFile


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row is refused: the path of its case file ("" for the row as a whole), and the reason. `tick`:
    what lets it pass all the same, "" where nothing does.
    """

    path: str
    reason: str
    allowed: str = ""
    tick: str = ""


@dataclass(slots=True)
class PlannedRow:
    """What a row does. `patient` and `case`, whose id is `uid`, are unsaved where they are new; `parts` are
    what is stored, their own columns too. `reopens`: the case came with a list that was undone; `index`: of a
    new case, made before it is stored.
    """

    number: int
    record_number: str
    key: str
    state: RowState = "refused"
    patient: Patient | None = None
    case: Case | None = None
    parts: list[PlannedPart] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    reopens: bool = False
    index: StoredReadiness | None = None
    uid: UUID | None = None

    @property
    def makes_a_case(self) -> bool:
        """Whether its case is new."""
        return self.case is not None and self.case._state.adding

    @property
    def differences(self) -> list[FieldDifference]:
        """What would change in what is stored, with what stays because a person entered it."""
        return [one for part in self.parts for one in part.differences]


class ImportPlan:
    """The plan of one list for one board. `ticks`: what may be overwritten or passed all the same, as
    `FieldDifference.tick` and `RowFault.tick` name it; None for every difference. `question`: what is asked
    of a new case whose row does not say.
    """

    def __init__(
        self,
        board: Board,
        by: User,
        today: date,
        *,
        question: str = "",
        ticks: frozenset[str] | None = frozenset(),
    ) -> None:
        self.board, self.by, self.today, self.question, self.ticks = board, by, today, question, ticks
        self._new: dict[str, Patient] = {}
        self._born: dict[date, list[Patient]] = {}

    def rows(self, rows: Sequence[RowToImport]) -> Iterator[PlannedRow]:
        """The plan of each row, in their order."""
        places: dict[tuple[str, str], list[int]] = {}
        for row in rows:
            places.setdefault(_key_of(row.file), []).append(row.number)
        for start in range(0, len(rows), AT_ONCE):
            piece = rows[start : start + AT_ONCE]
            known = _KnownPatients(self.board, piece)
            for row in piece:
                yield self._planned(row, known, places[_key_of(row.file)])

    def _planned(self, row: RowToImport, known: _KnownPatients, repeated: list[int]) -> PlannedRow:
        file = row.file
        planned = PlannedRow(row.number, file.patient.record_number or "", file.case.key or "")
        if not planned.record_number:
            planned.faults.append(
                RowFault("patient.record_number", MISSING, "the record number of the patient")
            )
            return planned
        if len(repeated) > 1:
            others = ", ".join(str(number) for number in repeated if number != row.number)
            planned.faults.append(
                RowFault(
                    "patient.record_number", f"the same case stands in row {others} too", "each case once"
                )
            )
            return planned
        if file.case.board not in (None, self.board.slug):
            planned.faults.append(RowFault("case.board", "another board's case", self.board.slug))
            return planned
        self._plan_patient(planned, file.patient, known)
        if not planned.faults:
            self._plan_case(planned, file, known)
        if not planned.faults:
            self._plan_parts(planned, file)
        if not planned.faults:
            _settle(planned)
        return planned

    # --- Patient ---------------------------------------------------------------------------------

    def _plan_patient(self, planned: PlannedRow, read: PatientPart, known: _KnownPatients) -> None:
        folded = fold_number(planned.record_number)
        stored = known.by_number.get(folded)
        try:
            fields = written_columns(read, Patient)
        except ValidationError as error:
            planned.faults += [
                RowFault(f"patient.{name}", said[0], "YYYY-MM-DD")
                for name, said in error.message_dict.items()
            ]
            return
        if stored is None and folded in self._new:
            planned.patient = self._new[folded]
            self._same_person(planned, planned.patient, fields)
        elif stored is None:
            patient = self._built(planned, Patient(board=self.board), fields, "patient")
            if not planned.faults:
                self._look_alikes(planned, patient, known)
                planned.patient = self._new[folded] = patient
                self._born.setdefault(patient.birth_date, []).append(patient)
        else:
            planned.patient = stored
            self._known_patient(planned, stored, read, fields, known)

    def _known_patient(
        self,
        planned: PlannedRow,
        stored: Patient,
        read: PatientPart,
        fields: dict[str, Any],
        known: _KnownPatients,
    ) -> None:
        fields.pop("record_number", None)
        if not _only_undone(known.cases_of(stored)):
            self._same_person(planned, stored, fields)
            for name in (*NAMES, "birth_date"):
                fields.pop(name, None)
        if not planned.faults:
            self._plan_stored(planned, stored, read, fields)

    def _same_person(self, planned: PlannedRow, patient: Patient, fields: Mapping[str, Any]) -> None:
        """A record number is one person's: what the row says of name and birth must be theirs."""
        names = tuple(fold_name(str(fields.get(name, getattr(patient, name)))) for name in NAMES)
        born = fields.get("birth_date", patient.birth_date)
        for path, is_other in (
            ("surname", names != name_of(patient)),
            ("birth_date", born != patient.birth_date),
        ):
            if is_other:
                planned.faults.append(
                    RowFault(
                        f"patient.{path}",
                        "this record number belongs to a person with another name or date of birth",
                        "what stands on the patient's page; correct it there or in the list",
                    )
                )

    def _look_alikes(self, planned: PlannedRow, patient: Patient, known: _KnownPatients) -> None:
        words, near = _words(patient), near_numbers(patient.record_number_folded)
        others = [*known.by_birth.get(patient.birth_date, ()), *self._born.get(patient.birth_date, ())]
        for other in others:
            why = OTHER_PERSON if _words(other) == words else OTHER_NUMBER
            if why == OTHER_NUMBER and other.record_number_folded not in near:
                continue
            self._unless_ticked(planned, "patient.record_number", why, "tick that this is somebody else")
            return

    def _unless_ticked(self, planned: PlannedRow, path: str, why: str, allowed: str) -> None:
        tick = f"{planned.number}:{path}:{why}"
        if tick not in (self.ticks or ()):
            planned.faults.append(RowFault(path, why, allowed, tick))

    # --- Case ------------------------------------------------------------------------------------

    def _plan_case(self, planned: PlannedRow, file: CaseFile, known: _KnownPatients) -> None:
        fields = written_columns(file.case, Case)
        stored = _stored_case(planned, known)
        if planned.faults:
            return
        if stored is None:
            fields.setdefault("question", self.question)
            blank = Case(board=self.board, owner=self.by, patient=planned.patient)
            planned.case = self._built(planned, blank, fields, "case")
            self._same_question(planned, known)
            return
        planned.case, planned.reopens = stored, _is_reopened(stored)
        if fold_number(fields.get("key", "")) == fold_number(stored.key):
            fields.pop("key", None)
        self._plan_stored(planned, stored, file.case, fields)

    def _same_question(self, planned: PlannedRow, known: _KnownPatients) -> None:
        if planned.case is None:
            return
        asked = search_words(planned.case.question)
        if any(
            asked == search_words(case.question) and case.status != CaseStatus.CLOSED
            for case in known.cases_of(planned.patient)
        ):
            self._unless_ticked(planned, "case.key", SAME_QUESTION, "tick that this is another case")

    # --- Parts -----------------------------------------------------------------------------------

    def _plan_parts(self, planned: PlannedRow, file: CaseFile) -> None:
        case = planned.case
        record = None if case is None or planned.makes_a_case else record_of(case)
        for name, kind in _KINDS.items():
            stored = list(getattr(record, name)) if record else []
            for read in getattr(file, name):
                fields = written_columns(read, MODELS[kind])
                try:
                    found = match(kind, fields, stored)
                except NotTold as error:
                    planned.faults.append(RowFault(read.path, str(error)))
                    continue
                if found is None:
                    self._built(planned, MODELS[kind](case=case), fields, read.path)  # type: ignore[misc]
                else:
                    stored.remove(found)
                    self._plan_stored(planned, found, read, fields)

    def _may_name(self, planned: PlannedRow, path: str, fields: Mapping[str, Any]) -> None:
        """Naming the report that decides is for who judges."""
        if "deciding" in fields and not may(self.by, self.board, Right.JUDGE):
            why = "your role does not include to judge"
            planned.faults.append(RowFault(f"{path}.deciding", why, "left out"))

    def _built(self, planned: PlannedRow, part: Any, fields: Mapping[str, Any], path: str) -> Any:
        """A new part with its columns; what is wrong with it stands among the faults."""
        try:
            for name, value in differences(part, fields).items():
                setattr(part, name, value)
        except ValidationError as error:
            planned.faults += [
                RowFault(f"{path}.{name}", said[0]) for name, said in error.message_dict.items()
            ]
            return part
        self._may_name(planned, path, fields)
        part.created_by = part.updated_by = self.by
        if isinstance(part, Patient):
            part.fold()
        planned.faults += [
            RowFault(f"{path}.{name}", why, _allowed(part, name) if why == MISSING else "")
            for name, why in faults_in(part, self.board, is_new=True)
        ]
        planned.parts.append(PlannedPart(KIND_OF[type(part)], path, part, is_new=True))
        return part

    def _plan_stored(
        self, planned: PlannedRow, stored: Stamped, read: RecordPart, fields: Mapping[str, Any]
    ) -> None:
        """What changes in a stored part; what a person entered stays unless it is ticked."""
        kind = KIND_OF[type(stored)]
        changes = compared(kind, stored, read, fields, self.board, self.today)
        found = with_ticks(changes, planned.number, self.ticks)
        if not found:
            return
        taken = {one.column: fields[one.column] for one in found if one.taken}
        self._may_name(planned, read.path, taken)
        after = copy.copy(stored)
        for name, value in differences(stored, taken).items():
            setattr(after, name, value)
        if taken:
            wrong = faults_in(after, self.board, is_new=False)
            planned.faults += [RowFault(f"{read.path}.{name}", why) for name, why in wrong]
        planned.parts.append(PlannedPart(kind, read.path, stored, False, taken, found))


class _KnownPatients:
    """The stored patients that some rows may speak of, with their cases, in a fixed number of queries."""

    def __init__(self, board: Board, rows: Iterable[RowToImport]) -> None:
        numbers, days = set(), set()
        for row in rows:
            numbers.add(fold_number(row.file.patient.record_number or ""))
            born = row.file.patient.birth_date
            if born is not None and born.day is not None:
                days.add(born.first)
        of_board = Patient.objects.filter(board=board)
        numbered = list(of_board.filter(record_number_folded__in=numbers - {""}))
        self._cases: dict[int, list[Case]] = {}
        of_them = Case.objects.filter(board=board, patient__in=[patient.pk for patient in numbered])
        for case in with_record(of_them).order_by("pk"):
            self._cases.setdefault(case.patient_id, []).append(case)
        self.by_number = {patient.record_number_folded: patient for patient in numbered}
        self.by_birth: dict[date, list[Patient]] = {}
        for patient in of_board.filter(birth_date__in=days):
            self.by_birth.setdefault(patient.birth_date, []).append(patient)

    def cases_of(self, patient: Patient | None) -> list[Case]:
        """The board's cases of a patient; none of one who is new."""
        return self._cases.get(patient.pk, []) if patient is not None else []


def _stored_case(planned: PlannedRow, known: _KnownPatients) -> Case | None:
    """The case that the row speaks of, by its key where it has one; what leaves that open is a fault."""
    cases = known.cases_of(planned.patient)
    key = fold_number(planned.key)
    found = [case for case in cases if fold_number(case.key) == key] if key or len(cases) > 1 else cases
    if len(found) > 1 or (not found and not key and cases):
        keys = ", ".join(case.key or "none" for case in cases)
        planned.faults.append(
            RowFault("case.key", f"the patient has {len(cases)} cases; state the key", f"one of: {keys}")
        )
    return found[0] if len(found) == 1 else None


def _key_of(file: CaseFile) -> tuple[str, str]:
    return fold_number(file.patient.record_number or ""), fold_number(file.case.key or "")


def _words(patient: Patient) -> list[str]:
    return sorted(word for name in NAMES for word in search_words(getattr(patient, name)))


def _is_reopened(case: Case) -> bool:
    return case.stage == CaseStatus.CLOSED and is_of_an_undone_list(case)


def _only_undone(cases: Sequence[Case]) -> bool:
    """Whether all that is known of a person came with lists that were taken back."""
    return bool(cases) and all(map(_is_reopened, cases))


def _allowed(part: Stamped, column: str) -> str:
    """What a column that must not be empty takes."""
    choices = getattr(part._meta.get_field(column), "flatchoices", ())
    return ", ".join(str(code) for code, _ in choices if code) or "not empty"


def _settle(planned: PlannedRow) -> None:
    planned.parts = [part for part in planned.parts if part.says_something or part.differences]
    planned.state = "unchanged"
    if planned.makes_a_case:
        planned.state = "create"
    elif planned.reopens or any(part.says_something for part in planned.parts):
        planned.state = "change"
    planned.uid = planned.case.uid if planned.case else None
    if planned.state == "unchanged" and not planned.differences:
        planned.case = None  # with all of its record: a list may have thousands
