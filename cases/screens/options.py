"""What the guideline says of a case as rows: one for each option, its verdict, and a line in words.

An edition that gives no options has a row for each of its statements, by topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from cases.reading import PartialDate
from guidelines.answer.outlines import KeptOutline
from guidelines.answer.parts import Answer, Option, Outline, Recommendation
from guidelines.knowledge.labels import (
    AGREEMENTS,
    DIRECTIONS,
    KINDS,
    SETTINGS,
    STANCES,
    TOPICS,
    Direction,
    Kind,
    Setting,
    Status,
)
from guidelines.knowledge.model import Guideline, Statement
from guidelines.knowledge.spoken import spoken_value
from guidelines.vocabulary.facts import FACTS, Value
from guidelines.vocabulary.sayings import in_running_text

Statable: TypeAlias = Recommendation | KeptOutline
Said = TypeVar("Said", bound=Statable)

SETTLES = "To settle the entity first"
LONGEST_CONDITION = 150  # characters; a longer one is named by its facts, and said in full behind the row
_AGREED = {agreement: text[:1].lower() + text[1:] for agreement, text in AGREEMENTS.items()}
MOST_QUALIFYING = 2  # other verdicts named in a row's line
MOST_POSSIBLE, FEWEST_FOLDED = 12, 3  # rows that open facts decide: shown in a group; worth a fold


@dataclass(frozen=True, slots=True)
class Known:
    """What the record knows: the facts, and the tests that are done, with their days as far as known."""

    values: Mapping[str, Value]
    done: Mapping[str, PartialDate | None]


NOTHING_KNOWN = Known({}, {})


class OptionRow(NamedTuple):  # a panel has fifty, and a frozen dataclass takes three times as long to make
    """One option. `code` is its intervention; of an edition without options, the id of the statement.

    `agreement` is empty where it would say the verdict again. `line`: under which condition, on what it
    depends in practice, why it cannot be done, what others say to it. `done`: of a test, "done 05-Mar-2026".
    """

    code: str
    name: str
    stance: str
    verdict: str
    agreement: str
    status: str
    line: str
    done: str = ""

    @property
    def look(self) -> str:
        """The classes that draw it: "s-recommended possible"."""
        stance = f"s-{self.stance}"
        return stance if self.status == Status.APPLIES else f"{stance} {self.status}"

    @property
    def after_verdict(self) -> str:
        """What follows the verdict: ", consensus, done 05-Mar-2026"."""
        return "".join(f", {text}" for text in (self.agreement, self.done) if text)

    @property
    def strength(self) -> str:
        """ "Recommended, consensus"."""
        return f"{self.verdict}, {self.agreement}" if self.agreement else self.verdict


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows under one heading. Apart, to be folded: tests that are done, and what is `open` yet, beyond the
    first rows that would be for something.
    """

    code: str
    heading: str
    rows: tuple[OptionRow, ...]
    open: tuple[OptionRow, ...]
    done: tuple[OptionRow, ...]


@dataclass(frozen=True, slots=True)
class Principle:
    """A note on how to think of the case; nothing that a board chooses."""

    code: str
    statement: str
    agreement: str


class Rows(Generic[Said]):
    """The rows of one answer."""

    def __init__(self, guideline: Guideline, assessment: Answer[Said], known: Known) -> None:
        self.guideline = guideline
        self.assessment: Answer[Said] = assessment
        self.known = known
        self.said: dict[str, Said] = {one.id: one for one in assessment.recommendations}

    def groups(self) -> tuple[RowGroup, ...]:
        """Every row, under headings in the order of the answer."""
        return tuple(self._by_kind() if self.assessment.options else self._by_topic())

    def _by_kind(self) -> Iterator[RowGroup]:
        """Kinds in the order of options. A kind that comes again later stood first to settle the entity."""
        runs = [(kind, list(found)) for kind, found in groupby(self.assessment.options, lambda one: one.kind)]
        for place, (kind, found) in enumerate(runs):
            again = kind in [other for other, _ in runs[place + 1 :]]
            rows = [self.of_option(one) for one in found]
            yield _group("settles" if again else kind, SETTLES if again else KINDS[kind], rows)

    def _by_topic(self) -> Iterator[RowGroup]:
        standing = [one for one in self.assessment.recommendations if one.status != Status.EXCLUDED]
        for topic, heading in TOPICS.items():
            rows = [self._of_statement(one) for one in standing if one.topic == topic]
            if rows:
                yield _group(topic, heading, rows)

    def of_option(self, option: Option) -> OptionRow:
        """The row of an option."""
        others = tuple([self.said[one] for one in option.qualified_by])
        return self.row_of(option.intervention, self.said[option.id], others)

    def _of_statement(self, verdict: Said) -> OptionRow:
        return self.row_of(verdict.id, verdict, ())

    def row_of(self, code: str, verdict: Said, others: tuple[Said, ...]) -> OptionRow:
        """The row of a verdict that others qualify."""
        tells_of_record = verdict.status == Status.BLOCKED or verdict.done
        if tells_of_record or not isinstance(verdict, KeptOutline):
            return _row(self.guideline, code, verdict, others, self.known)
        return _kept_row(self.guideline, code, verdict, others)

    def principles(self) -> tuple[Principle, ...]:
        """The notes; an edition without options has them among its rows."""
        if not self.assessment.options:
            return ()
        return tuple(
            Principle(one.id, one.statement, AGREEMENTS[one.agreement])
            for one in self.assessment.recommendations
            if one.kind == Kind.PRINCIPLE and one.status == Status.APPLIES
        )


