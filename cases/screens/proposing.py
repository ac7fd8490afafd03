"""What the record shows of accepted options: a treatment or examination since, for a person to confirm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from cases.casefile.regimens import REGIMENS
from cases.choices import ImagingResult
from cases.course.carried_out import examined, measured, treated
from cases.guideline import guideline_of
from cases.models import DecisionOption, ImagingStudy, SerumMarker, Treatment
from cases.models.base import Stamped
from cases.reading import PartialDate
from guidelines.knowledge.labels import Kind


@dataclass(frozen=True, slots=True)
class ShownDone:
    """`words`: what was entered, "CAPTEM, Mar 2026"; `day`: the day by which it had begun or was done, as far
    as its date says; `uid`: of the entry.
    """

    words: str
    day: date
    uid: UUID


@dataclass(frozen=True, slots=True)
class _CarriedOut:
    """An entry of a case with the interventions that it may carry out."""

    part: Stamped
    on: PartialDate | None
    words: str
    codes: frozenset[str]


def proposals_for(options: Sequence[DecisionOption]) -> Mapping[int, ShownDone]:
    """Proposals by the id of the option, for those that are open and name an intervention."""
    asked = [one for one in options if one.is_open and one.intervention]
    if not asked:
        return {}
    entries: dict[int, list[_CarriedOut]] = {}
    for case, entry in _entries(asked):
        entries.setdefault(case, []).append(entry)
    found = ((one.pk, _proposed(one, entries.get(one.decision.case_id, ()))) for one in asked)
    return {key: proposal for key, proposal in found if proposal is not None}


def _entries(options: Iterable[DecisionOption]) -> Iterator[tuple[int, _CarriedOut]]:
    cases = {one.decision.case_id for one in options}
    for treatment in Treatment.objects.filter(case__in=cases).select_related("case"):
        codes = treated(
            treatment.kind, treatment.regimen, treatment.setting, treatment.case.primary_site or ""
        )
        yield treatment.case_id, _CarriedOut(treatment, treatment.started_on, _named(treatment), codes)
    if any(_is_test(one) for one in options):
        yield from _examinations(cases)


def _is_test(option: DecisionOption) -> bool:
    known = guideline_of(option.decision.case).interventions
    return option.intervention in known and known[option.intervention].kind is Kind.TEST


def _examinations(cases: Iterable[int]) -> Iterator[tuple[int, _CarriedOut]]:
    studies = ImagingStudy.objects.filter(case__in=cases).exclude(result=ImagingResult.NOT_DONE)
    for study in studies:
        codes = frozenset({examined(study.modality)})
        yield study.case_id, _CarriedOut(study, study.performed_on, study.get_modality_display(), codes)
    for marker in SerumMarker.objects.filter(case__in=cases):
        codes = frozenset({measured(marker.name)})
        yield marker.case_id, _CarriedOut(marker, marker.measured_on, marker.name, codes)


def _named(treatment: Treatment) -> str:
    regimen = REGIMENS[treatment.regimen].label if treatment.regimen in REGIMENS else ""
    return treatment.regimen_text or regimen or treatment.procedure or treatment.get_kind_display()


def _proposed(option: DecisionOption, entries: Iterable[_CarriedOut]) -> ShownDone | None:
    """The first entry since the decision that is the option's intervention, else of its family."""
    since = [entry for entry in entries if _is_since(entry, option)]
    known = guideline_of(option.decision.case)
    relatives = known.family(option.intervention) if option.intervention in known.interventions else ()
    for wanted in ({option.intervention}, set(relatives)):
        matching = [entry for entry in since if entry.codes & wanted]
        if matching:
            return _proposal(min(matching, key=lambda entry: entry.on.first if entry.on else date.max))
    return None


def _is_since(entry: _CarriedOut, option: DecisionOption) -> bool:
    """Begun on the day of the decision or later; without a date, entered since."""
    signed = option.decision.signed_at
    if signed is None:
        return False
    if entry.on is None:
        return entry.part.created_at >= signed
    return entry.on.last >= timezone.localdate(signed)


def _proposal(entry: _CarriedOut) -> ShownDone:
    today = timezone.localdate()
    day = min(entry.on.last, today) if entry.on else today
    return ShownDone(f"{entry.words}, {entry.on}" if entry.on else entry.words, day, entry.part.uid)
