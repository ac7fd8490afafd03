"""What was removed or ablated with curative intent, and whether anything has been seen since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cases.casefile.codes import (
    NEGATIVE,
    POSITIVE,
    PROGRESSION,
    REMOVALS,
    SEARCHES,
    SITES_OF_METASTASES,
    SITES_OF_PRIMARY,
)
from cases.casefile.shape import CaseFile, ImagingPart, TreatmentPart
from cases.course.imaging import was_made
from cases.course.spans import latest
from cases.reading import PartialDate

_NO_PRIMARY = "unknown_primary"
_POSITIVE_MARGIN = "positive"
_SEEN_AGAIN = frozenset({"metastasis", "recurrence"})


@dataclass(frozen=True, slots=True)
class Cleared:
    """Everything known is removed: by these treatments, the last of them on `last` (None if undated);
    `confirmed_by` is a later study that shows nothing, if there is one.
    """

    removals: tuple[TreatmentPart, ...]
    last: PartialDate | None
    confirmed_by: ImagingPart | None


def done_on(treatment: TreatmentPart) -> PartialDate | None:
    """The day of an operation or ablation."""
    return treatment.ended_on or treatment.started_on


def removals_of(treatments: Iterable[TreatmentPart]) -> list[TreatmentPart]:
    """Operations and ablations with curative intent that left no positive margin."""
    return [
        one
        for one in treatments
        if one.kind in REMOVALS and one.curative is True and one.margin != _POSITIVE_MARGIN
    ]


def everything_removed(file: CaseFile, known: Sequence[str]) -> Cleared | None:
    """Whether the primary and every known site were removed or ablated with curative intent, and none seen
    since (record.md, 3, extent). Without a known site there is nothing to tell it by.
    """
    removals = removals_of(file.treatments)
    of_primary = [one for one in removals if one.site_treated in SITES_OF_PRIMARY]
    by_site = {site: [one for one in removals if _removes(one, site, known)] for site in known}
    if not known or not of_primary or not all(by_site.values()):
        return None
    if file.case.primary_site == _NO_PRIMARY:
        return None
    used = [of_primary, *by_site.values()]
    dates = [done_on(one) for removals in used for one in removals]
    last = None if None in dates else latest(dates)
    if any(_seen_after(site, done, file.imaging) for site, done in by_site.items()):
        return None
    if _seen_since(file, last):
        return None
    removed = {one.path: one for removals in used for one in removals}
    return Cleared(tuple(removed.values()), last, _confirming(file.imaging, last))


def _removes(treatment: TreatmentPart, site: str, known: Sequence[str]) -> bool:
    """Whether it names the site; one of metastases that names none removes the only site known."""
    if treatment.sites:
        return site in treatment.sites
    return treatment.site_treated in SITES_OF_METASTASES and len(known) == 1


def _seen_after(site: str, removals: Sequence[TreatmentPart], studies: Iterable[ImagingPart]) -> bool:
    """Whether the site is seen after its last removal; of an undated removal nobody knows."""
    dates = [done_on(one) for one in removals]
    last = None if None in dates else latest(dates)
    for study in studies:
        when = study.performed_on
        after = last is None or (when is not None and when.newer_than(last))
        if after and was_made(study) and site in (study.sites or ()):
            return True
    return False


def _seen_since(file: CaseFile, last: PartialDate | None) -> bool:
    """Whether anything of the record after the last removal shows disease."""
    if last is None:
        return False

    def since(when: PartialDate | None) -> bool:
        return when is not None and when.newer_than(last)

    return (
        any(since(study.performed_on) and _shows_disease(study) for study in file.imaging)
        or any(since(one.progressed_on) for one in file.treatments)
        or any(since(one.started_on) and one.palliative for one in file.treatments)
        or any(since(report.sampled_on) and report.lesion in _SEEN_AGAIN for report in file.pathology)
        or any(since(one.assessed_on) and one.stated.get("metastatic_sites") for one in file.assessments)
    )


def _shows_disease(study: ImagingPart) -> bool:
    return bool(study.sites) or study.result == POSITIVE or study.course == PROGRESSION


def _confirming(studies: Iterable[ImagingPart], last: PartialDate | None) -> ImagingPart | None:
    """A study after the last removal that says that there is nothing."""
    for study in studies:
        clean = study.modality in SEARCHES and (study.sites == () or study.result == NEGATIVE)
        if (
            last is not None
            and clean
            and study.performed_on is not None
            and study.performed_on.newer_than(last)
        ):
            return study
    return None
