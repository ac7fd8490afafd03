"""From the record to the guideline's facts, with where each came from.

Rules of reading, none of them medical:

* What nobody stated is left out, which is "not known"; it never becomes "no".
* Of several parts the newest that states a fact decides it. A pathology report whose differentiation
  contradicts a newer one's adds nothing, and a caution names both.
* What the record says twice, differently, becomes a caution.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from cases import choices
from cases.guideline import guideline_of
from cases.models import ImagingStudy, PathologyReport, Treatment
from cases.models.base import Stamped
from cases.record import CaseRecord, date_of, record_of
from guidelines.engine.engine import engine_for
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.facts import FACTS, FactError, Range, Value

__all__ = ["CaseRecord", "Provenance", "RecordFacts", "facts_of", "record_of"]

CASE_FACTS = (
    "primary_site",
    "pancreas_subsite",
    "extent",
    "figo_stage",
    "tumor_size_cm",
    "metastatic_sites",
    "brain_metastasis_count",
    "liver_dominant",
)
PATHOLOGY_FACTS = (
    "differentiation",
    "cell_type",
    "ki67",
    "mitotic_count",
    "low_grade_component",
    "non_neuroendocrine_component",
    "keratin",
    "synaptophysin",
    "chromogranin_a",
    "insm1",
    "p53",
    "rb",
    "sstr2a",
    "cxcr4",
    "deep_stromal_invasion",
    "lymphovascular_invasion",
)
IMAGING_FACTS = ("sstr_imaging", "sstr_uptake", "sstr_pattern", "fdg_pet", "sstr_fdg_discordant")
MOLECULAR_FACTS = ("mmr", "tmb", "ntrk_fusion", "ret_fusion", "braf_v600e")
TREATMENT_FACTS = ("resected", "margin", "prior_regimens", "months_since_treatment")
# An assessment can also state `resected` and `prior_regimens`, for treatment that the record does not hold.
ASSESSMENT_FACTS = (
    "newly_diagnosed",
    "disease_burden",
    "cns_symptoms",
    "hormonal_syndrome",
    "carcinoid_syndrome_suspected",
    "cardiac_symptoms",
    "hiaa",
    "liver_metastases_symptomatic",
    "liver_metastases_progressive",
    "resection_planned",
    "radiation_feasible",
    "radiation_planned",
    "etoposide_feasible",
    "early_stage",
    "response",
    "initial_chemotherapy_completed",
    "treatment_line",
    "progressive",
    "refractory",
    "platinum_response_durable",
    "progressed_off_platinum",
    "tolerating_treatment",
    "favorable_biology",
    "indolent",
    "pace_increase",
    "lesion_outgrowing",
    "disproportionately_aggressive",
    "prior_entity",
    "under_surveillance",
    "on_systemic_treatment",
    "recurrence_suspected",
    "trial_available",
)


@dataclass(frozen=True)
class Provenance:
    """Where a fact came from. `date` is the finding's own date, None if nobody gave one."""

    text: str
    date: date | None
    author: str
    source_uid: UUID | None

    @property
    def words(self) -> str:
        return f"{self.text}, {day(self.date)}"


@dataclass(frozen=True)
class RecordFacts:
    """`values` holds known facts only; `provenance` has the same keys."""

    values: Mapping[str, Value]
    provenance: Mapping[str, Provenance]
    cautions: tuple[str, ...]

    @property
    def words(self) -> dict[str, str]:
        """Fact → where from, in words: "SSTR imaging, 05-Mar-2026"."""
        return {name: source.words for name, source in self.provenance.items()}


@dataclass
class _Gathered:
    values: dict[str, Value] = field(default_factory=dict)
    provenance: dict[str, Provenance] = field(default_factory=dict)
    cautions: list[str] = field(default_factory=list)

    def state(self, name: str, raw: Any, source: Stamped, text: str) -> bool:
        """Take `raw` as the value of fact `name` unless it is not known or the fact is already decided."""
        if name in self.values:
            return True
        try:
            value = FACTS[name].parse(plain_value(raw))
        except FactError as error:
            self.cautions.append(f"{FACTS[name].label} as recorded is not usable: {error.message}.")
            return False
        if value is None:
            return False
        self.values[name] = value
        self.provenance[name] = Provenance(text, date_of(source), author_of(source), source.uid)
        return True


