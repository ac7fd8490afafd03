"""The interface for other programs: each call as a program makes it, with several people's tokens."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.access import case_or_404
from cases.actions.agenda import list_case
from cases.actions.tokens import make_token, revoke_token
from cases.filing import as_case_file
from cases.models import ApiToken, AuditEvent, Board, Case, Decision, PostedBundle
from cases.models.token import MOST_DAYS
from cases.record import record_of
from guidelines.knowledge.releases import guideline_at
from tests import factories
from tests.cases.pages import QUESTION, SURNAME, full_case, logged_in, sign
from tests.cases.test_views_bundles import bundle_of

pytestmark = pytest.mark.django_db
FACTS = {"differentiation": "poor", "extent": "metastatic", "primary_site": "pancreas"}


@pytest.fixture(autouse=True)
def _no_calls_counted() -> None:
    cache.clear()


class Program:
    """Another program, with its token."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and content of the answer."""
        response = self.client.generic(
            method, f"/api/v1/{path}", json.dumps(body) if body is not None else "", "application/json"
        )
        if response.status_code >= 400:
            assert response.headers["Content-Type"] == "application/problem+json"
        return response.status_code, json.loads(response.content)


@pytest.fixture
def program(alice: User, board: Board) -> Program:
    return Program(make_token(by=alice, board=board, name="EPR", rights=["read", "enter"], days=30)[1])


@pytest.fixture
def reader(alice: User, board: Board) -> Program:
    """It may read, and its person might do more."""
    return Program(make_token(by=alice, board=board, name="Reader", rights=["read"], days=30)[1])


@pytest.fixture
def charlies(charlie: User, other_board: Board) -> Program:
    return Program(make_token(by=charlie, board=other_board, name="Other", rights=["read"], days=30)[1])


@pytest.fixture
def case(board: Board, alice: User) -> Case:
    return full_case(board, alice)


def events() -> list[tuple[str, str]]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", "kind"))


# --- The guideline ------------------------------------------------------------------------------------------


def test_facts_in_and_the_answer_out(program: Program) -> None:
    before = len(events())
    status, answer = program.ask("POST", "recommend", {"facts": FACTS, "asks": ["captem"]})
    assert (status, answer["classification"]["entity"]) == (200, "nec")
    assert [one["intervention"] for one in answer["asked"]] == ["captem"]
    assert events()[before:] == [("read", "api recommend")]
    status, answer = program.ask("POST", "recommend", {"facts": FACTS, "guideline": "nanets-hgnen-2023@1.0"})
    assert (status, answer["guideline"]["version"]) == (200, guideline_at("nanets-hgnen-2023@1.0").version)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"facts": {"ki67": 400}}, "ki67"),
        ({"facts": {"nonsense": 1}}, "nonsense"),
        ({"facts": FACTS, "asks": ["nonsense"]}, "asks"),
        ({"facts": FACTS, "guideline": "nonsense@1"}, "guideline"),
        ({}, "body.question.facts"),
        ([], "body.question.facts"),
    ],
)
def test_what_is_wrong_is_named_with_its_field(program: Program, body: Any, field: str) -> None:
    status, problem = program.ask("POST", "recommend", body)
    assert status == 422
    assert field in [one["field"] for one in problem["errors"]]
    assert all(one["reason"] for one in problem["errors"])


# --- Cases --------------------------------------------------------------------------------------------------


def test_a_case_is_found_by_its_record_number_and_read_as_a_case_file(program: Program, case: Case) -> None:
    before = len(events())
    status, found = program.ask("POST", "cases/find", {"record_number": "r 314159"})
    assert (status, [(one["id"], one["question"]) for one in found]) == (200, [(str(case.uid), QUESTION)])
    status, file = program.ask("GET", f"cases/{case.uid}")
    assert (status, file["patient"]["surname"]) == (200, SURNAME)
    assert events()[before:] == [("read", "api find"), ("exported", "api case file")]


@pytest.mark.parametrize(
    ("number", "status"),
    [("R-1\0", 400), ("R-1\ud800", 400), ("\\\0", 400), ("R-1\\u0000", 200), ("R-1\x01", 200)],
)
def test_text_that_no_database_holds_is_refused(program: Program, number: str, status: int) -> None:
    assert program.ask("POST", "cases/find", {"record_number": number})[0] == status


def test_a_case_file_that_was_read_changes_nothing_when_it_is_sent_back(program: Program, case: Case) -> None:
    _, file = program.ask("GET", f"cases/{case.uid}")
    status, done = program.ask("PUT", "cases", file)
    assert (status, done) == (200, {"result": "unchanged", "id": str(case.uid), "changes": []})


