"""Entering a case: one transaction, one event, nothing overwritten, nothing stored twice."""

import datetime
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from cases.actions import entry
from cases.actions.access_log import log_export, log_read
from cases.actions.entry import StaleEdit
from cases.models import AuditEvent, Board, Case, Comment, PathologyReport, Patient
from cases.reading.pasted import LONGEST_TEXT
from tests import factories

pytestmark = pytest.mark.django_db

ADA: dict[str, Any] = {
    "record_number": "104332",
    "surname": "Fabricius",
    "given_names": "Ada",
    "birth_date": datetime.date(1961, 8, 14),
    "sex": "female",
}
REFERRAL: dict[str, Any] = {"question": "First-line treatment?", "primary_site": "pancreas"}


@pytest.fixture
def case(alice: User, board: Board) -> Case:
    return entry.create_case(by=alice, board=board, patient=ADA, fields=REFERRAL)


@pytest.fixture
def report(alice: User, case: Case) -> PathologyReport:
    part = entry.add_part(by=alice, case=case, kind="pathology", fields={"differentiation": "well"})
    assert isinstance(part, PathologyReport)
    return part


def events(after: int = 0) -> list[dict[str, Any]]:
    return list(AuditEvent.objects.values("user__username", "action", "kind", "uid", "detail"))[after:]


def test_a_new_case_with_a_new_patient(alice: User, board: Board) -> None:
    case = entry.create_case(by=alice, board=board, patient=ADA, fields=REFERRAL)
    stored = Case.objects.get()
    assert (stored, stored.owner, stored.board, stored.status, stored.version) == (
        case,
        alice,
        board,
        "draft",
        1,
    )
    assert (stored.question, stored.primary_site, stored.entity) == (
        "First-line treatment?",
        "pancreas",
        "unknown",
    )
    assert {name: getattr(stored.patient, name) for name in ADA} == ADA
    assert events() == [
        {
            "user__username": "alice",
            "action": "created",
            "kind": "case",
            "uid": case.uid,
            "detail": {"fields": ["primary_site", "question"], "version": 1},
        }
    ]


def test_the_same_form_sent_twice_makes_one_case(alice: User, board: Board) -> None:
    uid = uuid.uuid4()
    first = entry.create_case(by=alice, board=board, patient=ADA, fields=REFERRAL, uid=uid)
    again = entry.create_case(by=alice, board=board, patient=ADA, fields=REFERRAL, uid=uid)
    assert (first, Case.objects.count(), Patient.objects.count(), len(events())) == (again, 1, 1, 1)


def test_a_known_patient_gets_a_second_case(alice: User, board: Board, case: Case) -> None:
    second = entry.create_case(by=alice, board=board, patient=ADA, fields=REFERRAL)
    third = entry.create_case(by=alice, board=board, patient=case.patient, fields=REFERRAL)
    assert (second.patient, third.patient, Patient.objects.count()) == (case.patient, case.patient, 1)


def test_a_record_number_of_somebody_else_is_refused(alice: User, board: Board, case: Case) -> None:
    other = {**ADA, "surname": "Other"}
    with pytest.raises(ValidationError, match="another name or date of birth"):
        entry.create_case(by=alice, board=board, patient=other, fields=REFERRAL)
    assert (Case.objects.count(), len(events())) == (1, 1)


@pytest.mark.parametrize("number", ["mrn 777", "MRN–777", " Mrn777"])
def test_a_number_is_one_in_any_spelling(alice: User, board: Board, number: str) -> None:
    first = entry.create_case(
        by=alice, board=board, patient={**ADA, "record_number": "MRN-777"}, fields=REFERRAL
    )
    second = entry.create_case(
        by=alice, board=board, patient={**ADA, "record_number": number}, fields=REFERRAL
    )
    assert (second.patient, second.patient.record_number) == (first.patient, "MRN-777")


def test_another_board_has_patients_of_its_own(
    alice: User, board: Board, case: Case, charlie: User, other_board: Board
) -> None:
    """The same number and another name: nothing tells that it stands elsewhere."""
    other = {**ADA, "surname": "Other", "sex": "male"}
    theirs = entry.create_case(by=charlie, board=other_board, patient=other, fields=REFERRAL)
    assert (theirs.patient.board, theirs.patient.surname) == (other_board, "Other")
    assert (case.patient.board, Patient.objects.count()) == (board, 2)
    with pytest.raises(ValueError, match="another board"):
        entry.create_case(by=charlie, board=other_board, patient=case.patient, fields=REFERRAL)


