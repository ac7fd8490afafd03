"""A meeting as it runs: agenda, next case on the projector, decision screen, each against the door."""

from itertools import cycle

from tests.bench.pages import sized
from tests.bench.timing import Row, against_the_door, in_turns

MOST, MOST_DECIDING = 4, 8  # times the door


class Projector:
    """The chair of the demonstration board with the longest agenda, walking from case to case."""

    def __init__(self) -> None:
        # All of this needs Django set up.
        from django.contrib.auth.models import User
        from django.db.models import Count
        from django.test import Client, override_settings
        from django.urls import reverse

        from cases.models import Discussion, Meeting

        override_settings(ROOT_URLCONF="tests.bench.urls").enable()
        meeting = Meeting.objects.annotate(cases=Count("discussions")).order_by("-cases", "pk")[0]
        discussions = list(meeting.discussions.select_related("case").order_by("place"))
        self.client = Client()
        self.client.force_login(User.objects.get(username="chair"), "config.authentication.BoardBackend")
        self.door_url = reverse("door", kwargs={"uid": discussions[0].case.uid})
        self.agenda_url = reverse("cases:meeting", args=[meeting.uid])
        self.slides = [reverse("cases:slide", args=[meeting.uid, one.uid]) for one in discussions]
        self._next = cycle(self.slides)
        waiting = Discussion.objects.filter(outcome="open", board=meeting.board).select_related("case")
        self.undecided = [reverse("cases:decision", args=[one.case.uid]) for one in waiting]
        self._undecided = cycle(self.undecided)

    def get(self, url: str) -> bytes:
        """What the browser gets."""
        response = self.client.get(url)
        if response.status_code != 200:
            raise AssertionError(f"{url} answered {response.status_code}")
        return bytes(response.content)

    def rows(self) -> list[Row]:
        """Every case of the agenda in its turn, again and again."""
        asked = range(len(self.slides))
        door = {"door": lambda _: self.client.post(self.door_url)}
        agenda = {**door, "agenda": lambda _: self.get(self.agenda_url)}
        slide = {**door, "next": lambda _: self.get(next(self._next))}
        decision = {**door, "decision": lambda _: self.get(next(self._undecided))}
        in_turns({**agenda, **slide}, asked, 1)
        in_turns(decision, range(len(self.undecided)), 1)
        return [
            *against_the_door(f"agenda of {len(self.slides)} cases", agenda, asked, 7, MOST),
            *against_the_door("presentation's next case", slide, asked, 7, MOST),
            *against_the_door(
                "decision screen, opened", decision, range(len(self.undecided)), 7, MOST_DECIDING
            ),
            sized("page of a case on the projector, HTML", len(self.get(self.slides[0])), 20_000),
        ]
