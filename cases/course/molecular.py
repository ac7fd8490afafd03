"""Molecular findings: a fusion or a deficiency once found stands, a later negative is a caution; a number
goes before its word; MSI high is deficient (record.md, 2.5 and 3, tmb)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from cases.casefile.shape import MolecularPart
from cases.course.contests import side_of
from cases.course.conventions import Conventions
from cases.course.ledger import Ledger
from cases.course.sourced import Sourced, dated
from cases.course.sources import molecular_name, written
from cases.course.spans import latest, newest
from cases.parts import MOLECULAR
from cases.reading import PartialDate
from guidelines.vocabulary.facts import FACTS

ALTERATIONS = tuple(fact.name for fact in MOLECULAR.facts if fact.type == "bool")
DEFICIENT, PROFICIENT = "deficient", "proficient"
_MMR_OF_MSI = {"high": DEFICIENT, "stable": PROFICIENT}
_HIGH, _LOW = "high", "low"

Reads = Callable[[MolecularPart], Any]


def settle_molecular(ledger: Ledger, reports: Iterable[MolecularPart], conventions: Conventions) -> None:
    """Settle every molecular fact."""
    listed = list(reports)
    for name in ALTERATIONS:
        _settle_found(ledger, name, listed, _said(name), True)
    _settle_found(ledger, "mmr", listed, mmr_of, DEFICIENT)
    _settle_burden(ledger, listed, conventions)


def mmr_of(report: MolecularPart) -> str | None:
    """What a report says of mismatch repair, by immunohistochemistry or microsatellites; a deficiency by
    either is one. "MSI low" alone says nothing.
    """
    said = {report.mmr, _MMR_OF_MSI.get(report.msi or "")}
    if DEFICIENT in said:
        return DEFICIENT
    return PROFICIENT if PROFICIENT in said else None


def burden_of(report: MolecularPart, cut_off: int) -> tuple[str | None, bool]:
    """The mutational burden in a report, and whether its number says so; a number that leaves it open leaves
    it to the word.
    """
    number = report.tmb_per_mb
    if number is not None:
        if number.low is not None and number.low >= cut_off:
            return _HIGH, True
        if number.high is not None and (
            number.high < cut_off or (number.high == cut_off and number.high_open)
        ):
            return _LOW, True
    return report.tmb, False


def _settle_found(
    ledger: Ledger, name: str, reports: Sequence[MolecularPart], reads: Reads, found: Any
) -> None:
    """What was found once stands, on one day too; else the newest report that states it."""
    stating = [report for report in reports if reads(report) is not None]
    positive = newest([report for report in stating if reads(report) == found], _reported)
    deciding = positive or newest(stating, _reported)
    if not deciding:
        ledger.settle(name, None)
        return
    report = deciding[0]
    ledger.settle(
        name, Sourced(reads(report), molecular_name(report), _words(name, report), report.reported_on)
    )
    for other in stating:
        differs = reads(other) != found or (name == "mmr" and _disagrees_inside(other))
        if positive and differs:
            ledger.caution(
                f"{FACTS[name].label}: {FACTS[name].show(found)} ({_name(report)}), but another result says "
                f"{_words(name, other)} ({_name(other)}). What was found once stands."
            )


def _disagrees_inside(report: MolecularPart) -> bool:
    other = _MMR_OF_MSI.get(report.msi or "")
    return report.mmr is not None and other is not None and report.mmr != other


def _settle_burden(ledger: Ledger, reports: Sequence[MolecularPart], conventions: Conventions) -> None:
    """`tmb`: 10 or more per Mb is high, a number before its word; the newest report decides."""
    cut_off = conventions.tmb_high
    said = [(report, *burden_of(report, cut_off)) for report in reports]
    stating = newest([one for one in said if one[1] is not None], lambda one: one[0].reported_on)
    stating = [one for one in stating if one[2]] or stating
    values = {value: report for report, value, _ in stating}
    if len(values) > 1:
        listed = " and ".join(
            f"{FACTS['tmb'].show(value)} ({_name(report)})" for value, report in values.items()
        )
        ledger.contest(
            "tmb",
            latest(report.reported_on for report in values.values()),
            f"Molecular reports contradict each other on tumor mutational burden: {listed}. "
            "Neither is newer, so it counts as not known.",
            [side_of("tmb", value, report, _name(report)) for value, report in values.items()],
        )
        return
    if not stating:
        ledger.settle("tmb", None)
        return
    report, value, by_number = stating[0]
    words = written(report, "tmb_per_mb" if by_number else "tmb", FACTS["tmb"].label)
    if by_number:
        cut = f"{cut_off} or more per Mb is high, the cut-off of the approvals, not of the guideline"
        words += f"; {cut}"
        ledger.caution(f"{FACTS['tmb'].label} {report.words.get('tmb_per_mb', '')} ({_name(report)}): {cut}.")
        if report.tmb not in (None, value):
            ledger.caution(
                f"{_name(report)}: {FACTS['tmb'].label} is called {report.tmb}, but the number, "
                f"{report.words.get('tmb_per_mb', '')}, is {value} by the approvals' cut-off of {cut_off} "
                "per Mb. The number decides."
            )
    ledger.settle("tmb", Sourced(value or "", molecular_name(report), words, report.reported_on, by_number))


def _words(name: str, report: MolecularPart) -> str:
    if name != "mmr":
        return written(report, name, FACTS[name].label)
    keys = {"mmr": FACTS["mmr"].label, "msi": "MSI"}
    return ", ".join(written(report, key, label) for key, label in keys.items() if key in report.words)


def _said(name: str) -> Reads:
    return lambda report: report.says(name)


def _reported(report: MolecularPart) -> PartialDate | None:
    return report.reported_on


def _name(report: MolecularPart) -> str:
    return dated(molecular_name(report), report.reported_on)
