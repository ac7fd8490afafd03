"""Finding statements: by the codes they carry, the entity they can speak to, and words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from guidelines.engine.reach import reach_of
from guidelines.knowledge import labels
from guidelines.knowledge.model import Guideline, Statement
from guidelines.knowledge.source import Section


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for; an empty string asks nothing. All that is asked must fit."""

    q: str = ""
    chapter: str = ""
    section: str = ""
    kind: str = ""
    topic: str = ""
    intervention: str = ""
    stance: str = ""
    agreement: str = ""
    entity: str = ""
    extent: str = ""
    setting: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Query":
        """From an address; unknown names are left out, long text is cut."""
        return cls(**{one.name: str(given.get(one.name, "")).strip()[:200] for one in fields(cls)})

    @property
    def asked(self) -> dict[str, str]:
        """The parts that ask something."""
        return {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name)}


@dataclass(frozen=True, slots=True)
class Group:
    """The statements of one section."""

    section: Section
    statements: tuple[Statement, ...]


def find(guideline: Guideline, query: Query) -> tuple[Statement, ...]:
    """The statements that fit, in the guideline's order."""
    wanted = query.asked
    words = wanted.pop("q", "").casefold().split()
    return tuple(
        statement
        for statement in guideline.statements
        if all(_fits(guideline, statement, name, value) for name, value in wanted.items())
        and all(word in _text(statement) for word in words)
    )


def _fits(guideline: Guideline, statement: Statement, name: str, value: str) -> bool:
    match name:
        case "chapter":
            return statement.source.section.path[0] == value
        case "section":
            return statement.source.section.id == value
        case "entity":
            return value in reach_of(guideline)[statement.id].entities
        case "extent":
            return value in reach_of(guideline)[statement.id].extents
    return bool(getattr(statement, name) == value)


def _text(statement: Statement) -> str:
    """All the words of a statement that a reader may look for."""
    parts = [
        statement.id,
        statement.statement,
        statement.label,
        labels.TOPICS[statement.topic],
        labels.SETTINGS[statement.setting],
        *statement.source.section.path,
        *(caution.text for caution in statement.cautions),
        *statement.trials,
        *(f"{study.name} {study.finding}" for study in statement.studies),
    ]
    return " ".join(parts).casefold()


def by_section(guideline: Guideline, statements: Iterable[Statement]) -> tuple[Group, ...]:
    """The statements under their sections, in the order of the source; empty sections are left out."""
    found: dict[str, list[Statement]] = {section: [] for section in guideline.sections}
    for statement in statements:
        found[statement.source.section.id].append(statement)
    return tuple(Group(guideline.sections[one], tuple(listed)) for one, listed in found.items() if listed)


def chapters(guideline: Guideline) -> dict[str, list[Section]]:
    """The sections of each chapter, in the order of the source."""
    found: dict[str, list[Section]] = {}
    for section in guideline.sections.values():
        found.setdefault(section.path[0], []).append(section)
    return found