def test_a_corrected_number_is_no_other_patients(alice: User, board: Board, other_board: Board) -> None:
    case = entry.create_case(by=alice, board=board, patient=ADA, fields=REFERRAL)
    factories.PatientFactory(board=board, record_number="R-2")
    factories.PatientFactory(board=other_board, record_number="R-3")
    for taken, message in (("r 2", "Another patient of this board"), ("--", "neither letters nor")):
        with pytest.raises(ValidationError, match=message) as refused:
            entry.save_patient(by=alice, case=case, fields={"record_number": taken}, version=1)
        assert list(refused.value.message_dict) == ["record_number"]
    entry.save_patient(by=alice, case=case, fields={"record_number": "R-3"}, version=1)
    assert Patient.objects.numbered(board, "r3").get() == case.patient


def test_another_sex_than_the_recorded_one_is_not_silently_dropped(
    alice: User, board: Board, case: Case
) -> None:
    typed = {**ADA, "sex": "male"}
    with pytest.raises(ValidationError, match="Recorded for this patient"):
        entry.create_case(by=alice, board=board, patient=typed, fields=REFERRAL)
    unsaid = {**ADA, "sex": ""}
    assert entry.create_case(by=alice, board=board, patient=unsaid, fields=REFERRAL).patient == case.patient


@pytest.mark.parametrize("text", ["\u202e4711", "47\u200b11", "47\n11", "\u200c", "\ufeff4711"])
@pytest.mark.parametrize("name", ["record_number", "surname"])
def test_what_no_reader_sees_stands_in_no_name(alice: User, board: Board, name: str, text: str) -> None:
    """The record number or name would look like another one."""
    with pytest.raises(ValidationError, match="invisible character"):
        entry.create_case(by=alice, board=board, patient={**ADA, name: text}, fields=REFERRAL)
    assert Patient.objects.count() == 0


@pytest.mark.parametrize("surname", ["Žižková-O’Néill", "اسکندر\u200cزاده", "בן דוד", "👩\u200d⚕️"])
def test_names_of_every_script_are_stored(alice: User, board: Board, surname: str) -> None:
    patient = {**ADA, "surname": surname}
    case = entry.create_case(by=alice, board=board, patient=patient, fields=REFERRAL)
    assert Patient.objects.get().surname == case.patient.surname == surname


def test_a_case_that_cannot_be_stored_leaves_no_patient_and_no_event(alice: User, board: Board) -> None:
    with pytest.raises(ValidationError):
        entry.create_case(by=alice, board=board, patient=ADA, fields={"question": ""})
    assert (Patient.objects.count(), Case.objects.count(), events()) == (0, 0, [])


def test_the_owner_must_belong_to_the_board(alice: User, board: Board, charlie: User, victor: User) -> None:
    for owner in (charlie, victor):
        with pytest.raises(ValidationError, match="owner must be a member"):
            entry.create_case(by=alice, board=board, patient=ADA, fields={**REFERRAL, "owner": owner})


def test_saving_the_referral(alice: User, bob: User, case: Case) -> None:
    fields = {"extent": "metastatic", "metastatic_sites": ("liver",), "question": "Second line?"}
    saved = entry.save_case(by=bob, case=case, fields=fields, version=1)
    saved.refresh_from_db()
    assert (saved.extent, saved.metastatic_sites, saved.version) == ("metastatic", ["liver"], 2)
    assert (saved.updated_by, saved.created_by, saved.owner) == (bob, alice, alice)
    assert events(1) == [
        {
            "user__username": "bob",
            "action": "changed",
            "kind": "case",
            "uid": case.uid,
            "detail": {"fields": ["extent", "metastatic_sites", "question"], "version": 2},
        }
    ]


def test_saving_identity_leaves_no_identity_in_the_event(alice: User, case: Case) -> None:
    entry.save_patient(by=alice, case=case, fields={"surname": "Fabricius-Moe"}, version=1)
    assert Patient.objects.get().surname == "Fabricius-Moe"
    (event,) = events(1)
    assert (event["kind"], event["detail"]) == ("patient", {"fields": ["surname"], "version": 2})


def test_the_second_of_two_edits_sees_both_versions_and_overwrites_nothing(
    alice: User, bob: User, report: PathologyReport
) -> None:
    entry.save_part(by=alice, part=report, fields={"rb": "lost", "p53": "null"}, version=1)
    with pytest.raises(StaleEdit) as stale:
        entry.save_part(by=bob, part=report, fields={"rb": "retained", "p53": "null"}, version=1)
    assert (stale.value.stored.version, stale.value.stored.updated_by) == (2, alice)  # type: ignore[union-attr]
    assert stale.value.submitted == {"rb": "retained", "p53": "null"}
    assert stale.value.differences == {"rb": ("lost", "retained")}
    report.refresh_from_db()
    assert (report.rb, report.version) == ("lost", 2)
    # Having seen both, Bob decides.
    entry.save_part(by=bob, part=report, fields={"rb": "retained", "p53": "null"}, version=2)
    report.refresh_from_db()
    assert (report.rb, report.version, report.updated_by) == ("retained", 3, bob)


