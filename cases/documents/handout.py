"""The handout: what a board needs of one case on two sheets, as plain data.

It is made from a snapshot's content (see `cases.actions.snapshot`) and from nothing else, so that the handout
of a signed decision shows what was signed, whatever the record or the guideline say today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cases import choices
from cases.documents.chart import PrintedChart, chart_of
from cases.documents.statements import Guidance, guidance_of
from cases.documents.words import clean, day_of, in_line, joined, moment, moment_of
from cases.models import Patient
from guidelines.answer.parts import Assessment
from guidelines.knowledge.labels import AGREEMENTS, STANCES

Content = Mapping[str, Any]

MARKS = {
    choices.DecisionStatus.DRAFT: "Draft",
    choices.DecisionStatus.SIGNED: "Signed",
    choices.DecisionStatus.SUPERSEDED: "Superseded",
}
# What makes the one-line diagnosis, besides the classification.
NAMES_THE_DISEASE = ("primary_site", "extent", "figo_stage", "differentiation", "cell_type", "ki67")
NARROWED_BY = {"primary_site": "pancreas_subsite", "extent": "metastatic_sites"}
MUST_BE_SAID = {"primary_site": "Primary site not known", "extent": "Extent not known"}


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
    """What the board chose, or did not; `strength` and `agreement` are "" for an option of its own."""

    choice: str
    stance: str
    strength: str
    agreement: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    text: str
    owner: str
    due: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The board's decision, signed or still a draft."""

    intent: str
    taken: tuple[PrintedOption, ...]
    rejected: tuple[PrintedOption, ...]
    rationale: str
    conditions: tuple[str, ...]
    steps: tuple[Step, ...]
    present: tuple[str, ...]
    supersede_reason: str


@dataclass(frozen=True, slots=True)
class Handout:
    """Everything on the sheets, in words. `status` is draft, signed or superseded."""

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
    guidance: Guidance
    basis: str
    guideline: str
    digest: str
    demo: str
    printed: str


def build_handout(
    content: Content,
    status: str,
    *,
    printed_at: datetime,
    printed_by: str = "",
    intact: bool = True,
    valid: Content | None = None,
) -> Handout:
    """The handout of a snapshot's `content`.

    `status` is draft, signed or superseded. `intact` is false where a signed snapshot lost its digest.
    `valid` is the content of the decision that is still in force while this draft is not signed.
    """
    assessment = Assessment.from_json(content["assessment"])
    seen_at = content["signed"]["at"] if content["signed"] else printed_at.isoformat()
    case, stamp = content["case"], assessment.guideline
    return Handout(
        status=status,
        mark=MARKS[choices.DecisionStatus(status)],
        standing=_standing(content, status),
        patient=_identity(content["patient"], timezone.localtime(datetime.fromisoformat(seen_at)).date()),
        board=in_line(case["board"]),
        meeting=_meeting(content["meeting"]),
        referrer=in_line(case["referrer"]),
        question=clean(case["question"], 700),
        diagnosis=_diagnosis(content["facts"], assessment),
        reasons=assessment.classification.reasons,
        cautions=_cautions(content, assessment, intact),
        decision=_decided(content) if content["decision"] else None,
        valid_decision=_in_short(valid) if valid else "",
        chart=chart_of(content),
        guidance=guidance_of(assessment),
        basis=assessment.basis,
        guideline=f"{stamp.id}, version {stamp.version}",
        digest=stamp.digest,
        demo=_demo(case),
        printed=joined(moment(printed_at), in_line(printed_by), by=" by "),
    )


def _identity(patient: Content, today: date) -> Identity:
    """The name as a banner writes it; the age that the model would give."""
    born = date.fromisoformat(patient["birth_date"])
    died = date.fromisoformat(patient["deceased_on"]) if patient["deceased_on"] else None
    sex = patient["sex"]
    return Identity(
        name=in_line(patient["name"]),
        born=day_of(patient["birth_date"]),
        age=Patient(birth_date=born, deceased_on=died).age_on(today),
        record_number=in_line(patient["record_number"]),
        sex=choices.Sex(sex).label if sex else "",
        deceased=joined("Deceased", day_of(patient["deceased_on"]), by=" ") if patient["deceased"] else "",
    )