def _row(
    guideline: Guideline,
    code: str,
    verdict: Statable,
    others: tuple[Statable, ...],
    known: Known,
) -> OptionRow:
    return OptionRow(
        code,
        verdict.intervention_label,
        verdict.stance,
        STANCES[verdict.stance],
        agreement_of(verdict),
        verdict.status,
        "; ".join([*_decided_by(guideline, verdict, known), *_qualified_by(verdict, others)]),
        _done(verdict, known),
    )


# In most cases most statements stand as in another, and so do their rows: all that say nothing of the record
# itself, which is what is against them, and the day of a test.
@lru_cache(maxsize=8192)
def _kept_row(
    guideline: Guideline, code: str, verdict: KeptOutline, others: tuple[Statable, ...]
) -> OptionRow:
    return _row(guideline, code, verdict, others, NOTHING_KNOWN)


def _decided_by(guideline: Guideline, verdict: Statable, known: Known) -> Iterator[str]:
    """When it is, when it holds, on what it depends, or why it cannot be done."""
    if verdict.schedule:
        yield str(verdict.schedule["text"])
    if len(verdict.question) > LONGEST_CONDITION:
        yield f"open: {', '.join(in_running_text(FACTS[name].label) for name in verdict.missing)}"
    elif verdict.question:
        yield f"if {verdict.question}"
    needed = guideline.statement(verdict.id).provided
    if verdict.status == Status.BLOCKED:
        yield f"set aside: {_blocked_because(needed, known)}"
    if verdict.provided:
        yield from provisos_in_words(verdict.provided, needed)


def _blocked_because(needed: Mapping[str, Value], known: Known) -> str:
    """What is stated against it: "the site cannot be irradiated"."""
    against = [
        spoken_value(FACTS[name], stated)
        for name, value in needed.items()
        if (stated := known.values.get(name)) is not None and stated != value
    ]
    return " and ".join(against)


def _done(verdict: Statable, known: Known) -> str:
    if not verdict.done:
        return ""
    day = known.done.get(verdict.intervention)
    return f"done {day}" if day else "done"


def provisos_in_words(names: Iterable[str], needed: Mapping[str, Value]) -> Iterator[str]:
    """What nobody has stated and it needs in practice: "depends on whether the site can be irradiated"."""
    wanted = {name: needed[name] for name in names}
    able = [spoken_value(FACTS[name], value) for name, value in wanted.items() if value is not False]
    against = [spoken_value(FACTS[name], True) for name, value in wanted.items() if value is False]
    if able:
        yield f"depends on whether {' and '.join(able)}"
    if against:
        yield f"unless {' or '.join(against)}"


def agreement_of(one: Outline | Statement) -> str:
    """Strength inside a sentence: "consensus"; nothing where the verdict has said it."""
    return "" if AGREEMENTS[one.agreement] == STANCES[one.stance] else _AGREED[one.agreement]


def _group(code: str, heading: str, rows: list[OptionRow]) -> RowGroup:
    due = [row for row in rows if not row.done]
    would = [row for row in due if row.status == Status.POSSIBLE]
    shown = [row for row in would if DIRECTIONS[row.stance] is Direction.FOR][:MOST_POSSIBLE]
    at_once = {row.code for row in shown}
    folded = tuple(row for row in would if row.code not in at_once)
    if len(folded) < FEWEST_FOLDED:
        folded = ()
    apart = {row.code for row in folded}
    return RowGroup(
        code,
        heading,
        tuple(row for row in due if row.code not in apart),
        folded,
        tuple(row for row in rows if row.done),
    )


def _qualified_by(verdict: Outline, others: Iterable[Outline]) -> Iterator[str]:
    """Statements on the same thing that say otherwise, each in a few words, the first of them."""
    said = dict.fromkeys(
        f"{STANCES[one.stance].lower()}{_apart(verdict, one)}"
        for one in others
        if one.stance != verdict.stance and one.status != Status.BLOCKED
    )
    for number, text in enumerate(said):
        if number < MOST_QUALIFYING:
            yield text
    if len(said) > MOST_QUALIFYING:
        yield f"{len(said) - MOST_QUALIFYING} more"


def _apart(verdict: Outline, one: Outline) -> str:
    """What sets another statement apart: its condition, else its place in the course, else who says it."""
    if one.question and one.question != verdict.question:
        return f" if {one.question}" if len(one.question) <= LONGEST_CONDITION else ", as the case may be"
    elsewhere = one.setting not in (verdict.setting, Setting.ANY_LINE)
    return f" ({(SETTINGS[one.setting] if elsewhere else AGREEMENTS[one.agreement]).lower()})"
