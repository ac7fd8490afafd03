"""The record. `from cases.models import Case` and so on."""

from cases.models.asked import AskedFor
from cases.models.assessment import ClinicalAssessment
from cases.models.audit import AuditEvent
from cases.models.base import ImmutableError
from cases.models.board import Board, Membership
from cases.models.bundle import PostedBundle
from cases.models.calendar import CalendarAddress
from cases.models.case import Case, Comment
from cases.models.decision import (
    Decision,
    DecisionCondition,
    DecisionDissent,
    DecisionWithdrawal,
)
from cases.models.delivery import Delivery
from cases.models.discussion import Discussion
from cases.models.exchange import ImportedRow, ListImport, ListReading
from cases.models.follow_up import FollowUpEvent, FollowUpItem
from cases.models.grant import CaseGrant
from cases.models.hooks import UsedHookToken
from cases.models.letter import Letter
from cases.models.measure import DiscussionMeasure
from cases.models.meeting import Attendance, Meeting, MeetingNote
from cases.models.option import DecisionOption, OptionEvent
from cases.models.order import DocumentOrder
from cases.models.patient import Patient
from cases.models.readiness import StoredReadiness
from cases.models.reports import ImagingStudy, MolecularReport, PathologyReport, SerumMarker
from cases.models.step import NextStep, StepEvent
from cases.models.token import ApiToken
from cases.models.treatment import Treatment
from cases.models.version import RecordVersion

__all__ = [
    "ApiToken",
    "AskedFor",
    "Attendance",
    "AuditEvent",
    "Board",
    "CalendarAddress",
    "Case",
    "CaseGrant",
    "ClinicalAssessment",
    "Comment",
    "Decision",
    "DecisionCondition",
    "DecisionDissent",
    "DecisionOption",
    "DecisionWithdrawal",
    "Delivery",
    "Discussion",
    "DiscussionMeasure",
    "DocumentOrder",
    "FollowUpEvent",
    "FollowUpItem",
    "ImagingStudy",
    "ImmutableError",
    "ImportedRow",
    "Letter",
    "ListImport",
    "ListReading",
    "Meeting",
    "MeetingNote",
    "Membership",
    "MolecularReport",
    "NextStep",
    "OptionEvent",
    "PathologyReport",
    "Patient",
    "PostedBundle",
    "RecordVersion",
    "SerumMarker",
    "StepEvent",
    "StoredReadiness",
    "Treatment",
    "UsedHookToken",
]
