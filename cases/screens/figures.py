"""The figures of a board as its page, its file and its lists of cases show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User

from cases.choices import DecisionStatus
from cases.figures.counting import report_of
from cases.figures.drawing import FigurePicture, draw
from cases.figures.history import history_of
from cases.figures.report import FiguresReport, Spread
from cases.figures.shown import ShownCount, ShownFigure, ShownGroup, Sight
from cases.models import Board, Case, Decision, Discussion
from cases.models.option import TAKEN
from cases.screens.became import became_in_words
from cases.screens.printed import Printing

HEADINGS = ("Group", "Figure", "Line", "Number", "Of", "What is counted", "Percent", "Definition")


@dataclass(frozen=True, slots=True)
class DrawnFigure:
    """`lines` of its table: the counts and the whole, or the values of a spread."""

    shown: ShownFigure
    picture: FigurePicture | None
    lines: tuple[ShownCount, ...]


@dataclass(frozen=True, slots=True)
class DecidedThen:
    """A decision that stands: the options taken and the next steps, each with what became of it."""

    decision: Decision
    became: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CountedCase:
    """A case behind a number, with what the board decided on it, the oldest first."""

    case: Case
    decisions: tuple[DecidedThen, ...]


@dataclass(frozen=True, slots=True)
class DrawnGroup:
    title: str
    figures: tuple[DrawnFigure, ...]


def report_for(board: Board, first: date, last: date, today: date) -> FiguresReport:
    """The figures of one board."""
    return report_of(history_of([board], first, last, today), [board.name])


def sight_of(user: User, board: Board, *, reads: bool) -> Sight:
    """Which of the cases that a board discussed the person may not see: of other boards, no longer shared."""
    if not reads:
        return Sight(reads=False)
    guests = Discussion.objects.filter(board=board).exclude(case__board=board)
    closed = guests.exclude(case__in=Case.objects.visible_to(user).values("pk"))
    return Sight(closed=frozenset(closed.values_list("case_id", flat=True)))


def drawn(groups: tuple[ShownGroup, ...]) -> list[DrawnGroup]:
    """With their pictures and tables."""
    return [DrawnGroup(group.title, tuple(_drawn(one) for one in group.figures)) for group in groups]


def figures_on_paper(
    board: Board, report: FiguresReport, groups: tuple[ShownGroup, ...], printing: Printing
) -> Mapping[str, Any]:
    """What the template of the figures takes: each with its definition, its picture and its table."""
    return {"board": board, "report": report, "groups": drawn(groups), "printed": printing.stamp}


def _drawn(one: ShownFigure) -> DrawnFigure:
    return DrawnFigure(one, draw(one), tuple(_lines(one)))


def _lines(one: ShownFigure) -> Iterator[ShownCount]:
    yield from one.counts
    for label, value in spread_lines(one.spread):
        yield ShownCount("", label, None, value, "", linked=False)
    yield ShownCount("", f"All {one.definition.of}", None, one.of, "", one.linked)


def rows_of(groups: tuple[ShownGroup, ...]) -> Iterator[tuple[str, ...]]:
    """The table behind all figures, under `HEADINGS`."""
    for group in groups:
        for one in group.figures:
            told = one.definition
            rest = (one.of, told.of)
            for count in one.counts:
                share = count.share.removesuffix(" %")
                yield (group.title, told.title, count.label, count.words, *rest, share, told.sentence)
            for label, value in spread_lines(one.spread):
                yield (group.title, told.title, label, value, *rest, "", told.sentence)


def spread_lines(spread: Spread | None) -> list[tuple[str, str]]:
    """The values of a spread by name."""
    if spread is None:
        return []
    values = (
        ("Least", spread.least),
        ("Lower quartile", spread.low),
        ("Median", spread.median),
        ("Upper quartile", spread.high),
        ("Greatest", spread.most),
    )
    return [
        (f"{name}, {spread.unit}", f"{value:g}" if value % 1 == 0 else f"{value:.1f}")
        for name, value in values
    ]


def cases_behind(user: User, report: FiguresReport, code: str, line: str) -> tuple[str, list[Case]] | None:
    """What is counted, in words, and those of its cases that the person may see; None for no such figure.

    `line`: the code of one of its counts; "" for the whole.
    """
    figure = report.figures.get(code)
    if figure is None:
        return None
    count = next((one for one in figure.counts if line and one.code == line), None)
    if line and count is None:
        return None
    title = f"{figure.definition.title}: {count.label}" if count else figure.definition.title
    cases = Case.objects.visible_to(user).filter(pk__in=(count or figure).cases).select_related("patient")
    return title, list(cases.order_by("patient__surname", "patient__given_names", "pk"))


def lines_of(cases: Sequence[Case], board: Board) -> list[CountedCase]:
    """The cases with what the board decided and what became of it, in a fixed number of queries."""
    standing = Decision.objects.filter(
        case__in=cases, discussion__board=board, status=DecisionStatus.SIGNED, withdrawal=None
    )
    parts = (
        standing.defer("snapshot")
        .order_by("signed_at", "pk")
        .prefetch_related("options__events", "next_steps__events")
    )
    decided: dict[int, list[DecidedThen]] = defaultdict(list)
    for decision in parts:
        taken = [(one.title, became_in_words(one)) for one in decision.options.all() if one.choice in TAKEN]
        steps = [(one.text, became_in_words(one)) for one in decision.next_steps.all()]
        decided[decision.case_id].append(DecidedThen(decision, (*taken, *steps)))
    return [CountedCase(case, tuple(decided[case.pk])) for case in cases]
