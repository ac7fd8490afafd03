"""Each of the named people, and nobody, at every address of the record, read off the URL configuration."""

from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from cases.actions import access_log
from cases.actions.entry import create_case
from cases.models import AuditEvent, Board, Case, RecordVersion
from tests import factories
from tests.cases.addresses import addresses_of, named_addresses
from tests.cases.pages import LAB, QUESTION, SURNAME, logged_in, sign
from tests.watched import Watched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]

RECORD = (SURNAME, QUESTION, LAB, "R-314159")
# Pages that belong to no case and no meeting
FOR_EVERYBODY = {
    "worklist",
    "search",
    "new_case",
    "statement_cases",
    "meetings",
    "new_meeting",
    "readiness",
    "steps",
    "keys",
    "boards",
    "hand_over",
    "my_calendar",
    "make_calendar",
    "revoke_calendar",
    "calendar_feed",
    "document_notice",
    "tokens",
}
ONES_OWN = {"document_order", "document_how_far", "document_file", "document_cancel"}  # Alice's
ONES_OWN |= {"bundle", "list", "refused_rows", "revoke_token"}
WITHOUT_LOG_IN = {"calendar_feed"}  # for a calendar program, by a secret: test_views_calendars
ONLY_POST = {
    "search",
    "schedule",
    "status",
    "owner",
    "preview",
    "pasted",
    "saved_meanwhile",
    "vote",
    "supersede",
    "withdraw",
    "defer",
    "take_back",
    "urgent",
    "comment",
    "revoke",
    "find_for_agenda",
    "put_on_agenda",
    "move_on_agenda",
    "take_off_agenda",
    "start_meeting",
    "take_up",
    "carry_over",
    "meeting_note",
    "make_calendar",
    "revoke_calendar",
    "plan_follow_up",
    "document_packet",
    "document_figures",
    "document_cancel",
    "document_notice",
    "upload_list",
    "take_list",
    "discard_bundle",
    "close_posted_bundle",
    "discard_list",
    "undo_list",
    "deliver_again",
    "revoke_token",
}
ONLY_SIGNERS = {"sign"}
ONLY_DECIDERS = {"deciding_report"}
READ_ONLY = {
    "locks",
    "rights",
    "history",
    "option",
    "signed",
    "path",
    "what_if",
    "comments",
    "follow_up",
    "timeline",
    "signed_timeline",
    "signed_fhir",
    "meeting",
    "meeting_file",
    "fact",
    "discussions",
    "guideline_change",
    "figures",
    "figures_file",
    "figure_cases",
    "present",
    "slide",
    "slide_standing",
    "exchange",
    "deliveries",
    "exchange_log",
    "list_template",
    "refused_rows",
    "take_out",
}  # what-if and a slide are posted to, and write nothing
# Pages that exist for who may enter, or draft
WRITERS = {"patient", "other_patient", "new_item", "remove", "step", "shared"}
WRITERS |= {"bundles", "bundle", "posted_bundle"}
WRITERS |= {"exchange", "list_template", "list", "refused_rows"}
WRITERS |= {"asked", "discard", "roll_call", "followed_option", "follow_up_item", "letter"}

ONLY_SCHEDULERS = {"change_meeting", "cancel_meeting", "guideline_change"}
ONLY_ADMINISTRATORS = {"board_settings", "board_people", "deliveries", "exchange_log"}
ONLY_ADMINISTRATORS |= {"new_person", "account", "locks", "rights"}
ONLY_LISTERS = {"listing"}
ONLY_LEADERS = {"close_meeting"}

SHUT_OUT = {
    **{name: {"victor", "bob"} for name in ONLY_SCHEDULERS | ONLY_LISTERS},
    **{name: {"victor", "alice", "bob"} for name in ONLY_LEADERS},
    **{name: {"victor"} for name in WRITERS},
    **{name: {"victor", "alice"} for name in ONLY_DECIDERS},
    **{name: {"victor", "alice", "bob"} for name in ONLY_SIGNERS},
    **{name: {"victor", "alice", "bob", "dora"} for name in ONLY_ADMINISTRATORS},
}


@pytest.fixture
def addresses(case: Case, dora: User) -> dict[str, list[str]]:
    return addresses_of(case, dora)


def test_every_pattern_has_a_name_and_an_address(addresses: dict[str, list[str]]) -> None:
    assert len(addresses) == len(list(named_addresses()))
    assert all(addresses.values())


def ask(client: Client, name: str, url: str, method: str) -> Any:
    return client.post(url, {}) if method == "post" else client.get(url)


