"""Where disease is now: extent, metastatic sites, the liver and the brain (record.md, 3)."""

from dataclasses import dataclass

from cases.casefile.codes import POSITIVE
from cases.casefile.shape import CaseFile, ImagingPart, PathologyPart
from cases.casefile.values import listed_in_order
from cases.course.imaging import was_made
from cases.course.ledger import Ledger, Weight, stated_decides
from cases.course.removals import Cleared, everything_removed
from cases.course.sourced import Sourced, dated
from cases.course.sources import REFERRAL, TREATMENTS, course_span, report_name, study_name, written
from cases.course.spans import latest, newest
from cases.reading import fold_name
from guidelines.vocabulary.facts import FACTS

METASTATIC, CLEARED = "metastatic", "no_evidence_of_disease"
_DISTANT_FIGO = "IVB"
_SAMPLED_METASTASIS = "metastasis"
_LIVER, _BRAIN, _BRAIN_MRI = "liver", "brain", "brain_mri"
_BRAIN_COUNT = "brain_metastasis_count"
_SITES = tuple(choice.value for choice in FACTS["metastatic_sites"].choices)


@dataclass(frozen=True, slots=True)
class KnownSites:
    """The distant sites of the case and of its imaging, and the studies that show any."""

    stated: tuple[str, ...] | None
    studies: tuple[ImagingPart, ...]

    @property
    def every(self) -> tuple[str, ...]:
        seen = [site for study in self.studies for site in study.sites or ()]
        return listed_in_order([*(self.stated or ()), *seen], _SITES)

    @property
    def sourced(self) -> Sourced | None:
        """`metastatic_sites`: those of the case and of imaging."""
        if not self.every:
            return None
        names = [REFERRAL] if self.stated else []
        names += [study_name(one) for one in self.studies]
        labels = (FACTS["metastatic_sites"].label_of(site).lower() for site in self.every)
        return Sourced(
            self.every,
            " and ".join(dict.fromkeys(names)),
            f"metastases in {', '.join(labels)}",
            latest(one.performed_on for one in self.studies),
            derived=bool(self.studies),
        )


def known_sites(file: CaseFile) -> KnownSites:
    return KnownSites(
        file.case.metastatic_sites, tuple(one for one in file.imaging if one.sites and was_made(one))
    )


def _ever_known(file: CaseFile, known: KnownSites) -> tuple[str, ...]:
    """Besides these, the sites that a clinician stated and those that a metastasis was sampled from."""
    stated = [site for one in file.assessments for site in one.stated.get("metastatic_sites") or ()]
    sampled = [
        fold_name(one.specimen_site or "") for one in file.pathology if one.lesion == _SAMPLED_METASTASIS
    ]
    return listed_in_order([*known.every, *stated, *sampled], _SITES)


def settle_extent(ledger: Ledger, file: CaseFile) -> None:
    """Settle extent and sites together, so that they cannot contradict each other."""
    known = known_sites(file)
    if known.studies or known.stated:
        ledger.statements.without_referral("metastatic_sites")
    cleared = everything_removed(file, _ever_known(file, known))
    if cleared is not None:
        _settle_cleared(ledger, cleared)
    else:
        found, weight = _metastatic(file, known, ledger.statements.of("metastatic_sites"))
        ledger.settle("extent", found, weight)
    _settle_sites(ledger, known)
    _settle_liver(ledger, known)
    _settle_brain(ledger, file, known)


def _settle_cleared(ledger: Ledger, cleared: Cleared) -> None:
    """`no_evidence_of_disease`, with a caution where no later study says so."""
    removed = "; ".join(course_span(one) for one in cleared.removals)
    seen, date = "none seen since", cleared.last
    if cleared.confirmed_by is None:
        ledger.caution(
            f"Everything known was removed with curative intent ({removed}); no later study shows that "
            "nothing is left."
        )
    else:
        study = cleared.confirmed_by
        seen, date = f"none seen since ({dated(study_name(study), study.performed_on)})", study.performed_on
    words = f"primary and every known site removed with curative intent ({removed}), {seen}"
    ledger.settle("extent", Sourced(CLEARED, TREATMENTS, words, date, derived=True))


