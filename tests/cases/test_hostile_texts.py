"""The corpus in every text of a case, its meeting, its decision, its people: all pages show it as text."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from itertools import count

import pytest
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpResponse
from django.utils import timezone
from django.utils.html import escape
from icalendar import Calendar

from cases.actions.agenda import list_case
from cases.actions.asking import note_asked
from cases.actions.deciding import save_draft, sign_decision
from cases.actions.drafts import (
    ConditionContent,
    DecisionContent,
    DissentContent,
    OptionContent,
    StepContent,
    Votes,
)
from cases.actions.entry import add_comment, add_part, create_case
from cases.actions.leading import Deferral, add_note, close_meeting, defer, start_meeting
from cases.actions.meetings import create_meeting
from cases.actions.roll_call import Present, call_roll
from cases.models import (
    ApiToken,
    Board,
    Case,
    CaseGrant,
    ClinicalAssessment,
    Decision,
    DocumentOrder,
    ImagingStudy,
    ListReading,
    Meeting,
    Membership,
    MolecularReport,
    PathologyReport,
    PostedBundle,
    SerumMarker,
    Treatment,
)
from cases.models.base import LongText
from cases.screens.awaiting import AWAITED
from guidelines.vocabulary.facts import FACTS
from tests.cases import addresses
from tests.cases.pages import PATIENT, logged_in
from tests.hostile import MARK, hostile, injected

pytestmark = pytest.mark.django_db

CODED = {"key", "margin", "regimen", "reviews", "stage_t", "stage_n", "stage_m"}  # read as codes
# What shows a meeting that is closed, and what is one's own.
AFTER = ("meeting", "present", "discussions", "readiness", "document_order", "document_preview")


class Texts:
    """A hostile text for each place, under a mark of its own; `places` says which mark is whose."""

    def __init__(self) -> None:
        self.numbers = count()
        self.places: dict[str, str] = {}

    def __call__(self, place: str, length: int) -> str:
        number = next(self.numbers)
        self.places[f"xq{number}x"] = place
        return hostile(number, length)

    def of(self, model: type[models.Model], *without: str) -> dict[str, str]:
        """One for each column of a part of the record in which people write what they like."""
        return {
            column.name: self(f"{model.__name__}.{column.name}", column.max_length or 20_000)
            for column in model._meta.concrete_fields
            if type(column) in (models.CharField, LongText)
            and column.editable
            and not column.choices
            and column.name not in FACTS
            and column.name not in CODED.union(without)
        }


def hostile_case(texts: Texts, board: Board, by: User) -> Case:
    """A case with a part of every kind."""
    patient = {
        "record_number": texts("record number", 40),
        "surname": texts("surname", 100),
        "given_names": texts("given names", 100),
        "birth_date": "1961-08-14",
    }
    case = create_case(by=by, board=board, patient=patient, fields=texts.of(Case))
    for kind, model, needed in (
        ("pathology", PathologyReport, {"specimen": "biopsy", "differentiation": "well", "ki67": "45"}),
        ("imaging", ImagingStudy, {"modality": "sstr", "result": "positive"}),
        ("molecular", MolecularReport, {}),
        ("marker", SerumMarker, {"value": "240"}),
        ("assessment", ClinicalAssessment, {}),
    ):
        add_part(by=by, case=case, kind=kind, fields=texts.of(model) | needed)
    surgery, systemic = texts.of(Treatment, "regimen_text"), texts.of(Treatment, "procedure")
    add_part(by=by, case=case, kind="treatment", fields=surgery | {"kind": "surgery"})
    add_part(by=by, case=case, kind="treatment", fields=systemic | {"kind": "systemic"})
    add_comment(by=by, case=case, text=texts("comment", 20_000))
    return case


def hostile_decision(texts: Texts, case: Case, chair: User) -> Decision:
    """A signed decision with something of everything."""
    content = DecisionContent(
        intent="palliative",
        rationale=texts("rationale", 20_000),
        options=(OptionContent("own", title=texts("option", 300), reason_text=texts("reason", 2000)),),
        conditions=(
            ConditionContent(
                *(texts(f"condition {name}", 300) for name in ("text", "then", "otherwise")),
                texts("who", 120),
            ),
        ),
        next_steps=(StepContent(texts("step", 500), owner_name=texts("owner of a step", 120)),),
        dissents=(
            DissentContent(texts("dissent", 500), texts("dissenter", 120), texts("their discipline", 80)),
        ),
        votes=Votes(3, 1),
        trial_considered="yes",
        trial_words=texts("trial", 300),
        wishes_considered="yes",
        wishes_words=texts("wishes", 300),
    )
    draft = save_draft(by=chair, discussion=case.discussions.get(), content=content)
    return sign_decision(
        by=chair, decision=draft, version=draft.version, record_number=case.patient.record_number
    )


def hostile_meeting(texts: Texts, board: Board, alice: User, dora: User) -> tuple[Meeting, Case, Case]:
    """A running meeting with two cases and a guest."""
    Board.objects.filter(pk=board.pk).update(
        name=texts("board", 100), contact=texts("contact", 200), disciplines=[texts("discipline", 80)]
    )
    for person in (alice, dora):
        names = {"first_name": texts("first name", 150), "last_name": texts("last name", 150)}
        User.objects.filter(pk=person.pk).update(**names)
    board.refresh_from_db()
    meeting = create_meeting(by=alice, board=board, starts_at=timezone.now() + timedelta(days=2))
    Meeting.objects.filter(pk=meeting.pk).update(title=texts("title", 120), place=texts("room", 120))
    first, second = (
        hostile_case(texts, board, alice),
        create_case(by=alice, board=board, patient=PATIENT, fields={"question": "Which?"}),
    )
    for case in (first, second):
        list_case(by=alice, case=case, meeting=meeting)
        case.discussions.update(
            question=texts("question on the agenda", 20_000),
            presenter=texts("presenter", 120),
            unready_reason=texts("why not ready", 300),
        )
    start_meeting(by=dora, meeting=meeting)
    guest = Present(
        texts("guest", 120), discipline=texts("guest's discipline", 80), cover_for=texts("for", 120)
    )
    call_roll(by=dora, meeting=meeting, present=[Present("Dora", person=dora), guest])
    return Meeting.objects.get(), first, second


def answers(person: User, urls: dict[str, list[str]], names: list[str]) -> Iterator[tuple[str, HttpResponse]]:
    client = logged_in(person)
    for name in names:
        for url in urls[name]:
            answer = client.get(url)
            if answer.status_code == 200:
                yield url, answer


def faults_of(answer: HttpResponse) -> list[str]:
    """What of an answer was taken for something else than text."""
    found = [f"{name}: {value}" for name, value in answer.headers.items() if MARK.search(value)]
    kind = answer.headers["Content-Type"].partition(";")[0]
    body = answer.getvalue()
    if not MARK.search(body.decode(errors="replace")):
        return found
    if kind == "text/html":
        return found + injected(body.decode())
    if kind == "text/csv":
        cells = [cell for row in csv.reader(StringIO(body.decode())) for cell in row if MARK.search(cell)]
        return found + [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r"))]
    if kind == "text/calendar":
        names = {name for part in Calendar.from_ical(body).walk() for name in part}
        return found + sorted(names & {"ATTENDEE", "SET-COOKIE"})
    return found


def test_every_page_shows_it_as_text(
    board: Board, third_board: Board, alice: User, dora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = Texts()
    Membership.objects.filter(user=dora).update(further_roles=["administrator", "coordinator"])
    meeting, case, second = hostile_meeting(texts, board, alice, dora)
    monkeypatch.setattr(addresses, "sign", lambda case, chair: hostile_decision(texts, case, chair))
    urls = addresses.addresses_of(case, dora)
    ApiToken.objects.update(name=texts("token", 80))
    CaseGrant.objects.update(reason=texts("reason to share", 300))
    DocumentOrder.objects.update(state="failed", failure=texts("failure", 200))
    PostedBundle.objects.update(name=texts("bundle", 80))
    ListReading.objects.create(board=board, name=texts("reading", 80), version=1, content={}, by=alice)
    wrong: dict[str, list[str]] = {}
    shown: set[str] = set()

    def look(person: User, names: list[str]) -> None:
        for url, answer in answers(person, urls, names):
            shown.update(MARK.findall(answer.getvalue().decode(errors="replace")))
            if found := faults_of(answer):
                wrong[url] = found

    look(dora, [name for name in urls if name != "document"])  # paper: tests/cases/documents/test_hostile.py
    chosen = {
        "cases": {"case_columns": ["surname", "question"]},
        "decisions": {"decision_columns": ["accepted"]},
    }
    for what, columns in chosen.items():
        table = logged_in(dora).post(urls["take_out"][0], {"what": what, "format": "csv", **columns})
        assert (table.headers["Content-Type"].partition(";")[0], faults_of(table)) == ("text/csv", [])
        assert MARK.search(table.content.decode())
    defer(
        by=dora,
        discussion=second.discussions.get(),
        deferral=Deferral("pathology", texts("awaited", 300), texts("awaited from", 120)),
    )
    note_asked(
        by=alice,
        case=second,
        owner=AWAITED,
        wanted=texts("wanted", 500),
        asked_of=texts("asked of", 120),
        asked_on=timezone.localdate(),
    )
    meeting = close_meeting(by=dora, meeting=Meeting.objects.get())
    add_note(by=dora, meeting=meeting, text=texts("note", 2000))
    look(alice, list(AFTER))
    assert wrong == {}
    assert {place for mark, place in texts.places.items() if mark not in shown} == set()


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ("<p>{}</p>", "<xq1x>"),
        ("<p title='{}'>", "<xq1x>"),
        ("<input value={}>", "<xq1x>"),
        ('<p class="{}">', "<p class="),
        ("<a href='{}'>x</a>", "<a href="),
        ("<script>let text = '{}'</script>", "in <script>"),
        ("<p><!-- {} --></p>", "comment"),
        ("<p>xq1x49xq1x</p>", "computed"),
    ],
)
def test_what_is_taken_for_markup_is_found(markup: str, fault: str) -> None:
    """In a page that escapes nothing."""
    found = injected(markup.replace("{}", hostile(1, 20_000)))
    assert any(one.startswith(fault) for one in found), found


@pytest.mark.parametrize(
    "markup", ["<p>{}</p>", "<input value='{}'>", '<textarea name="a">{}</textarea>', "<title>{}</title>"]
)
def test_what_is_escaped_is_text(markup: str) -> None:
    assert injected(markup.replace("{}", escape(hostile(1, 20_000)))) == []
