"""The record. `from cases.models import Case` and so on."""

from cases.models.assessment import ClinicalAssessment
from cases.models.audit import AuditEvent
from cases.models.base import ImmutableError
from cases.models.board import Board, Meeting, Membership
from cases.models.calendar import CalendarAddress
from cases.models.case import Case, Comment
from cases.models.decision import Decision, DecisionCondition, DecisionOption, NextStep
from cases.models.grant import CaseGrant
from cases.models.patient import Patient
from cases.models.readiness import StoredReadiness
from cases.models.reports import ImagingStudy, MolecularReport, PathologyReport, SerumMarker
from cases.models.treatment import Treatment
from cases.models.version import RecordVersion

__all__ = [
    "AuditEvent",
    "Board",
    "CalendarAddress",
    "Case",
    "CaseGrant",
    "ClinicalAssessment",
    "Comment",
    "Decision",
    "DecisionCondition",
    "DecisionOption",
    "ImagingStudy",
    "ImmutableError",
    "Meeting",
    "Membership",
    "MolecularReport",
    "NextStep",
    "PathologyReport",
    "Patient",
    "RecordVersion",
    "SerumMarker",
    "StoredReadiness",
    "Treatment",
]
