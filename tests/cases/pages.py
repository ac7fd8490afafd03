"""A case with everything on it, and what a browser would send."""

import datetime
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions.agenda import list_case
from cases.actions.deciding import DecisionContent, OptionContent, StepContent, save_draft, sign_decision
from cases.actions.entry import add_part, create_case
from cases.actions.meetings import create_meeting
from cases.models import Board, Case, Decision
from config import reauthentication
from tests.watched import Watched


def paper_url(kind: str, of: Case | Decision, *, preview: bool = False) -> str:
    """The address of a document of a case or of a signed decision."""
    return reverse("cases:document_preview" if preview else "cases:document", args=[kind, of.uid])


# Words that stand nowhere but in this record: whoever reads one of them has read the record.
SURNAME, QUESTION, LAB = "Quillfeather", "Is the zebrafish question answered?", "LAB-77-XYZ"
PATIENT = {
    "record_number": "R-314159",
    "surname": SURNAME,
    "given_names": "Ada",
    "birth_date": datetime.date(1961, 8, 14),
    "sex": "female",
}
PATHOLOGY = {
    "specimen": "biopsy",
    "specimen_site": "liver",
    "reported_on": datetime.date(2026, 11, 5),
    "lab_number": LAB,
    "differentiation": "well",
    "ki67": "45",
}
REFERRAL = {
    "question": QUESTION,
    "primary_site": "pancreas",
    "extent": "metastatic",
    "metastatic_sites": ["liver"],
}


def full_case(board: Board, by: User, in_days: int = 2) -> Case:
    """A G3 NET of the pancreas with a report of every kind, on the agenda of a meeting so many days ahead."""
    with index_left_as_it_is():
        case = create_case(by=by, board=board, patient=PATIENT, fields=REFERRAL)
        add_part(by=by, case=case, kind="pathology", fields=PATHOLOGY)
        add_part(by=by, case=case, kind="imaging", fields={"modality": "sstr", "result": "positive"})
        add_part(by=by, case=case, kind="molecular", fields={"mmr": "proficient"})
        add_part(by=by, case=case, kind="marker", fields={"name": "Chromogranin A", "value": "240"})
        add_part(by=by, case=case, kind="treatment", fields={"kind": "surgery", "procedure": "Biopsy"})
    add_part(by=by, case=case, kind="assessment", fields={"ecog": 1, "progressive": True})
    meeting = create_meeting(by=by, board=board, starts_at=timezone.now() + datetime.timedelta(days=in_days))
    return list_case(by=by, case=case, meeting=meeting).case


@contextmanager
def index_left_as_it_is() -> Iterator[None]:
    """The saves within are counted; only the next one after them brings the index up to the record, on which
    half of the time of making a case is spent."""

    def only_counted(case: Case) -> None:
        Case.objects.filter(pk=case.pk).update(record_version=F("record_version") + 1)
        case.record_version += 1

    with patch("cases.actions.entry.keep_index", only_counted):
        yield


def sign(case: Case, chair: User, title: str = "Second opinion") -> Decision:
    """A signed decision with one option of the board's own and one next step."""
    content = DecisionContent(
        intent="palliative",
        options=(OptionContent("own", title=title),),
        next_steps=(StepContent("Call the center", owner_name="Bob Baker"),),
    )
    draft = save_draft(by=chair, discussion=case.discussions.get(), content=content)
    number = case.patient.record_number
    early = "" if draft.discussion.meeting.has_begun else "Agreed by telephone"
    return sign_decision(
        by=chair, decision=draft, version=draft.version, record_number=number, early_reason=early
    )


class Fields(HTMLParser):
    """The successful controls of the page's main form, as a browser would send them."""

    def __init__(self, action: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self.data: dict[str, list[str]] = {}
        self.inside = False
        self.wanted = action
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("method") == "post" and given.get("action", "") == self.wanted
        if not self.inside or (not given.get("name") and tag != "option"):
            return
        if tag == "input" and given.get("type") in ("radio", "checkbox") and "checked" not in given:
            return
        if tag == "input":
            self.data.setdefault(given["name"], []).append(given.get("value", ""))
        elif tag == "select":
            self.select = given["name"]
        elif tag == "option" and self.select and "selected" in given:
            self.data[self.select] = [given.get("value", "")]
        elif tag == "textarea":
            self.area = given["name"]
            self.data[self.area] = [""]

    def handle_data(self, data: str) -> None:
        if self.area:
            self.data[self.area][0] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.inside = False


def form_of(client: Client, url: str, action: str = "", **changes: Any) -> dict[str, Any]:
    """What the form on a page would send, with some of it changed."""
    fields = Fields(action)
    fields.feed(client.get(url).content.decode())
    fields.data.pop("csrfmiddlewaretoken", None)
    return {**fields.data, **changes}


def logged_in(user: User) -> Client:
    """A browser in which the person has logged in."""
    client = Watched()
    client.force_login(user)
    return client


def of_an_event() -> int:
    """The queries of a read's event: savepoint, PostgreSQL's lock, end of the chain, event, release."""
    return 5 if connection.vendor == "postgresql" else 4


def proven_in(user: User) -> Client:
    """A browser in which the person has just said once more who they are."""
    client = logged_in(user)
    session = client.session
    session[reauthentication.KEY] = (user.pk, int(timezone.now().timestamp()))
    session["account_authentication_methods"] = [{"at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client
