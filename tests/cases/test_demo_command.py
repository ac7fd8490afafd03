"""`manage.py load_demo`: into an empty database only, on any day, and nowhere near production."""

import datetime
from io import StringIO

import pytest
import pytest_django
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from cases.demo.accounts import ACCOUNTS, PASSWORD
from cases.demo.loading import is_empty, load
from cases.models import AuditEvent, Case, Meeting

pytestmark = pytest.mark.django_db


def call(*arguments: str) -> str:
    out = StringIO()
    call_command("load_demo", *arguments, stdout=out)
    return out.getvalue()


def test_it_loads_into_an_empty_database_and_says_who_may_log_in() -> None:
    said = call("--if-empty")
    assert "Loaded 50 demonstration cases." in said
    assert PASSWORD in said
    assert all(account.username in said for account in ACCOUNTS)
    for account in ACCOUNTS:
        user = User.objects.get(username=account.username)
        assert user.check_password(PASSWORD)
        assert [group.name for group in user.groups.all()] == ["demo"]
        assert (user.is_superuser, user.is_staff) == (False, account.role in {"administrator", "coordinator"})


def test_a_second_start_changes_nothing() -> None:
    call()
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


def test_it_loads_on_a_leap_day() -> None:
    """The next meeting is always still to come, on a Tuesday."""
    today = datetime.date(2024, 2, 29)
    load(today)
    days = {
        state: [timezone.localdate(meeting.starts_at) for meeting in Meeting.objects.filter(state=state)]
        for state in ("closed", "planned")
    }
    assert (len(days["closed"]), len(days["planned"])) == (4, 3)
    assert max(days["closed"]) < today < min(days["planned"])
    assert {day.weekday() for every in days.values() for day in every} == {1}
