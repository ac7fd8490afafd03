"""Differentiation, cell type, components and stains: the newest specimen that states them decides.

Two of which neither is newer and that contradict each other leave the fact unknown, with a caution naming
both, until a clinician names the deciding one (record.md, 2.3).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from cases.casefile.codes import LOW_GRADE_COMPONENTS, NON_NEUROENDOCRINE_COMPONENTS
from cases.casefile.declaration import COMPONENT_FACTS
from cases.casefile.shape import PathologyPart
from cases.course.contests import ContestSide, side_of
from cases.course.ledger import Ledger
from cases.course.samples import Evidence, TissueSample, ValueOf
from cases.course.sourced import Sourced, dated
from cases.course.sources import report_name, written
from cases.course.spans import latest, newest
from cases.parts import PATHOLOGY
from guidelines.vocabulary.facts import FACTS

_COMPONENTS = dict(zip(COMPONENT_FACTS, (LOW_GRADE_COMPONENTS, NON_NEUROENDOCRINE_COMPONENTS), strict=True))
# Settled by a rule of their own: here, and by `cases.course.grade`.
_BY_RULES = ("differentiation", "reported_grade", "ki67", *COMPONENT_FACTS)
_OPPOSITE = {"well": "poor", "poor": "well"}
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Deciding:
    """What decides a fact: `evidence` of one value, or of several that contradict each other; none where
    nobody states it. `contradicted`: of a report that a clinician named, all that it stood against, its own
    included.
    """

    evidence: tuple[Evidence, ...]
    samples: tuple[TissueSample, ...]
    contradicted: tuple[Evidence, ...] = ()

    @property
    def value(self) -> Any:
        """The value; None where nobody states it and where the evidence contradicts itself."""
        return None if self.is_contested or not self.evidence else self.evidence[0].value

    @property
    def is_contested(self) -> bool:
        return len(self.evidence) > 1 and len({repr(one.value) for one in self.evidence}) > 1


UNSTATED = Deciding((), ())


def deciding(samples: Iterable[TissueSample], value_of: ValueOf) -> Deciding:
    """The evidence of the newest specimens that state it; of contradicting ones, what a clinician named."""
    stating = [(sample, found) for sample in samples if (found := sample.stated(value_of))]
    if not stating:  # so for most facts of most cases
        return UNSTATED
    newest_ones = newest(stating, lambda pair: pair[0].place)
    evidence = tuple(one for _, found in newest_ones for one in found)
    decided = Deciding(evidence, tuple(sample for sample, _ in newest_ones))
    named = tuple(one for one in evidence if one.report.deciding)
    if decided.is_contested and named:
        of_named = tuple(pair[0] for pair in newest_ones if any(one in named for one in pair[1]))
        return Deciding(named, of_named, evidence)
    return decided


def settle_morphology(ledger: Ledger, samples: Sequence[TissueSample]) -> list[TissueSample]:
    """Settle differentiation, then the rest from specimens that do not contradict it; returns these.

    A specimen of another differentiation is of another state of the tumor: it gives no counts (record.md,
    2.4), and its stains say nothing of this one.
    """
    differentiation = deciding(samples, _stated("differentiation"))
    _settle(ledger, "differentiation", differentiation)
    usable = [sample for sample in samples if not _contradicts(sample, differentiation.value)]
    for sample in samples:
        if sample not in usable:
            other = sample.stated(_stated("differentiation"))[0]
            ledger.caution(
                f"Pathology differs on differentiation: {_says('differentiation', other)}, but "
                f"{_says('differentiation', differentiation.evidence[0])} decides. What the other states of "
                "grade, cell type, components and stains is not used."
            )
    for name in PATHOLOGY.fact_names:
        if name not in _BY_RULES:
            _settle(ledger, name, deciding(usable, _stated(name)))
    for name in COMPONENT_FACTS:
        decided = deciding(usable, partial(component, name))
        derived = bool(decided.evidence) and _by_components(name, decided.evidence[0].report) is not None
        _settle(ledger, name, decided, derived=derived)
        for one in decided.evidence:
            _compare_with_components(ledger, name, one.report)
    return usable


def component(name: str, report: PathologyPart) -> bool | None:
    """Whether there is such a component: by the components listed, else as the report states it (record.md,
    3, low_grade_component and non_neuroendocrine_component).
    """
    listed = _by_components(name, report)
    stated: bool | None = getattr(report, name)
    return stated if listed is None else listed


def _by_components(name: str, report: PathologyPart) -> bool | None:
    """True if one of the kind is listed; false if others are, unless their percentages leave room."""
    if not report.components:
        return None
    if any(one.type in _COMPONENTS[name] for one in report.components):
        return True
    shares = [None if one.percent is None else one.percent.high for one in report.components]
    leaves_room = None not in shares and sum(share for share in shares if share is not None) < _WHOLE
    return None if leaves_room else False


def _compare_with_components(ledger: Ledger, name: str, report: PathologyPart) -> None:
    stated, listed = getattr(report, name), _by_components(name, report)
    if stated is not None and listed is not None and stated is not listed:
        ledger.caution(
            f"{report_name(report)}: {FACTS[name].label} is stated as {FACTS[name].show(stated).lower()}, "
            f"but the components listed say {FACTS[name].show(listed).lower()}. The components decide."
        )


def _stated(name: str) -> ValueOf:
    return lambda report: report.says(name)


def _contradicts(sample: TissueSample, differentiation: Any) -> bool:
    """Whether all that it states of differentiation is the opposite of what decides."""
    stated = {one.value for one in sample.stated(_stated("differentiation"))}
    return bool(stated) and stated == {_OPPOSITE.get(differentiation)}


def _settle(ledger: Ledger, name: str, decided: Deciding, *, derived: bool = False) -> None:
    if not decided.evidence:
        return
    if decided.is_contested:
        said = " and ".join(_says(name, one) for one in decided.evidence)
        ledger.contest(
            name,
            latest(one.report.report_date for one in decided.evidence),
            f"Pathology contradicts itself on {FACTS[name].label}: {said}. Neither is newer, so it counts as "
            "not known until a clinician names the deciding report.",
            _sides(name, decided.evidence),
        )
        return
    value, report = decided.evidence[0].value, decided.evidence[0].report
    key = "components" if derived else name
    words = written(report, key, "Components" if derived else FACTS[name].label)
    if decided.contradicted:
        words += f"; named as the deciding report: {report.deciding_reason or 'no reason is given'}"
        ledger.note_named(name, _sides(name, decided.contradicted), report.path)
    named = bool(decided.contradicted)
    ledger.settle(name, Sourced(value, report_name(report), words, report.report_date, derived, named))


def _sides(name: str, evidence: Iterable[Evidence]) -> Iterator[ContestSide]:
    for one in evidence:
        source = dated(report_name(one.report), one.report.report_date)
        yield side_of(name, one.value, one.report, source)


def _says(name: str, one: Evidence) -> str:
    return f"{FACTS[name].show(one.value)} ({dated(report_name(one.report), one.report.report_date)})"
