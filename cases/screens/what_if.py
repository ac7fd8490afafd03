"""A case as recorded beside the case as supposed: which options come, go or change their verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cases.screens.options import Known, OptionRow, Rows
from guidelines.answer.assessment import assess
from guidelines.answer.parts import Assessment
from guidelines.engine.pivots import Turn, pivots
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.facts import FACTS, Value

GROUPS = {"appears": "Appears", "changes": "Changes", "disappears": "Disappears"}
MOST_TOLD = 2
MOST_TURNS = 6
LONGEST_POSITION = 3  # digits


@dataclass(frozen=True, slots=True)
class ChangedOption:
    """An option that stands otherwise. `kind`: appears, changes or disappears; one row may be None."""

    kind: str
    today: OptionRow | None
    then: OptionRow | None

    @property
    def shown(self) -> OptionRow:
        """The row that names it: as supposed, or as it was."""
        row = self.then or self.today
        assert row is not None  # noqa: S101  (of two rows that differ, one is there)
        return row


@dataclass(frozen=True, slots=True)
class Supposition:
    """What differs. `changed`: facts with recorded and supposed value; `same`: options that stay."""

    today: Assessment
    then: Assessment
    changed: tuple[tuple[str, str, str], ...]
    groups: tuple[tuple[str, tuple[ChangedOption, ...]], ...]
    same: int
    noun: str
    new_cautions: tuple[tuple[str, str], ...]

    @property
    def in_short(self) -> str:
        """ "Now NEC. Platinum and etoposide: recommended. 11 more.": what is read out after a change."""
        news = []
        if self.then.classification.label != self.today.classification.label:
            news.append(f"Now {self.then.classification.label}")
        changed = [one for _, found in self.groups for one in found]
        for one in changed[:MOST_TOLD]:
            words = one.then.verdict.lower() if one.then else f"no {self.noun} then"
            news.append(f"{one.shown.name}: {words}")
        if len(changed) > MOST_TOLD:
            news.append(f"{len(changed) - MOST_TOLD} more")
        return ". ".join(news) + "." if news else f"No {self.noun} comes, goes or changes."

    @property
    def no_longer_covered(self) -> list[str]:
        """What the guideline does not speak to, as supposed, though it does as recorded."""
        return [text for text in self.then.not_covered if text not in self.today.not_covered]

    @property
    def now_covered(self) -> list[str]:
        """What it does not speak to as recorded, though it does as supposed."""
        return [text for text in self.today.not_covered if text not in self.then.not_covered]


@dataclass(frozen=True, slots=True)
class TurnInWords:
    """A value to try, and how many treatments would stand otherwise."""

    label: str
    touches: int


@dataclass(frozen=True, slots=True)
class PivotLine:
    """A fact whose change alone alters the answer: as recorded, values to try, how many more there are."""

    name: str
    label: str
    now: str
    turns: tuple[TurnInWords, ...]
    more: int


def suppose(
    guideline: Guideline,
    recorded: Mapping[str, Value],
    supposed: Mapping[str, Value],
    done: Collection[str] = (),
) -> Supposition:
    """What differs between two sets of facts, where the same tests are done."""
    today, then = assess(guideline, recorded, done=done), assess(guideline, supposed, done=done)
    was, becomes = rows_by_code(guideline, today, recorded), rows_by_code(guideline, then, supposed)
    changed = tuple(changes(was, becomes))
    return Supposition(
        today,
        then,
        tuple(facts_changed(recorded, supposed)),
        tuple(
            (title, found)
            for kind, title in GROUPS.items()
            if (found := tuple(one for one in changed if one.kind == kind))
        ),
        len(was) - sum(one.kind != "appears" for one in changed),
        "option" if guideline.has_options else "statement",
        tuple(one for one in dict.fromkeys(cautions_of(then)) if one not in set(cautions_of(today))),
    )


def rows_by_code(
    guideline: Guideline, assessment: Assessment, facts: Mapping[str, Value]
) -> dict[str, OptionRow]:
    """Every row of an answer, in its order."""
    groups = Rows(guideline, assessment, Known(facts, {})).groups()
    return {row.code: row for group in groups for row in (*group.rows, *group.open, *group.done)}


def changes(was: Mapping[str, OptionRow], becomes: Mapping[str, OptionRow]) -> Iterator[ChangedOption]:
    """The options that stand otherwise: first those of the supposed answer in its order, then those gone."""
    for code, row in becomes.items():
        before = was.get(code)
        if before is None:
            yield ChangedOption("appears", None, row)
        elif (before.strength, before.status, before.done) != (row.strength, row.status, row.done):
            yield ChangedOption("changes", before, row)
    for code, row in was.items():
        if code not in becomes:
            yield ChangedOption("disappears", row, None)


def facts_changed(
    recorded: Mapping[str, Value], supposed: Mapping[str, Value]
) -> Iterator[tuple[str, str, str]]:
    """Label, recorded value and supposed value of every fact that differs."""
    for name, fact in FACTS.items():
        if recorded.get(name) != supposed.get(name):
            yield fact.label, fact.show(recorded.get(name)), fact.show(supposed.get(name))


def cautions_of(assessment: Assessment) -> list[tuple[str, str]]:
    """Subject and words of every caution of an answer."""
    found = [("Classification", text) for text in assessment.classification.cautions]
    found += [(one.intervention_label, text) for one in assessment.recommendations for text in one.cautions]
    return found


def pivot_lines(guideline: Guideline, recorded: Mapping[str, Value]) -> list[PivotLine]:
    """What would change the answer on treatment, each fact by itself."""
    return [
        PivotLine(
            pivot.fact.name,
            pivot.fact.label,
            pivot.fact.show(recorded.get(pivot.fact.name)),
            tuple(TurnInWords(turn.label, touched(guideline, turn)) for turn in pivot.turns[:MOST_TURNS]),
            len(pivot.turns[MOST_TURNS:]),
        )
        for pivot in pivots(guideline, recorded)
    ]


def tried_value(guideline: Guideline, recorded: Mapping[str, Value], tried: str) -> dict[str, Any]:
    """What a button to try a value stands for ("extent:1"), as JSON writes facts; nothing for nonsense."""
    name, _, position = tried.partition(":")
    if name not in FACTS or not position.isdecimal() or len(position) > LONGEST_POSITION:
        return {}
    turns = {pivot.fact.name: pivot.turns for pivot in pivots(guideline, recorded)}.get(name, ())
    return {name: FACTS[name].as_json(turns[int(position)].value)} if int(position) < len(turns) else {}


def touched(guideline: Guideline, turn: Turn) -> int:
    """The number of treatments that a value touches; of statements where an edition has no options."""
    if not guideline.has_options:
        return len(turn.changes)
    return len({guideline.statement(one.statement).intervention for one in turn.changes})
