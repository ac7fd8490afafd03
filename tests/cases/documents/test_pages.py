"""Taking the handout out: who may, what is left behind, and that what is signed comes from the snapshot."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from cases.actions import deciding
from cases.actions.deciding import (
    DecisionContent,
    OptionContent,
    save_draft,
    sign_decision,
    supersede_decision,
)
from cases.actions.entry import create_case, save_patient
from cases.models import AuditEvent, Board, Case, Decision, PathologyReport, Patient
from tests.cases.pages import QUESTION, logged_in, paper_url, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]


@pytest.fixture(scope="module")
def in_days() -> int:
    return -1


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def get(user: User, kind: str, of: Case | Decision, *, preview: bool = False) -> Any:
    return logged_in(user).get(paper_url(kind, of, preview=preview))


def pdf(user: User, kind: str, of: Case | Decision) -> str:
    return text_of(get(user, kind, of).content)


@pytest.mark.parametrize("person", ["alice", "bob", "victor"])
def test_members_take_it_and_leave_an_export_event(
    request: pytest.FixtureRequest, case: Case, person: str
) -> None:
    user = request.getfixturevalue(person)
    response = get(user, "handout", case)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert re.fullmatch(
        r'attachment; filename="handout-\d\d-[A-Z][a-z]{2}-\d{4}\.pdf"',
        response.headers["Content-Disposition"],
    )
    assert "no-store" in response.headers["Cache-Control"]
    text = text_of(response.content)
    assert "Quillfeather, Ada" in text
    assert QUESTION in text
    assert f"by {user.get_full_name()}" in text
    events = AuditEvent.objects.filter(user=user, kind="handout").values_list("action", "kind", "case")
    assert list(events) == [("exported", "handout", case.pk)]


@pytest.mark.parametrize("kind", ["handout", "record", "annex"])
@pytest.mark.parametrize("preview", [False, True])
def test_an_outsider_gets_404_and_leaves_a_denial(
    case: Case, charlie: User, kind: str, preview: bool
) -> None:
    response = get(charlie, kind, case, preview=preview)
    assert response.status_code == 404
    assert b"uillfeather" not in response.content.lower()
    assert list(AuditEvent.objects.filter(user=charlie).values_list("action", flat=True)) == ["denied"]


def test_a_decision_of_another_board_is_not_to_be_had(case: Case, dora: User, charlie: User) -> None:
    decision = sign(case, dora)
    for preview in (False, True):
        assert get(charlie, "handout", decision, preview=preview).status_code == 404


def test_a_draft_decision_has_no_handout_of_its_own(case: Case, dora: User) -> None:
    draft = save_draft(
        by=dora, discussion=case.discussions.get(), content=DecisionContent(rationale="Thinking.")
    )
    assert get(dora, "handout", draft).status_code == 404
    assert "Thinking." in pdf(dora, "handout", case)


def test_the_preview_shows_the_same_body_and_leaves_a_read_event(case: Case, alice: User) -> None:
    response = get(alice, "handout", case, preview=True)
    content = response.content.decode()
    assert QUESTION in content
    assert paper_url("handout", case) in content
    assert 'class="seal seal-draft"' in content
    assert list(AuditEvent.objects.filter(user=alice, action="read").values_list("kind", flat=True)) == [
        "handout"
    ]


def test_who_makes_a_document_is_told_what_no_font_has(case: Case, alice: User) -> None:
    assert "No font has" not in get(alice, "handout", case, preview=True).content.decode()
    Case.objects.filter(pk=case.pk).update(
        question="Surgery 😀 first?", record_version=case.record_version + 1
    )
    told = get(alice, "handout", case, preview=True).content.decode()
    assert "<li>😀 [Grinning face], in “Surgery 😀 first?”</li>" in told


def test_the_preview_of_a_signed_case_offers_both(case: Case, dora: User) -> None:
    sign(case, dora)
    content = get(dora, "handout", case, preview=True).content.decode()
    assert 'class="seal seal-signed"' in content
    assert paper_url("record", case, preview=True) in content
    assert 'class="seal seal-draft"' in get(dora, "record", case, preview=True).content.decode()


def test_only_asking_is_allowed(case: Case, alice: User) -> None:
    assert logged_in(alice).post(paper_url("handout", case)).status_code == 405


# --- From the snapshot alone --------------------------------------------------------------------------------


def test_a_signed_handout_does_not_change_with_the_record_or_the_guideline(
    case: Case, dora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision = sign(case, dora)
    before = pdf(dora, "handout", case)
    Patient.objects.filter(pk=case.patient_id).update(surname="Renamed", record_number="R-0")
    Case.objects.filter(pk=case.pk).update(question="Something else?", primary_site="colon")
    PathologyReport.objects.filter(case=case).update(differentiation="poor", ki67="90")

    def never(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("A signed decision is never assessed again.")

    monkeypatch.setattr(deciding, "assessed", never)
    monkeypatch.setattr(deciding, "facts_of", never)
    monkeypatch.setattr(deciding, "guideline_of", never)
    after = pdf(dora, "handout", case)
    printed = re.compile(r"printed \d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d")
    assert printed.sub("", after) == printed.sub("", before)
    assert pdf(dora, "handout", decision).count("Quillfeather") > 0


def test_the_guideline_version_on_it_is_that_of_the_signature(case: Case, dora: User) -> None:
    decision = sign(case, dora)
    text = pdf(dora, "handout", case)
    stamp = decision.snapshot["guideline"]
    assert f"Guideline {stamp['id']}, version {stamp['version']} · {stamp['digest']}" in text


def test_the_record_as_it_stands_is_a_draft_that_names_the_decision_in_force(case: Case, dora: User) -> None:
    sign(case, dora, title="Wait and see")
    PathologyReport.objects.filter(case=case).update(ki67="71")
    text = pdf(dora, "record", case)
    assert "Ki-67 71 %" in text
    assert "DRAFT" in text.upper()
    assert "Decision in force:" in text
    assert "signed by Dora Diaz: Wait and see. It stays valid until another is signed." in text


def test_a_superseded_decision_is_marked_and_the_new_one_is_what_is_printed(case: Case, dora: User) -> None:
    first = sign(case, dora, title="First plan")
    draft = supersede_decision(by=dora, decision=first, reason="It progressed.")
    content = DecisionContent(intent="palliative", options=(OptionContent("own", title="Second plan"),))
    draft = save_draft(by=dora, discussion=case.discussions.get(), content=content, version=draft.version)
    assert "First plan" in pdf(dora, "handout", case)
    sign_decision(by=dora, decision=draft, version=draft.version, record_number=case.patient.record_number)
    old = pdf(dora, "handout", first)
    assert "CORRECTED" in old.upper()
    assert "corrected by a later decision, no longer valid" in old
    new = pdf(dora, "handout", case)
    assert "Second plan" in new
    assert "An earlier decision: It progressed." in new


# --- By command ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["uid", "record number"])
def test_the_command_writes_the_file_and_leaves_an_event(case: Case, tmp_path: Path, by: str) -> None:
    target = tmp_path / "out.pdf"
    call_command("handout", str(case.uid) if by == "uid" else case.patient.record_number, output=str(target))
    assert QUESTION in text_of(target.read_bytes())
    event = AuditEvent.objects.get(action="exported")
    assert (event.user, event.case, event.kind, event.detail) == (None, case, "handout", {"by": "command"})


def test_the_command_prints_the_record_as_it_stands_if_asked(case: Case, dora: User, tmp_path: Path) -> None:
    sign(case, dora)
    target = tmp_path / "out.pdf"
    call_command("handout", str(case.uid), output=str(target), now=True)
    assert "DRAFT" in text_of(target.read_bytes()).upper()


def test_the_command_says_what_is_wrong(case: Case, board: Board, alice: User, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No case has the id"):
        call_command("handout", "nobody", output="-")
    with pytest.raises(CommandError, match="Cannot write"):
        call_command("handout", str(case.uid), output=str(tmp_path / "missing" / "out.pdf"))
    create_case(by=alice, board=board, patient=case.patient, fields={"question": "Again?"})
    with pytest.raises(CommandError, match="2 cases have this record number"):
        call_command("handout", case.patient.record_number, output="-")


def test_what_is_remembered_of_a_case_is_not_printed_once_it_has_changed(case: Case, alice: User) -> None:
    """A name that was corrected, another name and paper of the board: each stands on the next paper."""
    before = get(alice, "handout", case, preview=True).content.decode()
    assert "Corrigenda" not in before
    assert "Renamed board" not in before
    patient = case.patient
    save_patient(by=alice, case=case, fields={"surname": "Corrigenda"}, version=patient.version)
    Board.objects.filter(pk=case.board.pk).update(name="Renamed board", paper="letter")
    pages = PdfReader(io.BytesIO(get(alice, "handout", case).content)).pages
    printed = "".join(page.extract_text() for page in pages)
    assert "Corrigenda" in printed
    assert "Renamed board" in printed
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [612, 792]
