"""Enter in a field saves, or shows, what was typed; it never presses a button that does something else."""

from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from cases.models import Board, Case
from tests.cases.pages import full_case, logged_in

pytestmark = pytest.mark.django_db

TYPED_INTO = ("text", "search", "number", "range", "password", "email", "date")


class Forms(HTMLParser):
    """The forms of a page in which something is typed, each with the submit buttons in their order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []
        self.buttons: list[str] | None = None
        self.action, self.typed = "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action, self.buttons, self.typed = given.get("action", ""), [], False
        elif self.buttons is None or given.get("form"):
            return
        elif tag == "input" and given.get("type", "text") in TYPED_INTO:
            self.typed = True
        elif tag == "button" and given.get("type", "submit") == "submit":
            self.buttons.append(given.get("name", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.buttons is not None:
            if self.typed:
                self.found.append((self.action, self.buttons))
            self.buttons = None


def addresses(case: Case) -> list[str]:
    case.refresh_from_db()
    of_case = ("case", "patient", "comments", "decision", "what_if", "history")
    parts = ("pathology", "imaging", "molecular", "treatment", "assessment")
    return [
        reverse("cases:worklist"),
        reverse("cases:new_case"),
        reverse("cases:new_meeting"),
        reverse("cases:meeting", args=[case.board.meetings.get().uid]),
        *(reverse(f"cases:{name}", args=[case.uid]) for name in of_case),
        *(reverse("cases:new_item", args=[case.uid, part]) for part in parts),
    ]


@pytest.mark.parametrize("person", ["alice", "dora"])
def test_the_first_button_of_a_form_is_the_one_that_saves(
    request: pytest.FixtureRequest, board: Board, alice: User, dora: User, person: str
) -> None:
    case = full_case(board, alice)
    client = logged_in(request.getfixturevalue(person))
    checked = 0
    for address in addresses(case):
        response = client.get(address)
        if response.status_code != 200:
            continue
        for action, buttons in Forms(response.content.decode()).found:
            assert buttons, f"{address} {action}: no button"
            assert buttons[0] == "", f"{address} {action}: Enter presses {buttons[0]}"
            checked += 1
    assert checked >= 10
