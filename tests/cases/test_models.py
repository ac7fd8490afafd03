"""What the record refuses: every impossible state, tried past all forms, at the database itself."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from cases import models as record
from cases.choices import DecisionStatus
from cases.models import Case, Meeting, Patient
from cases.queries import for_worklist, next_meetings, signed_among
from cases.reading import fold_number
from guidelines.vocabulary.contradictions import CONTRADICTIONS, Contradiction
from guidelines.vocabulary.facts import FACTS
from tests import factories

DAY = datetime.date(2026, 3, 5)
BEFORE = DAY - datetime.timedelta(days=1)
AT = datetime.datetime(2026, 11, 2, 17, tzinfo=datetime.UTC)

pytestmark = pytest.mark.django_db

# constraint → factory, an illegal state, the nearest legal one
ILLEGAL: dict[str, tuple[Any, dict[str, Any], dict[str, Any]]] = {
    "patient_named": (factories.PatientFactory, {"surname": ""}, {"surname": "X"}),
    "patient_sex_coded": (factories.PatientFactory, {"sex": "F"}, {"sex": "female"}),
    "patient_death_date_only_if_deceased": (
        factories.PatientFactory,
        {"deceased_on": DAY, "deceased": None},
        {"deceased_on": DAY, "deceased": True},
    ),
    "patient_death_not_before_birth": (
        factories.PatientFactory,
        {"deceased": True, "birth_date": DAY, "deceased_on": BEFORE},
        {"deceased": True, "birth_date": DAY, "deceased_on": DAY},
    ),
    "membership_role_coded": (factories.MembershipFactory, {"role": "owner"}, {"role": "chair"}),
    "membership_signer_is_clinician": (
        factories.MembershipFactory,
        {"role": "viewer", "may_sign": True},
        {"role": "clinician", "may_sign": True},
    ),
    "grant_has_a_reason": (factories.GrantFactory, {"reason": ""}, {"reason": "X"}),
    "grant_revoked_whole": (factories.GrantFactory, {"revoked_at": AT}, {}),
    "version_changes_something": (None, {}, {}),
    "case_asks_something": (factories.CaseFactory, {"question": ""}, {"question": "?"}),
    "case_status_coded": (factories.CaseFactory, {"status": "done"}, {"status": "ready"}),
    "case_figo_only_cervix": (
        factories.CaseFactory,
        {"figo_stage": "IB1", "primary_site": "pancreas"},
        {"figo_stage": "IB1", "primary_site": "cervix"},
    ),
    "case_figo_distant_not_localized": (
        factories.CaseFactory,
        {"figo_stage": "IVB", "primary_site": "cervix", "extent": "localized"},
        {"figo_stage": "IVB", "primary_site": "cervix", "extent": "metastatic"},
    ),
    "case_subsite_only_pancreas": (
        factories.CaseFactory,
        {"pancreas_subsite": "head", "primary_site": "colon"},
        {"pancreas_subsite": "head", "primary_site": "pancreas"},
    ),
    "case_metastases_only_metastatic": (
        factories.CaseFactory,
        {"extent": "localized", "metastatic_sites": ["liver"]},
        {"extent": "localized", "metastatic_sites": []},
    ),
    "case_treatment_list_coded": (
        factories.CaseFactory,
        {"treatment_list": "all"},
        {"treatment_list": "complete"},
    ),
    "case_brain_count_not_negative": (
        factories.CaseFactory,
        {"brain_metastasis_count": -1},
        {"brain_metastasis_count": 0},
    ),
    "case_stage_coded": (factories.CaseFactory, {"stage": "scheduled"}, {"stage": "ready"}),
    "meeting_state_coded": (factories.MeetingFactory, {"state": "forgotten"}, {"state": "planned"}),
    "meeting_cancelled_with_reason": (
        factories.MeetingFactory,
        {"state": "cancelled"},
        {"state": "cancelled", "cancel_reason": "Holiday"},
    ),
    "meeting_closed_whole": (
        factories.MeetingFactory,
        {"snapshot_digest": "sha256:0"},
        {"snapshot_digest": ""},
    ),
    "attendance_named": (factories.AttendanceFactory, {"name": ""}, {"name": "Bob Baker"}),
    "attendance_mode_coded": (factories.AttendanceFactory, {"mode": "asleep"}, {"mode": "remote"}),
    "attendance_leaves_after_coming": (
        factories.AttendanceFactory,
        {"since": AT, "until": AT - datetime.timedelta(minutes=1)},
        {"since": AT, "until": AT},
    ),
    "discussion_asks_something": (factories.DiscussionFactory, {"question": ""}, {"question": "Which?"}),
    "discussion_coded": (factories.DiscussionFactory, {"track": "fast"}, {"track": "protocol"}),
    "discussion_at_a_meeting_or_urgent": (
        factories.DiscussionFactory,
        {"meeting": None, "place": None},
        {"meeting": None, "place": None, "urgent_reason": "Bleeding"},
    ),
    "discussion_deferred_whole": (
        factories.DiscussionFactory,
        {"outcome": "deferred", "deferral_reason": "imaging"},
        {"outcome": "deferred", "deferral_reason": "imaging", "awaited": "MRI"},
    ),
    "decision_considered_coded": (
        factories.DecisionFactory,
        {"trial_considered": "perhaps"},
        {"trial_considered": "no"},
    ),
    "decision_votes_whole": (
        factories.DecisionFactory,
        {"votes_for": 5},
        {"votes_for": 5, "votes_against": 1, "votes_abstained": 0},
    ),
    "comment_says_something": (None, {}, {}),
    "pathology_lesion_coded": (factories.PathologyFactory, {"lesion": "liver"}, {"lesion": "metastasis"}),
    "pathology_nodes_positive_of_examined": (
        factories.PathologyFactory,
        {"nodes_examined": 3, "nodes_positive": 4},
        {"nodes_examined": 4, "nodes_positive": 4},
    ),
    "pathology_deciding_has_reason": (
        factories.PathologyFactory,
        {"deciding": True},
        {"deciding": True, "deciding_reason": "The biopsy was crushed."},
    ),
    "imaging_course_coded": (factories.ImagingFactory, {"course": "worse"}, {"course": "progression"}),
    "marker_named": (factories.MarkerFactory, {"name": ""}, {"name": "Chromogranin A"}),
    "imaging_modality_coded": (factories.ImagingFactory, {"modality": "pet"}, {"modality": "ct"}),
    "imaging_result_coded": (factories.ImagingFactory, {"result": "bright"}, {"result": "positive"}),
    "imaging_uptake_only_sstr": (
        factories.ImagingFactory,
        {"modality": "ct", "sstr_uptake": "above_liver"},
        {"modality": "sstr", "sstr_uptake": "above_liver"},
    ),
    "imaging_discordance_only_functional": (
        factories.ImagingFactory,
        {"modality": "mri", "sstr_fdg_discordant": False},
        {"modality": "fdg_pet", "sstr_fdg_discordant": False},
    ),
    "imaging_not_done_shows_nothing": (
        factories.ImagingFactory,
        {"modality": "sstr", "result": "not_done", "sstr_pattern": "homogeneous"},
        {"modality": "sstr", "result": "positive", "sstr_pattern": "homogeneous"},
    ),
    "treatment_kind_coded": (factories.TreatmentFactory, {"kind": "prayer"}, {"kind": "surgery"}),
    "treatment_margin_only_surgery": (
        factories.TreatmentFactory,
        {"kind": "systemic", "margin": "negative"},
        {"kind": "surgery", "margin": "negative"},
    ),
    "treatment_dose_only_radiation": (
        factories.TreatmentFactory,
        {"kind": "surgery", "dose_gy": 50},
        {"kind": "radiation", "dose_gy": 50},
    ),
    "treatment_line_only_systemic": (
        factories.TreatmentFactory,
        {"kind": "radiation", "line": 1},
        {"kind": "systemic", "line": 1},
    ),
    "treatment_regimen_only_systemic": (
        factories.TreatmentFactory,
        {"kind": "surgery", "regimen_text": "FOLFIRI"},
        {"kind": "systemic", "regimen_text": "FOLFIRI"},
    ),
    "assessment_ecog_0_to_4": (factories.AssessmentFactory, {"ecog": 5}, {"ecog": 4}),
    "assessment_line_from_1": (factories.AssessmentFactory, {"treatment_line": 0}, {"treatment_line": 1}),
    "decision_signature_complete": (
        factories.SignedDecisionFactory,
        {"signed_at": None},
        {"signed_at": AT},
    ),
    "decision_supersedes_with_reason": (
        factories.DecisionFactory,
        {"supersede_reason": "New scan"},
        {"supersede_reason": ""},
    ),
    "decision_intent_coded": (factories.DecisionFactory, {"intent": "hopeful"}, {"intent": "curative"}),
    "option_titled": (factories.OptionFactory, {"title": ""}, {"title": "Scan"}),
    "option_choice_coded": (
        factories.OptionFactory,
        {"choice": "maybe", "statement_id": "a", "stance": "consider", "agreement": "panel"},
        {"choice": "accepted", "statement_id": "a", "stance": "consider", "agreement": "panel"},
    ),
    "option_reason_coded": (
        factories.OptionFactory,
        {"reason_code": "mood"},
        {"reason_code": "trial"},
    ),
    "option_own_or_from_statement": (
        factories.OptionFactory,
        {"choice": "accepted", "statement_id": "a"},
        {"choice": "accepted", "statement_id": "a", "stance": "consider", "agreement": "panel"},
    ),
    "option_other_reason_in_words": (
        factories.OptionFactory,
        {"reason_code": "other"},
        {"reason_code": "other", "reason_text": "Lives abroad"},
    ),
    "condition_says_something": (None, {}, {}),
    "step_says_something": (None, {}, {}),
    "stepevent_coded": (None, {}, {}),
    "stepevent_takes_back_one": (None, {}, {}),
    "optionevent_coded": (None, {}, {}),
    "optionevent_takes_back_one": (None, {}, {}),
    "followupevent_coded": (None, {}, {}),
    "followupevent_takes_back_one": (None, {}, {}),
    "follow_up_from_to": (
        factories.FollowUpFactory,
        {"due_from": AT.date() + datetime.timedelta(days=1), "due_to": AT.date()},
        {"due_from": AT.date(), "due_to": AT.date()},
    ),
    "dissent_has_a_position": (None, {}, {}),
    "withdrawal_has_a_reason": (None, {}, {}),
    "note_says_something": (None, {}, {}),
    "letter_says_something": (None, {}, {}),
    "letter_kind": (None, {}, {}),
    "audit_action_coded": (None, {}, {}),
    "asked_for_whole": (None, {}, {}),
    "list_reading_named": (None, {}, {}),
    "board_paper_coded": (factories.BoardFactory, {"paper": "a3"}, {"paper": "letter"}),
    "delivery_state": (factories.DeliveryFactory, {"state": "lost"}, {"state": "given_up"}),
    "delivery_delivered_at": (
        factories.DeliveryFactory,
        {"state": "delivered"},
        {"state": "delivered", "delivered_at": AT},
    ),
    "api_token_named": (factories.TokenFactory, {"name": ""}, {"name": "EPR"}),
    "api_token_revoked_by": (factories.TokenFactory, {"revoked_at": AT}, {"revoked_at": None}),
    "order_coded": (None, {}, {}),
    "order_of_a_meeting_or_a_period": (None, {}, {}),
    "order_file_while_ready": (None, {}, {}),
    "posted_bundle_closed": (factories.BundleFactory, {"content": None}, {"content": b"{}"}),
}


def checks() -> set[str]:
    return {
        constraint.name
        for model in vars(record).values()
        if isinstance(model, type) and issubclass(model, models.Model)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    }


def refuses(create: Any, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        create()


def test_every_check_constraint_is_tried_here() -> None:
    assert checks() == set(ILLEGAL)


@pytest.mark.parametrize("constraint", [name for name, (factory, *_) in ILLEGAL.items() if factory])
def test_impossible_state_is_refused(constraint: str) -> None:
    factory, illegal, legal = ILLEGAL[constraint]
    factory(**legal).full_clean()
    # PostgreSQL and SQLite name the column's own check where there is one beside ours.
    refuses(lambda: factory(**illegal), f"{constraint}|{next(iter(illegal))}")


@pytest.mark.parametrize("constraint", [name for name, (factory, *_) in ILLEGAL.items() if factory])
def test_impossible_state_is_explained(constraint: str) -> None:
    """The same state, validated before saving, gives words for the person who typed it."""
    factory, illegal, legal = ILLEGAL[constraint]
    instance = factory(**legal)
    for name in set(legal) - set(illegal):
        setattr(instance, name, instance._meta.get_field(name).get_default())
    for name, value in illegal.items():
        setattr(instance, name, value)
    with pytest.raises(ValidationError):
        instance.full_clean()


def test_an_order_is_of_one_thing_and_has_a_file_only_while_it_is_ready() -> None:
    factories.OrderFactory()
    refuses(lambda: factories.OrderFactory(state="lost"), "order_coded")
    refuses(lambda: factories.OrderFactory(first=None), "order_of_a_meeting")
    refuses(lambda: factories.OrderFactory(kind="table"), "order_of_a_meeting")
    factories.OrderFactory(kind="table", first=None, last=None)
    refuses(lambda: factories.OrderFactory(file=b"PDF"), "order_file_while")


def test_empty_remarks_are_refused(alice: User) -> None:
    case = factories.CaseFactory()
    decision = factories.DecisionFactory(case=case)
    refuses(lambda: record.Comment.objects.create(case=case, text="", created_by=alice), "comment_says")
    refuses(lambda: record.DecisionCondition.objects.create(decision=decision, text=""), "condition_says")
    refuses(lambda: record.NextStep.objects.create(decision=decision, text=""), "step_says")
    refuses(lambda: record.DecisionDissent.objects.create(decision=decision, position=""), "dissent_has")
    withdraw = record.DecisionWithdrawal.objects.create
    refuses(lambda: withdraw(decision=decision, reason="", by=alice), "withdrawal_has")
    asked = {"case": case, "asked_on": AT.date(), "by": alice, "asked_of": "Dr Path"}
    refuses(lambda: record.AskedFor.objects.create(**asked, wanted=""), "asked_for_whole")
    reading = {"board": case.board, "version": 1, "content": {}, "by": alice}
    refuses(lambda: record.ListReading.objects.create(name="", **reading), "list_reading_named")
    meeting, step = decision.discussion.meeting, record.NextStep.objects.create(decision=decision, text="CT")
    refuses(lambda: record.MeetingNote.objects.create(meeting=meeting, text="", by=alice), "note_says")
    write = record.Letter.objects.create
    refuses(lambda: write(decision=decision, kind="patient", text="", by=alice), "letter_says")
    refuses(lambda: write(decision=decision, kind="press", text="Dear", by=alice), "letter_kind")
    option = factories.OptionFactory(decision=decision)
    follow_up = factories.FollowUpFactory(case=case)
    for item, kind in ((step, "stepevent"), (option, "optionevent"), (follow_up, "followupevent")):
        refuses(lambda item=item: item.events.create(change="lost", by=alice), f"{kind}_coded")
        refuses(lambda item=item: item.events.create(change="undone", by=alice), f"{kind}_takes_back_one")
    refuses(lambda: record.AuditEvent.objects.record(user=alice, action="thought"), "audit_action_coded")


@pytest.mark.parametrize("left_out", ["signed_by", "signed_at", "snapshot"])
def test_half_signed_is_refused(left_out: str) -> None:
    refuses(lambda: factories.SignedDecisionFactory(**{left_out: None}), "decision_signature_complete")


def test_draft_with_a_digest_is_refused() -> None:
    refuses(lambda: factories.DecisionFactory(snapshot_digest="sha256:0"), "decision_signature_complete")


def test_superseding_without_a_reason_is_refused() -> None:
    signed = factories.SignedDecisionFactory()
    refuses(
        lambda: factories.DecisionFactory(case=signed.case, discussion=signed.discussion, supersedes=signed),
        "decision_supersedes_with_reason",
    )


def test_one_draft_and_one_signed_decision_for_a_discussion() -> None:
    of = {"discussion": factories.DiscussionFactory()}
    of["case"] = of["discussion"].case
    factories.SignedDecisionFactory(**of)
    # On SQLite the trigger speaks first that guards what is signed against being replaced.
    refuses(lambda: factories.SignedDecisionFactory(**of), "discussion_id|append-only")
    factories.DecisionFactory(**of)
    refuses(lambda: factories.DecisionFactory(**of), "discussion_id")


def test_one_open_discussion_for_a_case_and_one_at_each_place_of_an_agenda() -> None:
    first = factories.DiscussionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.DiscussionFactory(case=first.case)
    other = factories.CaseFactory(board=first.board)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.DiscussionFactory(case=other, meeting=first.meeting)
    factories.DiscussionFactory(case=other, meeting=first.meeting, place=2)


def test_a_version_says_what_stood_before_or_after() -> None:
    factories.VersionFactory()
    refuses(lambda: factories.VersionFactory(before=None, after=None), "version_changes_something")


def test_one_role_a_person_and_board() -> None:
    membership = factories.MembershipFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.MembershipFactory(user=membership.user, board=membership.board, role="viewer")


def test_not_known_is_where_everything_starts() -> None:
    """Every fact of a new part is null or empty, never "no"."""
    for factory in (
        factories.CaseFactory,
        factories.PathologyFactory,
        factories.ImagingFactory,
        factories.MolecularFactory,
        factories.MarkerFactory,
        factories.TreatmentFactory,
        factories.AssessmentFactory,
    ):
        part = factory()
        part.refresh_from_db()
        stated = {
            field.name: getattr(part, field.name)
            for field in part._meta.concrete_fields
            if field.blank and field.name not in {"id", "is_demo", *Case.INDEXED}
        }
        assert {name: value for name, value in stated.items() if value not in (None, "", [])} == {}


@pytest.mark.parametrize(
    ("surname", "given", "shown"),
    [
        ("Weiß", "Eva", "Weiß, Eva"),
        ("Παπαδοπούλου", "Άννα", "Παπαδοπούλου, Άννα"),
        ("van der Berg", "Jan Willem", "van der Berg, Jan Willem"),
        ("García Márquez", "José", "García Márquez, José"),
        ("McNeill", "", "McNeill"),
    ],
)
def test_a_name_stays_as_entered(surname: str, given: str, shown: str) -> None:
    patient = factories.PatientFactory(surname=surname, given_names=given)
    patient.full_clean()
    assert Patient.objects.get().full_name == shown


def test_a_record_number_stands_once_on_a_board() -> None:
    first = factories.PatientFactory(record_number="R-1")
    factories.PatientFactory(record_number="R-1")  # on another board
    second = factories.PatientFactory.build(
        board=first.board, record_number="r 1", created_by=first.created_by, updated_by=first.created_by
    )
    with pytest.raises(ValidationError, match="another patient of this board has it"):
        second.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


def test_a_folded_number_follows_the_number() -> None:
    patient = factories.PatientFactory(record_number="R-1")
    patient.record_number = "S ﷺ"
    patient.save(update_fields=["record_number"])
    patient.refresh_from_db()
    assert patient.record_number_folded == fold_number("S ﷺ")


def test_what_is_searched_follows_name_and_number() -> None:
    patient = factories.PatientFactory(surname="O’Neill", given_names="Zoë", record_number="MRN/7-7")
    patient.surname = "Gárcia Groß"
    patient.save(update_fields=["surname"])
    patient.refresh_from_db()
    assert patient.searched == "garcia gross zoe mrn77"


def test_age_counts_completed_years_and_stops_at_death() -> None:
    patient = Patient(birth_date=datetime.date(1961, 8, 14))
    assert patient.age_on(datetime.date(2026, 8, 13)) == 64
    assert patient.age_on(datetime.date(2026, 8, 14)) == 65
    patient.deceased_on = datetime.date(2020, 1, 1)
    assert patient.age_on(datetime.date(2026, 8, 14)) == 58


def test_texts_for_logs_carry_no_identity() -> None:
    case = factories.CaseFactory()
    parts = [
        case,
        factories.PathologyFactory(case=case),
        factories.ImagingFactory(case=case),
        factories.MolecularFactory(case=case),
        factories.TreatmentFactory(case=case),
        factories.AssessmentFactory(case=case),
        factories.DecisionFactory(case=case),
    ]
    for part in parts:
        assert str(part.uid) in str(part)
        assert "abricius" not in str(part).lower()


def test_worklist_shows_own_boards_cases_with_their_next_meeting(alice: User, board: record.Board) -> None:
    soon: Meeting = factories.MeetingFactory(board=board, starts_at=AT + datetime.timedelta(days=30))
    past: Meeting = factories.MeetingFactory(board=board, starts_at=AT - datetime.timedelta(days=30))
    waiting = factories.DiscussionFactory(case__board=board, meeting=soon).case
    decided = factories.SignedDecisionFactory(case__board=board, discussion__meeting=past).case
    factories.CaseFactory()
    listed = list(for_worklist(alice))
    assert {case.pk for case in listed} == {waiting.pk, decided.pk}
    assert next_meetings(listed, now=AT) == {waiting.pk: (soon.starts_at, waiting.discussions.get().place)}
    assert signed_among(listed) == {decided.pk}


def test_nobody_sees_a_case_without_a_membership_or_an_active_account(alice: User, charlie: User) -> None:
    factories.CaseFactory(board=record.Board.objects.get(slug="gi-net"))
    assert Case.objects.visible_to(alice).count() == 1
    assert Case.objects.visible_to(charlie).count() == 0
    alice.is_active = False
    assert Case.objects.visible_to(alice).count() == 0


def test_decision_knows_its_own_state() -> None:
    draft, signed = factories.DecisionFactory(), factories.SignedDecisionFactory()
    assert [(each.is_draft, each.is_signed) for each in (draft, signed)] == [(True, False), (False, True)]
    assert signed.stored_status() == DecisionStatus.SIGNED


def stored(name: str, code: str) -> Any:
    """A value of a fact as the column holds it."""
    return [code] if FACTS[name].type == "list" else code


@pytest.mark.parametrize("rule", CONTRADICTIONS, ids=lambda rule: f"{rule.fact} beside {rule.other}")
def test_the_database_refuses_what_the_vocabulary_says_contradicts(rule: Contradiction) -> None:
    """Each rule has its constraint, and no constraint on these columns refuses what the rules allow."""
    codes = [choice.value for choice in FACTS[rule.fact].choices]
    wrong = (rule.values or (codes[0],))[0]
    allowed = [choice.value for choice in FACTS[rule.other].choices if choice.value not in rule.excluded]
    site = {"primary_site": "cervix"} if "figo_stage" in (rule.fact, rule.other) else {}
    for excluded in rule.excluded:
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.CaseFactory(**{**site, rule.fact: stored(rule.fact, wrong), rule.other: excluded})
    for value in allowed:
        factories.CaseFactory(**{**site, rule.fact: stored(rule.fact, wrong), rule.other: value})


def test_a_column_that_is_a_fact_is_called_what_the_vocabulary_calls_it() -> None:
    called = {
        (model.__name__, field.name): (str(field.verbose_name), FACTS[field.name].label)
        for model in (
            Case,
            record.PathologyReport,
            record.ImagingStudy,
            record.MolecularReport,
            record.Treatment,
            record.ClinicalAssessment,
        )
        for field in model._meta.concrete_fields
        if field.name in FACTS
    }
    assert len(called) > 60
    assert {key: pair for key, pair in called.items() if pair[0] != pair[1]} == {}
