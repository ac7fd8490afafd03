"""Letters: a first text from a signed decision for somebody to edit, and the sheet of one that was issued.

What the board decided and nothing else: no verdict, no strength and no fact of the guideline's answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from cases.documents.handout import MARKS, Identity, identity_of
from cases.documents.words import clean, in_line, joined, moment
from cases.snapshot.frozen import Frozen, FrozenDecision

PATIENT = "patient"
LONGEST = 6000  # characters


@dataclass(frozen=True, slots=True)
class LetterSheet:
    """An issued letter. `standing` says whether the decision still stands; `text` keeps its lines."""

    title: str
    board: str
    patient: Identity
    day: str
    text: str
    status: str
    mark: str
    standing: str
    issued: str
    printed: str


def letter_sheet(
    frozen: Frozen, *, title: str, text: str, at: datetime, by: str, status: str, printed: str
) -> LetterSheet:
    """`frozen`: the decision's snapshot; `status`: the decision's of today."""
    stands = status == "signed"
    return LetterSheet(
        title=title,
        board=in_line(frozen.case.board),
        patient=identity_of(frozen.patient, timezone.localtime(at).date()),
        day=long_day(timezone.localtime(at).date()),
        text=clean(text, LONGEST),
        status=status,
        mark="" if stands else MARKS[status],
        standing="" if stands else "The decision that this letter tells of is no longer valid.",
        issued=f"Issued by {in_line(by)} on {moment(at)}",
        printed=printed,
    )


def long_day(day: date) -> str:
    """ "17 November 2026"."""
    return f"{day.day} {day:%B %Y}"


def first_text(frozen: Frozen, kind: str, contact: str) -> str:
    """What the letter says before anybody has edited it, as paragraphs. `contact`: the board's, or ""."""
    decision, signed = frozen.decision, frozen.signed
    if decision is None or signed is None:
        raise ValueError("A letter is written about a signed decision.")
    met = frozen.meeting.starts_at if frozen.meeting else signed.at
    day = long_day(timezone.localtime(met).date())
    write = _to_patient if kind == PATIENT else _to_referrer
    return "\n\n".join(filter(None, write(frozen, decision, day, contact)))


def _to_referrer(frozen: Frozen, decision: FrozenDecision, day: str, contact: str) -> Iterable[str]:
    patient = identity_of(frozen.patient, timezone.localdate())
    signed = in_line(frozen.signed.by) if frozen.signed else ""
    yield f"Dear {in_line(frozen.case.referrer)}," if frozen.case.referrer else "Dear colleague,"
    yield (
        f"On {day} the {in_line(frozen.case.board)} discussed your patient {patient.name}, born "
        f"{patient.born} (record {patient.record_number})."
    )
    yield f"The question was: {in_line(frozen.case.question, 700)}"
    yield f"The board decided: {_taken(decision)} The intent is {_lowered(decision.intent.words)}."
    yield f"Why: {clean(decision.rationale, 1000)}" if decision.rationale else ""
    yield (
        f"Conditions: {'; '.join(in_line(text, 500) for text in decision.conditions)}."
        if decision.conditions
        else ""
    )
    yield _steps(decision, "Who does what:")
    yield "The decision advises; the treating clinicians and the patient decide together."
    yield f"For questions: {contact}." if contact else ""
    yield f"With kind regards,\n{signed}\nfor the {in_line(frozen.case.board)}"


def _to_patient(frozen: Frozen, decision: FrozenDecision, day: str, contact: str) -> Iterable[str]:
    called = in_line(f"{frozen.patient.given_names} {frozen.patient.surname}")
    yield f"Dear {called},"
    yield (
        f"On {day} doctors of several departments met to talk about your illness and what may help you best. "
        "This letter tells you what they suggest."
    )
    yield f"Their suggestion: {_taken(decision)}"
    yield _steps(decision, "What happens next:")
    yield (
        "Nothing is done without you. Please talk about this with your doctor: ask what you want to know, "
        "say what matters to you, and take somebody along if you like."
    )
    yield f"If you have questions: {contact}." if contact else ""
    yield f"With kind regards,\n{in_line(frozen.signed.by) if frozen.signed else ''}"


def _taken(decision: FrozenDecision) -> str:
    taken = [in_line(one.title) for one in decision.choices if one.is_taken]
    return f"{'; '.join(taken)}." if taken else "no treatment for now."


def _lowered(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"


def _steps(decision: FrozenDecision, heading: str) -> str:
    lines = [
        joined(
            in_line(step.text, 500),
            in_line(step.owner),
            f"by {long_day(step.due)}" if step.due else "",
        )
        for step in decision.steps
    ]
    return "\n".join([heading, *(f"– {line}" for line in lines)]) if lines else ""
