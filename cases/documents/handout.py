"""The handout: what a board needs of one case on two sheets, as plain data.

It is made from a snapshot and from nothing else, so that the handout of a signed decision shows what was
signed, whatever the record or the guideline say today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from cases.documents.chart import PrintedChart, chart_of
from cases.documents.options import AnswerOnPaper, answer_on_paper
from cases.documents.statements import Guidance, guidance_of
from cases.documents.words import clean, day_of, in_line, joined, moment
from cases.snapshot.deliberated import deliberated, present_in
from cases.snapshot.frozen import (
    Frozen,
    FrozenCase,
    FrozenChoice,
    FrozenDecision,
    FrozenFact,
    FrozenMeeting,
    FrozenPatient,
    relations_of,
)

MARKS = {
    "draft": "Draft",
    "signed": "Signed",
    "superseded": "Superseded",
    "withdrawn": "Entered in error",
}
# What makes the one-line diagnosis, besides the classification.
NAMES_THE_DISEASE = ("primary_site", "extent", "figo_stage", "differentiation", "cell_type", "ki67")
NARROWED_BY = {"primary_site": "pancreas_subsite", "extent": "metastatic_sites"}
MUST_BE_SAID = {"primary_site": "Primary site not known", "extent": "Extent not known"}


MOST_OF_A_LINE = 600  # characters of what was decided last time, each heading
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


@dataclass(frozen=True, slots=True)
class PrintedOption:
    """What the board chose, or did not; `strength` and `agreement` are "" for an option of its own.

    `relation` says how that relates to the guideline; "" where the snapshot does not know.
    """

    choice: str
    stance: str
    strength: str
    agreement: str
    title: str
    reason: str
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    text: str
    owner: str
    due: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The board's decision, signed or still a draft. `further`: how it came about, each with its heading."""

    intent: str
    taken: tuple[PrintedOption, ...]
    rejected: tuple[PrintedOption, ...]
    deferred: tuple[PrintedOption, ...]
    rationale: str
    conditions: tuple[str, ...]
    steps: tuple[Step, ...]
    present: tuple[str, ...]
    further: tuple[tuple[str, str], ...]
    supersede_reason: str
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Handout:
    """Everything on the sheets, in words. `status` is draft, signed, superseded or withdrawn.

    `answer` is the guideline's by options; `guidance` by statements, of an edition that gives no options.
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
    chart: PrintedChart
    answer: AnswerOnPaper | None
    guidance: Guidance | None
    basis: str
    guideline: str
    digest: str
    demo: str
    printed: str
    last_time: tuple[tuple[str, str], ...] = ()


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
) -> Handout:
    """The handout of a snapshot.

    `status` is draft, signed, superseded or withdrawn; of the last, `withdrawn` says why, by whom and when.
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
        patient=_identity(content.patient, _local_day(seen_at)),
        board=in_line(content.case.board),
        meeting=_meeting(content.meeting),
        referrer=in_line(content.case.referrer),
        question=clean(content.case.question, 700),
        diagnosis=_diagnosis(content),
        reasons=answer.classification.reasons,
        cautions=_cautions(content, intact),
        decision=_decided(content.decision, content) if content.decision else None,
        valid_decision=_in_short(valid) if valid else "",
        chart=chart_of(content),
        answer=answer_on_paper(answer) if answer.options else None,
        guidance=None if answer.options else guidance_of(answer),
        basis=answer.basis,
        guideline=f"{stamp.id}, version {stamp.version}",
        digest=stamp.digest,
        demo=_demo(content.case),
        printed=joined(moment(printed_at), in_line(printed_by), by=" by "),
        last_time=tuple((heading, in_line(text, MOST_OF_A_LINE)) for heading, text in last_time),
    )


def _local_day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _identity(patient: FrozenPatient, today: date) -> Identity:
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
        return f"{signed}; superseded since, no longer valid" if status == "superseded" else signed
    if content.drafted:
        return f"Not signed; drafted by {in_line(content.drafted.by)}"
    return "Not signed; for discussion"


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


def _decided(decision: FrozenDecision, content: Frozen) -> Decided:
    relations = relations_of(content.concordance, len(decision.choices))
    choices = [
        (one, _choice(one, how, twice=content.format == 1))
        for one, how in zip(decision.choices, relations, strict=True)
    ]
    return Decided(
        intent=decision.intent.words,
        taken=tuple(printed for one, printed in choices if one.is_taken),
        rejected=tuple(printed for one, printed in choices if one.choice.code == "rejected"),
        deferred=tuple(printed for one, printed in choices if one.choice.code == "deferred"),
        rationale=clean(decision.rationale, 4000),
        conditions=tuple(in_line(text, 500) for text in decision.conditions),
        steps=tuple(
            Step(in_line(step.text, 500), in_line(step.owner), day_of(step.due)) for step in decision.steps
        ),
        present=tuple(_person(*person) for person in present_in(content)),
        further=tuple((label, in_line(text, 500)) for label, text in deliberated(content.deliberation)),
        supersede_reason=clean(decision.supersede_reason, 600),
        relation=content.concordance.overall.words if content.concordance else "",
    )


def _choice(one: FrozenChoice, relation: str, *, twice: bool) -> PrintedOption:
    """Format 1 said a strength twice that agreement repeats, and keeps its words."""
    strength = one.stance.words if one.stance else ""
    agreement = one.agreement.words if one.agreement else ""
    reason = one.reason.words if one.reason else ""
    return PrintedOption(
        choice=one.choice.words,
        stance=one.stance.code if one.stance else "",
        strength=strength,
        agreement=agreement if twice or agreement != strength else "",
        title=in_line(one.title),
        reason=joined(reason, in_line(one.reason_text, 500), by=": "),
        relation=in_line(relation, 500),
    )


def _person(name: str, role: str) -> str:
    shown = in_line(role)
    return in_line(name) + (f" ({shown})" if shown else "")


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
