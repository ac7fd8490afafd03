"""The invented year of the demonstration: here two fortnights of it."""

import datetime
from collections import Counter
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from cases.choices import INVENTED
from cases.demo.accounts import create_boards
from cases.demo.aftercare import Aftercare
from cases.demo.loading import FIRST, MADE_UP
from cases.demo.meetings import Boards
from cases.demo.varied import Sources, vary
from cases.demo.year import YEAR, hold_year
from cases.models import (
    AuditEvent,
    Board,
    Case,
    Decision,
    DecisionOption,
    Discussion,
    DiscussionMeasure,
    FollowUpItem,
    Meeting,
)
from cases.snapshot.digest import is_intact
from guidelines.vocabulary.yamlfile import read_yaml
from tests import factories

TODAY = datetime.date(2026, 11, 26)
FILES: list[dict[str, Any]] = [{"board": FIRST, **data} for data in read_yaml(MADE_UP)]


def test_the_same_chance_makes_the_same_cases_and_another_makes_others() -> None:
    words = read_yaml(YEAR)
    sources = Sources(
        {FIRST: [one for one in FILES if one["board"] == FIRST]}, words["surnames"], words["given"]
    )
    made = [
        [vary(Random(seed), sources, FIRST, number, TODAY).file for number in range(1, 9)]
        for seed in (1, 1, 2)
    ]
    assert made[0] == made[1]
    assert made[0] != made[2]
    assert {file["patient"]["record_number"] for file in made[0]} == {f"DEMO-Y00{n}" for n in range(1, 9)}


@pytest.mark.django_db
def test_follow_up_is_planned_once_treatment_is_given_and_mostly_kept(board: Board, alice: User) -> None:
    case = factories.CaseFactory(
        board=board,
        created_by=alice,
        primary_site="pancreas",
        extent="metastatic",
        metastatic_sites=["liver"],
    )
    factories.PathologyFactory(case=case, differentiation="poor", ki67="80")
    now = timezone.now()
    aftercare = Aftercare(Random(3), read_yaml(YEAR)["treatments"], alice, now)
    given = DecisionOption(decision=Decision(case=case), intervention="platinum_etoposide")
    aftercare.treat(given, now + datetime.timedelta(days=1))
    aftercare.treat(DecisionOption(decision=given.decision, intervention="prrt"), now)
    assert not FollowUpItem.objects.exists()
    aftercare.treat(given, now - datetime.timedelta(days=150))
    aftercare.attend(case)
    states = Counter(FollowUpItem.objects.filter(due_to__lt=now.date()).values_list("state", flat=True))
    assert states["done"] == case.imaging_studies.count() == 1
    assert FollowUpItem.objects.filter(due_to__gte=now.date(), state="open").exists()


@pytest.mark.django_db
def test_two_fortnights_are_held_through_the_actions() -> None:
    boards, people = create_boards()
    setting = Boards(
        boards=boards,
        cases={},
        people=people,
        coordinators={FIRST: people["coordinator"], "pelvic-nen": people["gynecologist"]},
        chairs={FIRST: people["chair"], "pelvic-nen": people["gynecologist"]},
        administrators={},
        today=TODAY,
    )
    made = hold_year(setting, FILES, fortnights=2)
    assert made == Case.objects.filter(is_demo=True, citation=INVENTED).count() == Case.objects.count()
    assert not AuditEvent.objects.filter(action="denied").exists()
    starts = [
        (one.board.slug, f"{timezone.localtime(one.starts_at):%d-%b %H:%M}", one.state)
        for one in Meeting.objects.select_related("board").order_by("board__slug", "starts_at")
    ]
    assert starts == [
        (slug, day, "closed") for slug in sorted(boards) for day in ("03-Nov 16:00", "17-Nov 16:00")
    ]
    outcomes = Counter(Discussion.objects.values_list("outcome", flat=True))
    assert sum(outcomes.values()) >= made
    assert set(outcomes) <= {"decided", "protocol", "deferred", "not_reached", "open"}
    signed = list(Decision.objects.filter(status="signed"))
    assert signed
    assert all(is_intact(one) for one in signed)
    kept = DiscussionMeasure.objects.filter(discussion__in=[one.discussion_id for one in signed])
    assert kept.exclude(concordance="").exclude(total=None).count() == len(signed)
