"""What parts of the record are called: enough to find the sheet of paper."""

from cases.casefile import codes
from cases.casefile.shape import ImagingPart, MolecularPart, PathologyPart, RecordPart, TreatmentPart

REFERRAL = "Referral"
ASSESSMENT = "Clinical assessment"
TREATMENTS = "Treatments"


def report_name(report: PathologyPart) -> str:
    """ "Pathology H26-1182 (biopsy, liver)"."""
    kind = codes.SPECIMENS.get(report.specimen or "", "")
    lesion = codes.LESIONS.get(report.lesion or "", "")
    details = ", ".join(text for text in (kind.lower(), report.specimen_site or lesion.lower()) if text)
    number = report.lab_number or (f"review of {report.reviews}" if report.reviews else "")
    return " ".join(text for text in ("Pathology", number, f"({details})" if details else "") if text)


def study_name(study: ImagingPart) -> str:
    return codes.MODALITIES.get(study.modality or "", "Imaging")


def molecular_name(report: MolecularPart) -> str:
    method = codes.METHODS.get(report.method or "", "")
    return f"Molecular report ({method})" if method else "Molecular report"


def treatment_name(treatment: TreatmentPart) -> str:
    """The regimen, the procedure, or the kind."""
    if treatment.is_systemic and (treatment.regimen or treatment.regimen_text):
        return treatment.regimen_text or treatment.given.label
    kind = codes.KINDS.get(treatment.kind or "", "Treatment")
    return f"{kind} ({treatment.procedure})" if treatment.procedure else kind


def course_span(treatment: TreatmentPart) -> str:
    """ "CAPTEM (01-Sep-2025 to 10-Feb-2026)"."""
    start, end = treatment.started_on, treatment.ended_on
    if start is None and end is None:
        when = "undated"
    elif treatment.is_operation or start == end:
        when = str(start or end)
    elif end is None:
        when = f"from {start}"
    else:
        when = f"until {end}" if start is None else f"{start} to {end}"
    return f"{treatment_name(treatment)} ({when})"


def written(part: RecordPart, key: str, label: str) -> str:
    """What stands at a key, in its words: Ki-67 "22-25 %"."""
    return f'{label} "{part.words.get(key, "")}"'