@pytest.mark.parametrize("method", ["get", "post"])
def test_outsider_gets_404_and_reads_nothing(
    addresses: dict[str, list[str]], charlie: User, method: str
) -> None:
    client = logged_in(charlie)
    for name, urls in addresses.items():
        for url in urls:
            response = ask(client, name, url, method)
            body = b"".join(response) if response.streaming else response.content
            assert not [word for word in RECORD if word.encode() in body], f"{method} {name} leaks"
            if name not in FOR_EVERYBODY:
                expected = {405, 404} if method == "get" and name in ONLY_POST else {404, 405}
                assert response.status_code in expected, f"{method} {name}: {response.status_code}"


def test_outsider_is_recorded(case: Case, charlie: User) -> None:
    logged_in(charlie).get(reverse("cases:case", args=[case.uid]))
    assert AuditEvent.objects.filter(case=case, user=charlie, action="denied").count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_is_asked_to_log_in(addresses: dict[str, list[str]], method: str) -> None:
    for name, urls in addresses.items():
        for url in urls:
            response = ask(Watched(), name, url, method)
            if name in WITHOUT_LOG_IN:
                assert response.status_code == (405 if method == "post" else 404)
                continue
            assert response.status_code == 302, f"{method} {name}: {response.status_code}"
            assert response.headers["Location"].startswith("/accounts/login/")
            assert SURNAME.encode() not in response.content


@pytest.mark.parametrize("person", ["alice", "bob", "dora", "victor"])
def test_members_see_their_pages(
    request: pytest.FixtureRequest, addresses: dict[str, list[str]], person: str
) -> None:
    client = logged_in(request.getfixturevalue(person))
    for name, urls in addresses.items():
        if name == "document" and person != "alice":  # slow; its preview has the same door
            continue
        for url in urls:
            response = client.get(url)
            if name in ONLY_POST:
                assert response.status_code == 405, name
            elif person in SHUT_OUT.get(name, ()):
                assert response.status_code == 403, name
            elif name in WITHOUT_LOG_IN or (name in ONES_OWN and person != "alice"):
                assert response.status_code == 404, name
            else:
                assert response.status_code in (200, 302), f"{name}: {response.status_code}"


def test_viewer_writes_nothing(addresses: dict[str, list[str]], case: Case, victor: User) -> None:
    client = logged_in(victor)
    pages = {name for name in addresses if not name.startswith("document")}
    for name in pages - FOR_EVERYBODY - READ_ONLY - ONES_OWN:
        for url in addresses[name]:
            assert client.post(url, {"question": "changed", "version": 1}).status_code == 403, name
    case.refresh_from_db()
    assert case.question == QUESTION


def test_a_granted_board_reads_and_comments(
    addresses: dict[str, list[str]], case: Case, dana: User, third_board: Board
) -> None:
    """Every page of that case that a reader has, and nothing that writes but a comment."""
    factories.GrantFactory(case=case, board=third_board)
    client = logged_in(dana)
    shut = {*WRITERS, *ONLY_LISTERS, *ONLY_DECIDERS, *ONLY_SIGNERS}
    of_its_board = {
        *WITHOUT_LOG_IN,
        *ONLY_ADMINISTRATORS,
        "guideline_change",
        "figures",
        "figures_file",
        "figure_cases",
        "exchange",
        "take_out",
        "list_template",
        *(ONES_OWN - {"bundle"}),
        *(name for name, converters in named_addresses() if "meeting" in converters),
    }
    for name, urls in addresses.items():
        for url in urls:
            response, posted = client.get(url), client.post(url, {"text": "Seen.", "version": 1})
            if name not in ONLY_POST:
                of_a_meeting = "/packet/" in url or "/minutes/" in url
                expected = (
                    (404,) if name in of_its_board or of_a_meeting else (403,) if name in shut else (200, 302)
                )
                assert response.status_code in expected, f"{name}: {response.status_code}"
            if name == "comment":
                assert posted.status_code == 302
            elif not name.startswith("document") and name not in FOR_EVERYBODY | READ_ONLY:
                assert posted.status_code in (403, 404), f"post {name}: {posted.status_code}"
    assert case.comments.get().created_by == dana


def test_the_page_of_a_guest_says_whose_case_it_is(case: Case, dana: User, third_board: Board) -> None:
    factories.GrantFactory(case=case, board=third_board)
    html = logged_in(dana).get(reverse("cases:case", args=[case.uid])).content.decode()
    assert "Shared by GI-NET board" in html
    assert "Shared with your board by GI-NET board, to be read." in html
    assert reverse("cases:shared", args=[case.uid]) not in html
    assert reverse("cases:meeting", args=[case.board.meetings.get().uid]) not in html


