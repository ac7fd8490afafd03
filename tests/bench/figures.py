"""The figures of four boards over five years with twenty thousand discussions.

Stored as actions would leave them, but with short snapshots, of which figures read nothing: real ones of
16,000 decisions are two gigabytes. Wall time, because the database may be another process.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median
from time import perf_counter_ns
from typing import Any

from tests.bench.timing import MILLI, Row, shown

BOARDS, WEEKS, A_MEETING = 4, 250, 20
FIRST, LAST, TODAY = date(2021, 1, 1), date(2025, 12, 31), date(2026, 3, 1)
MOST_MS, MOST_QUERIES, TURNS = 1_000, 20, 5
OUTCOMES = ("decided",) * 8 + ("deferred", "not_reached")
DISCIPLINES = ("Surgery", "Medical oncology", "Radiology", "Pathology")


class FiveYears:
    """The boards, with everything that figures are counted from."""

    def __init__(self) -> None:
        # All of this needs Django set up.
        from django.contrib.auth.models import User

        from cases.models import Board

        self.random = Random(2026)
        self.user = User.objects.get(username="coordinator")
        self.stamps: dict[str, Any] = {"created_by": self.user, "updated_by": self.user}
        self.boards = Board.objects.bulk_create(
            Board(name=f"Board {n}", slug=f"board-{n}", disciplines=list(DISCIPLINES)) for n in range(BOARDS)
        )
        for board in self.boards:
            self._fill(board)

    def rows(self) -> list[Row]:
        """Reading and counting, for all boards at once and for each by itself."""
        from django.db import connection  # need Django set up
        from django.test.utils import CaptureQueriesContext

        from cases.models import Discussion

        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        with CaptureQueriesContext(connection) as queries:
            report = self._report(self.boards)
        together = median(self._timed(self.boards) for _ in range(TURNS))
        alone = median(self._timed(self.boards[:1]) for _ in range(TURNS))
        number = Discussion.objects.filter(board__in=self.boards).count()
        if report.figures["outcomes"].of != number:
            raise AssertionError(f"{report.figures['outcomes'].of} of {number} discussions were counted")
        target = f"≤ {MOST_MS} ms, {MOST_QUERIES} queries"
        met = together <= MOST_MS * MILLI and len(queries) <= MOST_QUERIES
        what = f"figures, {BOARDS} boards, {number:,} discussions, {len(queries)} queries"
        return [
            Row(what, "", shown(together, MILLI), None, target, met),
            Row(f"  · one board, {number // BOARDS:,} discussions", "", shown(alone, MILLI)),
        ]

    def _report(self, boards: list[Any]) -> Any:
        from cases.figures.counting import report_of  # need Django set up
        from cases.figures.history import history_of

        return report_of(history_of(boards, FIRST, LAST, TODAY), [board.name for board in boards])

    def _timed(self, boards: list[Any]) -> int:
        begun = perf_counter_ns()
        self._report(boards)
        return perf_counter_ns() - begun

    # --- Filling the database -------------------------------------------------------------------------------

    def _fill(self, board: Any) -> None:
        """Meetings first planned, then their agendas, then all of them closed, as the triggers want it."""
        from cases.models import Attendance, Case, Discussion, ImagingStudy, Meeting, Patient, Treatment

        days = [FIRST + timedelta(days=7 * week) for week in range(WEEKS)]
        meetings = Meeting.objects.bulk_create(
            Meeting(board=board, starts_at=_at(day), **self.stamps) for day in days
        )
        Attendance.objects.bulk_create(
            Attendance(meeting=one, name=name, discipline=name, since=one.starts_at)
            for one in meetings
            for name in self.random.sample(DISCIPLINES, 3)
        )
        number = WEEKS * A_MEETING // 2
        patients = Patient.objects.bulk_create(self._patient(board, n) for n in range(number))
        cases = Case.objects.bulk_create(
            Case(
                board=board,
                patient=one,
                owner=self.user,
                question="?",
                **self.stamps,
                created_at=_at(days[n * 2 // A_MEETING] - timedelta(days=self.random.randint(1, 20))),
            )
            for n, one in enumerate(patients)
        )
        part: dict[str, Any] = self.stamps
        Treatment.objects.bulk_create(
            Treatment(case=one, kind="systemic", started_on=self._day(one), **part) for one in cases
        )
        ImagingStudy.objects.bulk_create(
            ImagingStudy(case=one, modality="ct", performed_on=self._day(one), **part) for one in cases
        )
        listed = Discussion.objects.bulk_create(
            self._discussion(board, meeting, cases[(n * A_MEETING + place) // 2], place)
            for n, meeting in enumerate(meetings)
            for place in range(A_MEETING)
        )
        self._decide(listed)
        Meeting.objects.filter(board=board).update(
            state="closed", closed_at=_at(LAST), closed_by=self.user, snapshot_digest="sha256:0",
            snapshot={"quorum": {"words": "Quorum met", "met": True}},
        )  # fmt: skip

    def _patient(self, board: Any, number: int) -> Any:
        from cases.models import Patient  # needs Django set up

        one = Patient(
            board=board, record_number=f"F{number:06}", surname="Figure", given_names="Ada",
            birth_date=date(1960, 1, 1), **self.stamps,
        )  # fmt: skip
        one.fold()
        return one

    def _day(self, case: Any) -> Any:
        from cases.reading import PartialDate  # needs Django set up

        return PartialDate.of(case.created_at.date() + timedelta(days=self.random.randint(-300, 300)))

    def _discussion(self, board: Any, meeting: Any, case: Any, place: int) -> Any:
        from cases.models import Discussion  # needs Django set up

        outcome = self.random.choice(OUTCOMES)
        begins = meeting.starts_at + timedelta(minutes=6 * place)
        deferred = outcome == "deferred"
        return Discussion(
            board=board, meeting=meeting, case=case, place=place + 1, question="?", outcome=outcome,
            started_at=begins, ended_at=begins + timedelta(minutes=self.random.randint(2, 12)),
            created_at=begins, deferral_reason="imaging" if deferred else "",
            awaited="A scan" if deferred else "", **self.stamps,
        )  # fmt: skip

    def _decide(self, listed: list[Any]) -> None:
        """Signed decisions with their options and steps, and what is kept of each discussion."""
        from cases.models import Decision, DecisionOption, DiscussionMeasure, NextStep  # need Django set up

        decided = [one for one in listed if one.outcome == "decided"]
        made = Decision.objects.bulk_create(
            Decision(case=one.case, discussion=one, drafted_by=self.user, **self.stamps) for one in decided
        )
        DecisionOption.objects.bulk_create(self._option(one, order) for one in made for order in range(3))
        NextStep.objects.bulk_create(
            NextStep(
                decision=one,
                order=order,
                text="CT",
                state=self.random.choice(("done", "done", "open", "not_done")),
            )
            for one in made
            for order in range(2)
        )
        sign(self.user, made[0].pk, made[-1].pk)
        signed = {one.discussion_id: one for one in made}
        DiscussionMeasure.objects.bulk_create(self._measure(one, signed.get(one.pk)) for one in listed)

    def _option(self, decision: Any, order: int) -> Any:
        from cases.models import DecisionOption  # needs Django set up

        return DecisionOption(
            decision=decision, order=order, title="CAPTEM", statement_id=f"statement-{order}",
            stance="recommended", agreement="consensus", choice=("accepted", "rejected", "deferred")[order],
            reason_code=self.random.choice(("", "", "patient_wish")),
        )  # fmt: skip

    def _measure(self, discussion: Any, decision: Any) -> Any:
        from cases.models import DiscussionMeasure  # needs Django set up

        if decision is None:
            return DiscussionMeasure(discussion=discussion, present=4, total=5)
        return DiscussionMeasure(
            discussion=discussion, present=5, total=5, decision=decision, signed_at=discussion.ended_at,
            concordance=self.random.choice(("concordant", "concordant", "conditional", "deviating")),
            trial=self.random.choice(("yes", "no", "")), wishes=self.random.choice(("yes", "no", "")),
        )  # fmt: skip


def sign(user: Any, first: int, last: int) -> None:
    """Decisions by id, all at once, which their manager refuses to do."""
    from django.db import connection  # needs Django set up

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_decision SET status = 'signed', signed_by_id = %s, signed_at = drafted_at, "
            "snapshot = %s, snapshot_digest = 'sha256:0' WHERE id BETWEEN %s AND %s",
            [user.pk, '{"format": 1}', first, last],
        )


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 16, tzinfo=UTC)
