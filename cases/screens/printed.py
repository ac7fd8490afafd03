"""What can be printed: one registry of documents, and what each is made from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.utils import timezone

from cases.actions.printing import WITHDRAWN, Printable, printable
from cases.documents.handout import Handout, build_handout
from cases.documents.letter import LetterSheet, letter_sheet
from cases.documents.minutes import Correction, Minutes, build_minutes
from cases.documents.packet import Packet, PacketCase, PacketLine, RollLine, index_of
from cases.documents.words import clean, in_line, joined, moment
from cases.models import Case, Decision, Discussion, Letter, Meeting
from cases.quorum import quorum_of
from cases.screens.roll_call import roll_of
from cases.snapshot.read import read
from cases.snapshot.write import Seen, name_of


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """`code` stands in addresses, commands and the audit trail; `about`: what it is made of.

    `ordered`: whether it takes so long that it is ordered and fetched later.
    """

    code: str
    title: str
    about: Literal["case", "meeting", "letter", "board"]
    template: str
    ordered: bool = False


KINDS: Mapping[str, DocumentKind] = {
    kind.code: kind
    for kind in (
        DocumentKind("handout", "Tumor board handout", "case", "documents/_handout.html"),
        DocumentKind("record", "Handout of the record as it stands", "case", "documents/_handout.html"),
        DocumentKind("annex", "Annex to the handout", "case", "documents/_annex.html"),
        DocumentKind("packet", "Meeting packet", "meeting", "documents/_packet.html", ordered=True),
        DocumentKind("minutes", "Minutes", "meeting", "documents/_minutes.html"),
        DocumentKind("letter", "Letter", "letter", "documents/_letter.html"),
        DocumentKind("figures", "Figures of the board", "board", "documents/_figures.html", ordered=True),
    )
}


class NothingToPrint(ValueError):
    """There is no such document yet; the message says why, for the person who asked."""


@dataclass(frozen=True, slots=True)
class Printing:
    """Who prints, in words ("" for a command), and when. `last_time`: what became of what was decided before,
    each with its heading, for sheets that are not signed.
    """

    at: datetime
    by: str = ""
    last_time: tuple[tuple[str, str], ...] = ()

    @property
    def stamp(self) -> str:
        """ "22-Nov-2026 10:30 by Alice Albers"."""
        return joined(moment(self.at), in_line(self.by), by=" by ")


def sheets_of(
    kind: DocumentKind,
    case: Case,
    decision: Decision | None,
    printing: Printing,
    look: Callable[[], Seen] | None = None,
) -> Handout:
    """The sheets of a case, or of one of its signed decisions; `look` as `printable` takes it."""
    return _sheets(printable(case, decision, now=kind.code == "record", look=look), printing)


def _sheets(found: Printable, printing: Printing) -> Handout:
    return build_handout(
        found.content,
        found.status,
        printed_at=printing.at,
        printed_by=printing.by,
        intact=found.intact,
        valid=found.valid,
        withdrawn=found.withdrawn,
        last_time=() if found.content.signed else printing.last_time,
        deferral=found.deferral,
    )


def letter_of(letter: Letter, printing: Printing) -> LetterSheet:
    """The sheet of a letter that was issued, with how its decision stands today."""
    decision = letter.decision
    return letter_sheet(
        read(decision.snapshot or {}),
        title=letter.get_kind_display(),
        text=letter.text,
        at=letter.at,
        by=name_of(letter.by),
        status=WITHDRAWN if hasattr(decision, "withdrawal") else decision.status,
        printed=printing.stamp,
    )


def papers_of(
    kind: DocumentKind, meeting: Meeting, cases: Collection[Case], printing: Printing
) -> Mapping[str, Any]:
    """What the template of a meeting's document takes. `cases`: those that the reader may see.

    Raises `NothingToPrint` for the minutes of a meeting that is not closed.
    """
    if kind.code == "minutes":
        return {"minutes": minutes_of(meeting, cases, printing)}
    return {"packet": packet_of(meeting, cases, printing)}


def packet_of(
    meeting: Meeting, cases: Collection[Case], printing: Printing, told: Callable[[int], object] = int
) -> Packet:
    """Every case of the agenda with its sheets, in its order. `told` hears how many have been read so far."""
    by_id = {case.pk: case for case in cases}
    listed = [one for one in meeting.discussions.order_by("place") if one.case_id in by_id]
    sheets = []
    for number, one in enumerate(listed, 1):
        sheets.append(PacketCase(one.place or 0, _sheets(printable(by_id[one.case_id]), printing)))
        told(number)
    lines = _agenda(meeting, listed, sheets)
    return Packet(
        board=in_line(meeting.board.name),
        when=moment(meeting.starts_at),
        where=joined(in_line(meeting.place), in_line(meeting.title)),
        quorum=_quorum(meeting),
        lines=tuple(lines),
        roll=tuple(_roll(meeting)),
        cases=tuple(sheets),
        patients=index_of((line.name, line.place) for line in lines),
        presenters=index_of((line.presenter, line.place) for line in lines),
        basis=tuple(dict.fromkeys(one.handout.basis for one in sheets)),
        printed=printing.stamp,
    )


def _quorum(meeting: Meeting) -> str:
    there = list(meeting.attendance.all())
    quorum = quorum_of(meeting.board, there)
    return quorum.words if there else quorum.words_before


def _agenda(meeting: Meeting, listed: Sequence[Discussion], sheets: Sequence[PacketCase]) -> list[PacketLine]:
    clock, lines = meeting.started_at or meeting.starts_at, []
    for discussion, sheet in zip(listed, sheets, strict=True):
        begins = discussion.started_at or clock
        lines.append(
            PacketLine(
                place=sheet.place,
                time=f"{timezone.localtime(begins):%H:%M}",
                name=sheet.handout.patient.name,
                identity=sheet.handout.patient.in_line,
                question=clean(discussion.question, 240),
                track=discussion.get_track_display(),
                minutes=discussion.minutes,
                presenter=in_line(discussion.presenter),
            )
        )
        clock = discussion.ended_at or begins + timedelta(minutes=discussion.minutes)
    return lines


def _roll(meeting: Meeting) -> list[RollLine]:
    """The members, those of the board's disciplines in its order, and the guests who are there."""
    rows, guests, _ = roll_of(meeting)
    lines = [
        RollLine(one.there.discipline if one.there else one.usually, one.name, _there(one.there))
        for one in rows
    ]
    lines += [RollLine(one.discipline, one.name, _there(one)) for one in guests]
    order = {name: place for place, name in enumerate(meeting.board.disciplines)}
    return sorted(lines, key=lambda line: (order.get(line.discipline, len(order)), line.name.casefold()))


def _there(stay: Any) -> str:
    return f"{stay.get_mode_display()}, from {timezone.localtime(stay.since):%H:%M}" if stay else ""


def minutes_of(meeting: Meeting, cases: Collection[Case], printing: Printing) -> Minutes:
    """The minutes of a closed meeting. Raises `NothingToPrint` for any other."""
    if not meeting.snapshot:
        raise NothingToPrint("The minutes are made when the meeting is closed.")
    wanted = [line["decision"]["uid"] for line in meeting.snapshot["agenda"] if line["decision"]]
    signed = Decision.objects.filter(uid__in=wanted).exclude(signed_at=None)
    return build_minutes(
        meeting.snapshot,
        {str(one.uid): read(one.snapshot or {}) for one in signed},
        digest=meeting.snapshot_digest,
        printed=printing.stamp,
        seen=frozenset(str(case.uid) for case in cases),
        corrections=[
            Correction(clean(note.text, 2000), f"{name_of(note.by)}, {moment(note.at)}")
            for note in meeting.notes.select_related("by")
        ],
    )
