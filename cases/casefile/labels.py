"""Codes of a case file in words: what a person may write in place of a code."""

from collections.abc import Mapping

from cases.casefile import codes
from cases.casefile.keys import Key
from cases.casefile.regimens import REGIMENS
from guidelines.vocabulary.facts import FACTS

_OF_THE_RECORD: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("patient", "sex"): codes.SEXES,
    ("case", "treatment_list"): codes.TREATMENT_LISTS,
    ("pathology", "specimen"): codes.SPECIMENS,
    ("pathology", "lesion"): codes.LESIONS,
    ("imaging", "modality"): codes.MODALITIES,
    ("imaging", "result"): codes.RESULTS,
    ("imaging", "course"): codes.COURSES,
    ("molecular", "method"): codes.METHODS,
    ("molecular", "msi"): codes.MICROSATELLITES,
    ("treatments", "kind"): codes.KINDS,
    ("treatments", "regimen"): {code: regimen.label for code, regimen in REGIMENS.items()},
    ("treatments", "setting"): codes.SETTINGS,
    ("treatments", "site_treated"): codes.SITES_TREATED,
    ("treatments", "best_response"): codes.BEST_RESPONSES,
    ("treatments", "stop_reason"): codes.STOP_REASONS,
}
_OF_SITES = "metastatic_sites"


def labels_of(part: str, key: Key) -> Mapping[str, str]:
    """Code → label of a key of the part, for what it may hold; empty where it holds no codes."""
    if (part, key.name) in _OF_THE_RECORD:
        return _OF_THE_RECORD[part, key.name]
    fact = _OF_SITES if key.name == "sites" else key.fact
    if not key.codes or fact not in FACTS:
        return {}
    labels = {choice.value: choice.label for choice in FACTS[fact].choices}
    return {code: labels[code] for code in key.codes}
