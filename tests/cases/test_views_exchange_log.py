"""The administrator's one page of all that came in and went out, waits, or failed."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions.tokens import make_token
from cases.models import AuditEvent, Board, Case, Delivery, DocumentOrder, ListImport
from cases.screens import exchanged
from tests import factories
from tests.cases.pages import SURNAME, logged_in, sign
from tests.cases.test_taking_out import OUT
from tests.cases.test_views_bundles import bring, bundle_of, page_at
from tests.cases.test_views_exchange import ROWS, brought
from tests.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]
LOG = reverse("cases:exchange_log", args=["gi-net"])
HEAD = "record_number;surname;birth_date;question;Diff;Ki-67"
ROW = "007;Zacharias;1961-05-13;Treatment?;;35 %"


@pytest.fixture
def adam(board: Board) -> User:
    """Administers Alice's board, and enters nothing."""
    return member(board, "adam", "administrator", "Adam", "Adler")


def sections(client: Client, url: str = LOG) -> dict[str, list[str]]:
    """The page: heading → the rows or lines below it, in words."""
    text = client.get(url).content.decode()
    found = {}
    for section in re.split(r"<section ", text)[1:]:
        heading = re.search(r"<h2[^>]*>(.*?)</h2>", section, re.S)
        assert heading is not None
        lines = re.findall(
            r"<tr>(.*?)</tr>|<li>(.*?)</li>", section.partition("</thead>")[2] or section, re.S
        )
        words = (re.sub(r"<[^>]+>", " ", "".join(line)) for line in lines)
        found[heading[1]] = [re.sub(r"\d\d-\w{3}-\d{4},? ?", "", " ".join(one.split())) for one in words]
    return found


def api(secret: str, method: str, path: str, body: Any = None) -> None:
    Client(headers={"Authorization": f"Bearer {secret}"}).generic(
        method, f"/api/v1/{path}", body or "", "application/json"
    )


def test_everything_stands_in_one_place_with_who_and_how_many(
    case: Case, alice: User, dora: User, adam: User, board: Board
) -> None:
    sign(case, dora)
    client = logged_in(alice)
    taken = brought(client, ROW, "008;Other;1950-02-03;Treatment?;;much", head=HEAD)
    client.post(f"{taken.url}take/")
    brought(client, *ROWS)
    url = bring(client, case, bundle_of(case)).url
    _, ticks, _ = page_at(client, url)
    client.post(url, {"tick": [ticks["Ki-67"]]})
    for _ in range(2):
        client.post(OUT, {"what": "files", "numbers": "R-314159"})
    _, secret = make_token(by=alice, board=board, name="EPR", rights=["read", "enter"], days=1)
    for _ in range(3):
        api(secret, "GET", "meetings")
    api(secret, "GET", f"cases/{case.uid}")
    api(secret, "PUT", "cases", '{"patient": {}}')
    factories.BundleFactory(case=case, name="Lab")
    decision = case.decisions.get()
    Delivery.objects.create(decision=decision, receiver="epr", state="given_up", attempts=9, told="No answer")
    Delivery.objects.create(decision=decision, receiver="archive", due_at=timezone.now() + timedelta(days=1))
    order = {"kind": "table", "board": board, "by": dora, "first": None, "last": None, "cases": 300}
    factories.OrderFactory(**order, state="failed", failure="It could not be made.")
    factories.OrderFactory(**order)

    found = sections(logged_in(adam))
    whole = html.unescape(str(found))
    assert SURNAME not in whole
    assert "Zacharias" not in whole
    clock = re.compile(r"\b\d\d:\d\d\b")
    assert {name: [clock.sub("…", line) for line in lines] for name, lines in found.items()} == {
        "Failed": [
            "… Message given up No answer epr 9 attempts Try again : epr, …",
            "… Rows refused October.csv Alice Albers 1 Who brought it has them, until … at most.",
            "… Sent a case file: refused EPR (Alice Albers) 1 The answer told the program why.",
            "… File not made It could not be made. Dora Diaz 300 rows Who ordered it may order it again.",
        ],
        "Waits": [
            "1 message to other systems, the next due …",
            "A list that Alice Albers looks at, kept until …",
            "A list that Alice Albers looks at, kept until …",
            "A bundle of Lab, posted …",
            "A file of 300 rows for Dora Diaz, ordered …",
        ],
        "Came in: lists, case files, programs": ["… October.csv Alice Albers 1 0 0 1 No"],
        "Came in: bundles": [
            "… Findings of a bundle taken over Alice Albers 1 The case : Findings of a bundle taken over, …"
        ],
        "Went out": ["… from … Case file Alice Albers 2 The case : Case file, …"],
        "What programs asked and sent": [
            "… Sent a case file: refused EPR (Alice Albers) 1 0",
            "… Read a case file EPR (Alice Albers) 1 The case : Read a case file, …",
            "… from … Listed meetings EPR (Alice Albers) 3 The case : Listed meetings, …",
        ],
    }

    alice.memberships.update(further_roles=["administrator"])
    own = sections(client)
    assert own["Failed"][1].endswith("Refused rows as a file")
    assert own["Came in: lists, case files, programs"][0].endswith("Take the whole list back")
    logged_in(adam).post(
        reverse("cases:deliver_again", args=["gi-net", Delivery.objects.get(attempts=9).uid])
    )
    assert "Message given up" not in str(sections(logged_in(adam)))


