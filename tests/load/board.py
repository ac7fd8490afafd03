"""Who works on the demonstration board, each on a case of their own; and what is stored of it afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from cases.actions.membership import found_board
from cases.models import Board, Case, Discussion, Meeting, Membership, PathologyReport, RecordVersion
from tests.cases.pages import full_case
from tests.load.people import Person, Places
from tests.load.serving import HOST

ROLES = ("coordinator", "clinician")  # in turns: who enters cases


def members(board: Board, count: int) -> list[User]:
    """So many people of the board who may enter cases; made where there are fewer."""
    found = []
    for number in range(count):
        user, made = User.objects.get_or_create(
            username=f"load{number:03}", defaults={"first_name": "Load", "last_name": f"Person {number}"}
        )
        if made:
            user.set_unusable_password()
            user.save()
            Membership.objects.create(user=user, board=board, role=ROLES[number % len(ROLES)])
        found.append(user)
    return found


def cases_with_a_report(board: Board) -> Iterable[tuple[Case, PathologyReport]]:
    """Each open one with its newest report, the ones to be discussed first."""
    listed = Case.objects.filter(board=board, pathology_reports__ki67__gt="").distinct()
    for case in sorted(listed, key=lambda case: (case.status not in ("scheduled", "ready"), case.pk)):
        yield case, case.pathology_reports.exclude(ki67="").order_by("pk")[0]


def longest_agenda(board: Board) -> Meeting:
    """The meeting with the most discussions that are open."""
    open_ones = list(Discussion.objects.filter(board=board, outcome="open", meeting__isnull=False))
    by_meeting = {
        each.meeting_id: [*filter(lambda o, m=each.meeting_id: o.meeting_id == m, open_ones)]
        for each in open_ones
    }
    return Meeting.objects.get(pk=max(by_meeting, key=lambda pk: len(by_meeting[pk])))


def places(users: Sequence[User], board: Board, host: str, secure: bool) -> list[Places]:
    """What each works on. Raises `ValueError` where the board has fewer cases than people."""
    meeting = longest_agenda(board)
    slides = [
        reverse("cases:slide", args=[meeting.uid, uid])
        for uid in meeting.discussions.order_by("place").values_list("uid", flat=True)
    ]
    decided = list(meeting.discussions.order_by("place").values_list("case__uid", flat=True))
    chosen = list(islice(cases_with_a_report(board), len(users)))
    if len(chosen) < len(users):
        raise ValueError(f"The board has {len(chosen)} cases with a report, and {len(users)} people.")
    return [
        Places(
            session=session_of(user),
            csrf_cookie=settings.CSRF_COOKIE_NAME,
            host=host,
            secure=secure,
            worklist=reverse("cases:worklist"),
            search=reverse("cases:search"),
            case=reverse("cases:case", args=[case.uid]),
            report=reverse("cases:item", args=[case.uid, "pathology", report.uid]),
            report_uid=str(report.uid),
            preview=reverse("cases:preview", args=[case.uid, "pathology"]),
            agenda=reverse("cases:meeting", args=[meeting.uid]),
            slides=slides,
            decision=reverse("cases:decision", args=[decided[number % len(decided)]]),
            steps=reverse("cases:steps"),
            packet=reverse("cases:document_packet", args=[meeting.uid]),
            handout=reverse("cases:document", args=["handout", case.uid]),
            door=reverse("door", args=[case.uid], urlconf="tests.bench.urls"),
        )
        for number, (user, (case, report)) in enumerate(zip(users, chosen, strict=True))
    ]


def session_of(user: User) -> dict[str, str]:
    """The cookie of somebody who has just logged in."""
    client = Client()
    client.force_login(user, "config.authentication.BoardBackend")
    name = settings.SESSION_COOKIE_NAME
    return {name: client.cookies[name].value}


def saved_before(people: Sequence[Person]) -> dict[str, int]:
    """How many versions each person's report had, by its id."""
    return {uid: versions_of(uid) for uid in (person.places.report_uid for person in people)}


def versions_of(uid: str) -> int:
    return RecordVersion.objects.filter(kind="pathology", uid=uid).count()


def lost(people: Sequence[Person], before: dict[str, int]) -> list[str]:
    """What was acknowledged and is not stored, or is stored and was not: a sentence for each report."""
    wrong = []
    for person in people:
        uid, saves = person.places.report_uid, person.saves
        stored, versions = PathologyReport.objects.get(uid=uid), versions_of(uid) - before[uid]
        if versions != saves.count or (saves.last is not None and stored.ki67 != saves.last):
            wrong.append(
                f"report {uid}: {saves.count} saves acknowledged, the last of {saves.last} %; "
                f"{versions} stored, and it says {stored.ki67} %"
            )
    return wrong


def person_alone(port: int) -> Person:
    """The coordinator of a new board with one case, on the agenda of a meeting."""
    by = User.objects.create_user("alone", first_name="Ada", last_name="Alone")
    board = found_board(by=by, name="Alone", slug="alone")
    board.memberships.update(role="coordinator")
    full_case(board, by)
    return Person(port, places([by], board, HOST, secure=True)[0], seed=0)
