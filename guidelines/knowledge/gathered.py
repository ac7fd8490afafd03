"""Every condition of a guideline, by what is done with it."""

from collections.abc import Iterable

from guidelines.knowledge.conditions import ALWAYS, AnyOf, Condition
from guidelines.knowledge.model import Guideline


def deciding(guideline: Guideline) -> list[Condition]:
    """The conditions that are decided under completions of the unknown facts."""
    found: list[Condition] = [statement.when for statement in guideline.statements]
    found += [remark.when for remark in guideline.not_covered]
    found += [trial.when for trial in guideline.trials]
    found += [one.given for one in guideline.provisional]
    found += [one.only for one in guideline.arises]
    found += [one.given for one in guideline.presumptions]
    found += [conclusion.when for one in guideline.concluded.values() for conclusion in one.conclusions]
    found += [AnyOf(tuple(derived.values.values())) for derived in guideline.derived.values()]
    return [condition for condition in found if condition != ALWAYS]


def worded(guideline: Guideline) -> list[Condition]:
    """The conditions that are only read against the facts as stated: for cautions, reasons and results."""
    cautions = [caution for statement in guideline.statements for caution in statement.cautions]
    found: list[Condition | None] = []
    for caution in (*cautions, *guideline.cautions):
        found += [caution.when, caution.unless_settled]
    found += [remark.when for remark in guideline.reasons]
    found += [remark.unless for remark in guideline.not_covered]
    found += [one for one in _results(guideline) if not isinstance(one, tuple)]
    return [condition for condition in found if condition is not None and condition != ALWAYS]


def _results(guideline: Guideline) -> Iterable[Condition | tuple[str, ...]]:
    return (one for intervention in guideline.interventions.values() for one in intervention.result)
