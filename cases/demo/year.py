"""A year of both demonstration boards, so that every list and figure has something to show: all of it
invented, done through the actions, and the same every time for the same day of loading.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import Any

from django.utils import timezone

from cases.actions.agenda import Listing, begin_urgent, carry_over, list_case
from cases.actions.deciding import look_at, save_draft, sign_decision
from cases.actions.entry import add_part, save_patient
from cases.actions.following import FollowedItem, complete, end, postpone
from cases.actions.leading import Deferral, close_meeting, defer, start_meeting, take_up
from cases.actions.meetings import create_meeting
from cases.actions.roll_call import Present, call_roll
from cases.actions.signing import quorum_at
from cases.choices import AttendanceMode, ListingReason, Track
from cases.clock import clock_at
from cases.demo.aftercare import Aftercare
from cases.demo.choosing import Inclined
from cases.demo.meetings import PLACE, Boards, starts_at
from cases.demo.varied import Sources, vary
from cases.models import Case, Decision, Discussion, Meeting
from cases.models.option import TAKEN
from guidelines.answer.options import verdicts_of
from guidelines.vocabulary.yamlfile import read_yaml

YEAR = Path(__file__).parent / "year.yaml"
FORTNIGHTS = 26
SEED = 2026
COME_BACK = 3
NO_QUORUM = "The patient could not wait for another meeting"


def hold_year(setting: Boards, files: Iterable[Mapping[str, Any]], fortnights: int = FORTNIGHTS) -> int:
    """A meeting every two weeks on each board, where it has none that day; returns how many cases were made.

    `files`: the cases to vary, each with its board; those are taken that hold what decides their treatment.
    """
    words = read_yaml(YEAR)
    templates: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for data in files:
        if data["case"].get("treatment_list") == "complete":
            templates[data["board"]].append(data)
    sources = Sources(templates, words["surnames"], words["given"])
    return sum(_BoardYear(setting, words, sources, slug).hold(fortnights) for slug in words["boards"])


@dataclass
class _BoardYear:
    """One board. `again`: cases that come back, each with the fortnight in which it does."""

    setting: Boards
    words: Mapping[str, Any]
    sources: Sources
    slug: str
    number: int = 0
    before: Meeting | None = None
    again: list[tuple[int, Case]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(f"{SEED} {self.slug}")  # noqa: S311  (chance, no secret)
        self.board = self.setting.boards[self.slug]
        self.by, self.chair = self.setting.coordinators[self.slug], self.setting.chairs[self.slug]
        self.plan = self.words["boards"][self.slug]
        self.inclined = Inclined(self.random, self.words, self.setting.people)
        self.aftercare = Aftercare(self.random, self.words["treatments"], self.by, self._now())

    def hold(self, fortnights: int) -> int:
        """The oldest meeting first; now and then a case between two meetings."""
        taken = set(self.board.meetings.values_list("starts_at", flat=True))
        for fortnight in range(-fortnights, 0):
            begins = starts_at(self.setting.today, 14 * fortnight)
            if begins not in taken:
                self._meeting(fortnight, begins)
            if fortnight % 8 == 2:
                self._urgent(begins + timedelta(days=5, hours=-4), fortnight)
        self._come_back()
        return self.number

    def _come_back(self) -> None:
        """Of whoever comes back after the last of these meetings, the first are on the next agenda."""
        ahead = self.board.meetings.taking_cases().first()
        if ahead is None:
            return
        for _, case in sorted(self.again, key=itemgetter(0))[:COME_BACK]:
            list_case(by=self.by, case=case, meeting=ahead)

    # --- Meetings -------------------------------------------------------------------------------------------

    def _meeting(self, fortnight: int, begins: datetime) -> None:
        with clock_at(begins - timedelta(days=21)):
            meeting = create_meeting(by=self.by, board=self.board, starts_at=begins, place=PLACE)
        self._list(meeting, fortnight)
        with clock_at(begins):
            start_meeting(by=self.chair, meeting=meeting)
            call_roll(by=self.chair, meeting=meeting, present=self._present())
        clock, drafts = begins, []
        for discussion in meeting.discussions.order_by("place"):
            if (discussion.place or 0) > self.plan["most"] or self._often(0.06):
                continue  # no time left for it
            clock, draft = self._discussed(discussion, fortnight, clock)
            drafts += [draft] if draft else []
        with clock_at(clock):
            self.before = close_meeting(by=self.chair, meeting=meeting)
        for draft in drafts:
            self._sign(draft, clock + timedelta(days=self.random.randint(1, 9)))
        for decision in Decision.objects.filter(discussion__meeting=meeting, status="signed"):
            self._afterwards(decision, fortnight)

    def _list(self, meeting: Meeting, fortnight: int) -> None:
        """What was left over, what comes back, and new cases, each listed some days before."""
        with clock_at(meeting.starts_at - timedelta(days=6)):
            if self.before is not None:
                carry_over(by=self.by, meeting=self.before, to=meeting)
            for case in [case for due, case in self.again if due <= fortnight]:
                list_case(by=self.by, case=case, meeting=meeting)
            self.again = [(due, case) for due, case in self.again if due > fortnight]
        new = self.plan["cases"]
        for _ in range(new[fortnight % len(new)]):
            early = self.random.choice((0.5, 1, 2, 3, 5))
            case = self._enter(meeting.starts_at)
            said = Listing(
                reason=self.random.choice((ListingReason.NEW_DIAGNOSIS, ListingReason.PROGRESSION)),
                presenter=case.owner.get_full_name(),
                track=Track.PROTOCOL if self._often(0.08) else Track.FULL,
                minutes=self.plan["planned"],
            )
            with clock_at(meeting.starts_at - timedelta(days=early)):
                list_case(by=self.by, case=case, meeting=meeting, listing=said)

    def _enter(self, meets_at: datetime) -> Case:
        """A new case, some days before it is discussed."""
        self.number += 1
        days = self.random.choice((6, 7, 8, 9, 12, 14, 18, 25))
        new = vary(self.random, self.sources, self.slug, self.number, timezone.localdate(meets_at))
        owner = self.by if self.number % 3 else self.chair
        with clock_at(meets_at - timedelta(days=days)):
            return new.enter(self.by, self.board, owner, timezone.localdate(meets_at))

    def _present(self) -> list[Present]:
        found = [
            Present(self.setting.people[name].get_full_name(), discipline, self.setting.people[name])
            for name, discipline in self.words["regulars"][self.slug]
        ]
        for one in self.words["guests"][self.slug]:
            if self._often(one["of_ten"] / 10):
                mode = AttendanceMode.REMOTE if self._often(0.3) else AttendanceMode.ROOM
                found.append(Present(one["name"], one["discipline"], mode=mode))
        return found

    def _discussed(
        self, discussion: Discussion, fortnight: int, begins: datetime
    ) -> tuple[datetime, Decision | None]:
        """Take the case up, then decide or defer it: when that was done, and a draft left to be signed."""
        if discussion.track == Track.PROTOCOL:
            with clock_at(begins):
                self._sign(self._draft(discussion, begins), begins)
            return begins, None
        ends = begins + timedelta(minutes=max(3, round(self.random.gauss(self.plan["planned"], 2.5))))
        with clock_at(begins):
            take_up(by=self.chair, discussion=discussion)
        if discussion.follows is None and self._often(0.15):
            self._defer(discussion, ends)
            self.again.append((fortnight + 2, discussion.case))
            return ends, None
        with clock_at(ends):
            draft = self._draft(discussion, ends)
        if self._often(0.25):
            return ends, draft
        self._sign(draft, ends)
        return ends, None

    def _defer(self, discussion: Discussion, at: datetime) -> None:
        said = self.random.choice(self.words["deferrals"])
        awaited_by = timezone.localdate(at) + timedelta(days=14)
        with clock_at(at):
            deferral = Deferral(said["reason"], said["awaited"], said["awaited_from"], awaited_by)
            defer(by=self.chair, discussion=discussion, deferral=deferral)

    def _urgent(self, at: datetime, fortnight: int) -> None:
        """A case that could not wait."""
        case = self._enter(at)
        with clock_at(at):
            reason = self.random.choice(self.words["urgent"])
            discussion = begin_urgent(by=self.chair, case=case, reason=reason)
            draft = self._draft(discussion, at)
        self._sign(draft, at + timedelta(minutes=20))
        self._afterwards(Decision.objects.get(pk=draft.pk), fortnight)

    # --- Decisions and what becomes of them -----------------------------------------------------------------

    def _draft(self, discussion: Discussion, at: datetime) -> Decision:
        seen = look_at(discussion.case)
        content = self.inclined.decide(
            verdicts_of(seen.assessment),
            asks=discussion.asks,
            localized=seen.facts.values.get("extent") == "localized",
            on=timezone.localdate(at),
        )
        return save_draft(by=self.chair, discussion=discussion, content=content)

    def _sign(self, draft: Decision, at: datetime) -> None:
        with clock_at(at):
            quorum = quorum_at(draft.discussion, at)
            sign_decision(
                by=self.chair,
                decision=draft,
                version=draft.version,
                record_number=draft.case.patient.record_number,
                quorum_reason=NO_QUORUM if quorum is not None and not quorum.is_met else "",
            )

    def _afterwards(self, decision: Decision, fortnight: int) -> None:
        """What became of it: steps, and what the record holds of the time after."""
        if decision.signed_at is None:
            return
        for step in decision.next_steps.all():
            self._follow(step, decision.signed_at + timedelta(days=self.random.randint(6, 40)))
        for option in decision.options.filter(choice__in=TAKEN):
            at = decision.signed_at + timedelta(days=self.random.randint(15, 80))
            if self._follow(option, at):
                self.aftercare.treat(option, at)
        if self._often(0.75) and self._seen_again(decision.case, decision.signed_at):
            self.again.append((fortnight + 9, decision.case))
        else:
            self.aftercare.attend(decision.case)

    def _follow(self, item: FollowedItem, at: datetime) -> bool:
        """Done on that day, mostly; or not, with the reason; or nobody has said. Whether it was done."""
        if at > self._now():
            return False
        fate, on = self.random.random(), timezone.localdate(at)
        with clock_at(at):
            if fate < 0.62:
                complete(by=self.chair, item=item, done_on=on)
            elif fate < 0.78:
                why = self.random.choice(self.words["not_done"])
                end(by=self.chair, item=item, reason=why, on=on, partly=fate > 0.73)
            elif fate < 0.84:
                postpone(by=self.chair, item=item, due_on=on + timedelta(days=30), text="No date free")
        return fate < 0.62

    def _seen_again(self, case: Case, signed_at: datetime) -> bool:
        """A scan, or that the patient died; whether there is progression to discuss."""
        at = signed_at + timedelta(days=self.random.randint(40, 110))
        if at > self._now():
            return False
        on = timezone.localdate(at)
        with clock_at(at):
            if self._often(0.12):
                patient = case.patient
                died = {"deceased": True, "deceased_on": on}
                save_patient(by=self.by, case=case, fields=died, version=patient.version)
                return False
            course = self.random.choice(("response", "stable", "stable", "progression"))
            study = {"modality": "ct", "performed_on": on, "course": course}
            add_part(by=self.by, case=case, kind="imaging", fields=study)
        return course == "progression"

    def _now(self) -> datetime:
        return starts_at(self.setting.today, -7)

    def _often(self, share: float) -> bool:
        return self.random.random() < share
