"""Reports put together by the specimen they read: which reading of a specimen goes before which.

A later report with the laboratory number of an earlier one, the same specimen site and lesion replaces what
it states; what it leaves out stands. A review goes before other readings of the same specimen, never before
another specimen; of two reviews the newer decides (record.md, 2.1 and 2.2).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cases.casefile.shape import PathologyPart
from cases.course.spans import newest, oldest
from cases.reading import PartialDate, fold_name, fold_number

ValueOf = Callable[[PathologyPart], Any]
"""What a report states of something; None if it does not."""

Origin = tuple[str, str]
"""Specimen site, folded, and lesion; "" for one not stated."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A value with the report that states it."""

    value: Any
    report: PathologyPart


@dataclass(frozen=True)
class TissueSample:
    """One specimen: its readings, and those of them that are reviews."""

    readings: tuple[PathologyPart, ...]
    reviews: tuple[PathologyPart, ...] = ()

    @property
    def reports(self) -> tuple[PathologyPart, ...]:
        return (*self.readings, *self.reviews)

    @cached_property
    def place(self) -> PartialDate | None:
        """Its place in time: the day it was sampled, else first reported."""
        sampled = newest([report for report in self.reports if report.sampled_on is not None], _reported)
        if sampled:
            return sampled[0].sampled_on
        first = oldest(self.readings, _reported) or oldest(self.reviews, _reported)
        return first[0].reported_on if first else None

    @property
    def is_only_reread(self) -> bool:
        """Whether the record holds nothing of it but a review of a report that stands nowhere."""
        return not self.readings and all(report.sampled_on is None for report in self.reviews)

    def stated(self, value_of: ValueOf) -> tuple[Evidence, ...]:
        """What its readings state, by the one that goes first; more than one where none does."""
        for readings in (self.reviews, self.readings):
            stating = [
                Evidence(value, report) for report in readings if (value := value_of(report)) is not None
            ]
            if stating:
                return tuple(newest(stating, lambda one: one.report.reported_on))
        return ()


def _reported(report: PathologyPart) -> PartialDate | None:
    return report.reported_on


def samples_of(reports: Iterable[PathologyPart]) -> tuple[list[TissueSample], list[str]]:
    """The specimens of a case, and cautions on reviews whose report is not there."""
    by_number: dict[str, list[PathologyPart]] = defaultdict(list)
    reviews, apart = [], []
    for report in reports:
        number = fold_number(report.lab_number or "")
        if report.reviews is not None:
            reviews.append(report)
        elif number:
            by_number[number].append(report)
        else:
            apart.append(TissueSample((report,)))
    groups = [group for reports in by_number.values() for group in _by_origin(reports)]
    read_again, orphans = _attached(groups, reviews)
    samples = [_sample(group, read_again[place]) for place, group in enumerate(groups)]
    cautions = [
        f"The review of {report.reviews} names no one specimen here; it is read as a specimen of its own."
        for report in orphans
    ]
    return [*samples, *apart, *(TissueSample((), (report,)) for report in orphans)], cautions


def _sample(readings: list[PathologyPart], reviews: list[PathologyPart]) -> TissueSample:
    """An expert's report beside others with its laboratory number is a review of them."""
    experts = [report for report in readings if report.expert_review]
    if len(experts) == len(readings):
        experts = []
    others = tuple(report for report in readings if report not in experts)
    return TissueSample(others, (*experts, *reviews))


def _by_origin(reports: list[PathologyPart]) -> Iterator[list[PathologyPart]]:
    """Reports with one laboratory number, by the specimen: what a report leaves out of its site and lesion is
    that of the only other specimen it can be.
    """
    origins = {_origin(report) for report in reports}
    fullest = {one for one in origins if not any(_says_more(other, one) for other in origins)}
    groups: dict[Origin, list[PathologyPart]] = defaultdict(list)
    for report in reports:
        fitting = [one for one in fullest if _fits(_origin(report), one)]
        groups[fitting[0] if len(fitting) == 1 else _origin(report)].append(report)
    yield from groups.values()


def _attached(
    groups: list[list[PathologyPart]], reviews: list[PathologyPart]
) -> tuple[dict[int, list[PathologyPart]], list[PathologyPart]]:
    """Reviews by the group that they read again, and those that read none; a review may be reviewed too."""
    found: dict[int, list[PathologyPart]] = defaultdict(list)
    waiting, progress = list(reviews), True
    while waiting and progress:
        progress = False
        for review in list(waiting):
            named = [
                place
                for place, group in enumerate(groups)
                if any(_is_named(review, report) for report in (*group, *found[place]))
            ]
            if len(named) == 1:
                found[named[0]].append(review)
                waiting.remove(review)
                progress = True
    return found, waiting


def _is_named(review: PathologyPart, report: PathologyPart) -> bool:
    number = fold_number(report.lab_number or "")
    return number == fold_number(review.reviews or "") and _fits(_origin(review), _origin(report))


def _origin(report: PathologyPart) -> Origin:
    return fold_name(report.specimen_site or ""), report.lesion or ""


def _fits(one: Origin, other: Origin) -> bool:
    return all(not mine or not theirs or mine == theirs for mine, theirs in zip(one, other, strict=True))


def _says_more(one: Origin, other: Origin) -> bool:
    return (
        one != other
        and _fits(one, other)
        and all(mine or not theirs for mine, theirs in zip(one, other, strict=True))
    )
