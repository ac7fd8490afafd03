"""Two editions of a guideline side by side, as plain text for reading in a terminal."""

from collections import Counter
from collections.abc import Iterator, Mapping

from guidelines.answer.text import strength
from guidelines.knowledge.compared import CHANGED, GONE, NEW, ComparedStatement, compared, redefined
from guidelines.knowledge.model import Guideline


def comparison_of(before: Guideline, after: Guideline) -> str:
    """How many statements are new, gone and changed; then each, grouped by its intervention."""
    return "\n".join(_lines(before, after))


def by_intervention(
    changed: Mapping[str, ComparedStatement],
) -> Mapping[str, tuple[ComparedStatement, ...]]:
    """Label of the intervention → its statements that differ, in their order."""
    found: dict[str, tuple[ComparedStatement, ...]] = {}
    for one in changed.values():
        found[one.statement.label] = (*found.get(one.statement.label, ()), one)
    return found


def _lines(before: Guideline, after: Guideline) -> Iterator[str]:
    changed = compared(before, after)
    counted = Counter(one.state for one in changed.values())
    alike = len(before.statements) - counted[GONE] - counted[CHANGED]
    yield f"{after.address} against {before.address}"
    numbers = ", ".join(f"{counted[state]} {state}" for state in (NEW, GONE, CHANGED))
    yield f"Statements: {numbers}, {alike} alike"
    yield from (f"Defined anew: {label}" for label in redefined(before, after).values())
    for label, statements in by_intervention(changed).items():
        yield f"\n{label}"
        for one in statements:
            yield from _statement(one)


def _statement(one: ComparedStatement) -> Iterator[str]:
    yield f"  {one.state}  {one.statement.id}"
    if one.state != CHANGED:
        said = one.statement
        yield f"    [{strength(said.stance, said.agreement)}] {said.statement} (lines {said.source.lines})"
    yield from (f"    {change.words}" for change in one.changes)
