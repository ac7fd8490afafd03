"""The pages of a list on its way in: for who may enter cases of the board, without a trace outside it."""

import html
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.actions.entry import create_case
from cases.models import AuditEvent, Board, Case, ListImport, ListReading, PathologyReport
from cases.views import lists
from config.models import KeptFile
from tests.cases.pages import PATIENT, REFERRAL, form_of, logged_in

pytestmark = pytest.mark.django_db

EXCHANGE = reverse("cases:exchange", args=["gi-net"])
UPLOAD = reverse("cases:upload_list", args=["gi-net"])
SECRET = "Zacharias-Quill"  # stands in the list and nowhere else
HEAD = "Pat-Nr;surname;birth_date;question;Diff;Ki-67"
ROWS = (
    f"007;{SECRET};03.05.1961;Treatment?;gut;0,35",
    "008;Berg;1950-02-03;Treatment?;gut;",
    "009;Chan;1950-02-03;Treatment?;;high",
)


def brought(
    client: Client, *rows: str, head: str = HEAD, name: str = "October.csv", reading: str = ""
) -> Any:
    file = SimpleUploadedFile(name, "\n".join([head, *rows]).encode("cp1252"))
    return client.post(UPLOAD, {"list": file, "reading": reading})


def page_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return html.unescape(b"".join(answer).decode())


@pytest.mark.parametrize(
    ("person", "status"), [("alice", 200), ("bob", 200), ("dora", 200), ("victor", 403), ("charlie", 404)]
)
def test_who_may_enter_cases_sees_the_exchange(
    request: pytest.FixtureRequest, board: Board, alice: User, person: str, status: int
) -> None:
    client = logged_in(request.getfixturevalue(person))
    mine = brought(logged_in(alice), *ROWS).url
    taken = reverse("cases:undo_list", args=["gi-net", Case().uid])
    template = reverse("cases:list_template", args=["gi-net"])
    assert [client.get(url).status_code for url in (EXCHANGE, template)] == [status, status]
    assert brought(client, *ROWS).status_code == (302 if status == 200 else status)
    # Somebody else's list is nobody's business, though the board is theirs too.
    alone = status if person == "alice" or status == 403 else 404
    assert client.get(mine).status_code == alone
    assert client.get(f"{mine}refused/").status_code == alone
    assert client.post(f"{mine}take/").status_code == (302 if alone == 200 else alone)
    assert client.post(taken).status_code == (404 if status == 200 else status)
    linked = f'"{EXCHANGE}"' in client.get(reverse("cases:boards")).content.decode()
    assert linked == (status == 200)


def test_a_list_is_read_asked_about_taken_over_and_taken_back(board: Board, alice: User) -> None:
    client = logged_in(alice)
    url = brought(client, *ROWS).url
    shown = page_of(client, url)
    for words in ("“gut”", "What it does", "refused", "No column fills the record number yet.", "0,35"):
        assert (words in shown) == (words not in ("“gut”", "What it does", "refused")), words

    columns = form_of(client, url)
    columns |= {
        "column_0": "Patient: Record number",
        "column_4": "Pathology: Differentiation",
        "name": "Monthly",
    }
    assert client.post(url, columns).status_code == 302
    shown = page_of(client, url)
    assert "“gut” 2 rows" in " ".join(shown.replace('<span class="sub">', "").split())
    assert "2 rows wait for the answers above." in " ".join(shown.split())
    answers = form_of(client, url)
    asked = {name for name in answers if name.startswith(("word_", "answer_"))}
    assert asked == {"word_1_0"}  # nothing is chosen for what is still open
    answers |= {"word_1_0": "well", "answer_0": "day_first", "answer_2": "share"}
    assert client.post(url, answers).status_code == 302
    shown = page_of(client, url)
    assert "Diff: “gut” is Well differentiated" in " ".join(shown.split())
    assert "Take over 2 new" in " ".join(shown.split())
    assert (Case.objects.count(), AuditEvent.objects.filter(case__isnull=False).count()) == (0, 0)

    taken = client.post(f"{url}take/", {}, follow=True)
    assert "Taken over: 2 new, 0 changed." in taken.content.decode()
    report = PathologyReport.objects.get(case__patient__record_number="007")
    assert (report.differentiation, report.ki67) == ("well", "35 %")
    assert (ListReading.objects.count(), ListReading.objects.get(version=2).name) == (2, "Monthly")

    refused = client.get(f"{url}refused/").content.decode("cp1252")
    assert refused.splitlines()[1].startswith("009;Chan;")
    assert "no number; allowed:" in refused
    assert "There is nothing to take over yet." in page_of(client, url)

    made = ListImport.objects.get()
    shown = page_of(client, EXCHANGE)
    assert "October.csv" in shown
    assert "read as Monthly, version 2" in shown
    undone = client.post(reverse("cases:undo_list", args=["gi-net", made.uid]), follow=True)
    assert "The list is taken back." in undone.content.decode()
    assert set(Case.objects.values_list("status", flat=True)) == {"closed"}

    again = brought(client, *ROWS).url  # the next list of the kind is read as this one was
    assert "as Monthly, version 2" in page_of(client, again)
    other = brought(client, "1;gut;;;", head="record_number;Diff;DOB;Mets;Sex", name="Other.csv").url
    assert "as its columns tell" in page_of(client, other)  # one column alike makes it no list of that kind


