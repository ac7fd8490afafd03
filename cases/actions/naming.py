"""Naming which of several pathology reports decides where they contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.access import require
from cases.actions.edits import lock, store_edit
from cases.actions.entry import keep_changed
from cases.actions.indexing import keep_index
from cases.actions.planning import keep_follow_up
from cases.choices import Right
from cases.facts import facts_of, record_of
from cases.models import Case, PathologyReport
from cases.models.audit import one_act
from cases.queries import with_record

NOT_NAMED: Mapping[str, Any] = {"deciding": None, "deciding_reason": "", "deciding_by": ""}


def name_deciding(*, by: User, report: PathologyReport, reason: str, version: int) -> PathologyReport:
    """Let a report decide where it contradicts others; one of these that was named before is so no more.

    Each report that this changes gets its version and its event. Without a reason, or for a report that
    contradicts no other: `ValidationError`. Raises `StaleEdit`.
    """
    require(by, report.case.board, Right.JUDGE, report.case)
    if not reason.strip():
        raise ValidationError({"deciding_reason": ["Say why this report decides."]})
    fields = {
        "deciding": True,
        "deciding_reason": reason.strip(),
        "deciding_by": by.get_full_name() or by.get_username(),
    }
    with one_act():
        lock(report.case)
        others = _against(report)
        stored, before = store_edit(report, fields, version, by)
        changed = [(stored, before)]
        changed += [store_edit(other, NOT_NAMED, other.version, by) for other in others if other.deciding]
        _keep(by, report.case, changed)
    return stored


def name_none(*, by: User, report: PathologyReport, version: int) -> PathologyReport:
    """Let a report that was named decide no longer: what is contradicted counts as not known again. Raises
    `StaleEdit`.
    """
    require(by, report.case.board, Right.JUDGE, report.case)
    with one_act():
        lock(report.case)
        stored, before = store_edit(report, NOT_NAMED, version, by)
        _keep(by, report.case, [(stored, before)])
    return stored


def _against(report: PathologyReport) -> list[PathologyReport]:
    """The reports that it contradicts."""
    record = record_of(with_record(Case.objects.all()).get(pk=report.case_id))
    found: dict[int, PathologyReport] = {}
    for contest in facts_of(record).contests:
        reports = {one.pk: one for one in contest.reports}
        if report.pk in reports:
            found |= reports
    if not found:
        raise ValidationError("This report contradicts no other of the same time; nothing is to be decided.")
    return [one for pk, one in found.items() if pk != report.pk]


def _keep(by: User, case: Case, saves: list[tuple[PathologyReport, dict[str, Any]]]) -> None:
    changed = [(report, before) for report, before in saves if before]
    if changed:
        keep_index(case)
    for report, before in changed:
        keep_changed(by, case, report, before)
    if changed:
        keep_follow_up(by, case)
