"""The decision: drafted from what stands on the case, signed once, superseded with a reason, never edited."""

import datetime
import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from cases.actions import deciding
from cases.actions.deciding import (
    Attendee,
    ConditionContent,
    DecisionContent,
    OptionContent,
    StaleEdit,
    StepContent,
)
from cases.actions.following import complete
from cases.models import AuditEvent, Board, Case, Decision, NextStep, StepEvent
from cases.snapshot.digest import digest, is_intact
from guidelines.answer.options import verdicts_of
from guidelines.answer.parts import Assessment, Option
from tests import factories

pytestmark = pytest.mark.django_db

MARCH = datetime.date(2026, 3, 5)


@pytest.fixture
def case(alice: User, board: Board) -> Case:
    """Metastatic poorly differentiated carcinoma of the colon, before first-line treatment."""
    case: Case = factories.CaseFactory(
        created_by=alice,
        board=board,
        primary_site="colon",
        extent="metastatic",
        metastatic_sites=["liver"],
    )
    factories.PathologyFactory(
        case=case,
        reported_on=MARCH,
        lab_number="H26-1",
        differentiation="poor",
        cell_type="large_cell",
        ki67="80",
    )
    factories.AssessmentFactory(case=case, assessed_on=MARCH, treatment_line=1, prior_regimens=[])
    factories.DiscussionFactory(case=case, meeting__place="Room 4")
    return case


def options(case: Case) -> tuple[Option, ...]:
    return verdicts_of(deciding.look_at(case).assessment)


def standing(case: Case, stance: str, status: str = "applies") -> Option:
    return next(each for each in options(case) if (each.stance, each.status) == (stance, status))


def content(case: Case) -> DecisionContent:
    return DecisionContent(
        intent="palliative",
        rationale="Fit and willing.",
        options=(
            OptionContent(choice="accepted", statement_id=standing(case, "recommended").id),
            OptionContent(choice="own", title="Fast palliative care referral"),
        ),
        conditions=(ConditionContent("Creatinine clearance above 50"),),
        next_steps=(StepContent("Port", "Surgery", None, datetime.date(2026, 12, 1)),),
        attendees=(Attendee("Dora Diaz", "Chair"), Attendee("Bob Baker")),
    )


@pytest.fixture
def draft(bob: User, case: Case) -> Decision:
    return deciding.save_draft(by=bob, discussion=case.discussions.get(), content=content(case))


@pytest.fixture
def signed(dora: User, case: Case, draft: Decision) -> Decision:
    return sign(dora, draft)


def sign(by: User, decision: Decision, **changes: Any) -> Decision:
    arguments = {"version": decision.version, "record_number": decision.case.patient.record_number}
    return deciding.sign_decision(by=by, decision=decision, **{**arguments, **changes})


def events(*actions: str) -> list[tuple[str, str]]:
    found = AuditEvent.objects.filter(action__in=actions).values_list("user__username", "action")
    return list(found)


# Drafts


def test_a_draft_holds_what_was_entered_with_the_guidelines_strength(
    bob: User, case: Case, draft: Decision
) -> None:
    statement = standing(case, "recommended")
    assert deciding.content_of(draft) == content(case)
    assert (draft.status, draft.drafted_by, draft.discussion, draft.version) == (
        "draft",
        bob,
        case.discussions.get(),
        1,
    )
    accepted, own = draft.options.all()
    assert (accepted.title, accepted.intervention, accepted.stance, accepted.agreement) == (
        statement.intervention_label,
        statement.intervention,
        "recommended",
        statement.agreement,
    )
    assert (own.statement_id, own.stance, own.agreement) == ("", "", "")
    assert events("drafted") == [("bob", "drafted")]


def test_the_same_draft_again_changes_nothing(bob: User, case: Case, draft: Decision) -> None:
    shown_again = DecisionContent(
        **{
            **vars(content(case)),
            "options": (
                # A form may send back the title that it showed; the guideline's counts.
                OptionContent("accepted", standing(case, "recommended").id, title="As shown"),
                content(case).options[1],
            ),
        }
    )
    assert (
        deciding.save_draft(by=bob, discussion=case.discussions.get(), content=shown_again, version=None)
        == draft
    )
    assert (Decision.objects.get().version, events("drafted")) == (1, [("bob", "drafted")])


