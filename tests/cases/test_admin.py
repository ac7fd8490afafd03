"""The administration site: look at one's own boards, change memberships, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from cases import models
from cases.admin import ReadOnly
from cases.models import AuditEvent, Board, Case, Membership
from tests import factories
from tests.cases.pages import proven_in

pytestmark = pytest.mark.django_db

CLINICAL = [model for model, site in admin.site._registry.items() if isinstance(site, ReadOnly)]
Row = Callable[[type[Any]], Any]


@pytest.fixture
def head(board: Board) -> User:
    """Administrator of Alice's board who may enter the site."""
    user = factories.UserFactory(username="head", is_staff=True)
    factories.MembershipFactory(user=user, board=board, role="administrator")
    return user


@pytest.fixture
def row(board: Board, head: User) -> Row:
    """One row of each model on Alice's board, by model."""
    meeting = factories.MeetingFactory(board=board)
    case = factories.CaseFactory(board=board)
    decision = factories.SignedDecisionFactory(case=case)
    rows: dict[type[Any], Any] = {
        models.Patient: case.patient,
        models.Board: board,
        models.Meeting: meeting,
        models.Case: case,
        models.CaseGrant: factories.GrantFactory(case=case),
        models.PathologyReport: factories.PathologyFactory(case=case),
        models.ImagingStudy: factories.ImagingFactory(case=case),
        models.MolecularReport: factories.MolecularFactory(case=case),
        models.SerumMarker: factories.MarkerFactory(case=case),
        models.Treatment: factories.TreatmentFactory(case=case),
        models.ClinicalAssessment: factories.AssessmentFactory(case=case),
        models.Comment: models.Comment.objects.create(case=case, text="Seen.", created_by=head),
        models.Decision: decision,
        models.Discussion: decision.discussion,
        models.FollowUpItem: factories.FollowUpFactory(case=case),
        models.RecordVersion: models.RecordVersion.objects.create(
            by=head, case=case, kind="case", uid=case.uid, version=2, before={}, after={}
        ),
        models.AuditEvent: AuditEvent.objects.record(user=head, action="read", case=case),
    }
    return rows.__getitem__


def address(model: type[Any], page: str, *arguments: Any) -> str:
    return reverse(f"admin:cases_{model._meta.model_name}_{page}", args=arguments)


def reads() -> int:
    return AuditEvent.objects.filter(action="read", kind="administration").count()


def test_everything_of_the_record_is_registered_read_only() -> None:
    parts = {
        models.AskedFor,
        models.Attendance,
        models.DecisionCondition,
        models.DecisionDissent,
        models.DecisionOption,
        models.DecisionWithdrawal,
        models.Letter,
        models.MeetingNote,
        models.NextStep,
        models.DiscussionMeasure,
        models.FollowUpEvent,
        models.ImportedRow,
        models.ListImport,
        models.ListReading,
        models.OptionEvent,
        models.StepEvent,
    }
    every = {model for model in vars(models).values() if hasattr(model, "_meta")}
    assert set(CLINICAL) == every - parts - {
        models.ApiToken,
        models.CalendarAddress,
        models.Delivery,
        models.DocumentOrder,
        models.PostedBundle,
        models.Membership,
        models.UsedHookToken,
        models.StoredReadiness,
    }


@pytest.mark.parametrize("model", CLINICAL)
def test_a_member_looks_and_each_look_at_a_case_leaves_an_event(
    client: Client, head: User, row: Row, model: type[Any]
) -> None:
    client.force_login(head)
    listed = client.get(address(model, "changelist"))
    assert listed.status_code == 200
    assert "abricius" not in listed.content.decode().lower()
    assert client.get(address(model, "change", row(model).pk)).status_code == 200
    of_a_case = model not in {models.Board, models.Meeting, models.AuditEvent}
    assert reads() == of_a_case


@pytest.mark.parametrize("model", CLINICAL)
def test_nobody_adds_changes_or_deletes(client: Client, head: User, row: Row, model: type[Any]) -> None:
    head.is_superuser = True
    head.save()
    client.force_login(head)
    before = model.objects.filter(pk=row(model).pk).values().get()
    for page, arguments in (("add", ()), ("change", (row(model).pk,)), ("delete", (row(model).pk,))):
        # The administrator of a board chooses its guideline, and no more.
        expected = 302 if (model, page) == (models.Board, "change") else 403
        assert client.post(address(model, page, *arguments), {"post": "yes"}).status_code == expected, page
    client.post(
        address(model, "changelist"), {"action": "delete_selected", "_selected_action": row(model).pk}
    )
    assert model.objects.filter(pk=row(model).pk).values().get() == before


@pytest.mark.parametrize("model", CLINICAL)
@pytest.mark.parametrize("superuser", [False, True])
def test_an_outsider_finds_nothing(client: Client, row: Row, model: type[Any], superuser: bool) -> None:
    outsider = factories.UserFactory(is_staff=True, is_superuser=superuser)
    client.force_login(outsider)
    listed = client.get(address(model, "changelist"))
    assert listed.context["cl"].result_count == 0
    assert client.get(address(model, "change", row(model).pk)).status_code == 302
    assert reads() == 0


def test_the_trail_is_for_administrators(client: Client, row: Row, board: Board) -> None:
    viewer = factories.UserFactory(is_staff=True)
    factories.MembershipFactory(user=viewer, board=board, role="viewer")
    client.force_login(viewer)
    assert client.get(address(AuditEvent, "changelist")).context["cl"].result_count == 0
    assert client.get(address(Case, "changelist")).context["cl"].result_count == 1


