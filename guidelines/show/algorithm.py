"""The algorithm as a tree, derived from the statements: entity → extent and site → treatment → follow-up.

The source's own figure is lost but for its caption. Nothing here says what to do: which entity, extent and
site a statement can speak to follows from its condition, and sites share a branch where they share more
treatment statements than tell them apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from guidelines.engine.engine import EngineCase, engine_for
from guidelines.engine.reach import narrowed, possible_under, reach_of
from guidelines.knowledge import labels
from guidelines.knowledge.model import Guideline, Statement

EVERY = ("localized", "metastatic")


@dataclass(frozen=True, slots=True)
class Stage:
    """A column of the picture: the settings it shows, by extent; `treatment_only` leaves other topics out."""

    title: str
    settings: Mapping[str, tuple[str, ...]]
    treatment_only: bool = False


STAGES = (
    Stage("Treatment", {"localized": ("localized",), "metastatic": ("first_line",)}),
    Stage("Then", {"localized": ("adjuvant",), "metastatic": ("later_line",)}),
    Stage("At any line", dict.fromkeys(EVERY, ("any_line",)), treatment_only=True),
    Stage("Follow-up", {"localized": ("surveillance",), "metastatic": ("monitoring",)}),
)
WORKUP = ("diagnosis", "baseline")


@dataclass(frozen=True, slots=True)
class Entry:
    """One drug or procedure in a box, with the statements on it."""

    intervention: str
    label: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """What is said in one setting of one branch. `asks` finds its statements in the explorer."""

    id: str
    title: str
    stage: int
    entries: tuple[Entry, ...]
    asks: Mapping[str, str]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements of the box."""
        return tuple(statement for entry in self.entries for statement in entry.statements)