def test_the_same_edit_sent_twice_is_stored_once(alice: User, report: PathologyReport) -> None:
    fields = {"ki67": "45,5 %", "mitoses": "12", "reported_on": "Mar 2026"}
    first = entry.save_part(by=alice, part=report, fields=fields, version=1)
    count = len(events())
    again = entry.save_part(by=alice, part=report, fields=fields, version=1)
    assert (first.version, again.version, len(events())) == (2, 2, count)


@pytest.mark.parametrize("typed", ["34 mm", "3,4 x 2.1 cm", "> 5"])
def test_a_size_is_stored_as_it_was_written(alice: User, case: Case, typed: str) -> None:
    entry.save_case(by=alice, case=case, fields={"tumor_size": typed}, version=1)
    assert Case.objects.get().tumor_size == typed


def test_an_edit_of_a_part_that_is_gone(alice: User, report: PathologyReport) -> None:
    stale_copy = PathologyReport.objects.get(pk=report.pk)
    entry.remove_part(by=alice, part=report, version=1)
    with pytest.raises(StaleEdit) as stale:
        entry.save_part(by=alice, part=stale_copy, fields={"rb": "lost"}, version=1)
    assert (stale.value.stored, stale.value.differences) == (None, {"rb": (None, "lost")})


def test_adding_a_part_twice_from_one_form_stores_it_once(alice: User, case: Case) -> None:
    uid = uuid.uuid4()
    first = entry.add_part(by=alice, case=case, kind="imaging", fields={"modality": "ct"}, uid=uid)
    again = entry.add_part(by=alice, case=case, kind="imaging", fields={"modality": "ct"}, uid=uid)
    assert (first.pk, first.uid, case.imaging_studies.count(), len(events())) == (again.pk, uid, 1, 2)


@pytest.mark.parametrize("kind", entry.PART_MODELS)
def test_every_kind_of_part_is_added_saved_and_removed_with_one_event_each(
    alice: User, case: Case, kind: str
) -> None:
    added: dict[str, dict[str, Any]] = {
        "pathology": {"comment": "a"},
        "imaging": {"modality": "ct"},
        "molecular": {"method": "ngs"},
        "marker": {"name": "NSE"},
        "treatment": {"kind": "surgery"},
        "assessment": {"ecog": 1},
    }
    changed: dict[str, dict[str, Any]] = {
        "pathology": {"comment": "b"},
        "imaging": {"modality": "mri"},
        "molecular": {"method": "pcr"},
        "marker": {"name": "CgA"},
        "treatment": {"kind": "radiation"},
        "assessment": {"ecog": 2},
    }
    part = entry.add_part(by=alice, case=case, kind=kind, fields=added[kind])
    part = entry.save_part(by=alice, part=part, fields=changed[kind], version=1)  # type: ignore[type-var]
    entry.remove_part(by=alice, part=part, version=2)
    entry.remove_part(by=alice, part=part, version=2)
    assert [(event["action"], event["kind"], event["uid"]) for event in events(1)] == [
        ("created", kind, part.uid),
        ("changed", kind, part.uid),
        ("removed", kind, part.uid),
    ]
    assert not type(part)._base_manager.exists()


