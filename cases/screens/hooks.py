"""What another system's screen says of its patient: one card, made of what it sent, and nothing kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from django.utils import timezone

from cases.casefile import CaseFileInvalid, read_case_file
from cases.course.answering import assessed, surroundings
from cases.course.facts_of_file import facts_of_file
from cases.exchange.bundles.intake import BundleRefused, resources_of
from cases.exchange.bundles.reading import read_resources
from cases.exchange.reasons import COUNTERPARTS
from cases.guideline import guidelines_of
from guidelines.answer.parts import Assessment
from guidelines.knowledge.labels import AGREEMENTS, STANCES
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.facts import FACTS

SERVICE = "neuroendocrine-neoplasm"
MOST_OPTIONS = 3
LONGEST_SUMMARY = 140  # characters, of the specification


def description() -> dict[str, Any]:
    """The service as discovery lists it."""
    searched = {
        kind: f"{kind}?patient={{{{context.patientId}}}}"
        for kind in ("Condition", "Observation", "Procedure")
    }
    return {
        "hook": "patient-view",
        "id": SERVICE,
        "title": "High-grade neuroendocrine neoplasm: what the guideline says",
        "description": "One card on a patient with a neuroendocrine neoplasm; nothing on anybody else.",
        "usageRequirements": "Conditions, observations and procedures in FHIR R4, as prefetch.",
        "prefetch": {
            "patient": "Patient/{{context.patientId}}",
            **{f"{kind.lower()}s": search for kind, search in searched.items()},
        },
    }


def cards_of(prefetch: object, address: str) -> list[dict[str, Any]]:
    """The card of a patient with a neuroendocrine neoplasm; none of anybody else, nor of what cannot be read.
    `address`: of this application.
    """
    (guideline,) = guidelines_of(())
    today = timezone.localdate()
    around = surroundings(guideline, today)
    try:
        reading = read_resources(resources_of(_as_bundle(prefetch)), around)
        if not reading.neoplasms:
            return []
        if len(reading.neoplasms) > 1:
            said = (
                "Several neuroendocrine neoplasms are on record; the board decides which one is asked about."
            )
            return [_card(guideline, said, "", address)]
        file = read_case_file(reading.case_file(reading.neoplasms[0].name), around)
    except (BundleRefused, CaseFileInvalid):
        return []
    assessment = assessed(facts_of_file(file, guideline, today), guideline)
    return [_card(guideline, _summary(assessment), "\n".join(_detail(assessment)), address)]


def _as_bundle(prefetch: object) -> bytes:
    """Everything that was fetched as one bundle."""
    entries: list[Any] = []
    for fetched in prefetch.values() if isinstance(prefetch, Mapping) else ():
        held = fetched.get("entry") if isinstance(fetched, dict) else None
        if isinstance(held, list):
            entries += held
        elif isinstance(fetched, dict):
            entries.append({"resource": fetched})
    return orjson.dumps({"resourceType": "Bundle", "entry": entries})


def _summary(assessment: Assessment) -> str:
    found = assessment.classification
    first = next((one for one in assessment.options if one.status == "applies"), None)
    if first is not None:
        said = f"{found.label}: {first.intervention_label}, {STANCES[first.stance].lower()}"
    elif missing := _decisive(assessment):
        said = f"{found.label}; not known and decisive: {missing}"
    else:
        said = found.label
    return said if len(said) < LONGEST_SUMMARY else f"{said[: LONGEST_SUMMARY - 2]}…"


def _decisive(assessment: Assessment) -> str:
    names = [one.fact for one in assessment.missing]
    return FACTS[names[0]].label if names else ""


def _detail(assessment: Assessment) -> Iterator[str]:
    for one in assessment.options[:MOST_OPTIONS]:
        open_facts = (
            f"; depends on {', '.join(FACTS[name].label for name in one.missing)}" if one.missing else ""
        )
        yield f"* {one.intervention_label}: {STANCES[one.stance]} ({AGREEMENTS[one.agreement]}){open_facts}"
    if missing := _decisive(assessment):
        yield f"\nNot known, and it decides most: {missing}."
    yield "\nRead from what your system sent, unconfirmed; the board confirms every fact."


def _card(guideline: Guideline, summary: str, detail: str, address: str) -> dict[str, Any]:
    return {
        "uuid": str(uuid.uuid4()),
        "summary": summary,
        "detail": detail,
        "indicator": "info",
        "source": {
            "label": f"{guideline.title}, edition {guideline.version}; the panel met {guideline.panel_met}",
            "url": f"https://doi.org/{guideline.doi}",
        },
        "links": [{"label": "Open the tumor board", "url": address, "type": "absolute"}],
        "overrideReasons": _reasons(),
    }


def _reasons() -> list[dict[str, str]]:
    """Why somebody does not follow it, in the codes of HL7, each once."""
    known = {one.code: one for one in COUNTERPARTS.values() if one is not None}
    return [{"code": one.code, "system": one.system, "display": one.display} for one in known.values()]
