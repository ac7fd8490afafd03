"""The panel over HTTP: light, the same as page and as part, and closed to outsiders."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from cases.actions.boards import choose_guideline
from cases.actions.entry import save_case, save_part
from cases.models import AuditEvent, Board, Case
from guidelines.knowledge.releases import CURRENT, current, guideline_at
from tests.cases.pages import SURNAME, form_of, logged_in
from tests.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]
HTMX = {"HX-Request": "true"}
MOST_BYTES_OF_A_PREVIEW, MOST_BYTES_OF_A_PAGE = 20_000, 60_000
MOST_BYTES_OF_THE_LONGEST_FORM = 62_000  # the assessment: every judgment, and the ways on from it
LONG = "Is it worth while to ask the board " * 12


@pytest.fixture
def case(case: Case, alice: User) -> Case:
    """A metastatic NEC, as entered so far."""
    report = case.pathology_reports.get()
    save_part(by=alice, part=report, fields={"differentiation": "poor"}, version=report.version)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def client_(alice: User) -> Client:
    return logged_in(alice)


def url(case: Case, name: str, **kwargs: Any) -> str:
    return reverse(f"cases:{name}", kwargs={"uid": case.uid, **kwargs})


def text(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def preview(client: Client, case: Case, part: str = "pathology", **changes: Any) -> str:
    page = url(case, "case") if part == "referral" else url(case, "part", part=part)
    return text(client.post(url(case, "preview", part=part), form_of(client, page, **changes)))


def opened(client: Client, case: Case, code: str) -> str:
    return text(client.get(url(case, "option", code=code), headers=HTMX))


@pytest.mark.parametrize("code", ["facts", "principles", "trials", "more-test"])
def test_what_opens_in_the_panel_is_a_page_of_its_own_too(client_: Client, case: Case, code: str) -> None:
    """In a tab of its own, or without a script."""
    page, part = text(client_.get(url(case, "option", code=code))), opened(client_, case, code)
    assert part.strip() in page
    assert "<h2>" in page


# --- Size and order ---------------------------------------------------------------------------------------


def test_page_and_preview_are_light(client_: Client, case: Case) -> None:
    assert len(preview(client_, case).encode()) <= MOST_BYTES_OF_A_PREVIEW
    assert len(preview(client_, case, part="referral", primary_site="", extent="").encode()) <= 22_000
    assert len(client_.get(url(case, "case")).content) <= MOST_BYTES_OF_A_PAGE
    longest = client_.get(url(case, "part", part="assessment"))
    assert len(longest.content) <= MOST_BYTES_OF_THE_LONGEST_FORM


def test_order_of_the_panel(client_: Client, case: Case) -> None:
    html = preview(client_, case)
    places = [
        html.index(words)
        for words in (
            "<b>Question:</b>",
            "<b>NEC, pancreas, metastatic, liver</b>",
            "Would change the answer",
            'id="fill-',
            "<h3>Treatment</h3>",
            'id="o-platinum_etoposide"',
            "<h3>Tests</h3>",
            "principles/",
            "Based on the NANETS consensus",
        )
    ]
    assert places == sorted(places)


def test_question_is_never_cut(client_: Client, case: Case, alice: User) -> None:
    save_case(by=alice, case=case, fields={"question": LONG}, version=case.version)
    html = text(client_.get(url(case, "case")))
    assert html.count(LONG.strip()) >= 3  # banner, panel, form
    assert re.search(r'<details class="question".*?' + re.escape(LONG.strip()), html, re.S)


def test_no_address_of_the_panel_names_anything_of_the_patient(client_: Client, case: Case) -> None:
    for address in re.findall(r'href="([^"]*)"', preview(client_, case)):
        assert re.fullmatch(rf"/cases/{case.uid}/[a-z0-9_/?=#.-]*|/guideline/[a-z0-9_/-]*", address), address


# --- Behind a row -----------------------------------------------------------------------------------------


def test_a_row_opens_in_place_and_as_a_page(client_: Client, case: Case) -> None:
    part = opened(client_, case, "platinum_etoposide")
    assert "<html" not in part
    assert "Give palliative platinum and etoposide as first line" in part
    assert "Differentiation: Poorly differentiated (Pathology LAB-77-XYZ" in part
    assert "<dt>Evidence" not in part
    page = text(client_.get(url(case, "option", code="platinum_etoposide")))
    assert "Give palliative platinum and etoposide as first line" in page
    assert "<dt>Source" in page
    assert "hx-get" not in page[page.index('class="fetched"') : page.index('class="panel"')]


def test_opening_a_row_in_place_is_no_reading_of_its_own(client_: Client, case: Case) -> None:
    before = AuditEvent.objects.count()
    response = client_.get(url(case, "option", code="prrt"), headers=HTMX)
    assert response.headers["HX-Push-Url"] == "false"
    assert AuditEvent.objects.count() == before
    client_.get(url(case, "option", code="prrt"))
    assert AuditEvent.objects.filter(case=case, kind="option", action="read").count() == 1


def test_every_link_of_the_panel_leads_somewhere(client_: Client, case: Case) -> None:
    html = text(client_.get(url(case, "case")))
    codes = re.findall(rf'href="/cases/{case.uid}/options/([^/"]+)/"', html)
    assert {"facts", "principles", "trials", "platinum_etoposide"} <= set(codes)
    for code in codes:
        assert 'class="rec-body"' in opened(client_, case, code)


def test_a_fold_holds_the_rest(client_: Client, case: Case) -> None:
    rest = opened(client_, case, "facts")
    assert 'id="fill-hormonal_syndrome"' in rest
    assert f'href="{url(case, "part", part="assessment")}#id_hormonal_syndrome"' in rest
    assert "Check its full criteria." in opened(client_, case, "trials")
    assert "Do not use Ki-67 alone to tell G3 NET from NEC" in opened(client_, case, "principles")


def test_with_unsaved_changes_a_row_speaks_of_them(client_: Client, case: Case) -> None:
    saved = preview(client_, case, row="captem")
    assert "No recommendation is made on capecitabine with temozolomide" in saved
    unsaved = preview(client_, case, row="captem", differentiation="well")
    assert "Accept capecitabine with temozolomide (CAPTEM) as first line" in unsaved
    assert "Differentiation: Well differentiated (Pathology" in unsaved


def test_what_does_not_apply_says_why(client_: Client, case: Case) -> None:
    assert "Needed: the primary is in the cervix." in opened(client_, case, "radical_hysterectomy")


@pytest.mark.parametrize("code", ["zebrafish", "more-zebrafish", "facts-", "met-nec-captem"])
def test_a_code_that_is_none_is_not_found(client_: Client, case: Case, code: str) -> None:
    assert client_.get(url(case, "option", code=code)).status_code == 404
    sent = client_.post(url(case, "preview", part="pathology"), {"row": code})
    assert sent.status_code == 404


def test_outsider_sees_no_row(case: Case, charlie: User, bob: User) -> None:
    assert SURNAME in text(logged_in(bob).get(url(case, "option", code="prrt")))
    for headers in ({}, HTMX):
        response = logged_in(charlie).get(url(case, "option", code="prrt"), headers=headers)
        assert response.status_code == 404
        assert b"peptide" not in response.content.lower()


def test_viewer_reads_rows_but_previews_nothing(case: Case, victor: User) -> None:
    client = logged_in(victor)
    assert "Do not give peptide receptor" in opened(client, case, "prrt")
    assert client.post(url(case, "preview", part="pathology"), {"row": "prrt"}).status_code == 403


# --- The part that is the guideline's ---------------------------------------------------------------------


def said(client: Client, address: str, statement: str, digest: str = "") -> Any:
    where = reverse("guidelines:said", args=[address, statement])
    return client.get(where, {"digest": digest} if digest else {})


def test_the_guidelines_part_is_kept_by_browsers_and_knows_no_case(client_: Client, case: Case) -> None:
    part = opened(client_, case, "platinum_etoposide")
    found = re.search(r'hx-get="([^"]+)" hx-trigger="load"', part)
    assert found
    assert str(case.uid) not in found[1]
    response = client_.get(found[1])
    assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    html = text(response)
    assert "<dt>Evidence" in html
    assert "<dt>Source" in html
    assert "at most one of the voting panelists disagreed" in html


def test_without_the_digest_or_with_another_nothing_is_kept(client_: Client) -> None:
    statement = current().statements[0].id
    for digest in ("", "sha256:0"):
        response = said(client_, current().address, statement, digest)
        assert "no-store" in response.headers["Cache-Control"]


def test_an_older_edition_speaks_for_itself(client_: Client) -> None:
    statement = guideline_at(f"{CURRENT}@1.0").statements[0].id
    html = text(said(client_, f"{CURRENT}@1.0", statement))
    assert f"/statements/{statement}/?edition=1.0" in html


@pytest.mark.parametrize(
    ("address", "statement"), [("none", "met-net-prrt"), (f"{CURRENT}@9.9", "x"), (f"{CURRENT}@1.1", "x")]
)
def test_no_such_statement(client_: Client, address: str, statement: str) -> None:
    assert said(client_, address, statement).status_code == 404


def test_it_needs_a_log_in() -> None:
    assert said(Client(), current().address, current().statements[0].id).status_code == 302


# --- A board with an older edition ------------------------------------------------------------------------


def test_an_edition_without_options_is_shown_by_its_statements(
    client_: Client, case: Case, board: Board
) -> None:
    adam = member(board, "adam", "administrator", "Adam", "Ames")
    choose_guideline(by=adam, board=board, address=f"{CURRENT}@1.0")
    html = text(client_.get(url(case, "case")))
    assert "<h3>Systemic therapy</h3>" in html
    code = re.search(rf'href="/cases/{case.uid}/options/(met-nec[^/"]+)/"', html)
    assert code
    assert "?edition=1.0" in opened(client_, case, code[1])