def test_without_staff_status_the_site_is_closed(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get(address(Case, "changelist")).status_code == 302


def test_who_schedules_adds_meetings_and_changes_none(
    client: Client, board: Board, other_board: Board
) -> None:
    planner = factories.UserFactory(is_staff=True)
    factories.MembershipFactory(user=planner, board=board, role="coordinator")
    client.force_login(planner)
    when = {"starts_at_0": "2026-12-01", "starts_at_1": "16:00", "place": "Room 4"}
    assert client.post(address(models.Meeting, "add"), {"board": other_board.pk, **when}).status_code == 200
    assert client.post(address(models.Meeting, "add"), {"board": board.pk, **when}).status_code == 302
    meeting = models.Meeting.objects.get()
    assert (meeting.board, meeting.place, meeting.created_by) == (board, "Room 4", planner)
    assert AuditEvent.objects.filter(action="created", kind="meeting", user=planner).count() == 1
    changed = client.post(address(models.Meeting, "change", meeting.pk), {"board": board.pk, **when})
    assert changed.status_code == 403


# Memberships


def test_an_administrator_edits_memberships_through_the_actions(
    head: User, board: Board, charlie: User
) -> None:
    client = proven_in(head)
    form = {"board": board.pk, "user": charlie.pk, "role": "viewer"}
    assert client.post(address(Membership, "add"), form).status_code == 302
    added = Membership.objects.get(board=board, user=charlie)
    client.post(address(Membership, "change", added.pk), {"role": "clinician", "may_sign": "on"})
    added.refresh_from_db()
    assert (added.role, added.may_sign) == ("clinician", True)
    client.post(address(Membership, "delete", added.pk), {"post": "yes"})
    assert not Membership.objects.filter(pk=added.pk).exists()
    assert AuditEvent.objects.filter(action="membership", user=head, board=board).count() == 3


def test_who_has_not_just_said_who_they_are_changes_no_membership(
    client: Client, head: User, board: Board, charlie: User
) -> None:
    client.force_login(head)
    form = {"board": board.pk, "user": charlie.pk, "role": "viewer"}
    for page in (address(Membership, "add"), reverse("admin:auth_user_add")):
        assert client.post(page, form).headers["Location"].startswith("/accounts/again/")
    assert not Membership.objects.filter(board=board, user=charlie).exists()


def test_wrong_memberships_come_back_with_the_reason(head: User, board: Board) -> None:
    client = proven_in(head)
    own = Membership.objects.get(user=head)
    page = client.post(address(Membership, "change", own.pk), {"role": "viewer"})
    assert "must keep at least one administrator" in page.content.decode()
    assert client.post(address(Membership, "delete", own.pk), {"post": "yes"}).status_code == 403
    form = {"board": board.pk, "user": head.pk, "role": "viewer", "may_sign": "on"}
    assert client.post(address(Membership, "add"), form).status_code == 200
    assert [each.role for each in Membership.objects.all()] == ["administrator"]


def test_memberships_of_other_boards_are_out_of_reach(head: User, charlie: User, other_board: Board) -> None:
    client = proven_in(head)
    foreign = Membership.objects.get(user=charlie)
    assert client.get(address(Membership, "change", foreign.pk)).status_code == 302
    form = {"board": other_board.pk, "user": head.pk, "role": "chair"}
    assert client.post(address(Membership, "add"), form).status_code == 200
    assert not Membership.objects.filter(user=head, board=other_board).exists()


def test_who_administers_no_board_edits_no_membership(client: Client, board: Board, alice: User) -> None:
    root = factories.UserFactory(is_staff=True, is_superuser=True)
    factories.MembershipFactory(user=root, board=board, role="chair")
    client.force_login(root)
    assert client.get(address(Membership, "changelist")).status_code == 403
    assert client.get(address(Membership, "add")).status_code == 403


# The first board


def test_a_board_begins_with_its_administrator(capsys: pytest.CaptureFixture[str]) -> None:
    user = factories.UserFactory(username="head")
    call_command("create_board", "GI-NET board", "gi-net", "--administrator", "head")
    membership = Membership.objects.get()
    assert (membership.user, membership.role, membership.board.slug) == (user, "administrator", "gi-net")
    assert "head as its administrator" in capsys.readouterr().out
    assert AuditEvent.objects.get().kind == "board"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Board", "board", "--administrator", "nobody"), "no active account"),
        (("Board", "not a slug", "--administrator", "head"), "slug"),
    ],
)
def test_a_board_that_cannot_begin(arguments: tuple[str, ...], message: str) -> None:
    factories.UserFactory(username="head")
    with pytest.raises(CommandError, match=message):
        call_command("create_board", *arguments)
    assert not Board.objects.exists()


@pytest.mark.parametrize("model", [models.Case, models.AuditEvent, Membership])
def test_filters_name_no_board_of_others(head: User, row: Row, other_board: Board, model: type[Any]) -> None:
    client = Client()
    client.force_login(head)
    two = factories.BoardFactory(name="Breast board")
    factories.MembershipFactory(user=head, board=two, role="administrator")
    AuditEvent.objects.record(user=head, action="read", board=two)
    factories.CaseFactory(board=two)
    page = client.get(address(model, "changelist")).content.decode()
    assert "Breast board" in page
    assert other_board.name not in page