def test_a_changed_draft_replaces_its_parts(bob: User, dora: User, case: Case, draft: Decision) -> None:
    changed = DecisionContent(intent="curative", options=(OptionContent("own", title="Watch"),))
    saved = deciding.save_draft(by=dora, discussion=case.discussions.get(), content=changed, version=1)
    assert (saved.pk, saved.version, saved.drafted_by, saved.updated_by) == (draft.pk, 2, bob, dora)
    assert deciding.content_of(Decision.objects.get()) == changed


def test_the_second_of_two_drafters_is_told(bob: User, dora: User, case: Case, draft: Decision) -> None:
    deciding.save_draft(
        by=dora, discussion=case.discussions.get(), content=DecisionContent(rationale="Dora"), version=1
    )
    for version in (1, None):
        with pytest.raises(StaleEdit) as stale:
            deciding.save_draft(
                by=bob,
                discussion=case.discussions.get(),
                content=DecisionContent(rationale="Bob"),
                version=version,
            )
        assert stale.value.submitted["rationale"] == "Bob"
    assert Decision.objects.get().rationale == "Dora"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            DecisionContent(options=(OptionContent("accepted", "no-such-id"),)),
            "does not stand",
        ),
        (DecisionContent(options=(OptionContent("own"),)), "blank|title"),
        (
            DecisionContent(options=(OptionContent("own", title="X", intervention="hex"),)),
            "no intervention",
        ),
        (DecisionContent(options=(OptionContent("own", title="X", reason_code="mood"),)), "mood"),
        (DecisionContent(options=(OptionContent("own", title="X", reason_code="other"),)), "in words"),
        (DecisionContent(intent="hopeful"), "hopeful"),
        (DecisionContent(conditions=(ConditionContent(""),)), "blank"),
        (DecisionContent(next_steps=(StepContent(""),)), "blank"),
        (DecisionContent(rationale="a\0b"), "cannot be stored"),
        (DecisionContent(attendees=(Attendee("a\0b"),)), "cannot be stored"),
    ],
)
def test_a_wrong_draft_is_refused_whole(bob: User, case: Case, wrong: DecisionContent, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        deciding.save_draft(by=bob, discussion=case.discussions.get(), content=wrong)
    assert (Decision.objects.count(), events("drafted")) == (0, [])


def test_discarding_a_draft(bob: User, case: Case, draft: Decision) -> None:
    stale = Decision.objects.get()
    deciding.save_draft(
        by=bob, discussion=case.discussions.get(), content=DecisionContent(rationale="New"), version=1
    )
    with pytest.raises(StaleEdit):
        deciding.discard_draft(by=bob, decision=stale, version=1)
    deciding.discard_draft(by=bob, decision=stale, version=2)
    deciding.discard_draft(by=bob, decision=stale, version=2)
    assert (Decision.objects.count(), events("discarded")) == (0, [("bob", "discarded")])


# Signing


def test_signing_freezes_everything_the_board_saw(case: Case, dora: User, signed: Decision) -> None:
    stored = Decision.objects.get()
    frozen = stored.snapshot
    assert (stored.status, stored.signed_by, stored.case.status) == ("signed", dora, "decided")
    assert events("signed") == [("dora", "signed")]
    assert set(frozen) == {
        "format",
        "patient",
        "case",
        "meeting",
        "facts",
        "cautions",
        "record",
        "entries",
        "guideline",
        "assessment",
        "words",
        "decision",
        "attendees",
        "drafted",
        "signed",
        "concordance",
        "attendance",
        "discussion",
        "deliberation",
        "outcome",
    }
    assert frozen["patient"] == {
        "record_number": case.patient.record_number,
        "name": "Fabricius, Ada",
        "surname": "Fabricius",
        "given_names": "Ada",
        "birth_date": "1961-08-14",
        "sex": "",
        "deceased": None,
        "deceased_on": None,
    }
    ki67 = next(fact for fact in frozen["facts"] if fact["fact"] == "ki67")
    assert ki67 == {
        "fact": "ki67",
        "label": "Ki-67",
        "value": 80,
        "shown": "80 %",
        "source": "Pathology H26-1",
        "date": "2026-03-05",
        "author": "Alice Albers",
        "source_uid": str(case.pathology_reports.get().uid),
    }
    assert Assessment.from_json(frozen["assessment"]) == deciding.look_at(case).assessment
    assert frozen["guideline"] == {
        "edition": deciding.look_at(case).guideline.edition,
        **frozen["assessment"]["guideline"],
    }
    assert frozen["record"]["pathology"][0]["lab_number"] == "H26-1"
    assert frozen["decision"]["options"][0]["stance"] == "recommended"
    assert frozen["decision"]["next_steps"] == [
        {"text": "Port", "owner_name": "Surgery", "due_on": "2026-12-01"}
    ]
    assert frozen["attendees"] == [
        {"name": "Dora Diaz", "role": "Chair"},
        {"name": "Bob Baker", "role": ""},
    ]
    assert frozen["drafted"]["by"] == "Bob Baker"
    assert frozen["signed"] == {"by": "Dora Diaz", "at": stored.signed_at.isoformat()}  # type: ignore[union-attr]


def test_the_digest_is_of_the_canonical_snapshot_as_stored(signed: Decision) -> None:
    stored = Decision.objects.get()
    assert is_intact(stored)
    reordered = json.loads(json.dumps(stored.snapshot, sort_keys=True))
    assert digest(reordered) == stored.snapshot_digest
    stored.snapshot["decision"]["rationale"] = "changed"
    assert not is_intact(stored)


def test_what_happens_later_does_not_reach_the_snapshot(case: Case, signed: Decision) -> None:
    report = case.pathology_reports.get()
    report.differentiation = "well"
    report.save()
    case.patient.surname = "Other"
    case.patient.save()
    stored = Decision.objects.get()
    assert is_intact(stored)
    assert stored.snapshot["patient"]["surname"] == "Fabricius"
    assert stored.snapshot["assessment"]["classification"]["entity"] == "nec"


def test_signing_twice_changes_nothing(dora: User, draft: Decision) -> None:
    first = sign(dora, draft)
    again = sign(dora, Decision.objects.get(), version=1)
    assert (again, again.snapshot_digest, again.version) == (first, first.snapshot_digest, first.version)
    assert events("signed") == [("dora", "signed")]


def test_a_second_signer_is_told(board: Board, signed: Decision) -> None:
    other = factories.MembershipFactory(board=board, role="chair").user
    with pytest.raises(ValidationError, match="already been signed"):
        sign(other, signed)


def test_an_authorized_clinician_signs(board: Board, draft: Decision) -> None:
    signer = factories.MembershipFactory(board=board, role="clinician", may_sign=True).user
    assert sign(signer, draft).signed_by == signer


def test_the_signer_repeats_whose_decision_it_is(dora: User, draft: Decision) -> None:
    with pytest.raises(ValidationError, match="not the record number of this patient"):
        sign(dora, draft, record_number="104333")
    assert Decision.objects.get().is_draft
    number = draft.case.patient.record_number.lower()
    assert sign(dora, draft, record_number=f" {number[:3]} {number[3:]} ").is_signed


def test_a_draft_that_changed_since_it_was_read_is_not_signed(
    bob: User, dora: User, case: Case, draft: Decision
) -> None:
    deciding.save_draft(
        by=bob, discussion=case.discussions.get(), content=DecisionContent(rationale="New"), version=1
    )
    with pytest.raises(StaleEdit):
        sign(dora, draft, version=1)
    deciding.discard_draft(by=bob, decision=draft, version=2)
    with pytest.raises(StaleEdit):
        sign(dora, draft)


def refusals(by: User, case: Case, wanted: DecisionContent) -> list[str]:
    draft = Decision.objects.filter(status="draft", case=case).first()
    version = draft.version if draft else None
    draft = deciding.save_draft(by=by, discussion=case.discussions.get(), content=wanted, version=version)
    with pytest.raises(ValidationError) as refused:
        sign(by, draft)
    assert Decision.objects.get().is_draft
    return refused.value.messages


def test_an_empty_decision_says_all_it_lacks(dora: User, case: Case) -> None:
    assert refusals(dora, case, DecisionContent(next_steps=(StepContent("Scan"),))) == [
        "State the intent of treatment.",
        "Accept an option, add one of your own, or say in the rationale why there is none.",
    ]


@pytest.mark.parametrize(("choice", "stance"), [("accepted", "not_recommended"), ("rejected", "recommended")])
def test_a_deviation_needs_its_coded_reason(dora: User, case: Case, choice: str, stance: str) -> None:
    statement = standing(case, stance)
    option = OptionContent(choice, statement.id)
    wanted = DecisionContent(intent="palliative", rationale="See below", options=(option,))
    assert refusals(dora, case, wanted) == [
        f"“{statement.intervention_label}”: give the reason for deviating from the guideline."
    ]
    with_reason = OptionContent(choice, statement.id, reason_code="patient_wish")
    wanted = DecisionContent(intent="palliative", rationale="See below", options=(with_reason,))
    draft = deciding.save_draft(by=dora, discussion=case.discussions.get(), content=wanted, version=1)
    assert sign(dora, draft).options.get().reason_code == "patient_wish"


def test_an_own_option_against_the_guideline_is_a_deviation_too(dora: User, case: Case) -> None:
    advised_against = standing(case, "not_recommended")
    own = OptionContent("own", title="Do it all the same", intervention=advised_against.intervention)
    wanted = DecisionContent(intent="palliative", options=(own,))
    assert refusals(dora, case, wanted) == [
        "“Do it all the same”: give the reason for deviating from the guideline."
    ]


@pytest.mark.parametrize(("choice", "stance"), [("rejected", "not_recommended"), ("rejected", "acceptable")])
def test_going_along_with_the_guideline_needs_no_reason(
    dora: User, case: Case, choice: str, stance: str
) -> None:
    wanted = DecisionContent(
        intent="palliative",
        rationale="As discussed",
        options=(OptionContent(choice, standing(case, stance).id),),
    )
    assert sign(
        dora, deciding.save_draft(by=dora, discussion=case.discussions.get(), content=wanted)
    ).is_signed


def test_a_statement_that_no_longer_stands_is_looked_at_again(dora: User, case: Case) -> None:
    chemotherapy = next(
        each for each in options(case) if each.topic == "systemic_therapy" and each.status == "applies"
    )
    option = OptionContent("accepted", chemotherapy.id, reason_code="trial")
    wanted = DecisionContent(intent="palliative", options=(option,))
    draft = deciding.save_draft(by=dora, discussion=case.discussions.get(), content=wanted)
    report = case.pathology_reports.get()
    report.differentiation, report.cell_type = "well", ""
    report.ki67 = "1"
    report.save()
    with pytest.raises(ValidationError, match="no longer stands on the case"):
        sign(dora, draft)


def test_a_statement_whose_strength_has_changed_is_looked_at_again(dora: User, draft: Decision) -> None:
    """As after an update of the guideline between drafting and signing."""
    draft.options.exclude(statement_id="").update(stance="consider")
    with pytest.raises(ValidationError, match="strength of the verdict has changed"):
        sign(dora, draft)


# After signing


def test_a_signed_case_takes_no_second_draft_but_can_be_superseded(
    bob: User, dora: User, case: Case, signed: Decision
) -> None:
    with pytest.raises(ValidationError, match="supersede it"):
        deciding.save_draft(
            by=bob, discussion=case.discussions.get(), content=DecisionContent(rationale="New")
        )
    with pytest.raises(ValidationError, match="Say why"):
        deciding.supersede_decision(by=bob, decision=signed, reason="  ")
    draft = deciding.supersede_decision(by=bob, decision=signed, reason="New scan")
    assert deciding.supersede_decision(by=bob, decision=signed, reason="New scan") == draft
    assert (draft.supersedes, draft.supersede_reason) == (signed, "New scan")
    assert deciding.content_of(draft) == deciding.content_of(signed)
    assert Decision.objects.get(pk=signed.pk).status == "signed"

    changed = DecisionContent(intent="palliative", rationale="Progression on the scan")
    draft = deciding.save_draft(by=bob, discussion=case.discussions.get(), content=changed, version=1)
    second = sign(dora, draft)
    first = Decision.objects.get(pk=signed.pk)
    assert (first.status, second.status, first.superseded_by) == ("superseded", "signed", second)
    assert is_intact(first)
    assert second.snapshot["decision"]["supersedes"] == str(first.uid)
    assert second.snapshot["decision"]["supersede_reason"] == "New scan"
    assert events("superseded", "signed") == [("dora", "signed"), ("bob", "superseded"), ("dora", "signed")]
    with pytest.raises(ValidationError, match="Only the signed decision of this discussion"):
        deciding.supersede_decision(by=bob, decision=first, reason="Again")


def test_superseding_leaves_out_statements_that_no_longer_stand(
    bob: User, case: Case, signed: Decision
) -> None:
    case.pathology_reports.all().delete()
    case.extent = ""
    case.metastatic_sites = None
    case.save()
    standing_now = {each.id for each in options(case)}
    kept = [
        option
        for option in deciding.content_of(signed).options
        if option.choice == "own" or option.statement_id in standing_now
    ]
    draft = deciding.supersede_decision(by=bob, decision=signed, reason="Pathology withdrawn")
    assert list(deciding.content_of(draft).options) == kept


def test_a_next_step_is_done_and_undone_after_signing(alice: User, signed: Decision) -> None:
    step = signed.next_steps.get()
    done = datetime.date(2026, 12, 1)
    for _ in range(2):
        complete(by=alice, item=step, done_on=done)
    assert NextStep.objects.get().done_on == done
    complete(by=alice, item=step, done_on=None)
    assert (NextStep.objects.get().done_on, NextStep.objects.get().state) == (None, "open")
    assert events("step") == [("alice", "step")] * 2
    assert list(StepEvent.objects.values_list("change", "on")) == [("done", done), ("reopened", None)]


@pytest.mark.parametrize(
    ("who", "error"),
    [("victor", PermissionDenied), ("charlie", Http404)],
)
def test_who_may_not_decide(
    request: pytest.FixtureRequest, who: str, error: type[Exception], case: Case, draft: Decision
) -> None:
    user: User = request.getfixturevalue(who)
    attempts = [
        lambda: deciding.save_draft(
            by=user, discussion=case.discussions.get(), content=DecisionContent(), version=1
        ),
        lambda: deciding.discard_draft(by=user, decision=draft, version=1),
        lambda: deciding.supersede_decision(by=user, decision=draft, reason="x"),
        lambda: sign(user, draft),
    ]
    for attempt in attempts:
        with pytest.raises(error):
            attempt()
    assert events("denied") == [(who, "denied")] * 4
    assert Decision.objects.get().is_draft


def test_a_clinician_and_a_coordinator_draft_but_do_not_sign(
    alice: User, bob: User, case: Case, draft: Decision
) -> None:
    typed = deciding.save_draft(
        by=alice, discussion=draft.discussion, content=DecisionContent(rationale="Typed"), version=1
    )
    for user in (alice, bob):
        with pytest.raises(PermissionDenied):
            sign(user, typed)


def test_a_closed_case_is_reopened_before_it_is_decided(case: Case, dora: User) -> None:
    Case.objects.filter(pk=case.pk).update(stage="closed")
    with pytest.raises(ValidationError, match="reopen it first"):
        deciding.save_draft(by=dora, discussion=case.discussions.get(), content=content(case))
    assert not Decision.objects.exists()
