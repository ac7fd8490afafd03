"""What stands behind a row: the sentence, why it holds for this case, what to mind, what else is said.

What depends on nothing but the edition (evidence, trials, source) is a page of the guideline's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from cases.assessing import assessed
from cases.facts import RecordFacts
from cases.guideline import edition_query
from cases.screens.options import OptionRow, Rows, agreement_of
from cases.screens.panel import AskedLine, asked_line, known
from guidelines.answer.parts import Recommendation
from guidelines.knowledge.labels import STANCES, Status
from guidelines.knowledge.model import Guideline


@dataclass(frozen=True, slots=True)
class SaidOfCase:
    """One statement on the option, for this case. `line`: its condition, if one is open."""

    id: str
    strength: str
    statement: str
    line: str


@dataclass(frozen=True, slots=True)
class OptionBody:
    """An opened row. `row` and `verdict` are None where there is no option; then `asked` says why.

    `edition` is what the addresses of the guideline's pages end in, so that they stay in its edition.
    """

    code: str
    name: str
    guideline: Guideline
    edition: str
    row: OptionRow | None = None
    verdict: SaidOfCase | None = None
    asked: AskedLine | None = None
    why: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    also: tuple[SaidOfCase, ...] = ()


def option_body(guideline: Guideline, facts: RecordFacts, code: str) -> OptionBody:
    """The body of the row `code`: an intervention, or a statement of an edition without options.

    Raises `KeyError` for a code that the guideline does not have.
    """
    if guideline.has_options:
        return _of_option(guideline, facts, code)
    name = guideline.statement(code).label
    assessment = assessed(guideline, facts)
    rows = Rows(guideline, assessment, known(facts))
    verdict = rows.said.get(code)
    if verdict is None:
        return OptionBody(code, name, guideline, edition_query(guideline))
    return opened(rows, code, verdict, ())


def _of_option(guideline: Guideline, facts: RecordFacts, code: str) -> OptionBody:
    name = guideline.interventions[code].label
    assessment = assessed(guideline, facts, asks=(code,))
    rows = Rows(guideline, assessment, known(facts))
    (asked,) = assessment.asked
    if asked.option is None or asked.option.intervention != code:
        line = asked_line(asked, rows, guideline)
        return OptionBody(code, name, guideline, edition_query(guideline), asked=line)
    others = tuple(rows.said[one] for one in asked.option.qualified_by)
    return opened(rows, code, rows.said[asked.option.id], others)


def opened(
    rows: Rows[Recommendation], code: str, verdict: Recommendation, others: tuple[Recommendation, ...]
) -> OptionBody:
    """The body of a verdict that others qualify."""
    return OptionBody(
        code,
        verdict.intervention_label,
        rows.guideline,
        edition_query(rows.guideline),
        row=rows.row_of(code, verdict, others),
        verdict=_said(verdict),
        why=tuple(reason.text for reason in verdict.because),
        cautions=verdict.cautions,
        also=tuple(_said(one) for one in others),
    )


def _said(one: Recommendation) -> SaidOfCase:
    agreement = agreement_of(one)
    strength = f"{STANCES[one.stance]}, {agreement}" if agreement else STANCES[one.stance]
    line = f"if {one.question}" if one.status == Status.POSSIBLE else ""
    return SaidOfCase(one.id, strength, one.statement, line)