def facts_of(record: CaseRecord, today: date | None = None) -> RecordFacts:
    """Everything the record states, as guideline facts. `today` counts the months since treatment."""
    gathered = _Gathered()
    _case(gathered, record)
    _pathology(gathered, record, guideline_of(record.case))
    _imaging(gathered, record)
    _newest_that_states(gathered, MOLECULAR_FACTS, record.molecular, "Molecular report")
    _treatments(gathered, record, today or timezone.localdate())
    _newest_that_states(gathered, ASSESSMENT_FACTS, record.assessments, "Clinical assessment")
    in_order = {name: gathered.values[name] for name in FACTS if name in gathered.values}
    return RecordFacts(
        in_order, {name: gathered.provenance[name] for name in in_order}, tuple(gathered.cautions)
    )


def plain_value(raw: Any) -> Any:
    """A stored value as the vocabulary writes it: "" becomes None, decimals become numbers."""
    if raw == "":
        return None
    if isinstance(raw, Decimal):
        return int(raw) if raw.is_finite() and raw == raw.to_integral_value() else float(raw)
    return raw


def author_of(part: Stamped) -> str:
    """Who entered it last; empty for a part that was never saved."""
    if not getattr(part, "updated_by_id", None):
        return ""
    return part.updated_by.get_full_name() or part.updated_by.get_username()


def day(value: date | None) -> str:
    return f"{value:%d-%b-%Y}" if value else "date not known"


def ki67_of(report: PathologyReport) -> int | float | Range | None:
    """The reported value, or the range if its ends differ; None if not stated or not usable."""
    low, high = plain_value(report.ki67_min), plain_value(report.ki67_max)
    if low is None or high is None or low > high:
        return None
    return low if low == high else Range(low, high)


def _case(gathered: _Gathered, record: CaseRecord) -> None:
    for name in CASE_FACTS:
        gathered.state(name, getattr(record.case, name), record.case, "Referral")


def _newest_that_states(
    gathered: _Gathered, names: Iterable[str], parts: Iterable[Stamped], text: str
) -> None:
    for part in parts:
        for name in names:
            gathered.state(name, getattr(part, name), part, text)


# Pathology


def report_name(report: PathologyReport) -> str:
    """ "Pathology report H26-1182 (biopsy, liver)": enough to find the sheet of paper."""
    specimen = report.get_specimen_display() if report.specimen else ""
    details = ", ".join(text for text in (specimen.lower(), report.specimen_site) if text)
    return " ".join(
        text for text in ("Pathology report", report.lab_number, f"({details})" if details else "") if text
    )


def _pathology(gathered: _Gathered, record: CaseRecord, guideline: Guideline) -> None:
    for report in record.pathology:
        deciding = gathered.values.get("differentiation")
        if deciding is not None and report.differentiation not in ("", deciding):
            continue
        for name in PATHOLOGY_FACTS:
            raw = ki67_of(report) if name == "ki67" else getattr(report, name)
            gathered.state(name, raw, report, report_name(report))
    gathered.cautions += _disagreements(record.pathology, guideline)


def _disagreements(reports: tuple[PathologyReport, ...], guideline: Guideline) -> Iterator[str]:
    """One caution for each older report that says otherwise than the newest stating the same fact."""
    for name in ("differentiation", "cell_type", "ki67", "mitotic_count"):
        stating = [report for report in reports if _stated(report, name) is not None]
        for older in stating[1:]:
            newest = stating[0]
            bands = [_bands(guideline, name, _stated(report, name)) for report in (newest, older)]
            if not bands[0] & bands[1]:
                yield (
                    f"Pathology reports disagree on {FACTS[name].label}: "
                    f"{_says(newest, name)}, but {_says(older, name)}. The newer decides."
                )


def _stated(report: PathologyReport, name: str) -> Any:
    return ki67_of(report) if name == "ki67" else plain_value(getattr(report, name))


def _bands(guideline: Guideline, name: str, value: Value) -> int:
    """The bands that the value leaves open: two numbers disagree only if a bound lies between them."""
    space = engine_for(guideline).space
    return next(banded for banded in space.facts if banded.fact.name == name).possible(value)


def _says(report: PathologyReport, name: str) -> str:
    return f"{FACTS[name].show(_stated(report, name))} ({report_name(report)}, {day(date_of(report))})"


# Imaging


def _imaging(gathered: _Gathered, record: CaseRecord) -> None:
    sstr = _of_modality(record, choices.Modality.SSTR)
    fdg = _of_modality(record, choices.Modality.FDG_PET)
    _result(gathered, "sstr_imaging", sstr)
    _result(gathered, "fdg_pet", fdg)
    if gathered.values.get("sstr_imaging") in (None, choices.ImagingResult.POSITIVE):
        # Uptake seen on an older study does not survive a newer one that shows none.
        _newest_that_states(gathered, ("sstr_uptake", "sstr_pattern"), sstr, "SSTR imaging")
    functional = (study for study in record.imaging if study in sstr or study in fdg)
    for study in functional:
        gathered.state("sstr_fdg_discordant", study.sstr_fdg_discordant, study, study.get_modality_display())


