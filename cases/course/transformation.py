"""The entity before the newest biopsy, and since when the present one is known."""

from collections.abc import Sequence

from cases.casefile.shape import PathologyPart
from cases.course.grade import HIGHEST, graded
from cases.course.ledger import Ledger
from cases.course.morphology import Deciding, deciding
from cases.course.samples import TissueSample
from cases.course.sourced import Sourced, dated
from cases.course.sources import report_name
from cases.course.spans import oldest
from cases.reading import PartialDate
from guidelines.knowledge.labels import Entity
from guidelines.vocabulary.facts import FACTS

_BEFORE, _NOW = "well", "poor"


def _differentiation(report: PathologyPart) -> str | None:
    return report.differentiation


def settle_prior_entity(ledger: Ledger, samples: Sequence[TissueSample]) -> None:
    """`prior_entity`: from an earlier specimen (not a re-reading) that was a G3 NET, to poor.

    The day of a review that stands alone is not that of its specimen, which may be the very one it re-reads.
    """
    decided = deciding(samples, _differentiation)
    earlier = [sample for sample in samples if decided.value == _NOW and _was_g3_net(sample, decided)]
    if not earlier:
        ledger.settle("prior_entity", None)
        return
    report = earlier[0].stated(_differentiation)[0].report
    now = decided.evidence[0].report
    words = (
        f"well differentiated and G3, before {dated(report_name(now), now.report_date)}, "
        f"{FACTS['differentiation'].show(_NOW).lower()}"
    )
    ledger.settle(
        "prior_entity",
        Sourced(Entity.G3_NET.value, report_name(report), words, report.report_date, derived=True),
    )


def _was_g3_net(sample: TissueSample, decided: Deciding) -> bool:
    stated = {one.value for one in sample.stated(_differentiation)}
    grade = graded(sample)
    return (
        stated == {_BEFORE}
        and grade is not None
        and grade.level == HIGHEST
        and not sample.is_only_reread
        and all(_is_later_specimen(newer, sample) for newer in decided.samples)
    )


def _is_newer(one: TissueSample, other: TissueSample) -> bool:
    return one.place is not None and other.place is not None and one.place.newer_than(other.place)


def _is_later_specimen(one: TissueSample, other: TissueSample) -> bool:
    return _is_newer(one, other) and not one.is_only_reread


def present_entity_since(ledger: Ledger, samples: Sequence[TissueSample]) -> PartialDate | None:
    """The day of the first specimen that showed the present entity, where there was another before; None
    where there was none, or where no specimen says when.
    """
    if ledger.value("prior_entity") is None:
        return None
    decided = deciding(samples, _differentiation)
    showing = [
        sample
        for sample in samples
        if any(one.value == decided.value for one in sample.stated(_differentiation))
    ]
    others = [sample for sample in samples if sample not in showing and sample.stated(_differentiation)]
    after = [sample for sample in showing if not any(_is_newer(other, sample) for other in others)]
    first = oldest(after, lambda sample: sample.place)
    return first[0].place if decided.value is not None and first else None