def _metastatic(file: CaseFile, known: KnownSites, stated: Sourced | None) -> tuple[Sourced | None, Weight]:
    """Metastatic with any distant site in case (an assessment's included) or imaging, M1 or FIGO IVB."""
    if known.studies:
        study = newest(known.studies, lambda one: one.performed_on)[0]
        words = written(study, "sites", "sites")
        return Sourced(METASTATIC, study_name(study), words, study.performed_on, True), Weight.FOUND
    distant = [one for one in file.pathology if one.stage is not None and one.stage.distant]
    if distant:
        report: PathologyPart = newest(distant, lambda one: one.report_date)[0]
        words = written(report, "stage", "stage")
        return Sourced(METASTATIC, report_name(report), words, report.report_date, True), Weight.FOUND
    if stated is not None and stated.value:
        return Sourced(METASTATIC, stated.source, stated.words, stated.date, True), Weight.INFERRED
    if known.stated:
        words = written(file.case, "metastatic_sites", "metastatic sites")
        return Sourced(METASTATIC, REFERRAL, words, None, True), Weight.INFERRED
    if file.case.figo_stage == _DISTANT_FIGO:
        words = written(file.case, "figo_stage", FACTS["figo_stage"].label)
        return Sourced(METASTATIC, REFERRAL, words, None, True), Weight.INFERRED
    return None, Weight.INFERRED


def _settle_sites(ledger: Ledger, known: KnownSites) -> None:
    """The sites known, none where nothing is left; a statement of extent that rules them out drops them."""
    extent = ledger.facts.get("extent")
    if extent is not None and extent.value != METASTATIC:
        if extent.value == CLEARED and extent.derived:
            ledger.settle("metastatic_sites", extent.valued(()), Weight.DONE)
            return
        ledger.settle("metastatic_sites", None)
        if known.every or ledger.value("metastatic_sites"):
            ledger.drop("metastatic_sites")
            ledger.caution(
                f"Metastatic sites are known, but the extent is {FACTS['extent'].show(extent.value).lower()} "
                f"({extent.origin}): they are not used."
            )
        return
    found = known.sourced
    if found is not None and known.stated == ():
        ledger.caution(
            f"The referral states no metastatic site, but {found.text} ({found.date or 'undated'})."
        )
    ledger.settle("metastatic_sites", found, Weight.FOUND if known.studies else Weight.INFERRED)


def _settle_liver(ledger: Ledger, known: KnownSites) -> None:
    """`liver_dominant`: true if the liver is the only site."""
    sites = ledger.facts.get("metastatic_sites")
    found = None
    if sites is not None and sites.value == (_LIVER,):
        found = Sourced(True, sites.source, "the liver is the only site", sites.date, derived=True)
    ledger.settle("liver_dominant", found, Weight.FOUND if known.studies else Weight.INFERRED)


def _settle_brain(ledger: Ledger, file: CaseFile, known: KnownSites) -> None:
    """`brain_metastasis_count`: 0 where the case states its sites without brain, and no study shows any. A
    stated 0 loses to a study that shows one, unless it is dated after it: the number is then to be asked.
    """
    sites = ledger.value("metastatic_sites")
    shown = [one for one in file.imaging if _shows_brain(one)]
    seen = bool(shown) or _BRAIN in known.every or (isinstance(sites, tuple) and _BRAIN in sites)
    found = None
    if known.stated is not None and not seen:
        words = written(file.case, "metastatic_sites", "metastatic sites") + ", the brain not among them"
        found = Sourced(0, REFERRAL, words, derived=True)
    ledger.settle(_BRAIN_COUNT, found, Weight.INFERRED)
    count = ledger.facts.get(_BRAIN_COUNT)
    if not shown or count is None or count.value != 0:
        return
    study = newest(shown, lambda one: one.performed_on)[0]
    brain = Sourced(True, study_name(study), "brain metastases", study.performed_on)
    if not stated_decides(count, brain, Weight.FOUND):
        ledger.drop(_BRAIN_COUNT)
        ledger.caution(
            f"{FACTS[_BRAIN_COUNT].label}: stated as 0 ({count.origin}), but brain metastases by "
            f"{dated(brain.source, brain.date)}. The finding decides; how many there are is to be stated.",
            _BRAIN_COUNT,
        )


def _shows_brain(study: ImagingPart) -> bool:
    positive = study.modality == _BRAIN_MRI and study.result == POSITIVE
    return was_made(study) and (positive or _BRAIN in (study.sites or ()))