def test_a_new_case_is_stored_once(program: Program) -> None:
    file = {
        "patient": {
            "record_number": "77-1",
            "surname": "Novak",
            "given_names": "Eva",
            "birth_date": "1970-02-03",
        },
        "case": {"question": "First-line treatment?", "key": "ext-1"},
        "pathology": [{"reported_on": "03/2026", "ki67": ">80 %", "differentiation": "poor"}],
    }
    status, tried = program.ask("PUT", "cases?dry_run=true", file)
    assert (status, tried["result"], tried["id"], Case.objects.count()) == (200, "create", None, 0)
    status, done = program.ask("PUT", "cases", file)
    assert (status, done["result"]) == (200, "create")
    case = Case.objects.get()
    assert (str(case.uid), case.key, case.pathology_reports.get().origin) == (
        done["id"],
        "ext-1",
        "list interface (EPR), row 1",
    )
    assert program.ask("PUT", "cases", file)[1]["result"] == "unchanged"


def test_what_a_person_entered_stays_unless_told_otherwise(program: Program, case: Case) -> None:
    _, file = program.ask("GET", f"cases/{case.uid}")
    file["pathology"][0]["ki67"] = "60 %"
    status, done = program.ask("PUT", "cases", file)
    assert (status, done["result"]) == (200, "unchanged")
    assert [(one["path"], one["kept"]) for one in done["changes"]] == [("pathology[0].ki67", True)]
    status, done = program.ask("PUT", "cases?overwrite=true", file)
    assert (status, done["result"]) == (200, "change")
    assert str(case.pathology_reports.get().ki67) == "60 %"


def test_a_case_file_that_is_wrong_is_refused_with_every_path(program: Program) -> None:
    file = {"patient": {"record_number": "77-1", "sex": "x"}, "pathology": [{"ki67": "many"}]}
    status, problem = program.ask("PUT", "cases", file)
    assert status == 422
    assert [one["field"] for one in problem["errors"]] == ["patient.sex", "pathology[0].ki67"]
    assert not Case.objects.exists()


# --- Bundles ------------------------------------------------------------------------------------------------


def posted(program: Program, case: Case, **changes: Any) -> tuple[int, Any]:
    return program.ask("POST", f"cases/{case.uid}/bundles", {**bundle_of(case), **changes})


def test_a_bundle_is_proposed_once_and_a_person_ticks_what_is_taken_over(
    program: Program, case: Case, bob: User
) -> None:
    record = as_case_file(record_of(case_or_404(bob, case.uid)))
    status, answer = posted(program, case)
    found = {one["label"]: (one["value"], one["state"], one["held"]) for one in answer["findings"]}
    assert (status, answer["message"], answer["patient_differs"]) == (201, "", [])
    assert found["Ki-67"] == ("35 %", "new", "No such entry; the record so far: 45 %")
    assert found["Primary site"] == ("Pancreas", "same", "Pancreas")
    assert [one["label"] for one in answer["tumors"]] == ["Neuroendocrine tumor of the pancreatic tail"]
    assert any("regimen" in one["reason"] for one in answer["unread"])
    assert posted(program, case) == (200, answer)
    assert as_case_file(record_of(case_or_404(bob, case.uid))) == record  # nothing is written by itself

    client = logged_in(bob)  # another person than the token's
    assert "EPR, " in client.get(reverse("cases:bundles", args=[case.uid])).content.decode()
    url = reverse("cases:posted_bundle", args=[case.uid, answer["id"]])
    tick = next(one.tick for one in client.get(url).context["lines"] if one.label == "Ki-67")
    assert client.post(url, {"tick": [tick]}).status_code == 302
    assert case.pathology_reports.get(lab_number="H26-1182").origin.startswith("bundle EPR, entry[5]")
    assert client.post(reverse("cases:close_posted_bundle", args=[case.uid, answer["id"]])).status_code == 302
    assert client.get(url).status_code == 404
    bundle = PostedBundle.objects.get()
    assert (bundle.content, bundle.closed_by) == (None, bob)
    told = AuditEvent.objects.filter(kind__contains="bundle").exclude(kind="bundle").order_by("pk")
    assert [(one.user, one.action, one.kind, one.detail.get("result")) for one in told] == [
        (case.owner, "created", "posted bundle", None),
        (case.owner, "read", "api bundle", "new"),
        (case.owner, "read", "api bundle", "unchanged"),
        (bob, "read", "bundles", None),
        (bob, "changed", "findings of a bundle", None),
        (bob, "removed", "posted bundle", None),
    ]


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"resourceType": "Patient"}, 422, "This is no FHIR bundle"),
        ({"entry": {"resource": {}}}, 422, "entry is not a list"),
        ({"entry": [{}] * 5001}, 422, "more than 5,000 entries"),
        ({"note": "x" * 4 * 1024 * 1024}, 413, "Send up to 4 MB at once."),
    ],
)
def test_what_is_no_bundle_is_refused(
    program: Program, case: Case, changes: dict[str, Any], status: int, said: str
) -> None:
    answered, problem = posted(program, case, **changes)
    assert (answered, said in problem["detail"]) == (status, True)
    assert not PostedBundle.objects.exists()


