"""Functional imaging: of studies of one kind the newest decides, and `not_done` holds only where none was
made (record.md, 2.5)."""

from collections.abc import Iterable

from cases.casefile.codes import FDG_PET, NEGATIVE, NOT_DONE, POSITIVE, SSTR
from cases.casefile.shape import ImagingPart
from cases.course.ledger import Ledger
from cases.course.newest import STUDIES, settle_newest
from cases.course.sourced import dated
from cases.course.sources import study_name
from cases.reading import PartialDate
from guidelines.vocabulary.facts import FACTS

_UPTAKE = ("sstr_uptake", "sstr_pattern")


def performed(study: ImagingPart) -> PartialDate | None:
    return study.performed_on


def was_made(study: ImagingPart) -> bool:
    return study.result != NOT_DONE


def settle_functional(ledger: Ledger, studies: Iterable[ImagingPart]) -> None:
    """Settle the results of SSTR imaging and FDG-PET, uptake and pattern, and whether the two disagree."""
    listed = list(studies)
    sstr = [study for study in listed if study.modality == SSTR]
    fdg = [study for study in listed if study.modality == FDG_PET]
    _settle_result(ledger, "sstr_imaging", sstr)
    _settle_result(ledger, "fdg_pet", fdg)
    shows = ledger.value("sstr_imaging") in (None, POSITIVE)
    for name in _UPTAKE:
        for study in listed:
            if getattr(study, name) is not None and not _can_show_uptake(study):
                ledger.caution(
                    f"{FACTS[name].label} is stated of {_name(study)}, which shows none; it is not used."
                )
        stating = [study for study in sstr if _can_show_uptake(study) and getattr(study, name) is not None]
        settle_newest(ledger, name, stating if shows else [], STUDIES)
    made = [study for study in (*sstr, *fdg) if was_made(study)]
    discordant = [one for one in made if one.sstr_fdg_discordant is not None]
    settle_newest(ledger, "sstr_fdg_discordant", discordant, STUDIES)


def _settle_result(ledger: Ledger, name: str, studies: list[ImagingPart]) -> None:
    made = [study for study in studies if was_made(study)]
    with_result = [study for study in made if study.result in (NEGATIVE, POSITIVE)]
    settle_newest(ledger, name, with_result if made else studies, STUDIES, "result")


def _can_show_uptake(study: ImagingPart) -> bool:
    return study.modality == SSTR and study.result in (None, POSITIVE)


def _name(study: ImagingPart) -> str:
    return dated(study_name(study), study.performed_on)
