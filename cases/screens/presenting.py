"""What the projector shows of a discussion that goes on: the record of now, and today's answer to it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from cases.assessing import assessed
from cases.choices import DecisionStatus, Intent, OptionChoice, Outcome
from cases.composed import Composed
from cases.facts import facts_as_read
from cases.guideline import guideline_of
from cases.models import Case, Decision, Discussion, Patient
from cases.record import ReadCase, record_as_read
from cases.screens.key_facts import key_facts
from cases.screens.looking_back import last_time_of
from cases.screens.options import OptionRow, RowGroup, Rows
from cases.screens.panel import AskedLine, asked_line, diagnosis_of, known
from cases.screens.presented import (
    HALF_A_PROJECTOR,
    MOST_DECISIVE,
    Slide,
    SlideDecision,
    SlideOption,
    SlidePerson,
    SlideTime,
    decision_lines,
    deferral_line,
    died_in_words,
    first_of,
    initials_of,
    three_to_six,
)
from cases.screens.sitting import sitting_of
from cases.screens.timeline import timeline_of_record
from cases.timeline.drawing import draw_timeline
from cases.timeline.model import Timeline
from guidelines.knowledge.labels import DIRECTIONS, TREATMENT_TOPICS, Direction, Kind, Status
from guidelines.vocabulary.facts import FACTS

LEADING = {"settles", Kind.TREATMENT, *TREATMENT_TOPICS}
"""Groups of rows that a board decides on: what settles the entity, and treatment."""


@Composed
def _signed(*, case: Any) -> QuerySet[Decision, int]:
    signed = Decision.objects.filter(case=case).exclude(status=DecisionStatus.DRAFT)
    return signed.values_list("pk", flat=True)


def slide_of_record(discussion: Discussion, case: Case, *, standing: SlideDecision, now: datetime) -> Slide:
    """A discussion by the record as it is. `case`: as `cases.queries.remembered_as` has it; `standing`: how
    its decision stands.
    """
    signed = _signed(case=case.pk)
    told, timeline = _told(ReadCase(case), tuple(discussion.asks), tuple(signed), timezone.localdate(now))
    return replace(
        told,
        person=person_of(discussion.case.patient, timezone.localdate(now)),
        question=discussion.question,
        decision=standing,
        time=time_of(discussion, now),
        last_time=last_time_of(discussion, record_as_read(ReadCase(case)), timeline),
    )


# Going on, and back from the decision, is then as quick as the record is remembered.
@lru_cache(maxsize=64)
def _told(
    read: ReadCase, asks: tuple[str, ...], _signed: tuple[int, ...], today: date
) -> tuple[Slide, Timeline]:
    """What record and guideline say, on a slide that lacks its discussion, and the timeline, which has the
    decisions of `_signed`.
    """
    record, guideline = record_as_read(read), guideline_of(read.case)
    facts = facts_as_read(read, today)
    assessment = assessed(guideline, facts, asks)
    rows = Rows(guideline, assessment, known(facts))
    asked = tuple(asked_line(one, rows, guideline) for one in assessment.asked)
    options, more = three_to_six(*_options(rows.groups(), {one.row.code for one in asked if one.row}))
    timeline = timeline_of_record(record, facts, today)
    slide = Slide(
        person=person_of(record.patient, today),
        question="",
        diagnosis=diagnosis_of(assessment, facts),
        facts=key_facts(facts, assessment),
        asked=tuple(_asked(one) for one in asked),
        options=options,
        more=more,
        decisive=tuple(FACTS[one.fact].label for one in assessment.missing[:MOST_DECISIVE]),
        picture=draw_timeline(timeline, HALF_A_PROJECTOR),
        decision=SlideDecision("", ""),
        time=SlideTime(None, 0, "", is_met=True),
    )
    return slide, timeline


def person_of(patient: Patient, today: date) -> SlidePerson:
    """The patient as the record has them."""
    return SlidePerson(
        patient.full_name,
        initials_of(patient.surname, patient.given_names),
        patient.birth_date,
        patient.age_on(today),
        patient.record_number,
        died_in_words(patient.deceased, patient.deceased_on),
    )


def _options(
    groups: Sequence[RowGroup], asked: Container[str]
) -> tuple[list[SlideOption], list[SlideOption], list[SlideOption]]:
    """Treatments that apply, with what settles the entity before them; what is possible; all else."""
    applies: list[SlideOption] = []
    possible: list[SlideOption] = []
    others: list[SlideOption] = []
    for group in groups:
        for row in (*group.rows, *group.open):
            is_for = DIRECTIONS[row.stance] is Direction.FOR
            if row.code in asked or not is_for or row.status == Status.BLOCKED:
                continue
            if group.code not in LEADING:
                others.append(_option(row))
            else:
                (possible if row.status == Status.POSSIBLE else applies).append(_option(row))
    return applies, possible, others


def _option(row: OptionRow) -> SlideOption:
    return SlideOption(row.name, row.stance, row.status, row.strength, row.line)


def _asked(line: AskedLine) -> SlideOption:
    if line.row is None:
        reasons = [text.removeprefix(f"{line.standing}: ") for text in line.reasons]
        return SlideOption(line.name, "", "", line.standing, first_of(reasons))
    shown = _option(line.row)
    return SlideOption(line.name, shown.stance, shown.status, shown.strength, shown.line)


def time_of(discussion: Discussion, now: datetime) -> SlideTime:
    """Minutes used of those planned, and whether the board has its quorum, at this moment."""
    sitting = sitting_of(discussion, now)
    return SlideTime(sitting.used, sitting.planned, sitting.quorum, sitting.is_met)


def standing_of(discussion: Discussion, decisions: Sequence[Decision], *, drafts: bool) -> SlideDecision:
    """How a discussion without a signed decision stands. `drafts`: whether the reader sees a draft."""
    draft = next((one for one in decisions if one.status == DecisionStatus.DRAFT), None)
    if draft is not None:
        lines = _drafted(draft) if drafts else ()
        return SlideDecision("draft", "Draft, not signed", lines, version=draft.version)
    if discussion.outcome == Outcome.DEFERRED:
        return deferral_line(
            discussion.get_deferral_reason_display(),
            discussion.awaited,
            discussion.awaited_from,
            discussion.awaited_by,
        )
    if discussion.outcome == Outcome.OPEN:
        return SlideDecision("open", "Not decided yet")
    return SlideDecision(discussion.outcome, discussion.get_outcome_display())


def _drafted(draft: Decision) -> tuple[str, ...]:
    taken = [
        one.title for one in draft.options.all() if one.choice in (OptionChoice.ACCEPTED, OptionChoice.OWN)
    ]
    conditions = [one.sentence for one in draft.conditions.all()]
    return decision_lines(
        Intent(draft.intent).label if draft.intent else "", taken, conditions, draft.rationale
    )