def _standing(content: Content, status: str) -> str:
    if content["signed"]:
        signed = f"Signed by {in_line(content['signed']['by'])} on {moment_of(content['signed']['at'])}"
        return f"{signed}; superseded since, no longer valid" if status == "superseded" else signed
    if content["drafted"]:
        return f"Not signed; drafted by {in_line(content['drafted']['by'])}"
    return "Not signed; for discussion"


def _meeting(meeting: Content | None) -> str:
    return joined(moment_of(meeting["starts_at"]), in_line(meeting["place"])) if meeting else ""


def _diagnosis(facts: list[Content], assessment: Assessment) -> tuple[str, ...]:
    """The entity, then what is known of site, extent and the rest: "G3 NET", "Pancreas (Tail)", …"""
    shown = {fact["fact"]: fact for fact in facts}
    parts = [assessment.classification.label]
    for name in NAMES_THE_DISEASE:
        if name not in shown:
            parts.append(MUST_BE_SAID.get(name, ""))
            continue
        narrowed = shown.get(NARROWED_BY.get(name, ""))
        detail = f" ({narrowed['shown']})" if narrowed and narrowed["value"] else ""
        parts.append(f"{_label_of(name, shown)}{shown[name]['shown']}{detail}")
    return tuple(part for part in parts if part)


def _label_of(name: str, shown: Content) -> str:
    """A number or a stage says nothing without its name."""
    return f"{shown[name]['label']} " if name in ("figo_stage", "ki67") else ""


def _cautions(content: Content, assessment: Assessment, intact: bool) -> tuple[str, ...]:
    broken = "The stored copy of this decision is not the one that was signed. Do not rely on it."
    return (
        *(() if intact else (broken,)),
        *(in_line(text, 500) for text in content["cautions"]),
        *assessment.classification.cautions,
    )


def _decided(content: Content) -> Decided:
    decision = content["decision"]
    options = [(raw["choice"], _option(raw)) for raw in decision["options"]]
    rejected = choices.OptionChoice.REJECTED
    return Decided(
        intent=choices.Intent(decision["intent"]).label,
        taken=tuple(option for choice, option in options if choice != rejected),
        rejected=tuple(option for choice, option in options if choice == rejected),
        rationale=clean(decision["rationale"], 4000),
        conditions=tuple(in_line(text, 500) for text in decision["conditions"]),
        steps=tuple(
            Step(in_line(step["text"], 500), in_line(step["owner_name"]), day_of(step["due_on"]))
            for step in decision["next_steps"]
        ),
        present=tuple(_person(person) for person in content["attendees"]),
        supersede_reason=clean(decision["supersede_reason"], 600),
    )


def _option(raw: Content) -> PrintedOption:
    code = raw["reason_code"]
    reason = choices.DeviationReason(code).label if code else ""
    return PrintedOption(
        choice=choices.OptionChoice(raw["choice"]).label,
        stance=raw["stance"],
        strength=STANCES.get(raw["stance"], ""),
        agreement=AGREEMENTS.get(raw["agreement"], ""),
        title=in_line(raw["title"]),
        reason=joined(reason, in_line(raw["reason_text"], 500), by=": "),
    )


def _person(person: Content) -> str:
    role = in_line(person.get("role", ""))
    return in_line(person["name"]) + (f" ({role})" if role else "")


def _in_short(valid: Content) -> str:
    """The decision in force, in a sentence."""
    decided = _decided(valid)
    taken = "; ".join(option.title for option in decided.taken) or "no option taken"
    return f"{day_of(valid['signed']['at'])}, signed by {in_line(valid['signed']['by'])}: {taken}."


def _demo(case: Content) -> str:
    if not case["is_demo"]:
        return ""
    if case["citation"] == choices.INVENTED:
        return f"{choices.INVENTED}."
    source = f" Findings as published: {in_line(case['citation']).rstrip('.')}." if case["citation"] else ""
    return f"Name and dates are invented.{source}"
