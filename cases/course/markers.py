"""Serum and urine markers: which test each answers, and 5-HIAA, which the guideline asks for."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from cases.casefile.shape import MarkerPart
from cases.course.contests import side_of
from cases.course.ledger import Ledger
from cases.course.sourced import Sourced, dated
from cases.course.spans import latest, newest
from cases.reading import fold_number
from guidelines.vocabulary.facts import FACTS
from guidelines.vocabulary.yamlfile import read_yaml

HORMONES, BIOMARKERS, HIAA = "hormones", "biomarkers", "hiaa"


def _read(path: Path) -> Mapping[str, str]:
    return {fold_number(name): group for group, names in read_yaml(path).items() for name in names}


_GROUPS = _read(Path(__file__).parent / "markers.yaml")


def group_of(marker: MarkerPart) -> str | None:
    """Which of `markers.yaml` it belongs to; None for another."""
    return group_named(marker.name or "")


def group_named(name: str) -> str | None:
    """The same by the marker's name."""
    return _GROUPS.get(fold_number(name))


def settle_hiaa(ledger: Ledger, markers: Iterable[MarkerPart]) -> None:
    """`hiaa`: the newest 5-HIAA with a value and its upper limit of normal; above it is elevated."""
    said = [(one, value) for one in markers if group_of(one) == HIAA and (value := _against_limit(one))]
    deciding = newest(said, lambda pair: pair[0].measured_on)
    values = {value for _, value in deciding}
    if len(values) > 1:
        ledger.contest(
            HIAA,
            latest(one.measured_on for one, _ in deciding),
            f"{FACTS[HIAA].label} is both normal and elevated, and neither is newer: it counts as not known.",
            [side_of(HIAA, value, one, marker_name(one)) for one, value in deciding],
        )
        return
    found = None
    if deciding:
        marker, value = deciding[0]
        limit = f"upper limit {marker.words.get('upper_limit', '')} {marker.unit or ''}".strip()
        words = f'"{marker.words.get("value", "")}", {limit}'
        found = Sourced(value, marker.name or "", words, marker.measured_on)
    ledger.settle(HIAA, found)


def _against_limit(marker: MarkerPart) -> str | None:
    """Normal or elevated; None where the value or the limit is missing, or a bound leaves it open."""
    value, limit = marker.value, marker.upper_limit
    if value is None or limit is None:
        return None
    if value.low is not None and (value.low > limit or (value.low == limit and value.low_open)):
        return "elevated"
    return "normal" if value.high is not None and value.high <= limit else None


def marker_name(marker: MarkerPart) -> str:
    return dated(marker.name or "Marker", marker.measured_on)
