"""The handout: what a board needs of one case on two sheets, as plain data.

It is made from a snapshot and from nothing else, so that the handout of a signed decision shows what was
signed, whatever the record or the guideline say today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone
from django.utils.text import Truncator

from cases.documents.chart import ChartEntry, chart_of
from cases.documents.decided import Decided, decided_in
from cases.documents.options import AnswerOnPaper, answer_on_paper
from cases.documents.statements import Guidance, guidance_of
from cases.documents.words import clean, day_of, in_line, joined, moment
from cases.snapshot.frozen import (
    Frozen,
    FrozenCase,
    FrozenFact,
    FrozenMeeting,
    FrozenPatient,
)
from cases.snapshot.key_facts import key_facts_in
from cases.snapshot.timeline import timeline_of_snapshot
from cases.timeline.drawing import PAPER, TimelinePicture, draw_timeline

MARKS = {
    "draft": "Draft",
    "signed": "Signed",
    "superseded": "Corrected",
    "deferred": "Deferred",
    "withdrawn": "Entered in error",
}
# What makes the one-line diagnosis, besides the classification.
NAMES_THE_DISEASE = ("primary_site", "extent", "figo_stage", "differentiation", "cell_type", "ki67")
NARROWED_BY = {"primary_site": "pancreas_subsite", "extent": "metastatic_sites"}
MUST_BE_SAID = {"primary_site": "Primary site not known", "extent": "Extent not known"}


MOST_OF_A_LINE = 600  # characters of what was decided last time, each heading
MOST_FACTS = 10
MOST_OF_BOARD, MOST_OF_STAMP = 50, 70  # characters at the foot of a page
LONG_FACT = 48  # characters; a place of the strip has three lines for them
MOST_CAUTIONS = 3  # of the record, on paper; all of them stand on its pages


@dataclass(frozen=True, slots=True)
class Identity:
    """Who it is about. `age` is that of the day of signing or printing, `sex` "" if not known."""

    name: str
    born: str
    age: int
    record_number: str
    sex: str
    deceased: str

    @property
    def in_line(self) -> str:
        """ "Born 05-Mar-1970 (56) · Record 4711 · Female"."""
        return joined(f"Born {self.born} ({self.age})", f"Record {self.record_number}", self.sex, by=" · ")


@dataclass(frozen=True, slots=True)
class StripFact:
    """A key fact in words, with the day of its finding; `day` is "" where nobody gave one."""

    label: str
    shown: str
    day: str

    @property
    def is_long(self) -> bool:
        """Whether it takes two places of the strip."""
        return len(self.label) + len(self.shown) > LONG_FACT


@dataclass(frozen=True, slots=True)
class Handout:
    """Everything on the sheets, in words. `status` is draft, deferred, signed, superseded or withdrawn.

    `answer` is the guideline's by options; `guidance` by statements, of an edition that gives no options.
    `facts` are the key facts in order of time; `chart`, the record entry by entry, is for the annex.
    `last_time`: what became of what was decided before, each with its heading.
    """

    status: str
    mark: str
    standing: str
    patient: Identity
    board: str
    meeting: str
    referrer: str
    question: str
    diagnosis: tuple[str, ...]
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    decision: Decided | None
    valid_decision: str
    facts: tuple[StripFact, ...]
    picture: TimelinePicture | None
    chart: tuple[ChartEntry, ...]
    answer: AnswerOnPaper | None
    guidance: Guidance | None
    basis: str
    guideline: str
    digest: str
    demo: str
    printed: str
    last_time: tuple[tuple[str, str], ...] = ()
    deferral: str = ""

    @property
    def circumstances(self) -> str:
        """ "Meeting 17-Nov-2026 16:00, Room 2 · Referred by Dr R. Eferrer · Not signed; for discussion"."""
        return joined(
            joined("Meeting", self.meeting, by=" ") if self.meeting else "",
            joined("Referred by", self.referrer, by=" ") if self.referrer else "",
            self.standing,
            by=" · ",
        )

    @property
    def foot(self) -> str:
        """What stands at the bottom of every page, short enough for three lines of it."""
        return joined(
            Truncator(self.board).chars(MOST_OF_BOARD),
            "Demonstration data" if self.demo else "",
            Truncator(f"printed {self.printed}").chars(MOST_OF_STAMP),
            by=" · ",
        )


def build_handout(
    content: Frozen,
    status: str,
    *,
    printed_at: datetime,
    printed_by: str = "",
    intact: bool = True,
    valid: Frozen | None = None,
    withdrawn: str = "",
    last_time: Sequence[tuple[str, str]] = (),
    deferral: str = "",
) -> Handout:
    """The handout of a snapshot.

    `status` is draft, deferred, signed, superseded or withdrawn; of the last, `withdrawn` says why, by whom
    and when; `deferral` what a deferred decision waits for.
    `intact` is false where a signed snapshot lost its digest.
    `valid` is the decision that is still in force while this draft is not signed, `last_time` what became of
    what was decided before.
    """
    answer, stamp = content.answer, content.guideline
    seen_at = content.signed.at if content.signed else printed_at
    return Handout(
        status=status,
        mark=MARKS[status],
        standing=_standing(content, status, withdrawn),
        patient=identity_of(content.patient, _local_day(seen_at)),
        board=in_line(content.case.board),
        meeting=_meeting(content.meeting),
        referrer=in_line(content.case.referrer),
        question=clean(content.case.question, 700),
        diagnosis=_diagnosis(content),
        reasons=answer.classification.reasons,
        cautions=_cautions(content, intact),
        decision=decided_in(content.decision, content) if content.decision else None,
        valid_decision=_in_short(valid) if valid else "",
        facts=tuple(
            StripFact(fact.label, in_line(fact.shown), day_of(fact.date))
            for fact in key_facts_in(content, MOST_FACTS)
        ),
        picture=_picture(content),
        chart=chart_of(content),
        answer=answer_on_paper(answer) if answer.options else None,
        guidance=None if answer.options else guidance_of(answer),
        basis=answer.basis,
        guideline=f"{stamp.id}, version {stamp.version}",
        digest=stamp.digest,
        demo=_demo(content.case),
        printed=joined(moment(printed_at), in_line(printed_by), by=" by "),
        last_time=tuple((heading, in_line(text, MOST_OF_A_LINE)) for heading, text in last_time),
        deferral=in_line(deferral, 600),
    )


def _picture(content: Frozen) -> TimelinePicture | None:
    """The timeline, of a record that has something to tell, in harmless words."""
    drawn = draw_timeline(timeline_of_snapshot(content), PAPER, low=True) if content.record[1:] else None
    if drawn is None:
        return None
    words = tuple(replace(line, text=in_line(line.text)) for line in drawn.words)
    return replace(drawn, words=words, summary=in_line(drawn.summary))


def _local_day(at: datetime) -> date:
    return timezone.localtime(at).date()


def identity_of(patient: FrozenPatient, today: date) -> Identity:
    """The name as a banner writes it."""
    return Identity(
        name=in_line(patient.name),
        born=day_of(patient.birth_date),
        age=patient.age_on(today),
        record_number=in_line(patient.record_number),
        sex=patient.sex.words if patient.sex.code else "",
        deceased=joined("Deceased", day_of(patient.deceased_on), by=" ") if patient.deceased else "",
    )


def _standing(content: Frozen, status: str, withdrawn: str) -> str:
    if content.signed:
        signed = f"Signed by {in_line(content.signed.by)} on {moment(content.signed.at)}"
        if status == "withdrawn":
            return f"{signed}; entered in error, not valid: {in_line(withdrawn, 400)}"
        return (
            f"{signed}; corrected by a later decision, no longer valid" if status == "superseded" else signed
        )
    if content.drafted:
        return f"Not signed; drafted by {in_line(content.drafted.by)}"
    return "Decision deferred" if status == "deferred" else "Not signed; for discussion"


def _meeting(meeting: FrozenMeeting | None) -> str:
    return joined(moment(meeting.starts_at), in_line(meeting.place)) if meeting else ""


def _diagnosis(content: Frozen) -> tuple[str, ...]:
    """The entity, then what is known of site, extent and the rest: "G3 NET", "Pancreas (Tail)", …"""
    parts = [content.answer.classification.entity.words]
    for name in NAMES_THE_DISEASE:
        fact = content.facts.get(name)
        parts.append(_named(fact, content.facts) if fact else MUST_BE_SAID.get(name, ""))
    return tuple(part for part in parts if part)


def _named(fact: FrozenFact, facts: Mapping[str, FrozenFact]) -> str:
    """A finding with what narrows it. A number or a stage says nothing without its name."""
    label = f"{fact.label} " if fact.name in ("figo_stage", "ki67") else ""
    narrowed = facts.get(NARROWED_BY.get(fact.name, ""))
    detail = f" ({narrowed.shown})" if narrowed and narrowed.value else ""
    return f"{label}{fact.shown}{detail}"


def _cautions(content: Frozen, intact: bool) -> tuple[str, ...]:
    broken = "The stored copy of this decision is not the one that was signed. Do not rely on it."
    shown = [in_line(text, 500) for text in content.cautions[:MOST_CAUTIONS]]
    if (more := len(content.cautions) - len(shown)) > 0:
        shown.append(f"The record has {more} more {'caution' if more == 1 else 'cautions'}.")
    return (*(() if intact else (broken,)), *shown, *content.answer.classification.cautions)


def _in_short(valid: Frozen) -> str:
    """The decision in force, in a sentence."""
    if valid.decision is None or valid.signed is None:
        return ""
    taken = "; ".join(in_line(one.title) for one in valid.decision.choices if one.is_taken)
    signed = f"{day_of(_local_day(valid.signed.at))}, signed by {in_line(valid.signed.by)}"
    return f"{signed}: {taken or 'no option taken'}."


def _demo(case: FrozenCase) -> str:
    if not case.is_demo:
        return ""
    if case.is_invented:
        return f"{in_line(case.citation)}."
    source = f" Findings as published: {in_line(case.citation).rstrip('.')}." if case.citation else ""
    return f"Name and dates are invented.{source}"