def test_removing_what_somebody_has_changed_meanwhile_is_refused(
    alice: User, bob: User, report: PathologyReport
) -> None:
    entry.save_part(by=bob, part=report, fields={"rb": "lost"}, version=1)
    with pytest.raises(StaleEdit):
        entry.remove_part(by=alice, part=report, version=1)
    assert PathologyReport.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "fields", "wrong"),
    [
        ("pathology", {"differentiation": "moderate"}, "differentiation"),
        ("pathology", {"ki67": "120"}, "ki67"),
        ("pathology", {"mitoses": "NaN"}, "mitoses"),
        ("pathology", {"mitoses": "-1"}, "mitoses"),
        ("pathology", {"reported_grade": "high"}, "reported_grade"),
        ("pathology", {"components": [{"type": "sarcoma"}]}, "components"),
        ("pathology", {"stage_t": "big"}, "stage_t"),
        ("pathology", {"comment": "a\0b"}, "comment"),
        ("pathology", {"low_grade_component": "perhaps"}, "low_grade_component"),
        ("pathology", {"reported_on": "31-02-2026"}, "reported_on"),
        ("imaging", {"modality": "xray"}, "modality"),
        ("imaging", {}, "modality"),
        ("imaging", {"modality": "sstr", "sstr_uptake": "bright"}, "sstr_uptake"),
        ("molecular", {"mmr": "broken"}, "mmr"),
        ("treatment", {"kind": "systemic", "regimen": "folfox7"}, "regimen"),
        ("treatment", {"kind": "surgery", "margin": "clear"}, "margin"),
        ("assessment", {"ecog": 5}, "ecog"),
        ("assessment", {"ecog": 1.5}, "ecog"),
        ("assessment", {"treatment_line": 0}, "treatment_line"),
        ("assessment", {"prior_regimens": ["captem", "hope"]}, "prior_regimens"),
        ("assessment", {"prior_regimens": "captem"}, "prior_regimens"),
    ],
)
def test_values_that_the_guideline_or_the_database_refuse(
    alice: User, case: Case, kind: str, fields: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        entry.add_part(by=alice, case=case, kind=kind, fields=fields)
    assert wrong in refused.value.message_dict
    assert len(events()) == 1


@pytest.mark.parametrize("name", ["case", "uid", "version", "created_by", "nonsense", "status"])
def test_a_form_cannot_reach_fields_that_are_not_its_own(
    alice: User, report: PathologyReport, name: str
) -> None:
    with pytest.raises(ValueError, match=f"no editable field {name}"):
        entry.save_part(by=alice, part=report, fields={name: "x"}, version=1)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{ 7*7 }}", "שלום 👩‍⚕️ \u202e", "x" * LONGEST_TEXT]
)
def test_any_text_is_stored_as_it_is(alice: User, report: PathologyReport, text: str) -> None:
    entry.save_part(by=alice, part=report, fields={"comment": text}, version=1)
    report.refresh_from_db()
    assert report.comment == text


def test_the_worklists_entity_follows_the_record(alice: User, case: Case) -> None:
    part = entry.add_part(
        by=alice,
        case=case,
        kind="pathology",
        fields={"differentiation": "poor", "ki67": "80"},
    )
    assert Case.objects.get().entity == "nec"
    entry.remove_part(by=alice, part=part, version=1)
    stored = Case.objects.get()
    assert (stored.entity, stored.version) == ("unknown", 1)


def test_comments_are_kept_in_order_and_once(bob: User, case: Case) -> None:
    for text in ("Discuss ablation?", "Discuss ablation?", "Seen today."):
        entry.add_comment(by=bob, case=case, text=text)
    assert [comment.text for comment in case.comments.all()] == ["Discuss ablation?", "Seen today."]
    assert [event["action"] for event in events(1)] == ["commented", "commented"]
    for text in ("", "a\0b"):
        with pytest.raises(ValidationError):
            entry.add_comment(by=bob, case=case, text=text)
    assert Comment.objects.count() == 2


def test_reads_and_exports_leave_events(alice: User, charlie: User, case: Case) -> None:
    log_read(by=alice, case=case, page="case")
    log_export(by=alice, case=case, document="handout")
    assert [(event["action"], event["kind"], event["uid"]) for event in events(1)] == [
        ("read", "case", case.uid),
        ("exported", "handout", case.uid),
    ]
    with pytest.raises(Http404):
        log_export(by=charlie, case=case, document="handout")


@pytest.mark.parametrize("who", ["victor", "charlie"])
def test_who_may_not_enter_changes_nothing(
    request: pytest.FixtureRequest, who: str, board: Board, case: Case, report: PathologyReport
) -> None:
    user: User = request.getfixturevalue(who)
    count = len(events())
    attempts = [
        lambda: entry.create_case(by=user, board=board, patient=ADA, fields=REFERRAL),
        lambda: entry.save_case(by=user, case=case, fields={"question": "x"}, version=1),
        lambda: entry.save_patient(by=user, case=case, fields={"surname": "x"}, version=1),
        lambda: entry.add_part(by=user, case=case, kind="molecular", fields={}),
        lambda: entry.save_part(by=user, part=report, fields={"rb": "lost"}, version=1),
        lambda: entry.remove_part(by=user, part=report, version=1),
        lambda: entry.add_comment(by=user, case=case, text="x"),
    ]
    for attempt in attempts:
        with pytest.raises(PermissionDenied if who == "victor" else Http404):
            attempt()
    assert [event["action"] for event in events(count)] == ["denied"] * len(attempts)
    report.refresh_from_db()
    assert (report.rb, Case.objects.get().question) == ("", "First-line treatment?")


def test_factories_and_actions_agree_on_what_is_valid(alice: User, case: Case) -> None:
    factories.PathologyFactory(case=case).full_clean()
