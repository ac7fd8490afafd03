"""Letters of a signed decision: their first text, the act of issuing, what is printed, and who may."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.urls import reverse
from pypdf import PdfReader

from cases.actions.deciding import supersede_decision, withdraw_decision
from cases.actions.letters import issue_letter
from cases.models import AuditEvent, Board, Case, Decision, Letter
from tests.cases.pages import QUESTION, full_case, logged_in, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(board: Board, alice: User, dora: User) -> Decision:
    board.contact = "Board office, 0123 456"
    board.save()
    case: Case = full_case(board, alice, in_days=-1)
    return sign(case, dora, title="Wait and see")


def url(decision: Decision, addressee: str) -> str:
    return reverse("cases:letter", args=[decision.case.uid, decision.uid, addressee])


def page(user: User, address: str) -> str:
    return " ".join(logged_in(user).get(address).content.decode().split())


def printed(user: User, letter: Letter) -> str:
    response = logged_in(user).get(reverse("cases:document", args=["letter", letter.uid]))
    pdf = PdfReader(io.BytesIO(response.content))
    return " ".join(" ".join(one.extract_text() for one in pdf.pages).split())


@pytest.mark.parametrize(
    ("addressee", "said", "unsaid"),
    [
        (
            "referrer",
            [QUESTION, "The board decided: Wait and see.", "– Call the center, Bob Baker", "Board office"],
            ["Acceptable option", "guideline"],
        ),
        (
            "patient",
            [
                "Dear Ada Quillfeather,",
                "Their suggestion: Wait and see.",
                "Nothing is done without you.",
                "Board office",
            ],
            [QUESTION, "Acceptable option", "guideline", "Palliative"],
        ),
    ],
)
def test_the_first_text_holds_the_decision_and_nothing_of_the_answer(
    signed: Decision, alice: User, addressee: str, said: list[str], unsaid: list[str]
) -> None:
    text: str = logged_in(alice).get(url(signed, addressee)).context["form"]["text"].value()
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []
    assert len(text.split()) <= 200


def test_a_letter_is_issued_as_edited_and_stays(signed: Decision, alice: User) -> None:
    client, address = logged_in(alice), url(signed, "referrer")
    for _ in range(2):  # sent twice is one letter
        response = client.post(address, {"text": "Dear Dr Wu,\r\n\r\nwe wait until 05-Mar-2027.\r\n"})
    letter = Letter.objects.get()
    assert response.headers["Location"].endswith(f"#letter-{letter.uid}")
    assert (letter.text, letter.kind, letter.by) == (
        "Dear Dr Wu,\n\nwe wait until 05-Mar-2027.",
        "referrer",
        alice,
    )
    assert AuditEvent.objects.filter(action="issued", user=alice, case=signed.case).count() == 1
    text = printed(alice, letter)
    assert "Dear Dr Wu, we wait until 05-Mar-2027." in text
    assert "Quillfeather, Ada" in text
    assert "Issued by Alice Albers" in text
    assert "no longer valid" not in text
    signed_page = page(alice, reverse("cases:signed", args=[signed.case.uid, signed.uid]))
    assert reverse("cases:document", args=["letter", letter.uid]) in signed_page


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 6001])
def test_an_empty_or_endless_letter_is_refused_and_kept(signed: Decision, alice: User, text: str) -> None:
    response = logged_in(alice).post(url(signed, "patient"), {"text": text})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["text"]
    assert response.context["form"]["text"].value() == text
    assert not Letter.objects.exists()


def test_a_decision_that_no_longer_stands_gets_no_letter_and_its_letters_say_so(
    signed: Decision, alice: User, dora: User
) -> None:
    letter = issue_letter(by=alice, decision=signed, kind="patient", text="Dear Ada")
    withdraw_decision(by=dora, decision=signed, reason="Wrong patient")
    text = printed(alice, letter)
    assert "ENTERED IN ERROR" in text.upper()
    assert "no longer valid" in text
    assert logged_in(alice).get(url(signed, "patient")).status_code == 403
    with pytest.raises(ValidationError, match="still stands"):
        issue_letter(by=alice, decision=signed, kind="patient", text="Again")


def test_a_correction_under_way_leaves_the_decision_valid(signed: Decision, alice: User, dora: User) -> None:
    supersede_decision(by=dora, decision=signed, reason="It progressed.")
    assert logged_in(alice).get(url(signed, "referrer")).status_code == 200


@pytest.mark.parametrize(
    ("person", "write", "read"),
    [("alice", 200, 200), ("bob", 200, 200), ("dora", 200, 200), ("victor", 403, 200), ("charlie", 404, 404)],
)
def test_who_writes_and_who_reads(
    request: pytest.FixtureRequest, signed: Decision, alice: User, person: str, write: int, read: int
) -> None:
    letter = issue_letter(by=alice, decision=signed, kind="referrer", text="Dear Dr Wu")
    client: Any = logged_in(request.getfixturevalue(person))
    assert client.get(url(signed, "referrer")).status_code == write
    for name in ("document", "document_preview"):
        assert client.get(reverse(f"cases:{name}", args=["letter", letter.uid])).status_code == read
