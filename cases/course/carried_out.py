"""Which interventions of a guideline an entry of the record carries out.

Data: `carried_out.yaml`, `done.yaml`.
"""

from pathlib import Path

from cases.casefile.regimens import REGIMENS, unnamed
from cases.course.markers import group_named
from guidelines.vocabulary.yamlfile import read_yaml

_DATA = read_yaml(Path(__file__).parent / "carried_out.yaml")
_TESTS = read_yaml(Path(__file__).parent / "done.yaml")
_SYSTEMIC = "systemic"


def treated(kind: str, regimen: str, setting: str, site: str) -> frozenset[str]:
    """What a treatment may be: by its kind, and where drugs are given by what its regimen counts as.

    `site`: of the primary tumor, "" if not known.
    """
    found = {*_DATA["kinds"].get(kind, ())}
    if kind == _SYSTEMIC:
        found.update(_DATA["settings"].get(setting, ()))
    if regimen or kind not in _DATA["kinds"]:
        given = REGIMENS[regimen] if regimen in REGIMENS else unnamed(kind)
        found.update(given.codes_at(site or None))
    return frozenset(found)


def examined(modality: str) -> str:
    """The test that a study of this modality is, by the guideline's code; "" for one that it has not."""
    return str(_TESTS["studies"].get(modality, ""))


def measured(marker: str) -> str:
    """The test that a marker of this name belongs to; "" for one that the guideline does not know."""
    return str(_TESTS["markers"].get(group_named(marker), ""))
