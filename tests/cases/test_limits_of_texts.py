"""One letter too many in every box for text: the box is named with its limit, and all is kept, as text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib import import_module
from pkgutil import walk_packages

import pytest
from django import forms
from django.apps import apps
from django.contrib.auth.models import User
from django.core.validators import MaxLengthValidator
from django.db import models
from django.test import Client
from django.urls import reverse

import cases.forms
from cases.actions.tokens import make_token
from cases.models import Board, Case, Membership
from cases.reading.pasted import LONGEST_TEXT
from tests.cases.addresses import addresses_of
from tests.cases.pages import full_case, proven_in
from tests.hostile import hostile, injected

pytestmark = pytest.mark.django_db

LINES = {"text", "search", "area"}
PERSON = {"record_number": "77-1", "surname": "Novak", "given_names": "Eva", "birth_date": "1970-02-03"}
FILE = {"patient": PERSON, "case": {"question": "First-line treatment?"}}
# The pages on which something is typed and stored.
PAGES = (
    "worklist", "new_case", "case", "patient", "other_patient", "part", "listing", "comments", "shared",
    "letter", "signed", "step", "steps", "followed_option", "follow_up_item", "new_meeting", "change_meeting",
    "cancel_meeting", "meeting", "roll_call", "board_settings", "board_people", "new_person", "take_out",
    "tokens",
)  # fmt: skip
# A box for a date, a time or a number says what it takes.
NEITHER = re.compile(
    r"enter a (date|time|number)|enter a whole number|a whole number from|is not a month", re.IGNORECASE
)


@dataclass
class Sent:
    """A form: where it goes, what a browser would send, and the boxes for text with their limits."""

    action: str
    data: dict[str, list[str]] = field(default_factory=dict)
    boxes: dict[str, int] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, typed: dict[str, str]) -> dict[str, object]:
        """What a browser sends with the button that saves, the one without a name where there are several."""
        name, value = min(self.buttons, default=("", ""))
        kept = {name: given for name, given in self.data.items() if name != "csrfmiddlewaretoken"}
        return kept | typed | ({name: value} if name else {})


class Forms(HTMLParser):
    """The forms of a page that are posted; what its summary says is to be corrected, by the boxes' ids; and
    what stands at a box that has no summary above it.
    """

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.sent: list[Sent] = []
        self.values: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        self.summary: dict[str, str] = {}
        self.beside: dict[str, str] = {}
        self.open: Sent | None = None
        self.area = self.select = self.link = self.at = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Sent(given.get("action", "")) if given.get("method") == "post" else None
            self.sent += [self.open] if self.open else []
        elif tag == "a":
            self.link = given.get("href", "")
        elif tag == "select":
            self.select = given.get("name", "")
        elif tag == "option" and "selected" in given and self.open and self.select:
            self.open.data[self.select] = [given.get("value", "")]
        elif tag == "button" and self.open:
            self.open.buttons.append((given.get("name", ""), given.get("value", "")))
        elif tag in ("input", "textarea") and "name" in given:
            self.box(given["name"], given.get("type", "text") if tag == "input" else "area", given)
        self.at = given.get("id", "") if given.get("id", "").endswith("_error") else self.at

    def box(self, name: str, kind: str, given: dict[str, str]) -> None:
        self.ids[name] = given.get("id", "")
        self.area = name if kind == "area" else ""
        if kind in ("radio", "checkbox") and "checked" not in given:
            return
        self.values[name] = given.get("value", "")
        if self.open is not None:
            self.open.data.setdefault(name, []).append(given.get("value", ""))
            if kind in LINES:
                self.open.boxes[name] = int(given.get("maxlength", LONGEST_TEXT))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] += data.removeprefix("\n")
        elif self.link:
            self.summary[self.link] = self.summary.get(self.link, "") + data
        elif self.at:
            self.beside[self.at] = self.beside.get(self.at, "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "a":
            self.link = ""
        elif tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""
        elif tag == "div":
            self.at = ""


def faults(client: Client, url: str, page: Forms, sent: Sent) -> list[str]:
    """What is wrong with the answer to a form whose boxes for text all hold one letter too many."""
    typed = {name: f"{hostile(1, 20)} {'x' * limit}"[: limit + 1] for name, limit in sent.boxes.items()}
    answer = client.post(sent.action or url, sent.filled(typed))
    shown = Forms(answer.content.decode())
    found = injected(answer.content.decode())
    found += [] if answer.status_code == 422 else [f"status {answer.status_code}"]
    for name, limit in sent.boxes.items():
        box = shown.ids.get(name, "")
        said = shown.summary.get(f"#{box}", "")
        text = said or shown.beside.get(f"{box}_error", "")
        if shown.values.get(name) != typed[name]:
            found.append(f"{name}: what was typed is lost")
        if not text or said.startswith(("Ensure", "Enter", "This")):
            found.append(f"{name}: not named: {text!r}")
        elif not re.search(rf"\b{limit:,}\b|\b{limit}\b", text) and not NEITHER.search(text):
            found.append(f"{name}: no limit: {text!r}")
    return found


def test_one_letter_too_many(board: Board, alice: User, dora: User) -> None:
    Membership.objects.filter(user=dora).update(further_roles=["administrator", "coordinator"])
    case = full_case(board, alice)
    client, wrong, done = proven_in(dora), {}, set()
    first = reverse("cases:decision", args=[case.uid])  # while there is something to decide
    addresses = addresses_of(case, dora)
    for url in [first, *(url for name in PAGES for url in addresses[name])]:
        answer = client.get(url)
        page = Forms(answer.content.decode())
        for sent in page.sent:
            boxes = frozenset(sent.boxes.items())
            if boxes and boxes not in done and (found := faults(client, url, page, sent)):
                wrong[url, sent.action] = found
            done.add(boxes)
    assert len({name for boxes in done for name, _ in boxes}) > 90
    assert wrong == {}, "\n".join(f"{where}: {'; '.join(found)}" for where, found in wrong.items())


def every_form() -> Iterator[type[forms.BaseForm]]:
    """The classes of all forms of the record."""
    for module in walk_packages(cases.forms.__path__, "cases.forms."):
        for kind in vars(import_module(module.name)).values():
            if isinstance(kind, type) and issubclass(kind, forms.BaseForm) and kind.__module__ == module.name:
                yield kind


def test_every_box_has_a_limit() -> None:
    """Those too that no page of the test above shows."""
    boxes = {
        f"{kind.__name__}.{name}": box.max_length
        for kind in every_form()
        for name, box in getattr(kind, "base_fields", {}).items()
        if isinstance(box, forms.CharField) and not box.widget.is_hidden
    }
    assert [name for name, limit in boxes.items() if limit is None] == []
    assert len(boxes) > 80


def test_every_column_for_text_has_a_limit() -> None:
    """What programs and lists bring passes no form."""
    free = {"searched", "citation", "standings"}  # written by the program itself
    columns = {
        str(column): column.validators
        for model in apps.get_app_config("cases").get_models()
        for column in model._meta.get_fields()
        if isinstance(column, models.TextField) and column.name not in free
    }
    limited = [
        name for name, checks in columns.items() if any(isinstance(one, MaxLengthValidator) for one in checks)
    ]
    assert limited == list(columns)
    assert len(columns) == 19


@pytest.mark.parametrize(
    ("method", "path", "sent", "fault"),
    [
        ("post", "cases/find", {"record_number": "x" * 65}, ("body.wanted.record_number", "64 characters")),
        ("post", "recommend", {"facts": {}, "asks": ["x" * 81]}, ("body.question.asks.0", "80 characters")),
        ("post", "recommend", {"facts": {}, "done": ["x"] * 201}, ("body.question.done", "200 items")),
        (
            "post",
            "recommend",
            {"facts": {}, "guideline": "x" * 81},
            ("body.question.guideline", "80 characters"),
        ),
        (
            "put",
            "cases",
            FILE | {"case": {"question": "x" * (LONGEST_TEXT + 1)}},
            ("case.question", "20000 characters"),
        ),
        (
            "put",
            "cases",
            FILE | {"patient": PERSON | {"surname": "x" * 101}},
            ("patient.surname", "100 characters"),
        ),
    ],
)
def test_programs_are_told_the_limit_too(
    board: Board,
    alice: User,
    client: Client,
    method: str,
    path: str,
    sent: dict[str, object],
    fault: tuple[str, str],
) -> None:
    secret = make_token(by=alice, board=board, name="EPR", rights=["read", "enter"], days=1)[1]
    answer = getattr(client, method)(
        f"/api/v1/{path}",
        sent,
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == 422
    (told,) = answer.json()["errors"]
    assert (told["field"], fault[1] in f"{told['reason']} {told['allowed']}") == (fault[0], True), told
    assert not Case.objects.exists()