def test_what_is_wrong_with_how_it_is_read_stands_at_its_box_and_nothing_is_lost(
    board: Board, alice: User
) -> None:
    client = logged_in(alice)
    url = brought(client, *ROWS).url
    typed = form_of(client, url, column_0="Record nummer", column_4="Pathology: Ki-67", name="Mine")
    answer = client.post(url, typed)
    shown = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert (
        '<a href="#id_column_0">Pat-Nr: there is no field “Record nummer”; choose one of the list.</a>'
        in shown
    )
    assert 'value="Record nummer"' in shown
    assert "pathology.ki67 is filled by 2 columns: Diff, Ki-67" in shown
    assert ListReading.objects.count() == 0


def test_an_entry_of_a_person_is_overwritten_only_when_ticked(board: Board, alice: User, bob: User) -> None:
    case = create_case(by=bob, board=board, patient=PATIENT, fields=REFERRAL)
    row = f"{PATIENT['record_number']};{PATIENT['surname']};1961-08-14;;stomach"
    client = logged_in(alice)
    url = brought(client, row, head="record_number;surname;birth_date;question;primary_site").url
    shown = page_of(client, url)
    assert "A person entered what stands there" in shown
    (seen,) = AuditEvent.objects.filter(action="read", kind="list")
    assert seen.detail == {"cases": [case.pk]}
    client.post(f"{url}take/", {})
    case.refresh_from_db()
    assert case.primary_site == "pancreas"
    tick = shown.partition('name="tick"')[2].partition('value="')[2].partition('"')[0]
    client.post(f"{url}take/", {"tick": tick})
    case.refresh_from_db()
    assert (case.primary_site, case.origin) == ("stomach", "list October.csv, row 2")


def test_a_long_list_says_how_far_it_is(board: Board, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "LONG", 1)
    monkeypatch.setattr("cases.views.progress.EVERY", -1)
    client = logged_in(alice)
    rows = [f"{at};Name{at};19{at % 80 + 10}-0{at // 80 + 1}-01;Treatment?" for at in range(120)]
    url = brought(client, *rows, head="record_number;surname;birth_date;question").url
    shown = page_of(client, url)
    assert "Reading: 100 of 120 rows" in shown
    assert shown.index("Comparing: 100 of 120 rows") < shown.index("Take over 120 new")
    assert shown.rstrip().endswith("</html>")
    taken = b"".join(client.post(f"{url}take/")).decode()
    assert "Preparing: 100 of 120 rows" in taken
    assert "Taken over: 120 new, 0 changed." in taken
    assert Case.objects.count() == 120


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "List: choose a CSV, XLSX or JSON Lines file"),
        (b"", "The file is empty."),
        (b"PK\x03\x04", "This is no XLSX file, or it is damaged."),
        (b"x" * (8 * 1024 * 1024 + 1), "List: choose a CSV, XLSX or JSON Lines file of at most 8 MB."),
    ],
    ids=["none", "empty", "damaged", "too large"],
)
def test_what_is_no_list_is_refused_at_once(board: Board, alice: User, data: bytes | None, said: str) -> None:
    sent = {} if data is None else {"list": SimpleUploadedFile("x.csv", data)}
    answer = logged_in(alice).post(UPLOAD, sent)
    assert (answer.status_code, KeptFile.objects.count()) == (422, 0)
    assert said in answer.content.decode()


def test_a_list_lies_here_encrypted_for_its_owner_and_not_for_long(
    board: Board, alice: User, bob: User, caplog: pytest.LogCaptureFixture
) -> None:
    client = logged_in(alice)
    url = brought(client, *ROWS, name=f"{SECRET}.csv").url
    assert SECRET not in url
    (row,) = KeptFile.objects.all()
    assert SECRET.encode() not in bytes(row.sealed)
    assert SECRET in page_of(client, EXCHANGE)
    assert SECRET not in page_of(logged_in(bob), EXCHANGE)
    assert SECRET not in caplog.text
    KeptFile.objects.filter(pk=row.pk).update(token=Case().uid)  # a row moved is no row
    assert client.get(reverse("cases:list", args=["gi-net", KeptFile.objects.get().token])).status_code == 404
    KeptFile.objects.update(kept_at=row.kept_at.replace(year=2020), token=row.token)
    assert client.get(url).status_code == 404
    client.post(reverse("logout"))
    brought(client := logged_in(alice), *ROWS)
    assert KeptFile.objects.count() == 1
    (row,) = KeptFile.objects.all()
    client.post(reverse("cases:discard_list", args=["gi-net", row.token]))
    assert KeptFile.objects.count() == 0
