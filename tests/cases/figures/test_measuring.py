"""What is kept of a discussion for its board's figures, from its deferral or decision to a withdrawal."""

import pytest
from django.contrib.auth.models import User

from cases.actions.deciding import (
    DecisionContent,
    OptionContent,
    save_draft,
    sign_decision,
    supersede_decision,
    withdraw_decision,
)
from cases.actions.leading import Deferral, defer, start_meeting
from cases.models import Board, DiscussionMeasure
from tests.cases.pages import full_case, sign

pytestmark = pytest.mark.django_db

KEPT = ("present", "total", "concordance", "decision", "trial", "wishes", "without_quorum")


def kept() -> tuple[object, ...]:
    return DiscussionMeasure.objects.values_list(*KEPT).get()


def test_a_decision_is_measured_corrected_and_withdrawn(board: Board, alice: User, dora: User) -> None:
    case = full_case(board, alice)
    first = sign(case, dora)
    present, total, *of_decision = kept()
    assert isinstance(present, int)
    assert isinstance(total, int)
    assert 0 <= present < total
    assert of_decision == ["not_covered", first.pk, "", "", False]

    draft = supersede_decision(by=dora, decision=first, reason="Another option")
    content = DecisionContent(
        intent="palliative", options=(OptionContent("own", title="Review"),), trial_considered="yes"
    )
    draft = save_draft(by=dora, discussion=draft.discussion, content=content, version=draft.version)
    number = case.patient.record_number
    second = sign_decision(
        by=dora, decision=draft, version=draft.version, record_number=number, early_reason="Agreed"
    )
    assert kept() == (present, total, "not_covered", second.pk, "yes", "", False)

    withdraw_decision(by=dora, decision=second, reason="Wrong patient")
    assert kept() == (present, total, "", None, "", "", False)


def test_a_deferral_keeps_how_complete_the_record_was(board: Board, alice: User, dora: User) -> None:
    discussion = full_case(board, alice).discussions.get()
    start_meeting(by=dora, meeting=discussion.meeting)
    defer(by=dora, discussion=discussion, deferral=Deferral("imaging", "SSTR imaging"))
    present, total, *rest = kept()
    assert isinstance(total, int)
    assert (present, total) != (total, None)
    assert rest == ["", None, "", "", False]
