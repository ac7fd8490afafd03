"""Many cases or decisions as one file, from the page: chosen, at once or ordered, each with its event."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.models import AuditEvent, Board, Case, DocumentOrder, Membership, PathologyReport
from cases.screens.taking_out import TakenOut, made
from cases.views import taking_out
from tests import factories
from tests.cases.documents.working import work
from tests.cases.pages import SURNAME, logged_in, sign
from tests.cases.test_tables_out import HOSTILE, table_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]
OUT = reverse("cases:take_out", args=["gi-net"])
COLUMNS = ["record_number", "surname", "pathology.ki67"]


@pytest.fixture
def case(case: Case, dora: User) -> Case:
    sign(case, dora, title=HOSTILE)
    return case


def events() -> list[tuple[str, str, str]]:
    found = AuditEvent.objects.filter(action="exported").order_by("pk")
    return [(one.user.username if one.user else "", one.kind, one.case_id) for one in found]


@pytest.mark.parametrize(
    ("sent", "rows", "event"),
    [
        (
            {"what": "cases", "format": "csv", "case_columns": COLUMNS},
            [COLUMNS, ["R-314159", SURNAME, "45"]],
            "case table",
        ),
        (
            {"what": "cases", "format": "xlsx", "case_columns": COLUMNS, "numbers": " r 314159 \n\n"},
            [COLUMNS, ["R-314159", SURNAME, "45"]],
            "case table",
        ),
        (
            {"what": "decisions", "format": "csv", "decision_columns": ["diagnosis", "accepted"]},
            [["Diagnosis", "Accepted", "Status"], ["G3 NET", f"'{HOSTILE}", "Signed"]],
            "decision table",
        ),
        (
            {"what": "decisions", "format": "xlsx", "decision_columns": ["accepted"], "only_open": "on"},
            [["Accepted", "Status"], [HOSTILE, "Signed"]],
            "decision table",
        ),
    ],
)
def test_a_table_of_chosen_columns_goes_out_and_each_case_keeps_that(
    case: Case, victor: User, sent: dict[str, Any], rows: list[list[str]], event: str
) -> None:
    answer = logged_in(victor).post(OUT, sent)
    assert answer.status_code == 200
    assert SURNAME not in answer.headers["Content-Disposition"]
    assert table_in(answer.content, sent["format"]) == rows
    assert events() == [("victor", event, case.pk)]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Take out"),
        ({"what": "cases", "case_columns": []}, "Choose at least one column."),
        ({"what": "cases", "case_columns": ["nonsense"]}, "nonsense is not one of the available choices"),
        ({"what": "decisions", "decision_columns": []}, "Choose at least one column."),
        ({"what": "files", "numbers": "R-1\nR-314159"}, "No such case: R-1."),
        ({"what": "files", "first": "1/2/2026"}, "write the month as a word"),
        ({"what": "files", "first": "02-Jan-2026", "last": "01-Jan-2026"}, "Allowed: 02-Jan-2026 or later."),
        ({"what": "files", "last": "01-Jan-2020"}, "There is no such case."),
        ({"what": "decisions", "decision_columns": ["accepted"], "last": "01-Jan-2020"}, "no such decision"),
    ],
)
def test_what_there_is_not_is_said_and_nothing_goes_out(
    case: Case, alice: User, sent: dict[str, Any], said: str
) -> None:
    answer = logged_in(alice).post(OUT, sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert events() == []


def test_only_the_board_s_own_cases_go_out_and_only_to_its_people(
    case: Case, charlie: User, other_board: Board, dana: User, third_board: Board
) -> None:
    factories.GrantFactory(case=case, board=third_board)
    for person in (charlie, dana):
        assert logged_in(person).post(OUT, {"what": "files"}).status_code == 404
    theirs = reverse("cases:take_out", args=["liver"])
    assert logged_in(dana).post(theirs, {"what": "files"}).status_code == 422  # shared with it is not its own
    assert made(third_board, TakenOut("files", "jsonl", (), (case.pk,))) == (b"", [])


def test_many_rows_are_ordered_made_and_fetched_while_they_may_be_seen(
    case: Case, victor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_out, "LONG", 0)
    client = logged_in(victor)
    sent = {"what": "cases", "format": "csv", "case_columns": COLUMNS}
    page = client.post(OUT, sent).url
    assert client.post(OUT, sent).url == page  # what is on its way is not ordered twice
    assert events() == []
    work()
    order = DocumentOrder.objects.get()
    assert (order.state, order.read, order.cases) == ("ready", 1, 1)
    assert "Fetch the file" in client.get(page).content.decode()
    answer = client.get(reverse("cases:document_file", args=[order.uid]))
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="cases-')
    assert table_in(answer.content, "csv") == [COLUMNS, ["R-314159", SURNAME, "45"]]
    assert events() == [("victor", "case table", case.pk)]
    client.post(OUT, {**sent, "only_open": "on"})
    Membership.objects.filter(user=victor).delete()
    work()
    assert DocumentOrder.objects.latest("pk").state == "failed"
    assert client.get(page).status_code == 404


def test_case_files_come_back_on_the_page_and_refused_ones_with_their_reason(case: Case, alice: User) -> None:
    client = logged_in(alice)
    line = client.post(OUT, {"what": "files"}).content.decode()
    other = json.loads(line)
    other["patient"] |= {"record_number": "R-2", "surname": "Novak", "birth_date": "1970-02-03"}
    wrong = json.loads(line)
    wrong["pathology"][0]["ki67"] = "much"
    text = "\n".join([line.strip(), json.dumps(other), json.dumps(wrong), "no JSON"])
    file = SimpleUploadedFile("cases.jsonl", text.encode())
    url = client.post(reverse("cases:upload_list", args=["gi-net"]), {"list": file, "reading": ""}).url
    shown = b"".join(client.get(url)).decode()
    counts = "<b>1</b> new · <b>0</b> changed · <b>1</b> unchanged ·\n  <b>2</b> refused"
    assert counts in shown
    assert "How it is read" not in shown
    answer = client.get(f"{url}refused/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="refused.jsonl"'
    refused = [json.loads(one) for one in answer.content.splitlines()]
    assert [(one.get("line"), one["refused_because"].partition(":")[0]) for one in refused] == [
        (None, "Pathology"),
        ("no JSON", "the line is no JSON"),
    ]
    client.post(f"{url}take/")
    assert PathologyReport.objects.filter(origin="list cases.jsonl, row 2").get().ki67 == "45"
    refused[0]["pathology"][0]["ki67"] = "46"  # corrected, with its reason still in it
    again = SimpleUploadedFile("again.jsonl", json.dumps(refused[0]).encode())
    url = client.post(reverse("cases:upload_list", args=["gi-net"]), {"list": again, "reading": ""}).url
    assert "A person entered what stands there" in b"".join(client.get(url)).decode()
