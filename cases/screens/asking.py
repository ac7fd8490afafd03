"""What a form has to ask of this case: what is open and decides, what the record says already, and what only
other cases have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cases.choices import Modality
from cases.course.sources import REFERRAL, TREATMENTS
from cases.facts import Provenance, RecordFacts
from cases.filing import DECLARED
from cases.forms.arranging import Arrangement, KnownReading
from cases.forms.base import PartForm
from cases.models import Case, ClinicalAssessment, ImagingStudy
from guidelines.answer.parts import Assessment
from guidelines.answer.unused import cannot_arise, grounds
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.facts import FACTS, Value

RESULT_OF: Mapping[str, str] = {Modality.SSTR: "sstr_imaging", Modality.FDG_PET: "fdg_pet"}
"""Functional studies, with the fact that their result is."""

OF_THE_CASE = (Case, ClinicalAssessment)
"""Parts whose boxes ask what holds of the case; the others ask what one report, study or course says."""


def arrangement_of(
    form: PartForm, facts: RecordFacts, assessment: Assessment, guideline: Guideline
) -> Arrangement:
    """The form's arrangement by the stored record."""
    of_case = isinstance(form.instance, OF_THE_CASE)
    boxes = {
        key.name: key.fact
        for key in DECLARED[type(form.instance)].keys
        if key.name in form.fields and key.fact in FACTS and (of_case or key.name == key.fact)
    }
    absent = cannot_arise(guideline, facts.values if of_case else _of_referral(facts) | _of_study(form))
    known = dict(_known(form, boxes, facts))
    foreign = {name: absent[fact] for name, fact in boxes.items() if fact in absent} | dict(_of_others(form))
    told_by = grounds(guideline, [boxes[name] for name in foreign])
    tell = frozenset(name for name, fact in boxes.items() if fact in told_by)
    if foreign and isinstance(form.instance, ImagingStudy):
        tell |= {"modality", "result"}
    if not isinstance(form.instance, ClinicalAssessment):
        return Arrangement(known, foreign, grounds=tell)
    decisive = tuple(one.fact for one in assessment.missing if one.fact in boxes)
    asked = tuple(name for name in decisive if form.initial.get(name) in (None, ""))
    beside = {name: facts.beside[name] for name in asked if name in facts.beside}
    return Arrangement(known, foreign, asked, frozenset(boxes) - known.keys() - set(asked), beside, tell)


def _of_referral(facts: RecordFacts) -> dict[str, Value]:
    """What the referral states of the tumor as a whole. All else a further report may change, so that on its
    form it rules nothing out.
    """
    return {
        name: value
        for name, value in facts.values.items()
        if facts.provenance[name].text == REFERRAL and not facts.provenance[name].derived
    }


def _of_study(form: PartForm) -> dict[str, Value]:
    """What a functional study says of itself: whether it has an uptake at all."""
    study = form.instance
    if not isinstance(study, ImagingStudy) or study.modality not in RESULT_OF or not study.result:
        return {}
    return {RESULT_OF[study.modality]: study.result}


def _of_others(form: PartForm) -> Iterator[tuple[str, str]]:
    """Fields that only studies of another kind have. Those of treatments follow the kind as it is chosen."""
    if isinstance(form.instance, ImagingStudy) and form.instance.modality:
        for name, (_, modalities, belongs) in form.only_with.items():
            if form.instance.modality not in modalities:
                yield name, f"it is {belongs}"


def _known(
    form: PartForm, boxes: Mapping[str, str], facts: RecordFacts
) -> Iterator[tuple[str, KnownReading]]:
    """Boxes that the record answers: of the case, by anything but this entry's own statement; of a report, by
    what follows from that report.
    """
    of_case = isinstance(form.instance, OF_THE_CASE)
    for name, fact in boxes.items():
        source = facts.provenance.get(fact)
        if source is None:
            continue
        is_own = source.source_uid == form.instance.uid
        if (source.derived or not is_own) if of_case else (source.derived and is_own):
            label, value = str(form.fields[name].label), FACTS[fact].show(facts.values[fact])
            yield name, KnownReading(label, value, source_in_words(source))


def source_in_words(source: Provenance) -> str:
    """ "CT, 05-Mar-2026"; of what follows, why: "CAPTEM (from 01-Sep-2025) was line 1, progression
    08-Feb-2026".
    """
    if not source.derived or not source.detail:
        return source.words
    if source.text == TREATMENTS:
        return source.detail
    is_dated = source.date is None or str(source.date) in source.detail
    return f"{source.text if is_dated else source.words}: {source.detail}"
