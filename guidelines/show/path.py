"""A case's own way through the algorithm: what is reached, what is still open and which fact decides it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guidelines.engine.engine import EngineCase, engine_for
from guidelines.knowledge.model import Guideline, Statement
from guidelines.show.algorithm import Box, Branch, EntityNode, Entry, Tree
from guidelines.vocabulary.facts import Value

ON, OPEN, OFF = "on", "open", "off"
STATUS_WORDS = {ON: "on the case's path", OPEN: "still open", OFF: "not on the case's path"}
MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class Light:
    """How a node stands for the case, and the labels of the unknown facts that decide an open one.

    `standing`: of an entry, the ids of its statements that apply, or else of those that may.
    """

    status: str
    deciding: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """ "still open: Ki-67, Extent"."""
        named = ", ".join(self.deciding)
        return f"{STATUS_WORDS[self.status]}: {named}" if named else STATUS_WORDS[self.status]


class Path:
    """The lights of one case, by the id of the node; an entry of a box is `box id/intervention`."""

    def __init__(self, guideline: Guideline, tree: Tree, facts: Mapping[str, Value]) -> None:
        self.guideline = guideline
        self.engine = engine_for(guideline)
        self.case: EngineCase = self.engine.case(facts)
        self.facts = facts
        self.prepared = {
            statement.id: prepared
            for statement, prepared in zip(guideline.statements, self.engine.statements, strict=True)
        }
        self.lights: dict[str, Light] = {"workup": Light(ON)}
        for entity in tree.entities:
            self._entity(entity)

    def _entity(self, entity: EntityNode) -> None:
        prepared = self.engine.entity[entity.code]
        light = Light(OFF)
        if self.case.can_hold(prepared):
            fails = self.case.can_fail(prepared)
            light = Light(OPEN, self._labels(self.case.missing(prepared))) if fails else Light(ON)
        self.lights[entity.code] = light
        for branch in entity.branches:
            self._branch(branch, light)

    def _branch(self, branch: Branch, entity: Light) -> None:
        tied = [self._choice("extent", (branch.extent,)) if branch.extent else ON]
        tied.append(self._choice("primary_site", branch.sites) if branch.sites else ON)
        if OFF in (entity.status, *tied):
            light = Light(OFF)
        else:
            names = [n for n, status in zip(("extent", "primary_site"), tied, strict=True) if status == OPEN]
            status = OPEN if OPEN in (entity.status, *tied) else ON
            light = Light(status, self._labels(names))
        self.lights[branch.id] = light
        for box in branch.boxes:
            self._box(box, light)

    def _choice(self, fact: str, wanted: tuple[str, ...]) -> str:
        value = self.facts.get(fact)
        if value is None:
            return OPEN
        return ON if value in wanted else OFF

    def _box(self, box: Box, branch: Light) -> None:
        statuses, deciding = set(), {}
        for entry in box.entries:
            light = self._entry([one.id for one in entry.statements]) if branch.status != OFF else Light(OFF)
            if light.status == ON and branch.status == OPEN:
                light = Light(OPEN, branch.deciding, light.standing)
            self.lights[f"{box.id}/{entry.intervention}"] = light
            statuses.add(light.status)
            deciding.update(dict.fromkeys(light.deciding))
        status = next((one for one in (ON, OPEN) if one in statuses), OFF)
        self.lights[box.id] = Light(status, tuple(deciding)[:MOST_NAMED] if status == OPEN else ())

    def _entry(self, statements: Iterable[str]) -> Light:
        """On if some statement applies, open if one may."""
        applying: list[str] = []
        possible: list[str] = []
        missing: dict[str, None] = {}
        for one in statements:
            prepared = self.prepared[one]
            if not self.case.can_hold(prepared):
                continue
            if not self.case.can_fail(prepared):
                applying.append(one)
                continue
            possible.append(one)
            missing.update(dict.fromkeys(self.case.missing(prepared)))
        if applying:
            return Light(ON, (), tuple(applying))
        return Light(OPEN, self._labels(missing), tuple(possible)) if possible else Light(OFF)

    def _labels(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.guideline.facts[name].label for name in names)[:MOST_NAMED]


def standing(entry: Entry, light: Light | None) -> tuple[Statement, ...]:
    """The statements of an entry that speak for the case; all of them without a case, or off its path."""
    if light is None or not light.standing:
        return entry.statements
    return tuple(one for one in entry.statements if one.id in light.standing)