def test_an_empty_board_says_so(board: Board, adam: User) -> None:
    text = logged_in(adam).get(LOG).content.decode()
    assert text.count("<p>Nothing yet.</p>") == 4
    assert "Nothing in the last 30 days." in text
    assert sections(logged_in(adam))["Waits"] == ["0 messages to other systems"]


def test_long_lists_go_on_page_by_page_in_as_many_queries(
    case: Case, alice: User, adam: User, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = logged_in(adam)
    client.get(LOG)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(LOG)
    monkeypatch.setattr(exchanged, "EVENTS", 3)
    monkeypatch.setattr(exchanged, "LOOKED_THROUGH", 6)
    for number in range(7):
        AuditEvent.objects.record(
            user=alice, action="exported", case=case, kind=f"{'fhir' if number % 2 else 'case file'}"
        )
    for number in range(23):
        ListImport.objects.create(board=board, by=alice, name=f"List {number:02}", created=1)
    with CaptureQueriesContext(connection) as many:
        client.get(LOG)
    assert len(many) <= len(few) + 1  # the read of the page is not written; undone lists come with theirs

    assert sections(client)["Failed"] == []  # a list of which nothing was refused did not

    url, seen = LOG, []
    for _ in range(9):
        seen += sections(client, url)["Went out"]
        following = re.search(r'href="(\?out=\d+)#out"', client.get(url).content.decode())
        if following is None:
            break
        url = LOG + following[1]
    kinds = ["Decision as FHIR" if "FHIR" in line else "Case file" for line in seen]
    assert kinds == ["Case file", "Decision as FHIR"] * 3 + ["Case file"]

    first = client.get(LOG).context["lists"]
    second = client.get(f"{LOG}?lists={first.next}").context["lists"]
    names = [one.name for page in (first, second) for one in page.rows]
    assert names == [f"List {number:02}" for number in reversed(range(23))]
    assert (second.next, second.is_later) == (None, True)


@pytest.mark.parametrize("asked", ["out=x", "out=-1", "out=" + "9" * 30, "lists=nonsense", "out=0"])
def test_an_address_that_nobody_gave_shows_a_page_all_the_same(board: Board, adam: User, asked: str) -> None:
    assert logged_in(adam).get(f"{LOG}?{asked}").status_code == 200


def test_an_order_that_failed_names_no_row(board: Board, adam: User) -> None:
    factories.OrderFactory(kind="table", board=board, first=None, last=None, state="failed", failure="Full")
    with CaptureQueriesContext(connection) as asked:
        logged_in(adam).get(LOG)
    of_orders = [one["sql"] for one in asked if DocumentOrder._meta.db_table in one["sql"]]
    assert of_orders
    assert not [sql for sql in of_orders if '"shows"' in sql or '"file"' in sql]
