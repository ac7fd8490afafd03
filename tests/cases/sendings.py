"""Every form that makes something, filled in as a person would: what is sent, by whom, and what it makes."""

import datetime
import json
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cases.actions.agenda import list_case
from cases.actions.entry import add_part, create_case
from cases.actions.leading import close_meeting, start_meeting
from cases.actions.meetings import create_meeting
from cases.models import Board, Case, Decision, Meeting, Patient
from tests.cases.pages import PATIENT, form_of, full_case, logged_in, sign

BUNDLE = Path(__file__).parent / "exchange" / "bundles" / "g3_net_mcode.json"
TABLE = "record_number;surname;birth_date;question\n007;Berg;1950-02-03;Treatment?\n"
APPOINTMENTS = 16  # of the schedule after a resection
# Sessions; and what is only kept of a record, and made anew where it is missing.
NEVER_COUNTED = {"Session", "UserSession", "LogEntry", "StoredReadiness"}


@dataclass(frozen=True)
class Sending:
    """A form as it is sent, `again` and again. `makes`: how many rows of which model the first time."""

    by: User
    url: str
    data: Mapping[str, Any]
    makes: Mapping[str, int]
    file: tuple[str, str, bytes] | None = None  # field, name, content
    proven: bool = field(default=False)  # whether the person says once more who they are


def counted() -> Counter[str]:
    """How many rows there are of every model, in one query; of events, those of acts."""
    tables = {
        model.__name__: model._meta.db_table
        for model in apps.get_models()
        if model.__name__ not in NEVER_COUNTED
    }
    acts = {"AuditEvent": " WHERE action NOT IN ('read', 'denied', 'logged_in', 'login_failed')"}
    asked = (f"SELECT '{name}', COUNT(*) FROM {table}{acts.get(name, '')}" for name, table in tables.items())
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return Counter(dict(cursor.fetchall()))


