"""What the board's question is about, answered one by one and never with silence."""

from collections.abc import Callable, Sequence
from operator import itemgetter

from guidelines.answer.parts import Asked, Exclusion, Option, Recommendation
from guidelines.knowledge.labels import Kind, Status
from guidelines.knowledge.model import Guideline, Statement

NotCovered = Sequence[tuple[tuple[str, ...], str]]
"""Remarks that hold: the interventions each answers for, and its text."""

ExcludedBy = Callable[[Statement], tuple[int, str]]
"""How many conditions of a statement fail, and the first of them in words: those that miss the least are
named first, so that what is said of the other entity comes after what is said of this one.
"""

SILENT = "The guideline says nothing on this intervention for such a case."
NO_VERDICT = "This edition has no order of its statements, so no one verdict: what it says stands among them."


def asked_of(
    guideline: Guideline,
    asks: Sequence[str],
    options: Sequence[Option],
    recommendations: Sequence[Recommendation],
    not_covered: NotCovered,
    excluded_by: ExcludedBy,
) -> tuple[Asked, ...]:
    """An entry for each code, once, in the order asked."""
    return tuple(
        _answered(guideline, code, options, recommendations, not_covered, excluded_by)
        for code in dict.fromkeys(asks)
    )


def _answered(
    guideline: Guideline,
    code: str,
    options: Sequence[Option],
    recommendations: Sequence[Recommendation],
    not_covered: NotCovered,
    excluded_by: ExcludedBy,
) -> Asked:
    family = guideline.family(code)
    said = [one for one in guideline.statements if one.intervention in family]
    mine = [option for option in options if option.intervention in family]
    option = next((one for one in mine if one.intervention == code), mine[0] if mine else None)
    principles = [one.statement for one in said if one.intervention == code and one.kind is Kind.PRINCIPLE]
    holding = [
        one.statement for one in recommendations if one.intervention == code and one.kind == Kind.PRINCIPLE
    ]
    principle = next(iter(holding or principles), None) if option is None else None
    standing = {one.id for one in recommendations if one.status != Status.EXCLUDED}
    failing = [] if option or principle else [one for one in said if one.id not in standing]
    found = [(*excluded_by(one), one.id) for one in failing]
    excluded = [Exclusion(name, reason) for _, reason, name in sorted(found, key=itemgetter(0))]
    remark = next((text for about, text in not_covered if set(about) & set(family)), None)
    silent = None
    if option is None and not principle and len(failing) < len(said):
        silent = NO_VERDICT
    elif option is None and not principle and not excluded:
        silent = SILENT
    return Asked(
        code,
        guideline.interventions[code].label,
        option,
        tuple(excluded),
        remark if option is None and remark else silent,
        principle,
        tuple(one for one in family if one != (option.intervention if option else code)),
    )