def _of_modality(record: CaseRecord, modality: str) -> list[ImagingStudy]:
    return [study for study in record.imaging if study.modality == modality]


def _result(gathered: _Gathered, name: str, studies: list[ImagingStudy]) -> None:
    """The newest study that was done decides; "not done" holds only if none was."""
    done = [study for study in studies if study.result not in ("", choices.ImagingResult.NOT_DONE)]
    for study in done or studies:
        gathered.state(name, study.result, study, study.get_modality_display())


# Treatment


def _treatments(gathered: _Gathered, record: CaseRecord, today: date) -> None:
    _resection(gathered, record)
    _prior_regimens(gathered, record)
    _months_since(gathered, record.treatments, today)


def _resection(gathered: _Gathered, record: CaseRecord) -> None:
    """A resection in the record comes before the clinician's word that there was, or was not, one."""
    for surgery in record.treatments:
        of_primary = surgery.site_treated in choices.SITES_OF_PRIMARY
        if surgery.kind == choices.TreatmentKind.SURGERY and of_primary and surgery.curative_intent:
            text = f"Surgery: {surgery.procedure}" if surgery.procedure else "Surgery"
            gathered.state("resected", True, surgery, text)
            gathered.state("margin", surgery.margin, surgery, text)
            break
    for assessment in record.assessments:
        if assessment.resected is False and gathered.values.get("resected") is True:
            gathered.cautions.append(
                "The clinical assessment says that the primary was not resected, but the treatments hold a "
                "resection with curative intent. The treatment decides."
            )
            break
        if gathered.state("resected", assessment.resected, assessment, "Clinical assessment"):
            break


def _prior_regimens(gathered: _Gathered, record: CaseRecord) -> None:
    """Regimens of the treatments and those the clinician lists; not known if one has no regimen."""
    systemic = [part for part in record.treatments if part.kind == choices.TreatmentKind.SYSTEMIC]
    listed = next((part for part in record.assessments if part.prior_regimens is not None), None)
    if any(not course.regimen for course in systemic):
        gathered.cautions.append(
            "A systemic treatment has no regimen, so the earlier regimens count as not known."
        )
        return
    if not systemic and listed is None:
        return
    codes = {course.regimen for course in systemic if course.regimen != choices.OTHER_REGIMEN}
    codes |= set(listed.prior_regimens or ()) if listed is not None else set()
    source: Stamped = systemic[0] if systemic else listed  # type: ignore[assignment]
    if systemic and listed is not None and not listed.prior_regimens:
        gathered.cautions.append(
            "The clinical assessment says that there was no systemic therapy, but the treatments hold one. "
            "The treatment decides."
        )
    gathered.state(
        "prior_regimens", sorted(codes), source, "Systemic therapy" if systemic else "Clinical assessment"
    )


def _months_since(gathered: _Gathered, treatments: tuple[Treatment, ...], today: date) -> None:
    """Completed months since the last curative treatment ended; not known while one has no end."""
    found = end_of_curative_treatment(treatments, today)
    if found is not None:
        last, treatment = found
        months = months_between(last, today)
        gathered.state("months_since_treatment", months, treatment, treatment.get_kind_display())


def end_of_curative_treatment(treatments: Iterable[Treatment], today: date) -> tuple[date, Treatment] | None:
    """The day the last curative treatment ended, with that treatment; None while one has no end, or none
    is.
    """
    curative = [part for part in treatments if part.curative_intent]
    ends = [(_end_of(part), part) for part in curative]
    if not ends or any(end is None or end > today for end, _ in ends):
        return None
    return max(((end, part) for end, part in ends if end is not None), key=lambda pair: pair[0])


def start_of_present_treatment(treatments: Iterable[Treatment], today: date) -> tuple[date, Treatment] | None:
    """The day the systemic treatment now under way began, with that treatment; None where none is."""
    under_way = [
        (part.started_on, part)
        for part in treatments
        if part.kind == choices.TreatmentKind.SYSTEMIC
        and part.started_on is not None
        and part.started_on <= today
        and (part.ended_on is None or part.ended_on > today)
    ]
    return max(under_way, key=lambda pair: pair[0]) if under_way else None


def _end_of(treatment: Treatment) -> date | None:
    """An operation ends on the day it starts."""
    same_day = treatment.started_on if treatment.kind == choices.TreatmentKind.SURGERY else None
    return treatment.ended_on or same_day


def months_between(start: date, end: date) -> int:
    """Completed calendar months."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