def test_who_may_not_enter_the_case_posts_nothing(
    program: Program, reader: Program, charlies: Program, case: Case, alice: User, other_board: Board
) -> None:
    factories.MembershipFactory(user=alice, board=other_board, role="coordinator")
    elsewhere = Program(
        make_token(by=alice, board=other_board, name="EPR", rights=["read", "enter"], days=30)[1]
    )
    statuses = [posted(one, case)[0] for one in (reader, charlies, elsewhere, Program(""))]
    assert statuses == [403, 403, 404, 401]
    alice.memberships.filter(board=case.board).update(role="viewer")
    assert posted(program, case)[0] == 403
    assert not PostedBundle.objects.exists()


def test_bundles_that_nobody_looks_at_do_not_pile_up(
    program: Program, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.actions.posting.MOST_WAITING", 2)
    statuses = [posted(program, case, id=str(number))[0] for number in (1, 2, 1, 3)]
    assert statuses == [201, 201, 200, 409]


# --- Decisions and meetings ---------------------------------------------------------------------------------


def test_signed_decisions_are_listed_and_read(program: Program, case: Case, dora: User) -> None:
    sign(case, dora)
    decision = Decision.objects.get()
    status, listed = program.ask("GET", "decisions?since=2026-01-01T00:00:00Z")
    assert (status, [(one["id"], one["case"], one["status"]) for one in listed]) == (
        200,
        [(str(decision.uid), str(case.uid), "signed")],
    )
    status, snapshot = program.ask("GET", f"decisions/{decision.uid}")
    assert (status, snapshot) == (200, decision.snapshot)
    status, bundle = program.ask("GET", f"decisions/{decision.uid}/fhir")
    assert (status, bundle["type"]) == (200, "document")
    assert program.ask("GET", "decisions?since=2999-01-01")[1] == []


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "5", "x"])
def test_a_moment_that_no_database_holds_is_refused(program: Program, since: str) -> None:
    for path in ("decisions", "meetings"):
        status, problem = program.ask("GET", f"{path}?since={since.replace('+', '%2B')}")
        assert (status, [one["field"] for one in problem["errors"]]) == (422, ["query.since"])


def test_meetings_are_listed_with_their_cases(program: Program, case: Case) -> None:
    status, listed = program.ask("GET", "meetings")
    assert (status, [one["cases"] for one in listed]) == (200, [[str(case.uid)]])


def test_a_meeting_names_no_case_that_is_shared_no_longer(
    alice: User, program: Program, case: Case, other_board: Board
) -> None:
    meeting = case.discussions.get().meeting
    shared = factories.GrantFactory(case__board=other_board, case__stage="ready", board=case.board)
    listed = list_case(by=alice, case=shared.case, meeting=meeting)
    factories.DecisionFactory(case=shared.case, discussion=listed, created_by=alice)
    assert program.ask("GET", "meetings")[1][0]["cases"] == [str(case.uid), str(shared.case.uid)]
    shared.revoked_at, shared.revoked_by, shared.revoke_reason = timezone.now(), alice, "Settled"
    shared.save()
    assert program.ask("GET", "meetings")[1][0]["cases"] == [str(case.uid)]


# --- Who may ------------------------------------------------------------------------------------------------


def calls_on(case: Case, decision: Decision) -> list[tuple[str, str, Any]]:
    return [
        ("GET", f"cases/{case.uid}", None),
        ("GET", f"decisions/{decision.uid}", None),
        ("GET", f"decisions/{decision.uid}/fhir", None),
    ]


def test_another_board_s_token_finds_nothing_of_ours(charlies: Program, case: Case, dora: User) -> None:
    sign(case, dora)
    for method, path, body in calls_on(case, Decision.objects.get()):
        assert charlies.ask(method, path, body)[0] == 404, path
    for path in ("decisions", "meetings"):
        assert charlies.ask("GET", path) == (200, [])
    assert charlies.ask("POST", "cases/find", {"record_number": "R-314159"}) == (200, [])
    assert AuditEvent.objects.filter(action="denied").count() == 3


