"""Loads the demonstration boards through the same actions as a person's entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from cases.actions import entry
from cases.actions.agenda import begin_urgent, list_case
from cases.actions.status import set_status
from cases.choices import INVENTED, CaseStatus, Role
from cases.clock import clock_at
from cases.demo.accounts import create_boards, memberships
from cases.demo.dates import dated, day_ago
from cases.demo.deciding import draft
from cases.demo.meetings import Boards, entered_at, hold
from cases.demo.year import hold_year
from cases.models import Board, Case
from guidelines.vocabulary.yamlfile import read_yaml

CASES = Path(__file__).parent / "published_cases.yaml"
MADE_UP = Path(__file__).parent / "invented_cases.yaml"
WRITTEN = ("ki67", "mitoses")
FIRST = "gi-net"
# Who does on each board what the coordinator, the clinician and the chair of the first do there.
PLAYED_BY = {
    FIRST: {"coordinator": "coordinator", "clinician": "clinician", "chair": "chair"},
    "pelvic-nen": dict.fromkeys(("coordinator", "clinician", "chair"), "gynecologist"),
}

# Kind of part → its section in the file, the field that `ago` fills, who enters it.
SECTIONS = {
    "pathology": ("pathology", "reported_on", "coordinator"),
    "imaging": ("imaging", "performed_on", "coordinator"),
    "molecular": ("molecular", "reported_on", "coordinator"),
    "marker": ("markers", "measured_on", "coordinator"),
    "treatment": ("treatments", "started_on", "clinician"),
    "assessment": ("assessments", "assessed_on", "clinician"),
}


@dataclass(frozen=True)
class DemoSetting:
    """Where cases go: the board, who is coordinator, clinician and chair, and today."""

    board: Board
    people: Mapping[str, User]
    today: date


def is_empty() -> bool:
    """Whether nobody has used this database yet."""
    return not (User.objects.exists() or Board.objects.exists())


@transaction.atomic
def load(today: date | None = None, *, year: bool = False) -> int:
    """Create the boards, their people, cases and meetings, all or nothing; returns the number of cases.

    `year`: with an invented year of meetings behind them.
    """
    boards, people = create_boards()
    today = today or timezone.localdate()
    settings = {
        slug: DemoSetting(
            board, {part: people[username] for part, username in PLAYED_BY[slug].items()}, today
        )
        for slug, board in boards.items()
    }
    every = [*read_yaml(CASES), *read_yaml(MADE_UP)]
    entered, cases = entered_at(today), {}
    for number, data in enumerate(every, 1):
        with clock_at(entered.get(data["id"], timezone.now())):
            cases[data["id"]] = _load_case(settings[data.get("board", FIRST)], number, data)
    whole = _meeting_setting(boards, cases, people, settings, today)
    meetings = hold(whole)
    for data in every:
        setting, case = settings[data.get("board", FIRST)], cases[data["id"]]
        if "agenda" in data:
            list_case(by=setting.people["coordinator"], case=case, meeting=meetings[data["agenda"]])
        if "decision" in data:
            _draft(setting, case, data["decision"], people)
    if not year:
        return len(every)
    invented = [{"board": FIRST, **data} for data in read_yaml(MADE_UP)]
    return len(every) + hold_year(whole, invented)


def _meeting_setting(
    boards: Mapping[str, Board],
    cases: Mapping[str, Case],
    people: Mapping[str, User],
    settings: Mapping[str, DemoSetting],
    today: date,
) -> Boards:
    return Boards(
        boards=boards,
        cases=cases,
        people=people,
        coordinators={slug: setting.people["coordinator"] for slug, setting in settings.items()},
        chairs={slug: setting.people["chair"] for slug, setting in settings.items()},
        administrators={
            board: people[username] for username, role, board in memberships() if role == Role.ADMINISTRATOR
        },
        today=today,
    )


def _load_case(setting: DemoSetting, number: int, data: Mapping[str, Any]) -> Case:
    coordinator = setting.people["coordinator"]
    owner = setting.people["clinician"] if number % 3 == 0 else coordinator
    case = entry.create_case(
        by=coordinator,
        board=setting.board,
        patient=_patient(data["patient"], number, setting.today),
        fields={**dated(data["case"], setting.today), "owner": owner, "referrer": "Demonstration data"},
        uid=uuid5(NAMESPACE_URL, data.get("url", data["id"])),
        is_demo=True,
        citation=_citation(data),
    )
    for kind, (section, when, who) in SECTIONS.items():
        for part in data.get(section, ()):
            fields = _part(part, when, setting.today)
            entry.add_part(by=setting.people[who], case=case, kind=kind, fields=fields)
    if data.get("status", CaseStatus.DRAFT) != CaseStatus.DRAFT:
        case = set_status(by=coordinator, case=case, status=data["status"])
    return case


def _citation(data: Mapping[str, Any]) -> str:
    return f"{data['citation']}, {data['url']}" if "citation" in data else INVENTED


def _patient(data: Mapping[str, Any], number: int, today: date) -> dict[str, Any]:
    """Identity is invented. The birth date gives the reported age today, whatever day that is."""
    birthday = date(today.year - data["age"], today.month, min(today.day, 28))
    fields: dict[str, Any] = {
        "record_number": f"DEMO-{number:03}",
        "surname": data["surname"],
        "given_names": data["given_names"],
        "birth_date": birthday - timedelta(days=10 + number * 37 % 320),
        "sex": data["sex"],
    }
    if "deceased_ago" in data:
        died = today - timedelta(days=data["deceased_ago"])
        fields |= {
            "deceased": True,
            "deceased_on": died,
            # The age is that at the time of the report, so the birth date goes back with it.
            "birth_date": fields["birth_date"] - timedelta(days=data["deceased_ago"]),
        }
    return fields


def _part(data: Mapping[str, Any], when: str, today: date) -> dict[str, Any]:
    """A part's fields: `ago` and the like become dates, a number the words that say it."""
    fields = dated(data, today)
    fields[when] = day_ago(fields.pop("ago"), today)
    for name in WRITTEN:
        if name in data:
            fields[name] = str(data[name])
    return fields


def _draft(setting: DemoSetting, case: Case, data: Mapping[str, Any], people: Mapping[str, User]) -> None:
    """A draft for a meeting to come; urgent, where the case is on no agenda."""
    by = setting.people["clinician"]
    discussion = case.discussions.last() or begin_urgent(
        by=by, case=case, reason="Treatment could not wait for the next meeting"
    )
    draft(by, discussion, data, setting.today, people)
