"""Grade: the highest evidence stands (record.md, 2.4).

Each report has the grade that its counts, else its reported grade, document. Only reports of the highest
grade decide; among them each count by its own maximum; what they do not state is unknown. A lower count
elsewhere is a caution. An undated high grade beside a dated lower one leaves the grade unknown.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from cases.casefile.shape import PathologyPart
from cases.course.ledger import Ledger
from cases.course.samples import Evidence, TissueSample
from cases.course.sourced import Sourced, dated
from cases.course.sources import report_name, written
from cases.course.spans import latest
from cases.reading import BoundedNumber, PartialDate
from guidelines.vocabulary.facts import FACTS
from guidelines.vocabulary.yamlfile import read_yaml

_LEVELS = {choice.value: level for level, choice in enumerate(FACTS["reported_grade"].choices, 1)}
HIGHEST = max(_LEVELS.values())
LOWEST = min(_LEVELS.values())

COUNTS = {"ki67": "ki67", "mitoses": "mitotic_count"}
"""Key of a report → the fact that it states."""


@dataclass(frozen=True, slots=True)
class _Step:
    """From which number on a count documents a grade."""

    level: int
    bound: Decimal
    inclusive: bool

    def reached_by_all(self, number: BoundedNumber) -> bool:
        """Whether every value that the number leaves open reaches it."""
        low = Decimal(0) if number.low is None else number.low
        return low > self.bound or (low == self.bound and (self.inclusive or number.low_open))

    def reached_by_some(self, number: BoundedNumber) -> bool:
        """Whether some value that it leaves open reaches it."""
        if number.high is None or number.high > self.bound:
            return True
        return number.high == self.bound and self.inclusive and not number.high_open


def _read_steps() -> dict[str, tuple[_Step, ...]]:
    data = read_yaml(Path(__file__).parent / "grades.yaml")
    return {key: tuple(_step(entry) for entry in entries) for key, entries in data.items()}


def _step(entry: dict[str, Any]) -> _Step:
    bound = entry.get("from", entry.get("above"))
    return _Step(_LEVELS[entry["grade"]], Decimal(str(bound)), "from" in entry)


_STEPS = _read_steps()


@dataclass(frozen=True, slots=True)
class Graded:
    """What a specimen says of its grade: its counts and reported grade, each with its evidence.

    `level`: the grade that it documents; `ceiling`: the highest that its stated counts leave open.
    """

    sample: TissueSample
    evidence: dict[str, tuple[Evidence, ...]]
    level: int
    ceiling: int

    @property
    def place(self) -> PartialDate | None:
        return self.sample.place


def graded(sample: TissueSample) -> Graded | None:
    """The grade that a specimen documents; None if it says nothing of it."""
    evidence = {key: sample.stated(_of(key)) for key in COUNTS}
    words = sample.stated(_of("reported_grade"))
    if not _is_replaced(words, evidence):
        evidence["reported_grade"] = words
    if not any(evidence.values()):
        return None
    counts = [(key, one.value) for key in COUNTS for one in evidence[key]]
    floor = max((_level(key, number, _Step.reached_by_all) for key, number in counts), default=LOWEST)
    stated_ceiling = max(
        (_level(key, number, _Step.reached_by_some) for key, number in counts), default=LOWEST
    )
    complete = all(evidence[key] for key in COUNTS)
    reported = max((_LEVELS[one.value] for one in evidence.get("reported_grade", ())), default=LOWEST)
    level = max(floor, min(reported, stated_ceiling if complete else HIGHEST))
    return Graded(sample, evidence, level, max(level, stated_ceiling))


def settle_grade(ledger: Ledger, samples: Iterable[TissueSample]) -> None:
    """Settle Ki-67, mitoses and the reported grade."""
    found = [one for sample in samples if (one := graded(sample)) is not None]
    dated_ones = [one for one in found if one.place is not None]
    undated = [one for one in found if one.place is None]
    highest = _highest(dated_ones or undated)
    higher = [one for one in undated if one.ceiling == HIGHEST]
    if highest and dated_ones and higher and highest[0].level < HIGHEST:
        ledger.caution(
            f"An undated report says {_summary(higher[0])}, a dated one only {_summary(highest[0])}: the "
            "grade counts as not known until the report has its date."
        )
        return
    for key, fact in (*COUNTS.items(), ("reported_grade", "reported_grade")):
        _settle(ledger, key, fact, highest)
    for one in found:
        if one not in highest:
            certainly = one.ceiling < highest[0].level
            ledger.caution(
                f"The tumor {'is' if certainly else 'may be'} heterogeneous: {_summary(one)}, beside "
                f"{_summary(highest[0])}. The highest evidence stands."
            )
    _caution_on_lower_counts(ledger, highest)


def _of(key: str) -> Callable[[PathologyPart], Any]:
    return lambda report: getattr(report, key)


def _is_replaced(words: Sequence[Evidence], counts: dict[str, tuple[Evidence, ...]]) -> bool:
    """Whether the grade in words is that of a reading whose count another reading has replaced."""
    for one in words:
        for key, replacing in counts.items():
            own = getattr(one.report, key)
            if own is not None and replacing and all(other.value != own for other in replacing):
                return True
    return False


def _level(key: str, number: BoundedNumber, reached: Callable[[_Step, BoundedNumber], bool]) -> int:
    return max((step.level for step in _STEPS[key] if reached(step, number)), default=LOWEST)


def _highest(found: list[Graded]) -> list[Graded]:
    top = max((one.level for one in found), default=LOWEST)
    return [one for one in found if one.level == top]


def _settle(ledger: Ledger, key: str, fact: str, highest: Sequence[Graded]) -> None:
    evidence = [one for grade in highest for one in grade.evidence.get(key, ())]
    if not evidence:
        return
    value: Any
    if key in COUNTS:
        number = maximum([one.value for one in evidence])
        value = number.as_json()
        used = [one for one in evidence if one.value.low == number.low or one.value.high == number.high]
    else:
        value = max((one.value for one in evidence), key=lambda grade: _LEVELS[grade])
        used = [one for one in evidence if one.value == value]
    reports = list({one.report.path: one.report for one in used}.values())
    ledger.settle(
        fact,
        Sourced(
            FACTS[fact].parse(value),  # type: ignore[arg-type]  # a stated count is never None
            "; ".join(dict.fromkeys(report_name(report) for report in reports)),
            "; ".join(dict.fromkeys(written(report, key, FACTS[fact].label) for report in reports)),
            latest(report.report_date for report in reports),
        ),
    )


def maximum(numbers: Sequence[BoundedNumber]) -> BoundedNumber:
    """The largest of several counts, as far as their bounds say: of 45 and 40–50 it is 45–50."""
    low = max(numbers, key=lambda one: (Decimal(-1) if one.low is None else one.low, one.low_open))
    unbounded = any(one.high is None for one in numbers)
    high = max(numbers, key=lambda one: (one.high or Decimal(0), not one.high_open))
    return BoundedNumber(
        low.low,
        None if unbounded else high.high,
        low.low_open,
        not unbounded and high.high_open and low.low != high.high,
        low.approximate or high.approximate,
    )


def _caution_on_lower_counts(ledger: Ledger, highest: Sequence[Graded]) -> None:
    """Counts of one grade that certainly differ between specimens."""
    for key, fact in COUNTS.items():
        stated = [one for grade in highest for one in grade.evidence[key]]
        if len(stated) < 2:
            continue
        top = max(stated, key=lambda one: one.value.low or Decimal(0))
        for one in stated:
            if one.value.high is not None and one.value.high < (top.value.low or Decimal(0)):
                ledger.caution(
                    f"{FACTS[fact].label} is heterogeneous: {_says(key, fact, one)}, lower than "
                    f"{_says(key, fact, top)}. The highest stands."
                )


def _says(key: str, fact: str, one: Evidence) -> str:
    report = one.report
    return f"{written(report, key, FACTS[fact].label)} ({dated(report_name(report), report.report_date)})"


def _summary(one: Graded) -> str:
    """What a specimen says of its grade, in its words, with its name."""
    facts = {**COUNTS, "reported_grade": "reported_grade"}
    reports: dict[str, PathologyPart] = {}
    said = []
    for key, fact in facts.items():
        for evidence in one.evidence.get(key, ()):
            said.append(written(evidence.report, key, FACTS[fact].label))
            reports[evidence.report.path] = evidence.report
    names = "; ".join(dict.fromkeys(dated(report_name(r), r.report_date) for r in reports.values()))
    return f"{', '.join(said)} ({names})"