def test_a_token_that_may_read_stores_nothing(reader: Program, case: Case) -> None:
    _, file = reader.ask("GET", f"cases/{case.uid}")
    assert reader.ask("PUT", "cases", file)[0] == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "recommend"),
        ("POST", "cases/find"),
        ("PUT", "cases"),
        ("GET", "decisions"),
        ("GET", "meetings"),
        ("GET", "openapi.json"),
    ],
)
def test_without_a_valid_token_nothing_is_answered(method: str, path: str) -> None:
    for secret in ("", "tb_nonsense"):
        status, problem = Program(secret).ask(method, path, {})
        assert (status, problem["title"]) == (401, "Unauthorized")


def test_a_log_in_is_no_token(alice: User) -> None:
    assert logged_in(alice).get("/api/v1/meetings").status_code == 401


def test_a_token_ends_by_its_day_its_person_or_its_revocation(alice: User, board: Board) -> None:
    token, secret = make_token(by=alice, board=board, name="EPR", rights=["read"], days=1)
    program = Program(secret)
    assert program.ask("GET", "meetings")[0] == 200
    token.refresh_from_db()
    assert token.used_on is not None
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert program.ask("GET", "meetings")[0] == 401
    ApiToken.objects.update(expires_at=timezone.now() + timedelta(days=1))
    User.objects.update(is_active=False)
    assert program.ask("GET", "meetings")[0] == 401
    User.objects.update(is_active=True)
    revoke_token(by=alice, token=token)
    assert program.ask("GET", "meetings")[0] == 401


def test_what_its_person_may_no_longer_do_it_may_not_either(
    program: Program, case: Case, alice: User
) -> None:
    membership = alice.memberships.get()
    membership.role = "viewer"
    membership.save()
    _, file = program.ask("GET", f"cases/{case.uid}")
    assert program.ask("PUT", "cases", file)[0] == 403
    membership.delete()
    assert program.ask("GET", f"cases/{case.uid}")[0] == 404


def test_too_many_calls_are_told_to_wait(program: Program) -> None:
    statuses = [program.ask("GET", "meetings")[0] for _ in range(121)]
    assert statuses[:120] == [200] * 120
    assert statuses[120] == 429


# --- Tokens -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rights", "days", "field"),
    [
        (["read", "sign"], 30, "rights"),
        (["enter"], 30, "rights"),
        (["read", "enter"], 30, "rights"),
        (["read"], 0, "days"),
        (["read"], MOST_DAYS + 1, "days"),
    ],
)
def test_a_token_gives_no_more_than_its_person_has(
    victor: User, board: Board, rights: list[str], days: int, field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        make_token(by=victor, board=board, name="EPR", rights=rights, days=days)
    assert list(caught.value.message_dict) == [field]


def test_the_secret_is_shown_once_and_not_kept(alice: User, board: Board) -> None:
    client = logged_in(alice)
    sent = {"name": "EPR", "board": board.slug, "rights": ["read", "enter"], "days": "30"}
    page = client.post(reverse("cases:tokens"), sent).content.decode()
    token = ApiToken.objects.get()
    secret = page.split('<code class="secret">')[1].split("</code>")[0]
    assert Program(secret).ask("GET", "meetings")[0] == 200
    assert secret not in client.get(reverse("cases:tokens")).content.decode()
    assert secret not in str(vars(token))
    assert AuditEvent.objects.filter(kind="token", action="created", user=alice).count() == 1


def test_a_wrong_token_form_keeps_what_was_typed(alice: User) -> None:
    page = logged_in(alice).post(reverse("cases:tokens"), {"name": "EPR", "days": "999"})
    assert page.status_code == 422
    assert 'value="999"' in page.content.decode()


def test_who_revokes_is_its_person_or_the_board_s_administrator(
    alice: User, bob: User, charlie: User, board: Board
) -> None:
    token, _ = make_token(by=alice, board=board, name="EPR", rights=["read"], days=30)
    address = reverse("cases:revoke_token", args=[token.uid])
    for person in (bob, charlie):
        assert logged_in(person).post(address).status_code == 404
    membership = bob.memberships.get()
    membership.role = "administrator"
    membership.save()
    assert "EPR" in logged_in(bob).get(reverse("cases:tokens")).content.decode()
    assert logged_in(bob).post(address).status_code == 302
    token.refresh_from_db()
    assert token.revoked_by == bob
