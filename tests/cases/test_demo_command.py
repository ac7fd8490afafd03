"""`manage.py load_demo`: into an empty database only, on any day, and nowhere near production."""

import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import pytest_django
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from cases.demo.accounts import ACCOUNTS, PASSWORD
from cases.demo.loading import is_empty, load
from cases.demo.meetings import MEETINGS
from cases.models import AuditEvent, Case, Meeting
from guidelines.vocabulary.yamlfile import read_yaml
from tests.demonstration import Demonstration

pytestmark = pytest.mark.django_db


def call(*arguments: str) -> str:
    out = StringIO()
    call_command("load_demo", *arguments, stdout=out)
    return out.getvalue()


def test_it_loads_into_an_empty_database_and_says_who_may_log_in(demonstration: Demonstration) -> None:
    demonstration.put_in()
    assert "Loaded 50 demonstration cases." in demonstration.said
    assert PASSWORD in demonstration.said
    assert all(account.username in demonstration.said for account in ACCOUNTS)
    for account in ACCOUNTS:
        user = User.objects.get(username=account.username)
        assert user.check_password(PASSWORD)
        assert [group.name for group in user.groups.all()] == ["demo"]
        assert (user.is_superuser, user.is_staff) == (False, account.role in {"administrator", "coordinator"})


def test_a_second_start_changes_nothing(demonstration: Demonstration) -> None:
    demonstration.put_in()
    before = AuditEvent.objects.count()
    assert "Loaded" not in call("--if-empty")
    assert (Case.objects.count(), AuditEvent.objects.count()) == (50, before)


def test_a_database_in_use_is_never_touched(alice: User) -> None:
    assert not is_empty()
    assert call("--if-empty") == ""
    with pytest.raises(CommandError, match="in use"):
        call()
    assert Case.objects.count() == 0


def test_production_refuses_it(settings: pytest_django.Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="refused in production"):
        call("--if-empty")
    assert is_empty()


def few(path: Path) -> Any:
    """Of the cases those on an agenda, of each agenda the first entry."""
    meetings = [
        {**data, "agenda": data["agenda"][:1]} if "agenda" in data else data
        for data in read_yaml(MEETINGS)["meetings"]
    ]
    if path == MEETINGS:
        return {**read_yaml(path), "meetings": meetings}
    listed = {entry["case"] for data in meetings for entry in data.get("agenda", ())}
    return [data for data in read_yaml(path) if data["id"] in listed]


def test_it_loads_on_a_leap_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next meeting is always still to come, on a Tuesday."""
    for module in ("loading", "meetings"):
        monkeypatch.setattr(f"cases.demo.{module}.read_yaml", few)
    today = datetime.date(2024, 2, 29)
    load(today)
    days = {
        state: [timezone.localdate(meeting.starts_at) for meeting in Meeting.objects.filter(state=state)]
        for state in ("closed", "planned")
    }
    assert (len(days["closed"]), len(days["planned"])) == (4, 3)
    assert max(days["closed"]) < today < min(days["planned"])
    assert {day.weekday() for every in days.values() for day in every} == {1}
