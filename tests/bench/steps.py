"""Follow-through with thousands of steps and options: what its pages cost, against the door.

The cases of the demonstration have been decided on again and again. A line of a list is drawn once: these are
second looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from random import Random
from typing import Any

from tests.bench.figures import sign
from tests.bench.timing import MILLI, Row, asked_in, in_turns, shown

DECISIONS, OPEN, ENDED, TURNS = 1_500, 2, 8, 25  # open and ended: steps of each, and options
MOST_TIMES, MOST_QUERIES = 4, 12
HOLDERS = ("Radiology", "Surgery", "Oncology day unit", "Pathology", "")


def rows() -> list[Row]:
    """The list as it opens, narrowed in every way, and its second page."""
    # All of this needs Django set up.
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client, override_settings
    from django.urls import reverse

    from cases.models import Case
    from cases.screens.follow_through import code_of

    override_settings(ROOT_URLCONF="tests.bench.urls").enable()
    user = User.objects.get(username="coordinator")
    number = _fill(user)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(user, "config.authentication.BoardBackend")
    door = reverse("door", kwargs={"uid": Case.objects.filter(board__slug="gi-net")[0].uid})
    steps = reverse("cases:steps")
    [onward] = re.findall(r'href="([^"]+)">Next page', client.get(steps).content.decode())
    pages = {
        "as it opens": steps,
        "its second page": unescape(onward),
        "overdue": f"{steps}?when=overdue",
        "mine": f"{steps}?owner=mine",
        "of somebody without an account": f"{steps}?owner={code_of(HOLDERS[0])}",
        "options": f"{steps}?kind=option",
        "done lately": f"{steps}?when=done",
    }
    asked = {what: _queries(lambda url=url: client.get(url)) for what, url in pages.items()}
    views = {what: lambda _, url=url: client.get(url) for what, url in pages.items()}
    spent = in_turns({"door": lambda _: client.post(door), **views}, [None], TURNS)
    found = []
    for what, queries in asked.items():
        ratio = spent[what] / spent["door"]
        found.append(
            Row(
                f"follow-through, {what}, {queries} queries", shown(spent["door"], MILLI),
                shown(spent[what], MILLI), ratio, f"≤ {MOST_TIMES} ×, {MOST_QUERIES} queries",
                ratio <= MOST_TIMES and queries <= MOST_QUERIES,
            )
        )  # fmt: skip
    return [*found, Row(f"  · {number:,} steps and options, {OPEN} of {OPEN + ENDED} open", "", "")]


def _fill(user: Any) -> int:
    """Decisions with their steps and options, then signed; returns how many of these there are."""
    from cases.models import Case, Decision, DecisionOption, Discussion, NextStep  # need Django set up

    random, now = Random(2026), datetime.now(UTC)
    stamps: dict[str, Any] = {"created_by": user, "updated_by": user}
    cases = list(Case.objects.filter(board__slug="gi-net"))
    held = Discussion.objects.bulk_create(
        Discussion(
            case=case, board_id=case.board_id, question="?", urgent_reason="Bench", outcome="decided",
            started_at=now, ended_at=now, **stamps,
        )
        for case in random.choices(cases, k=DECISIONS)
    )  # fmt: skip
    made = Decision.objects.bulk_create(
        Decision(case=one.case, discussion=one, drafted_by=user, **stamps) for one in held
    )
    for model, said in ((NextStep, {"text": "CT"}), (DecisionOption, {"title": "CAPTEM", "choice": "own"})):
        model.objects.bulk_create(
            model(decision=one, order=order, **said, **_stands(model is NextStep, order, random, now.date()))
            for one in made
            for order in range(OPEN + ENDED)
        )
    sign(user, made[0].pk, made[-1].pk)
    return 2 * len(made) * (OPEN + ENDED)


def _stands(is_step: bool, order: int, random: Random, today: date) -> dict[str, Any]:
    done = None if order < OPEN else today - timedelta(days=random.randint(0, 900))
    due = today + timedelta(days=random.randint(-60, 90))
    held = {"holder_name": random.choice(HOLDERS)} if is_step else {}
    return {"state": "done" if done else "open", "done_on": done, "due_now": due, **held}


def _queries(ask: Callable[[], Any]) -> int:
    """How many one look at a page asks, when it has been looked at before."""
    from django.db import connection  # needs Django set up
    from django.test.utils import CaptureQueriesContext

    if ask().status_code != 200:
        raise AssertionError("A page was not answered")
    with CaptureQueriesContext(connection) as queries:
        ask()
    return asked_in(queries.captured_queries)