def test_page_of_another_case_is_not_shown_under_ones_own(
    board: Board, other_board: Board, case: Case, alice: User, charlie: User
) -> None:
    own = full_case_of(other_board, charlie)
    url = reverse("cases:item", args=[own.uid, "pathology", case.pathology_reports.get().uid])
    response = logged_in(charlie).get(url)
    assert response.status_code == 404
    assert LAB.encode() not in response.content


def test_signed_decision_of_another_case_is_not_shown_under_ones_own(
    other_board: Board, case: Case, charlie: User, dora: User
) -> None:
    own = full_case_of(other_board, charlie)
    url = reverse("cases:signed", args=[own.uid, sign(case, dora).uid])
    assert logged_in(charlie).get(url).status_code == 404


def full_case_of(board: Board, by: User) -> Case:
    patient = {"record_number": "R-2", "surname": "Other", "given_names": "Ben", "birth_date": "1970-01-01"}
    return create_case(by=by, board=board, patient=patient, fields={"question": "Another?"})


def test_whoever_sees_the_record_leaves_one_event(
    addresses: dict[str, list[str]], case: Case, alice: User, dora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every address that answers with something of a patient, asked by who sees most of them."""
    posted = {
        "preview": {"question": QUESTION},
        "pasted": {"pasted": "Ki-67 55 %"},
        "find_for_agenda": {"words": SURNAME},
        "what_if": {"ki67": "30"},
    }
    dora_s, alice_s = logged_in(dora), logged_in(alice)
    asked = [
        (name, partial(dora_s.get, url))
        for name, urls in addresses.items()
        for url in urls
        if name not in ONLY_POST and (name != "document" or "/handout/" in url)
    ]
    asked += [
        (f"post {name}", partial(alice_s.post, url, data, headers={"HX-Request": "true"}))
        for name, data in posted.items()
        for url in addresses[name]
    ]
    wrong, seen = {}, set()
    monkeypatch.setattr(access_log, "MINUTE", 0)  # each preview is the first of its minute
    of_reading = AuditEvent.objects.filter(action__in=("read", "exported"))
    for name, call in asked:
        before = of_reading.count()
        response = call()
        body = b"".join(response) if response.streaming else response.content
        shows = b"%PDF" in body[:5] or any(word.encode() in body for word in RECORD)
        if response.status_code == 200 and shows:
            seen.add(name.split()[-1])
            if of_reading.count() != before + 1:
                wrong[name] = of_reading.count() - before
    assert wrong == {}
    assert seen >= {"worklist", "case", "patient", "meeting", "slide", "history", "document", "preview"}
    assert AuditEvent.objects.filter(kind="worklist").last().detail == {"cases": [case.pk]}  # type: ignore[union-attr]
    for url in addresses["preview"]:
        alice_s.post(url, posted["preview"])
    monkeypatch.setattr(access_log, "MINUTE", 60)
    before = of_reading.count()
    for process in ("this process", "another one, which knows nothing of it"):
        for url in addresses["preview"]:
            alice_s.post(url, posted["preview"])
        assert of_reading.count() == before, f"once for each form and minute: {process}"
        access_log._previewed.clear()


def test_asking_for_what_is_of_another_board_is_recorded_there(
    other_board: Board, case: Case, dora: User, charlie: User
) -> None:
    own = full_case_of(other_board, charlie)
    grant, item = factories.GrantFactory(case=case), factories.FollowUpFactory(case=case)
    save = RecordVersion.objects.get(uid=case.pathology_reports.get().uid)
    client, denied = logged_in(charlie), AuditEvent.objects.filter(action="denied", case=case, user=charlie)
    report = case.pathology_reports.get().uid
    for number, (name, args, method) in enumerate(
        [
            ("item", [own.uid, "pathology", report], "get"),
            ("remove", [own.uid, "pathology", report], "get"),
            ("signed", [own.uid, sign(case, dora).uid], "get"),
            ("revoke", [own.uid, grant.uid], "post"),
            ("undo", [own.uid, save.pk], "post"),
            ("follow_up_item", [own.uid, item.uid], "get"),
        ],
        start=1,
    ):
        assert ask(client, name, reverse(f"cases:{name}", args=args), method).status_code == 404, name
        assert denied.count() == number, name


def test_pages_of_a_case_are_never_stored(addresses: dict[str, list[str]], alice: User) -> None:
    client = logged_in(alice)
    for url in (addresses["case"][0], addresses["part"][0], addresses["worklist"][0]):
        assert "no-store" in client.get(url).headers["Cache-Control"]
