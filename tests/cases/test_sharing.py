"""Sharing a case with another board: an act with a reason, audited, revocable, and nothing more."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions.agenda import carry_over, list_case
from cases.actions.meetings import cancel_meeting, create_meeting
from cases.actions.sharing import grant_case, revoke_grant
from cases.models import AuditEvent, Board, Case, CaseGrant, ImmutableError, Meeting
from tests import factories
from tests.cases.pages import form_of, full_case, logged_in, sign
from tests.conftest import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(board: Board) -> Case:
    case: Case = factories.CaseFactory(board=board)
    return case


@pytest.fixture
def grant(alice: User, case: Case, third_board: Board) -> CaseGrant:
    return grant_case(by=alice, case=case, board=third_board, reason="Liver surgery?")


def events(*actions: str) -> list[tuple[str, str, Any]]:
    found = AuditEvent.objects.filter(action__in=actions)
    return list(found.values_list("user__username", "action", "detail"))


def test_granted_and_revoked_each_once(alice: User, bob: User, case: Case, third_board: Board) -> None:
    first = grant_case(by=alice, case=case, board=third_board, reason=" Liver surgery? ")
    assert grant_case(by=bob, case=case, board=third_board, reason="Again") == first
    assert (first.reason, first.granted_by, first.revoked_at) == ("Liver surgery?", alice, None)
    ended = revoke_grant(by=bob, grant=first, reason="Answered")
    assert revoke_grant(by=alice, grant=first, reason="Again") == ended
    assert (ended.revoked_by, ended.revoke_reason, ended.reason) == (bob, "Answered", "Liver surgery?")
    assert events("granted", "revoked") == [
        ("alice", "granted", {"to_board": "liver"}),
        ("bob", "revoked", {"to_board": "liver"}),
    ]
    assert grant_case(by=alice, case=case, board=third_board, reason="Once more") != first
    assert CaseGrant.objects.count() == 2


def test_only_who_enters_at_home_shares(
    case: Case, grant: CaseGrant, victor: User, charlie: User, dana: User, other_board: Board
) -> None:
    for person, error in ((victor, PermissionDenied), (dana, PermissionDenied), (charlie, Http404)):
        with pytest.raises(error):
            grant_case(by=person, case=case, board=other_board, reason="Let me")
        with pytest.raises(error):
            revoke_grant(by=person, grant=grant, reason="Let me")
    assert CaseGrant.objects.current().get() == grant


def test_what_is_no_grant(alice: User, case: Case, third_board: Board, grant: CaseGrant) -> None:
    with pytest.raises(ValidationError, match="this board's own"):
        grant_case(by=alice, case=case, board=case.board, reason="Ours")
    other = factories.BoardFactory()
    for reason in ("", "  ", "a\0b", "x" * 301):
        with pytest.raises(ValidationError):
            grant_case(by=alice, case=case, board=other, reason=reason)
        with pytest.raises(ValidationError):
            revoke_grant(by=alice, grant=grant, reason=reason)
    assert CaseGrant.objects.current().get() == grant


def test_a_grant_stays_as_it_was_given(alice: User, grant: CaseGrant) -> None:
    for refuse in (grant.delete, CaseGrant.objects.all().delete):
        with pytest.raises(ImmutableError):
            refuse()
    grant.reason = "Another"
    with pytest.raises(ImmutableError):
        grant.save()
    ended = revoke_grant(by=alice, grant=grant, reason="Answered")
    ended.revoke_reason = "Another"
    with pytest.raises(ImmutableError):
        ended.save()


def test_one_current_grant_for_a_case_and_board(grant: CaseGrant) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.GrantFactory(case=grant.case, board=grant.board)


# --- The page ---------------------------------------------------------------------------------------


@pytest.fixture
def client_(alice: User) -> Client:
    return logged_in(alice)


def url(case: Case, name: str = "shared", **kwargs: Any) -> str:
    return reverse(f"cases:{name}", kwargs={"uid": case.uid, **kwargs})


def test_shared_and_ended_on_the_page(
    client_: Client, case: Case, dana: User, third_board: Board, other_board: Board
) -> None:
    page = url(case)
    assert logged_in(dana).get(url(case, "case")).status_code == 404
    data = form_of(client_, page, page, board="liver", reason="Resectable?")
    html = client_.post(page, data, follow=True).content.decode()
    assert "Shared with Liver board: its members can read this case." in html
    assert "Resectable?" in html
    assert 'value="liver"' not in html
    assert 'value="lung"' in html
    assert logged_in(dana).get(url(case, "case")).status_code == 200
    grant = CaseGrant.objects.get()
    stop = url(case, "revoke", grant=grant.uid)
    refused = client_.post(stop, {"revoke_reason": " "})
    assert refused.status_code == 422
    assert 'href="#id_revoke_reason"' in refused.content.decode()
    html = client_.post(stop, {"revoke_reason": "Answered"}, follow=True).content.decode()
    assert "No longer shared with Liver board." in html
    assert "Answered" in html
    assert logged_in(dana).get(url(case, "case")).status_code == 404


@pytest.mark.parametrize("wrong", [{"board": "gi-net"}, {"board": ""}, {"board": "none"}, {"reason": ""}])
def test_the_page_refuses(client_: Client, case: Case, third_board: Board, wrong: dict[str, str]) -> None:
    given = {"board": "liver", "reason": "Why", **wrong}
    response = client_.post(url(case), given)
    assert response.status_code == 422
    assert not CaseGrant.objects.exists()
    (field,) = wrong
    assert f'href="#id_{field}"' in response.content.decode()


def test_the_grant_of_another_case_is_not_found(client_: Client, case: Case, board: Board) -> None:
    other = factories.GrantFactory(case__board=board)
    assert client_.post(url(case, "revoke", grant=other.uid), {"revoke_reason": "x"}).status_code == 404
    assert CaseGrant.objects.current().get() == other


# --- Meetings of the two boards -----------------------------------------------------------------------------


@pytest.fixture
def theirs(case: Case, grant: CaseGrant, lena: User) -> Meeting:
    """A meeting of the other board with the case on it, and one of their own after it."""
    meeting = create_meeting(by=lena, board=grant.board, starts_at=timezone.now() + timedelta(days=3))
    own = factories.CaseFactory(board=grant.board, created_by=lena, stage="ready")
    for one in (case, own):
        list_case(by=lena, case=one, meeting=meeting)
    return meeting


@pytest.fixture
def lena(third_board: Board) -> User:
    """Chair of the board that a case is shared with."""
    return member(third_board, "lena", "chair", "Lena", "Lind")


def places(meeting: Meeting) -> list[tuple[str, int]]:
    found = meeting.discussions.order_by("place").values_list("case__board__slug", "place")
    return [(slug, place or 0) for slug, place in found]


def test_what_is_shared_no_longer_leaves_meetings_to_come(
    alice: User, lena: User, case: Case, grant: CaseGrant, theirs: Meeting
) -> None:
    ours = create_meeting(by=lena, board=grant.board, starts_at=timezone.now() + timedelta(days=9))
    assert places(theirs) == [(case.board.slug, 1), ("liver", 2)]
    revoke_grant(by=alice, grant=grant, reason="Answered")
    revoke_grant(by=alice, grant=grant, reason="Answered")
    assert places(theirs) == [("liver", 1)]
    assert ("alice", "scheduled", {"meeting": None}) in events("scheduled")
    carry_over(by=lena, meeting=theirs, to=ours)
    assert (places(theirs), places(ours)) == ([], [("liver", 1)])
    cancel_meeting(by=lena, meeting=theirs, reason="Nobody is there")


def test_what_they_have_begun_to_decide_stays_theirs_and_goes_nowhere(
    alice: User, lena: User, case: Case, grant: CaseGrant, theirs: Meeting
) -> None:
    drafted = theirs.discussions.get(case=case)
    factories.DecisionFactory(case=case, discussion=drafted, created_by=lena)
    revoke_grant(by=alice, grant=grant, reason="Answered")
    assert places(theirs) == [(case.board.slug, 1), ("liver", 2)]
    ours = create_meeting(by=lena, board=grant.board, starts_at=timezone.now() + timedelta(days=9))
    carry_over(by=lena, meeting=theirs, to=ours)
    assert places(ours) == [("liver", 1)]


def test_listing_what_is_not_shared_is_denied_and_written_down(
    lena: User, case: Case, third_board: Board
) -> None:
    meeting = create_meeting(by=lena, board=third_board, starts_at=timezone.now() + timedelta(days=3))
    with pytest.raises(Http404):
        list_case(by=lena, case=case, meeting=meeting)
    assert events("denied") == [("lena", "denied", {"right": "read", "member": False})]


def test_who_reads_by_a_grant_sees_no_agenda_of_the_other_board(
    alice: User, dora: User, dana: User, board: Board, third_board: Board
) -> None:
    case = full_case(board, alice)
    meeting = case.discussions.get().meeting
    list_case(by=alice, case=factories.CaseFactory(board=board, stage="ready"), meeting=meeting)
    decision = sign(case, dora)
    grant_case(by=alice, case=case, board=third_board, reason="Liver surgery?")
    page = url(case, "signed", decision=decision.uid)
    own, guest = (logged_in(one).get(page).content.decode() for one in (alice, dana))
    assert ("Next case, place 2" in own, str(meeting.uid) in own) == (True, True)
    assert not [words for words in ("Next case", "on the agenda", str(meeting.uid)) if words in guest]


def test_the_next_case_is_one_that_is_still_shared(
    alice: User, lena: User, case: Case, grant: CaseGrant, theirs: Meeting
) -> None:
    """It has a draft decision, and so has not left the agenda."""
    factories.DecisionFactory(case=case, discussion=theirs.discussions.get(case=case), created_by=lena)
    (own,) = theirs.discussions.exclude(case=case)
    decision = sign(own.case, lena)
    page = url(own.case, "signed", decision=decision.uid)
    assert "Next case, place 1" in logged_in(lena).get(page).content.decode()
    revoke_grant(by=alice, grant=grant, reason="Answered")
    assert "No open case is left on the agenda." in logged_in(lena).get(page).content.decode()
