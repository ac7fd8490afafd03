"""The shape of a case file: one patient's case as people write it, read and checked value by value.

Names are those of the file. What nobody wrote is None; a list nobody wrote is None too where "none" is a
finding, else empty. Values of the guideline's facts are the vocabulary's codes. Frozen: rules only read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cases.casefile.codes import (
    CURATIVE_SETTINGS,
    MAY_BE_SYSTEMIC,
    OPERATIONS,
    PALLIATIVE,
    SYSTEMIC_KINDS,
    WITH_RADIATION,
)
from cases.casefile.regimens import REGIMENS, Regimen, unnamed
from cases.casefile.staging import TnmStage
from cases.reading import BoundedNumber, PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPart:
    """One part of the record. `path`: where it stands in the file; `words`: key → the words as written, for
    what is written; `careful`: key → what the readers say of it; `stated`: fact → value as the vocabulary
    writes it in JSON, of the facts that have no field here, as no rule of their own reads them.
    """

    path: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    careful: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stated: Mapping[str, Any] = field(default_factory=dict)

    def says(self, name: str) -> Any:
        """What stands at a key; None where nothing does."""
        found = getattr(self, name, None)
        return self.stated.get(name) if found is None else found

    @property
    def cautions(self) -> tuple[str, ...]:
        """What the readers say of the part, key by key."""
        return tuple(text for texts in self.careful.values() for text in texts)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in it."""
        return not self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientPart(RecordPart):
    record_number: str | None = None
    surname: str | None = None
    given_names: str | None = None
    sex: str | None = None
    birth_date: PartialDate | None = None
    deceased: bool | None = None
    deceased_on: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePart(RecordPart):
    """The referral: what is asked, and of what disease. Undated."""

    key: str | None = None
    board: str | None = None
    question: str | None = None
    asks: tuple[str, ...] = ()
    primary_site: str | None = None
    pancreas_subsite: str | None = None
    extent: str | None = None
    metastatic_sites: tuple[str, ...] | None = None
    brain_metastasis_count: int | None = None
    liver_dominant: bool | None = None
    tumor_size: BoundedNumber | None = None
    figo_stage: str | None = None
    diagnosed_on: PartialDate | None = None
    treatment_list: str | None = None
    resectability: str | None = None


@dataclass(frozen=True, slots=True)
class TumorComponent:
    """A component of a neoplasm; `percent` of it, if stated."""

    type: str
    percent: BoundedNumber | None = None


@dataclass(frozen=True, slots=True)
class OtherStain:
    """A stain that is no fact of the guideline, with its result in the report's words."""

    name: str
    result: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathologyPart(RecordPart):
    """One report. `mitoses` are per 2 mm². `deciding`: a clinician named it as the one that decides."""

    reported_on: PartialDate | None = None
    sampled_on: PartialDate | None = None
    lab_number: str | None = None
    reviews: str | None = None
    specimen: str | None = None
    specimen_site: str | None = None
    lesion: str | None = None
    differentiation: str | None = None
    reported_grade: str | None = None
    ki67: BoundedNumber | None = None
    ki67_method: str | None = None
    ki67_cells: int | None = None
    hpf_field_mm2: Decimal | None = None
    mitoses: BoundedNumber | None = None
    other_stains: tuple[OtherStain, ...] = ()
    expert_review: bool | None = None
    components: tuple[TumorComponent, ...] = ()
    low_grade_component: bool | None = None
    non_neuroendocrine_component: bool | None = None
    nodes_examined: int | None = None
    nodes_positive: int | None = None
    stage: TnmStage | None = None
    deciding: bool | None = None
    deciding_reason: str | None = None
    comment: str | None = None

    @property
    def report_date(self) -> PartialDate | None:
        """The day reported, else sampled: what a finding of it is dated by."""
        return self.reported_on or self.sampled_on


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagingPart(RecordPart):
    performed_on: PartialDate | None = None
    modality: str | None = None
    result: str | None = None
    sstr_uptake: str | None = None
    sstr_pattern: str | None = None
    sstr_fdg_discordant: bool | None = None
    sites: tuple[str, ...] | None = None
    course: str | None = None
    lesions: BoundedNumber | None = None
    liver_lesions: BoundedNumber | None = None
    largest: BoundedNumber | None = None
    findings: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MolecularPart(RecordPart):
    reported_on: PartialDate | None = None
    method: str | None = None
    mmr: str | None = None
    msi: str | None = None
    tmb_per_mb: BoundedNumber | None = None
    tmb: str | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerPart(RecordPart):
    """A serum or urine marker; `value` and `upper_limit` are in `unit`."""

    name: str | None = None
    value: BoundedNumber | None = None
    unit: str | None = None
    upper_limit: Decimal | None = None
    measured_on: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentPart(RecordPart):
    """An operation or a course."""

    kind: str | None = None
    started_on: PartialDate | None = None
    ended_on: PartialDate | None = None
    regimen: str | None = None
    regimen_text: str | None = None
    cycles: int | None = None
    line: int | None = None
    setting: str | None = None
    curative_intent: bool | None = None
    site_treated: str | None = None
    sites: tuple[str, ...] | None = None
    procedure: str | None = None
    margin: str | None = None
    dose_gy: Decimal | None = None
    best_response: str | None = None
    progressed_on: PartialDate | None = None
    stop_reason: str | None = None
    toxicity: str | None = None
    comment: str | None = None

    @property
    def is_operation(self) -> bool:
        return self.kind in OPERATIONS

    @property
    def is_systemic(self) -> bool:
        """Whether drugs or radioligands were given."""
        named = self.regimen is not None or self.regimen_text is not None
        return self.kind in SYSTEMIC_KINDS or (named and self.kind in MAY_BE_SYSTEMIC)

    @property
    def is_drugs_alone(self) -> bool:
        """Whether it is a systemic course without radiation from outside."""
        return self.is_systemic and self.kind not in WITH_RADIATION

    @property
    def given(self) -> Regimen:
        """What a systemic course counts as."""
        return unnamed(self.kind) if self.regimen is None else REGIMENS[self.regimen]

    @property
    def is_unnamed(self) -> bool:
        """Whether nothing says what a systemic course was."""
        return self.regimen is None and self.regimen_text is None and self.given is unnamed(None)

    @property
    def curative(self) -> bool | None:
        """Whether it was meant to cure; adjuvant and neoadjuvant courses are part of that. None: unstated."""
        if self.curative_intent is not None:
            return self.curative_intent
        return None if self.setting is None else self.setting in CURATIVE_SETTINGS

    @property
    def palliative(self) -> bool:
        return self.setting == PALLIATIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentPart(RecordPart):
    """What a clinician stated on a day; all facts are in `stated`."""

    assessed_on: PartialDate | None = None
    ecog: int | None = None
    comorbidity: str | None = None
    symptoms: str | None = None
    patient_wishes: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """One case. Lists are as entered; no rule reads their order."""

    patient: PatientPart = PatientPart()
    case: CasePart = CasePart()
    pathology: tuple[PathologyPart, ...] = ()
    imaging: tuple[ImagingPart, ...] = ()
    molecular: tuple[MolecularPart, ...] = ()
    markers: tuple[MarkerPart, ...] = ()
    treatments: tuple[TreatmentPart, ...] = ()
    assessments: tuple[AssessmentPart, ...] = ()