@dataclass(frozen=True, slots=True)
class Branch:
    """One extent of one entity, for some primary sites; no sites means all, no extent means any."""

    id: str
    label: str
    site_label: str
    entity: str
    extent: str
    sites: tuple[str, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class EntityNode:
    """An entity with its branches. `note` is what the guideline says it does not cover there."""

    code: str
    label: str
    note: str
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """The whole algorithm. `workup`: setting, its label and its statements."""

    workup: tuple[tuple[str, str, tuple[Statement, ...]], ...]
    entities: tuple[EntityNode, ...]


@lru_cache(maxsize=8)
def tree_of(guideline: Guideline) -> Tree:
    """The algorithm of a guideline."""
    workup = tuple(
        (
            setting,
            labels.SETTINGS[setting],
            tuple(one for one in guideline.statements if one.setting == setting),
        )
        for setting in WORKUP
    )
    codes = [str(code) for code in guideline.derived["entity"].values]
    return Tree(workup, tuple(_entity(guideline, code) for code in codes))


def _of_setting(guideline: Guideline, setting: str) -> tuple[Statement, ...]:
    return tuple(one for one in guideline.statements if one.setting == setting)


def _entity(guideline: Guideline, code: str) -> EntityNode:
    branches = tuple(branch for extent in EVERY for branch in _branches(guideline, code, extent))
    own = [
        one
        for branch in branches
        for box in branch.boxes
        for one in box.statements
        if _is_own(guideline, one)
    ]
    if not own:
        branches = _undivided(guideline, code)
    return EntityNode(code, labels.ENTITIES[code], _not_covered(guideline, code), branches)


def _is_own(guideline: Guideline, statement: Statement) -> bool:
    """Whether a statement tells entities apart, instead of holding in all that have treatment."""
    reached = reach_of(guideline)
    widest = max(len(one.entities) for one in reached.values())
    return len(reached[statement.id].entities) < widest


def _undivided(guideline: Guideline, code: str) -> tuple[Branch, ...]:
    """An entity that has no treatment of its own: what is said to settle it, whatever the extent."""
    reach = reach_of(guideline)
    said = [one for one in guideline.statements if code in reach[one.id].entities and _is_own(guideline, one)]
    if not said:
        return ()
    box = Box(f"{code}-workup", labels.SETTINGS["diagnosis"], 0, _entries(said), {"entity": code})
    return (Branch(code, "Any extent", "", code, "", (), (box,)),)


def _not_covered(guideline: Guideline, code: str) -> str:
    """The remark on what is not covered that certainly holds for the entity as such."""
    engine = engine_for(guideline)
    condition = guideline.derived["entity"].values[code]
    cases = [EngineCase(engine, state) for state in narrowed(engine, condition, {})]
    for remark, prepared in zip(guideline.not_covered, engine.not_covered, strict=True):
        if not any(case.can_fail(prepared) for case in cases):
            return remark.text
    return ""


def _branches(guideline: Guideline, code: str, extent: str) -> tuple[Branch, ...]:
    """The groups of sites that are treated alike, each a branch."""
    said = _by_site(guideline, code, extent)
    treatment = {site: _treatment(statements) for site, statements in said.items()}
    groups = _telling(_alike(treatment), treatment)
    found = []
    for sites in groups:
        every = {one.id for site in sites for one in said[site]}
        statements = [one for one in guideline.statements if one.id in every]
        everywhere = len(sites) == len(said)
        found.append(_branch(guideline, code, extent, () if everywhere else sites, statements))
    return tuple(found)


def _telling(groups: list[tuple[str, ...]], treatment: Mapping[str, set[str]]) -> list[tuple[str, ...]]:
    """The groups without the sites of which nothing is said that is not said in another group too."""
    kept = []
    for group in groups:
        others = [treatment[other[0]] for other in groups if other is not group]
        sites = [
            site for site in group if treatment[site] and not any(treatment[site] <= one for one in others)
        ]
        if sites:
            kept.append(tuple(sites))
    return kept


def _by_site(guideline: Guideline, code: str, extent: str) -> dict[str, list[Statement]]:
    condition = guideline.derived["entity"].values[code]
    found = {}
    for choice in guideline.facts["primary_site"].choices:
        ids = set(possible_under(guideline, condition, {"extent": extent, "primary_site": choice.value}))
        found[choice.value] = [
            one for one in guideline.statements if one.id in ids and _stage(one, extent) is not None
        ]
    return found


def _treatment(statements: list[Statement]) -> set[str]:
    return {one.id for one in statements if one.topic in labels.TREATMENT_TOPICS}


def _alike(said: Mapping[str, set[str]]) -> list[tuple[str, ...]]:
    """Sites grouped: one joins the first group whose first member it shares more with than differs."""
    groups: list[list[str]] = []
    for site, ids in said.items():
        for group in groups:
            first = said[group[0]]
            if len(ids & first) * 2 > len(ids | first) or not ids | first:
                group.append(site)
                break
        else:
            groups.append([site])
    return [tuple(group) for group in groups]


def _stage(statement: Statement, extent: str) -> int | None:
    """The column a statement stands in, if it is drawn at all."""
    for index, stage in enumerate(STAGES):
        fits = not stage.treatment_only or statement.topic in labels.TREATMENT_TOPICS
        if fits and statement.setting in stage.settings[extent]:
            return index
    return None


def _branch(
    guideline: Guideline, code: str, extent: str, sites: tuple[str, ...], statements: list[Statement]
) -> Branch:
    label = guideline.facts["extent"].label_of(extent)
    name = "-".join((code, extent, *sites[:1]))
    boxes = []
    for index, stage in enumerate(STAGES):
        said = [one for one in statements if _stage(one, extent) == index]
        if said:
            setting = stage.settings[extent][0]
            asks = {"entity": code, "extent": extent, "setting": setting}
            boxes.append(Box(f"{name}-{setting}", labels.SETTINGS[setting], index, _entries(said), asks))
    return Branch(name, label, _site_label(guideline, sites), code, extent, sites, tuple(boxes))


def _entries(statements: list[Statement]) -> tuple[Entry, ...]:
    found: dict[str, list[Statement]] = {}
    for one in statements:
        found.setdefault(one.intervention, []).append(one)
    return tuple(Entry(code, said[0].label, tuple(said)) for code, said in found.items())


def _site_label(guideline: Guideline, sites: tuple[str, ...]) -> str:
    """The sites in words: by groups where whole groups are in it, one by one for the rest."""
    if not sites:
        return ""
    engine = engine_for(guideline)
    index = engine.space.index["primary_site"]
    left = engine.space.possible({"primary_site": sites[0]})[index]
    for site in sites[1:]:
        left |= engine.space.possible({"primary_site": site})[index]
    words: list[str] = []
    for named in guideline.derived["site_group"].values.values():
        mask = 0
        for box in engine.space.boxes(named).true:
            mask |= dict(box)[index]
        if mask & ~left == 0:
            words += named.value_labels
            left &= ~mask
    for choice in guideline.facts["primary_site"].choices:
        if engine.space.possible({"primary_site": choice.value})[index] & left:
            words.append(choice.label)
    return ", ".join(words)