class Scene:
    """A board in the middle of its work, on which each form has something of its own to be sent for."""

    def __init__(self, board: Board, guests: Board, people: Mapping[str, User]) -> None:
        self.board, self.guests = board, guests
        self.alice, self.dora, self.adam = people["coordinator"], people["chair"], people["administrator"]
        self.full = full_case(board, self.alice)
        self.waiting = self.full.discussions.get().meeting
        self.empty = self.meeting_in(days=40)

    def meeting_in(self, days: int, hour: int = 9) -> Meeting:
        day = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
        moment = day + datetime.timedelta(days=days)
        return create_meeting(by=self.alice, board=self.board, starts_at=moment)

    def case(self, name: str, **fields: Any) -> Case:
        person = {**PATIENT, "surname": name, "record_number": f"S-{name}"}
        return create_case(
            by=self.alice, board=self.board, patient=person, fields={"question": "Next?", **fields}
        )

    def running(self, name: str, hour: int) -> Case:
        """A case on the agenda of a meeting of its own that runs."""
        case, meeting = self.case(name), self.meeting_in(-1, hour)
        list_case(by=self.alice, case=case, meeting=meeting)
        start_meeting(by=self.dora, meeting=meeting)
        return case

    def decided(self, name: str, hour: int) -> Decision:
        return sign(self.running(name, hour), self.dora)

    def sendings(self) -> dict[str, Sending]:
        """By name."""
        return {**self.of_the_record(), **self.of_the_agenda(), **self.of_decisions(), **self.of_the_board()}

    def of_the_record(self) -> dict[str, Sending]:
        case, part = self.case("Record"), {"RecordVersion": 1, "AuditEvent": 1}
        parts = {
            "pathology": ({"differentiation": "well", "ki67": "30"}, "PathologyReport"),
            "imaging": ({"modality": "ct", "result": "positive"}, "ImagingStudy"),
            "molecular": ({"mmr": "proficient"}, "MolecularReport"),
            "marker": ({"name": "Chromogranin A", "value": "240"}, "SerumMarker"),
            "treatment": ({"kind": "surgery", "procedure": "Biopsy"}, "Treatment"),
            "assessment": ({"ecog": "1"}, "ClinicalAssessment"),
        }
        found = {
            name: Sending(
                self.alice,
                reverse("cases:new_item", args=[case.uid, name]),
                {**said, "item": str(uuid.uuid4()), "version": "0"},
                {model: 1, **part},
            )
            for name, (said, model) in parts.items()
        }
        person = {**PATIENT, "birth_date": "14-Aug-1961", "surname": "Twice", "record_number": "S-Twice"}
        new = {**person, "board": self.board.slug, "question": "First line?", "case": str(uuid.uuid4())}
        makes = {"Case": 1, "Patient": 1, "RecordVersion": 2, "AuditEvent": 1}
        return {
            "case": Sending(self.alice, reverse("cases:new_case"), new, makes),
            **found,
            "comment": self.about(case, "comment", {"text": "Seen today."}, {"Comment": 1}),
            "grant": self.about(
                case, "shared", {"board": self.guests.slug, "reason": "Liver"}, {"CaseGrant": 1}
            ),
            "bundle": Sending(
                self.alice,
                reverse("cases:bundles", args=[case.uid]),
                {},
                {"KeptFile": 1},
                file=("bundle", "clinic.json", self.bundle_of(case.patient)),
            ),
            "report that decides": self.report_that_decides(),
            "schedule of follow-up": self.schedule(),
        }

    def about(self, case: Case, name: str, data: Mapping[str, Any], makes: Mapping[str, int]) -> Sending:
        """Something the coordinator does about a case, of one event."""
        return Sending(
            self.alice, reverse(f"cases:{name}", args=[case.uid]), data, {**makes, "AuditEvent": 1}
        )

    def bundle_of(self, patient: Patient) -> bytes:
        read = json.loads(BUNDLE.read_bytes())
        read["entry"][0]["resource"]["name"] = [{"family": patient.surname}]
        read["entry"][0]["resource"]["birthDate"] = str(patient.birth_date)
        return json.dumps(read).encode()

    def report_that_decides(self) -> Sending:
        """Of two reports of one day that contradict each other."""
        case = self.case("Contest", primary_site="pancreas")
        for number, said in (("1", ("well", "retained")), ("2", ("poor", "lost"))):
            fields = {"specimen": "biopsy", "sampled_on": "2026-03-01", "lab_number": number}
            fields |= {"differentiation": said[0], "rb": said[1]}
            report = add_part(by=self.alice, case=case, kind="pathology", fields=fields)
        said = {"report": f"{report.uid}.{report.version}", "reason": "The whole specimen"}
        url = reverse("cases:deciding_report", args=[case.uid])
        return Sending(self.dora, url, said, {"RecordVersion": 1, "AuditEvent": 1})

    def schedule(self) -> Sending:
        """Of a tumor that was removed ten days ago."""
        case = self.case("Schedule", primary_site="rectum", extent="localized")
        seen, removed = (timezone.localdate() - datetime.timedelta(days=days) for days in (36, 10))
        operation = {"kind": "surgery", "procedure": "Resection", "site_treated": "primary"}
        for kind, fields in (
            ("pathology", {"reported_on": str(seen), "differentiation": "well", "ki67": "30"}),
            ("assessment", {"under_surveillance": True, "assessed_on": str(timezone.localdate())}),
            ("treatment", {**operation, "curative_intent": True, "started_on": str(removed)}),
        ):
            add_part(by=self.alice, case=case, kind=kind, fields=fields)
        return self.about(case, "plan_follow_up", {}, {"FollowUpItem": APPOINTMENTS})

    def of_the_agenda(self) -> dict[str, Sending]:
        free, urgent, moved = self.case("Free"), self.case("Urgent"), self.case("Listed")
        closed, left = self.running("Closed", hour=11), self.running("Left", hour=12)
        for each in (closed, left):
            close_meeting(by=self.dora, meeting=each.discussions.get().meeting)
        over, of_left = closed.discussions.get().meeting, left.discussions.get().meeting
        owed = {"owner": "imaging", "asked_of": "Dr. Baker", "asked_on": f"{timezone.localdate():%d-%b-%Y}"}
        at, series = {"board": self.board.slug, "time": "16:00"}, {"every_weeks": "2", "how_many": "3"}
        meet, day = reverse("cases:new_meeting"), timezone.localdate() + datetime.timedelta(days=60)
        calling = self.running("Roll", hour=13).discussions.get().meeting
        return {
            "meeting": Sending(
                self.alice, meet, {**at, "day": f"{day:%d-%b-%Y}"}, {"Meeting": 1, "AuditEvent": 1}
            ),
            "series": Sending(
                self.alice, meet, {**at, **series, "day": f"{day:%d-%b-%Y}", "time": "18:00"},
                {"Meeting": 3, "AuditEvent": 3},
            ),
            "case on an agenda": Sending(
                self.alice, reverse("cases:put_on_agenda", args=[self.empty.uid]), {"case": str(free.uid)},
                {"Discussion": 1, "AuditEvent": 1},
            ),
            "listing": self.about(
                moved, "listing", {"meeting": str(self.empty.uid), "question": "Again?", "track": "full"},
                {"Discussion": 1},
            ),
            "carried over": Sending(
                self.alice, reverse("cases:carry_over", args=[of_left.uid]), {"to": str(self.empty.uid)},
                {"Discussion": 1, "AuditEvent": 1},
            ),
            "urgent discussion": Sending(
                self.dora, reverse("cases:urgent", args=[urgent.uid]), {"reason": "Bleeding"},
                {"Discussion": 1, "AuditEvent": 1},
            ),
            "note on minutes": Sending(
                self.dora, reverse("cases:meeting_note", args=[over.uid]), {"text": "Room 8, not 7."},
                {"MeetingNote": 1, "AuditEvent": 1},
            ),
            "roll call": Sending(
                self.alice, reverse("cases:roll_call", args=[calling.uid]),
                {f"member-{self.dora.pk}-mode": "room", "seen": ""}, {"Attendance": 1, "AuditEvent": 1},
            ),
            "asking": self.about(self.full, "asked", owed, {"AskedFor": 1}),
        }  # fmt: skip

    def of_decisions(self) -> dict[str, Sending]:
        drafted, deferred, signed = (
            self.running("Draft", 14), self.running("Deferred", 15), self.decided("Steps", 16),
        )  # fmt: skip
        corrected, erroneous = self.decided("Corrected", 17), self.decided("Withdrawn", 18)
        page = reverse("cases:decision", args=[drafted.uid])
        draft = form_of(logged_in(self.alice), page, intent="palliative")
        step = reverse("cases:step", args=[signed.case.uid, signed.uid, 0])
        option = reverse("cases:followed_option", args=[signed.case.uid, signed.uid, 0])
        today = {"done_on": f"{timezone.localdate():%d-%b-%Y}"}
        defer = {"defer-reason": "pathology", "defer-awaited": "Ki-67", "defer-draft": ""}
        of = {name: reverse(f"cases:{name}", args=[one.case.uid, one.uid]) for name, one in
              (("supersede", corrected), ("withdraw", erroneous))}  # fmt: skip
        copied = {"Decision": 1, "DecisionOption": 1, "NextStep": 1}
        letter = reverse("cases:letter", args=[signed.case.uid, signed.uid, "referrer"])
        return {
            "draft": Sending(self.alice, page, draft, {"Decision": 1, "AuditEvent": 1}),
            "deferral": Sending(
                self.alice, reverse("cases:defer", args=[deferred.uid]), defer,
                {"DiscussionMeasure": 1, "AuditEvent": 1},
            ),
            "step handed on": Sending(
                self.alice, step, {"act": "hand", "handed-owner_name": "Radiology"},
                {"StepEvent": 1, "AuditEvent": 1},
            ),
            "option done": Sending(self.alice, option, today, {"OptionEvent": 1, "AuditEvent": 1}),
            "correction": Sending(
                self.dora, of["supersede"], {"reason": "A typing error"}, {**copied, "AuditEvent": 1}
            ),
            "withdrawal": Sending(
                self.dora, of["withdraw"], {"withdraw-reason": "Other patient"},
                {"DecisionWithdrawal": 1, "AuditEvent": 1},
            ),
            "letter": Sending(self.alice, letter, {"text": "Dear Dr Wu"}, {"Letter": 1, "AuditEvent": 1}),
        }  # fmt: skip

    def of_the_board(self) -> dict[str, Sending]:
        client = logged_in(self.alice)
        token = form_of(
            client, reverse("cases:tokens"), reverse("cases:tokens"), name="EPR", board=self.board.slug
        )
        calendar = form_of(client, reverse("cases:my_calendar"), reverse("cases:make_calendar"))
        ordered = {"DocumentOrder": 1, "DBTaskResult": 1, "AuditEvent": 1}
        person = {"username": "nora", "first_name": "Nora", "last_name": "Novak", "role": "clinician"}
        slug = self.board.slug
        return {
            "token": Sending(self.alice, reverse("cases:tokens"), token, {"ApiToken": 1, "AuditEvent": 1}),
            "calendar address": Sending(
                self.alice, reverse("cases:make_calendar"), calendar, {"CalendarAddress": 1, "AuditEvent": 1}
            ),
            "packet": Sending(
                self.alice, reverse("cases:document_packet", args=[self.waiting.uid]), {}, ordered
            ),
            "figures": Sending(
                self.alice, reverse("cases:document_figures", args=[slug]),
                {"first": "01-Jan-2026", "last": "31-Mar-2026"}, ordered,
            ),
            "list": Sending(
                self.alice, reverse("cases:upload_list", args=[slug]), {"reading": ""}, {"KeptFile": 1},
                file=("list", "October.csv", TABLE.encode()),
            ),
            "account": Sending(
                self.adam, reverse("cases:new_person", args=[slug]), person,
                {"User": 1, "Membership": 1, "AuditEvent": 2}, proven=True,
            ),
        }  # fmt: skip
