"""Which entities and which extents a statement can speak to: exact, from its condition."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from guidelines.engine.boxes import Box
from guidelines.engine.engine import Engine, EngineCase, engine_for
from guidelines.knowledge.conditions import Condition
from guidelines.knowledge.model import Guideline


@dataclass(frozen=True, slots=True)
class Reach:
    """The values of `entity` and of `extent` under which some consistent case fulfils the condition."""

    entities: frozenset[str]
    extents: frozenset[str]


@lru_cache(maxsize=8)
def reach_of(guideline: Guideline) -> Mapping[str, Reach]:
    """The reach of every statement, by its id."""
    entities = {str(code): where for code, where in guideline.derived["entity"].values.items()}
    extents = [choice.value for choice in guideline.facts["extent"].choices]
    found: dict[str, tuple[set[str], set[str]]] = {one.id: (set(), set()) for one in guideline.statements}
    for entity, condition in entities.items():
        for extent in extents:
            for statement in possible_under(guideline, condition, {"extent": extent}):
                found[statement][0].add(entity)
                found[statement][1].add(extent)
    return {one: Reach(frozenset(reach[0]), frozenset(reach[1])) for one, reach in found.items()}


def possible_under(guideline: Guideline, condition: Condition, values: Mapping[str, str]) -> list[str]:
    """Ids of the statements that some consistent case with these values fulfils together with `condition`.

    `condition` must not read a fact that consistency ties to others, nor one of `values`.
    """
    engine = engine_for(guideline)
    # The parts of a statement share no fact, so inside one box each can be fulfilled for itself.
    cases = [EngineCase(engine, state) for state in narrowed(engine, condition, values)]
    return [
        statement.id
        for statement, prepared in zip(guideline.statements, engine.statements, strict=True)
        if any(case.can_hold(prepared) for case in cases)
    ]


def narrowed(engine: Engine, condition: Condition, values: Mapping[str, str]) -> list[list[int]]:
    """The bands that are open with these values, once for each box of `condition`."""
    start = engine.space.possible(values)
    return [_within(start, box) for box in engine.space.boxes(condition).true]


def _within(possible: list[int], box: Box) -> list[int]:
    """The open bands, cut down to a box."""
    state = list(possible)
    for index, mask in box:
        state[index] &= mask
    return state
