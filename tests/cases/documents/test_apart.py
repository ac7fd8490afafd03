"""Printing in a process of its own: the same document, and what becomes of one that goes wrong."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from pypdf import PdfReader

from cases.documents import apart
from cases.documents.apart import NotPrinted, Printer, exchanged
from cases.documents.printer import FAILED, LAID_OUT, LENGTH, MADE
from cases.models import AuditEvent, Board
from tests.cases.pages import full_case, logged_in, paper_url

PAGE = '<html lang="en-GB"><head><title>T</title></head><body><h1>{0}</h1></body></html>'


@pytest.fixture
def printer() -> Iterator[Printer]:
    made = Printer()
    yield made
    made.close()


def test_it_prints_one_after_the_other_in_one_process(printer: Printer) -> None:
    for words in ("First", "Second"):
        pdf = PdfReader(io.BytesIO(printer.pdf(PAGE.format(words))))
        assert pdf.pages[0].extract_text().split()[0] == words


def test_what_takes_too_long_costs_the_process_and_no_more(
    printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert printer.pdf(PAGE.format("Warm")).startswith(b"%PDF-")
    monkeypatch.setattr(apart, "SECONDS", 0.3)
    with pytest.raises(NotPrinted, match="too long, or too much memory"):
        printer.pdf(PAGE.format("<p>x</p>" * 200_000))
    monkeypatch.setattr(apart, "SECONDS", 50)
    assert printer.pdf(PAGE.format("Again")).startswith(b"%PDF-")


def test_a_process_that_was_killed_is_replaced(printer: Printer) -> None:
    printer.pdf(PAGE.format("Warm"))
    process: Any = printer._process
    process.kill()
    process.wait()
    assert printer.pdf(PAGE.format("Again")).startswith(b"%PDF-")


@pytest.mark.django_db
def test_who_comes_while_the_line_is_full_waits_on_a_page_that_asks_again(board: Board, alice: User) -> None:
    case = full_case(board, alice)
    with apart.printer().place(), apart.printer().place():
        response = logged_in(alice).get(paper_url("handout", case))
    assert (response.status_code, response.headers["Refresh"]) == (503, "2")
    assert "Your document is in line" in response.content.decode()
    assert not AuditEvent.objects.filter(action="exported").exists()
    assert logged_in(alice).get(paper_url("handout", case)).content.startswith(b"%PDF-")


@pytest.mark.django_db
def test_who_asked_is_told_what_could_not_be_made(
    board: Board, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = full_case(board, alice)
    monkeypatch.setattr(apart, "SECONDS", 0.0)
    apart.printer().close()
    response = logged_in(alice).get(paper_url("handout", case))
    assert response.headers["Location"] == paper_url("handout", case, preview=True)
    assert [str(one) for one in get_messages(response.wsgi_request)] == [
        "The document could not be made: too long, or too much memory. Try again."
    ]
    assert not AuditEvent.objects.filter(action="exported").exists()


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        (MADE + LENGTH.pack(3) + b"PDF", b"PDF"),
        (MADE + LENGTH.pack(4) + b"PDF", None),
        (MADE + LENGTH.pack(3)[:5], None),
        (FAILED + LENGTH.pack(0), None),
        (b"", None),
        (LAID_OUT + LENGTH.pack(1)[:3], None),
    ],
)
def test_half_a_document_is_none(answered: bytes, expected: bytes | None) -> None:
    assert exchanged(b"<p>", io.BytesIO(), io.BytesIO(answered)) == expected


def test_it_tells_of_each_page_and_who_is_told_can_end_it(printer: Printer) -> None:
    told: list[int] = []
    page = '<p style="break-after: page">x</p>'
    printer.pdf(PAGE.format(3 * page), told=told.append)
    assert told == [1, 2, 3, 0]

    def enough(_: int) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        printer.pdf(PAGE.format(3 * page), told=enough)
    assert printer.pdf(PAGE.format("Again")).startswith(b"%PDF-")
