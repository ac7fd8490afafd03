"""A case's path: the lane of the algorithm it is on, in the verdicts of its options, and the other lanes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from guidelines.answer.parts import Assessment, Option
from guidelines.knowledge.labels import STANCES
from guidelines.show.algorithm import STAGES, Box, Branch, EntityNode, Entry, Tree
from guidelines.show.path import OFF, ON, OPEN, Light, standing
from guidelines.vocabulary.sayings import in_running_text

MOST_IN_SIGHT = 2  # lanes laid out side by side
NEARNESS = {ON: 0, OPEN: 1, OFF: 2}


@dataclass(frozen=True, slots=True)
class LaneEntry:
    """A drug or procedure on a lane. `status`: on, open or off; `code` leads to the option, else "".

    On the case's own lane the verdict is that of the option where its statement stands in this place.
    """

    name: str
    code: str
    statement: str
    stance: str
    verdict: str
    status: str


@dataclass(frozen=True, slots=True)
class LaneStage:
    """One stretch of a lane; `open` names the facts that decide it."""

    heading: str
    title: str
    status: str
    open: str
    entries: tuple[LaneEntry, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """One extent of one entity, for some primary sites."""

    id: str
    entity: str
    extent: str
    site: str
    status: str
    open: str
    note: str
    stages: tuple[LaneStage, ...]

    @property
    def chip(self) -> str:
        """The name, with what decides whether it is the case's."""
        return f"{self.name}; open: {self.open}" if self.status == OPEN and self.open else self.name

    @property
    def name(self) -> str:
        """ "NEC, metastatic, primary in the bowel"."""
        extent = self.extent[:1].lower() + self.extent[1:]
        return ", ".join(part for part in (self.entity, extent, self.site) if part)


@dataclass(frozen=True, slots=True)
class Lanes:
    """`own`: where the case is, or may be, in sight; where many are possible, they and all others are opened
    on demand.
    """

    own: tuple[Lane, ...]
    possible: tuple[Lane, ...]
    others: tuple[Lane, ...]


def lanes_of(assessment: Assessment, tree: Tree, lights: Mapping[str, Light]) -> Lanes:
    """Every lane; the case's own are those it is on, or, while that is open, those it may be on."""
    drawn = _Drawn(assessment, lights)
    every = [lane for entity in tree.entities for lane in drawn.lanes(entity)]
    nearest = min((NEARNESS[lane.status] for lane in every), default=NEARNESS[OFF])
    near = tuple(one for one in every if NEARNESS[one.status] == nearest < NEARNESS[OFF])
    others = tuple(one for one in every if one not in near)
    return Lanes(near, (), others) if len(near) <= MOST_IN_SIGHT else Lanes((), near, others)


class _Drawn:
    def __init__(self, assessment: Assessment, lights: Mapping[str, Light]) -> None:
        self.lights = lights
        self.options = {one.intervention: one for one in assessment.options}
        self.places = {code: place for place, code in enumerate(self.options)}

    def lanes(self, entity: EntityNode) -> Iterator[Lane]:
        if not entity.branches:
            yield Lane(entity.code, entity.label, "", "", *self._status(entity.code), entity.note, ())
        for branch in entity.branches:
            yield Lane(
                branch.id,
                entity.label,
                branch.label,
                f"primary in {in_running_text(branch.site_label)}" if branch.site_label else "",
                *self._status(branch.id),
                entity.note,
                tuple(self._stage(box, branch) for box in branch.boxes),
            )

    def _status(self, node: str) -> tuple[str, str]:
        light = self.lights[node]
        return light.status, ", ".join(light.deciding)

    def _stage(self, box: Box, branch: Branch) -> LaneStage:
        status, facts = self._status(box.id)
        on_lane = self.lights[branch.id].status != OFF
        entries = [self._entry(box, entry, on_lane) for entry in box.entries]
        entries.sort(key=lambda one: (NEARNESS[one.status], self.places.get(one.code, 0)))
        return LaneStage(STAGES[box.stage].title, box.title, status, facts, tuple(entries))

    def _entry(self, box: Box, entry: Entry, on_lane: bool) -> LaneEntry:
        light = self.lights[f"{box.id}/{entry.intervention}"]
        said = standing(entry, light)
        option = self.options.get(entry.intervention) if on_lane else None
        stance = self._stance(option, [one.id for one in said]) or said[0].stance.value
        return LaneEntry(
            entry.label,
            entry.intervention if option else "",
            said[0].id,
            stance,
            STANCES[stance],
            light.status,
        )

    def _stance(self, option: Option | None, said: list[str]) -> str:
        """The option's verdict, where the statement it rests on stands in this place."""
        return option.stance if option and option.id in said else ""
