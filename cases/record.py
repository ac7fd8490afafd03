"""A case's record as plain data: as it is stored, or as it would be if a form were saved now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from cases.models import (
    Case,
    ClinicalAssessment,
    ImagingStudy,
    MolecularReport,
    PathologyReport,
    Patient,
    SerumMarker,
    Treatment,
)
from cases.models.base import Stamped
from cases.reading import PartialDate

PartT = TypeVar("PartT", bound=Stamped)

PARTS: tuple[type[Stamped], ...] = (
    Patient,
    Case,
    PathologyReport,
    ImagingStudy,
    MolecularReport,
    SerumMarker,
    Treatment,
    ClinicalAssessment,
)

FIELD_OF: dict[type[Stamped], str] = {
    model: model.declared.file_key for model in PARTS if model.declared.many
}
"""Where `CaseRecord` holds what a case has several of."""


@dataclass(frozen=True)
class CaseRecord:
    """One case with its parts, each kind newest first."""

    case: Case
    patient: Patient
    pathology: tuple[PathologyReport, ...] = ()
    imaging: tuple[ImagingStudy, ...] = ()
    molecular: tuple[MolecularReport, ...] = ()
    markers: tuple[SerumMarker, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    assessments: tuple[ClinicalAssessment, ...] = ()

    def with_part(self, part: Stamped) -> CaseRecord:
        """The record as if `part`, new or changed, were stored: it replaces the part of its uid."""
        if isinstance(part, Case):
            return replace(self, case=part)
        if isinstance(part, Patient):
            return replace(self, patient=part)
        field = FIELD_OF[type(part)]
        others = [stored for stored in getattr(self, field) if stored.uid != part.uid]
        changed: dict[str, Any] = {field: newest_first([*others, part])}
        return replace(self, **changed)


def date_of(part: Stamped) -> PartialDate | None:
    """The part's own date, None if nobody gave one. A referral is as old as its last edit."""
    if isinstance(part, Case):
        return PartialDate.of(timezone.localdate(part.updated_at))
    for name in part.declared.dates:
        value: PartialDate | None = getattr(part, name)
        if value is not None:
            return value
    return None


def plain_value(raw: Any) -> Any:
    """A stored value as the vocabulary writes it: "" becomes None, decimals become numbers."""
    if raw == "":
        return None
    if isinstance(raw, Decimal):
        return int(raw) if raw.is_finite() and raw == raw.to_integral_value() else float(raw)
    return raw


def _age(part: Stamped) -> tuple[date, datetime, float]:
    found = date_of(part)
    return found.first if found else part.created_at.date(), part.created_at, part.pk or float("inf")


def newest_first(parts: Iterable[PartT]) -> tuple[PartT, ...]:
    """By the part's own date, or the day it was entered if it has none; then by when it was entered."""
    return tuple(
        sorted(
            parts,
            key=_age,
            reverse=True,
        )
    )


def record_of(case: Case) -> CaseRecord:
    """The stored record; from `Case.objects.with_record()` it needs no further query."""
    return CaseRecord(
        case=case,
        patient=case.patient,
        pathology=_parts(case, case.pathology_reports),
        imaging=_parts(case, case.imaging_studies),
        molecular=_parts(case, case.molecular_reports),
        markers=_parts(case, case.markers),
        treatments=_parts(case, case.treatments),
        assessments=_parts(case, case.assessments),
    )


class ReadCase:
    """A case from the memory of this process (`cases.queries.remembered_as`): the same object is the same
    record.
    """

    def __init__(self, case: Case) -> None:
        self.case = case

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ReadCase) and self.case is other.case

    def __hash__(self) -> int:
        return id(self.case)


# In the memory of this process only, as the cases are.
@lru_cache(maxsize=64)
def record_as_read(read: ReadCase) -> CaseRecord:
    """The record of a case that this process remembers."""
    return record_of(read.case)


def _parts(case: Case, manager: models.Manager[PartT]) -> tuple[PartT, ...]:
    relation = manager.field.remote_field.related_name  # type: ignore[attr-defined]
    if relation in getattr(case, "_prefetched_objects_cache", {}):
        stored: Sequence[PartT] | models.QuerySet[PartT] = manager.all()
    else:
        stored = manager.select_related("updated_by")
    return newest_first(stored)
