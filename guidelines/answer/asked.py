"""What the board's question is about, answered one by one and never with silence."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter

from guidelines.answer.parts import Asked, Exclusion, Option, Outline
from guidelines.knowledge.labels import Kind, Status
from guidelines.knowledge.model import Guideline

NotCovered = Sequence[tuple[tuple[str, ...], str]]
"""Remarks that hold: the interventions each answers for, and its text."""

ExcludedBy = Callable[[int], tuple[tuple[bool, int], str]]
"""How far the case is from a statement, by its place, and the first condition that fails, in words. The
nearest are named first: what is said of another entity or site comes after what is said of this one, and
among each those that miss the least come first.
"""

SILENT = "The guideline says nothing on this intervention for such a case."
NO_VERDICT = "This edition has no order of its statements, so no one verdict: what it says stands among them."


def asked_of(
    guideline: Guideline,
    asks: Sequence[str],
    options: Sequence[Option],
    standing: Sequence[Outline],
    not_covered: NotCovered,
    excluded_by: ExcludedBy,
) -> tuple[Asked, ...]:
    """An entry for each code, once, in the order asked."""
    return tuple(
        _answered(guideline, code, options, standing, not_covered, excluded_by)
        for code in dict.fromkeys(asks)
    )


@lru_cache(maxsize=1024)
def _subject(
    guideline: Guideline, code: str
) -> tuple[tuple[str, ...], tuple[tuple[int, str], ...], tuple[str, ...]]:
    """What a question for an intervention means together, the places and ids of the statements on it, and
    the sentences of its own that are principles.
    """
    family = guideline.family(code)
    said = [one for one in enumerate(guideline.statements) if one[1].intervention in family]
    principles = [one.statement for _, one in said if one.kind is Kind.PRINCIPLE and one.intervention == code]
    return family, tuple((place, one.id) for place, one in said), tuple(principles)


def _answered(
    guideline: Guideline,
    code: str,
    options: Sequence[Option],
    standing: Sequence[Outline],
    not_covered: NotCovered,
    excluded_by: ExcludedBy,
) -> Asked:
    family, said, principles = _subject(guideline, code)
    mine = [option for option in options if option.intervention in family]
    option = next((one for one in mine if one.intervention == code), mine[0] if mine else None)
    others = tuple(one for one in family if one != (option.intervention if option else code))
    label = guideline.interventions[code].label
    if option is not None:
        return Asked(code, label, option, (), None, None, others)
    holding = [one.statement for one in standing if one.intervention == code and one.kind == Kind.PRINCIPLE]
    principle = next(iter(holding or principles), None)
    not_excluded = {one.id for one in standing if one.status != Status.EXCLUDED}
    failing = [] if principle else [one for one in said if one[1] not in not_excluded]
    found = [(*excluded_by(place), name) for place, name in failing]
    excluded = [Exclusion(name, reason) for _, reason, name in sorted(found, key=itemgetter(0))]
    remark = next((text for about, text in not_covered if set(about) & set(family)), None)
    silent = None
    if not principle and len(failing) < len(said):
        silent = NO_VERDICT
    elif not principle and not excluded:
        silent = SILENT
    return Asked(code, label, None, tuple(excluded), remark or silent, principle, others)
