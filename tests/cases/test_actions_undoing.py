"""Taking back the last save: by a new save, only while it is the last, and only for who may enter."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404

from cases.actions import entry
from cases.actions.undoing import UndoRefused, undo_last_save
from cases.models import AuditEvent, Board, Case, PathologyReport, RecordVersion
from tests.cases.pages import PATIENT, full_case, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice: User, board: Board) -> Case:
    return entry.create_case(by=alice, board=board, patient=PATIENT, fields={"question": "First line?"})


@pytest.fixture
def report(alice: User, case: Case) -> PathologyReport:
    fields = {"differentiation": "poor", "ki67": "80"}
    part = entry.add_part(by=alice, case=case, kind="pathology", fields=fields)
    assert isinstance(part, PathologyReport)
    return part


def last() -> RecordVersion:
    return RecordVersion.objects.latest("pk")


def test_a_change_is_taken_back_by_a_new_version(
    alice: User, bob: User, case: Case, report: PathologyReport
) -> None:
    entry.save_part(by=alice, part=report, fields={"ki67": "20", "rb": "lost"}, version=1)
    undone = undo_last_save(by=bob, case=case, version=last())
    report.refresh_from_db()
    assert undone == report
    assert (report.ki67, report.rb, report.version, report.updated_by) == ("80", "", 3, bob)
    assert (last().before, last().after) == (
        {"ki67": "20", "rb": "lost"},
        {"ki67": "80", "rb": ""},
    )
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.user, event.kind, event.uid) == ("undone", bob, "pathology", report.uid)
    assert event.detail == {"fields": ["ki67", "rb"], "version": 3}


def test_a_new_part_goes_and_comes_back_under_its_uid(
    alice: User, bob: User, case: Case, report: PathologyReport
) -> None:
    assert Case.objects.get().entity == "nec"
    assert undo_last_save(by=bob, case=case, version=last()) is None
    assert (PathologyReport.objects.count(), Case.objects.get().entity) == (0, "unknown")
    again = undo_last_save(by=bob, case=case, version=last())
    assert isinstance(again, PathologyReport)
    again.refresh_from_db()
    assert (again.uid, again.version, again.differentiation, again.ki67) == (report.uid, 3, "poor", "80")
    assert (again.created_by, again.created_at, again.updated_by) == (alice, report.created_at, bob)
    assert Case.objects.get().entity == "nec"


def test_a_removed_part_comes_back(alice: User, case: Case, report: PathologyReport) -> None:
    entry.remove_part(by=alice, part=report, version=1)
    undo_last_save(by=alice, case=case, version=last())
    assert case.pathology_reports.get().uid == report.uid
    assert last().version == 3


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("imaging", {"modality": "sstr", "result": "positive", "sstr_uptake": "above_liver"}),
        ("molecular", {"mmr": "deficient", "ntrk_fusion": False}),
        ("treatment", {"kind": "radiation", "dose_gy": Decimal("50.4")}),
        ("assessment", {"ecog": 0, "prior_regimens": ["captem"], "progressive": True}),
    ],
)
def test_every_kind_of_part_comes_back_as_it_was(
    alice: User, case: Case, kind: str, fields: dict[str, Any]
) -> None:
    part = entry.add_part(by=alice, case=case, kind=kind, fields=fields)
    entry.remove_part(by=alice, part=part, version=1)
    again = undo_last_save(by=alice, case=case, version=last())
    assert again is not None
    again.refresh_from_db()
    assert {name: getattr(again, name) for name in fields} == fields


def test_referral_and_identity_are_taken_back(alice: User, case: Case) -> None:
    entry.save_case(by=alice, case=case, fields={"metastatic_sites": ["liver"]}, version=1)
    undo_last_save(by=alice, case=case, version=last())
    entry.save_patient(by=alice, case=case, fields={"surname": "Other"}, version=1)
    undo_last_save(by=alice, case=case, version=last())
    stored = Case.objects.get()
    assert (stored.metastatic_sites, stored.version) == (None, 3)
    assert (stored.patient.surname, stored.patient.version) == (PATIENT["surname"], 3)


def test_an_identity_is_taken_back_on_every_case(alice: User, board: Board, case: Case) -> None:
    second = entry.create_case(
        by=alice, board=board, patient=case.patient, fields={"question": "Second line?"}
    )
    entry.save_patient(by=alice, case=case, fields={"given_names": "Eve"}, version=1)
    undo_last_save(by=alice, case=second, version=last())
    assert Case.objects.get(pk=case.pk).patient.given_names == "Ada"
    undone = AuditEvent.objects.filter(action="undone", kind="patient")
    assert [event.case for event in undone] == [case, second]


def test_a_number_that_somebody_else_has_meanwhile_is_not_taken_back(
    alice: User, board: Board, case: Case
) -> None:
    entry.save_patient(by=alice, case=case, fields={"record_number": "R-2"}, version=1)
    saved = last()
    other = {**PATIENT, "surname": "Other"}
    entry.create_case(by=alice, board=board, patient=other, fields={"question": "Ours?"})
    refused(alice, case, saved, "another patient of this board")


def test_an_owner_is_taken_back_while_they_may_enter(alice: User, bob: User, case: Case) -> None:
    stored = entry.save_case(by=alice, case=case, fields={"owner": bob}, version=1)
    undo_last_save(by=alice, case=case, version=last())
    assert Case.objects.get().owner == alice
    entry.save_case(by=alice, case=stored, fields={"owner": bob}, version=3)
    alice.memberships.all().delete()
    with pytest.raises(UndoRefused, match="owner must be a member"):
        undo_last_save(by=bob, case=case, version=last())


def test_an_undo_can_be_undone(alice: User, case: Case, report: PathologyReport) -> None:
    entry.save_part(by=alice, part=report, fields={"rb": "lost"}, version=1)
    for expected in ("", "lost", ""):
        undo_last_save(by=alice, case=case, version=last())
        report.refresh_from_db()
        assert report.rb == expected


def refused(by: User, case: Case, version: RecordVersion, why: str) -> None:
    count = RecordVersion.objects.count(), AuditEvent.objects.count()
    with pytest.raises(UndoRefused, match=why):
        undo_last_save(by=by, case=case, version=version)
    assert (RecordVersion.objects.count(), AuditEvent.objects.count()) == count


def test_only_the_last_save_and_only_once(
    alice: User, bob: User, case: Case, report: PathologyReport
) -> None:
    entry.save_part(by=alice, part=report, fields={"rb": "lost"}, version=1)
    mine = last()
    entry.save_part(by=bob, part=report, fields={"rb": "retained"}, version=2)
    refused(alice, case, mine, "saved again since")
    theirs = last()
    undo_last_save(by=alice, case=case, version=theirs)
    refused(alice, case, theirs, "undone already")
    report.refresh_from_db()
    assert report.rb == "lost"


def test_what_was_changed_past_the_actions_is_not_overwritten(
    alice: User, case: Case, report: PathologyReport
) -> None:
    PathologyReport.objects.update(differentiation="well")
    refused(alice, case, last(), "changed since")
    PathologyReport.objects.all().delete()
    refused(alice, case, last(), "changed since")


def test_the_agenda_is_no_change_of_the_record(board: Board, alice: User) -> None:
    case = full_case(board, alice)
    stored = entry.save_case(by=alice, case=case, fields={"referrer": "Dr. Roe"}, version=case.version)
    saved = last()
    entry.remove_part(by=alice, part=case.molecular_reports.get(), version=1)
    undo_last_save(by=alice, case=stored, version=saved)
    stored.refresh_from_db()
    assert (stored.referrer, stored.status) == ("", "scheduled")


def test_a_case_and_its_patient_are_not_taken_back(alice: User, case: Case) -> None:
    for version in RecordVersion.objects.all():
        refused(alice, case, version, "close it instead")


def test_what_cannot_stand_any_more_is_refused(alice: User, case: Case) -> None:
    entry.save_case(by=alice, case=case, fields={"primary_site": "cervix", "figo_stage": "IVB"}, version=1)
    Case.objects.update(figo_stage="")
    RecordVersion.objects.create(
        by=alice, case=case, kind="case", uid=case.uid, version=3,
        before={"figo_stage": "of old"}, after={"figo_stage": ""},
    )  # fmt: skip
    refused(alice, case, last(), "cannot stand now")
    RecordVersion.objects.create(
        by=alice, case=case, kind="case", uid=case.uid, version=4, before={"gone": 1}, after={"gone": 2}
    )  # fmt: skip
    refused(alice, case, last(), "no place in today's form")


def test_a_signed_decision_stays_as_it_was_signed(board: Board, alice: User, dora: User) -> None:
    case = full_case(board, alice)
    report = case.pathology_reports.get()
    decision = sign(case, dora)
    undo_last_save(by=alice, case=case, version=RecordVersion.objects.get(uid=report.uid))
    snapshot = decision.snapshot
    decision.refresh_from_db()
    assert (decision.snapshot, case.pathology_reports.count()) == (snapshot, 0)


def test_who_may_not_enter_takes_nothing_back(
    case: Case, report: PathologyReport, victor: User, charlie: User
) -> None:
    for user, error in ((victor, PermissionDenied), (charlie, Http404)):
        with pytest.raises(error):
            undo_last_save(by=user, case=case, version=last())
    assert PathologyReport.objects.count() == 1


def test_a_save_of_another_case_is_none_of_this_one(
    alice: User, board: Board, case: Case, report: PathologyReport
) -> None:
    saved = last()
    other = {**PATIENT, "record_number": "R-2", "surname": "Other"}
    second = entry.create_case(by=alice, board=board, patient=other, fields={"question": "Ours?"})
    with pytest.raises(ValueError, match="another case"):
        undo_last_save(by=alice, case=second, version=saved)
