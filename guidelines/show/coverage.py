"""Is every section of the source encoded, or is there a reason why it directs nothing?"""

from dataclasses import dataclass

from guidelines.knowledge.model import Guideline
from guidelines.knowledge.source import Section


@dataclass(frozen=True, slots=True)
class Covered:
    """One section with the ids of its statements and of its trials."""

    section: Section
    statements: tuple[str, ...]
    trials: tuple[str, ...]

    @property
    def encoded(self) -> bool:
        """Whether anything encodes it."""
        return bool(self.statements)

    @property
    def problem(self) -> str:
        """What is wrong with it, in words; empty if nothing."""
        if not self.encoded and not self.section.directs_nothing:
            return "neither encoded nor explained"
        if self.encoded and self.section.directs_nothing:
            return "encoded, though it is said to direct nothing"
        return ""


def coverage(guideline: Guideline) -> tuple[Covered, ...]:
    """Every section, in the order of the source."""
    return tuple(
        Covered(
            section,
            tuple(one.id for one in guideline.statements if one.source.section.id == section.id),
            tuple(one.nct for one in guideline.trials if one.source.section.id == section.id),
        )
        for section in guideline.sections.values()
    )


def report(covered: tuple[Covered, ...]) -> str:
    """The coverage as text, one section a paragraph, and a last line that counts."""
    blocks = []
    for one in covered:
        head = f"{' › '.join(one.section.path)} (lines {one.section.lines})"
        body = [*one.statements, *(f"trial {nct}" for nct in one.trials)]
        if one.section.directs_nothing:
            body.insert(0, f"directs nothing: {one.section.directs_nothing}")
        if one.problem:
            body.append(f"PROBLEM: {one.problem}")
        blocks.append("\n".join([head, *(f"    {line}" for line in body)]))
    problems = sum(bool(one.problem) for one in covered)
    encoded = sum(one.encoded for one in covered)
    statements = sum(len(one.statements) for one in covered)
    blocks.append(
        f"{len(covered)} sections and tables: {encoded} encoded by {statements} statements, "
        f"{len(covered) - encoded - problems} direct nothing, {problems} with a problem."
    )
    return "\n\n".join(blocks)
