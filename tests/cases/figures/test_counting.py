"""Figures against a plain recount of what was invented; and what a reader is shown of them."""

import csv
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings

from cases.figures.counting import report_of
from cases.figures.definitions import DEFINITIONS, GROUPS
from cases.figures.drawing import draw
from cases.figures.history import MeetingRow, history_of
from cases.figures.report import BoardFigure, FigureCount, FigureGroup, FiguresReport, Spread
from cases.figures.shown import FEW, WITHHELD, Sight, shown_to
from guidelines.show.exports import csv_of
from tests import factories
from tests.cases.figures.invented import FIRST, LAST, TODAY, Invented, InventedCase, histories, store
from tests.cases.figures.slow import recounted

APART = {"months", "disciplines", "to_meeting", "to_signing"}  # looked at for themselves


@pytest.mark.django_db
@given(histories)
@settings(max_examples=20)
def test_figures_are_what_a_plain_recount_says(
    history: tuple[tuple[InventedCase, ...], list[Invented]],
) -> None:
    cases, told = history
    with transaction.atomic():
        board, other = factories.BoardFactory(), factories.BoardFactory()
        by = factories.UserFactory()
        store(board, by, cases, told)
        store(other, by, cases, told[:1])  # which the board's own figures know nothing of
        with CaptureQueriesContext(connection) as queries:
            report = report_of(history_of([board], FIRST, LAST, TODAY), [board.name])
        transaction.set_rollback(True)
    assert len(queries) == 12
    counted, medians = recounted(cases, told)
    found = {
        code: (one.of, {each.code: each.number for each in one.counts if each.number})
        for code, one in report.figures.items()
        if code not in APART
    }
    assert found == counted
    assert medians == {
        code: spread.median if (spread := report.figures[code].spread) else None for code in medians
    }
    assert sum(one.number for one in report.figures["months"].counts) == counted["outcomes"][0]


def test_every_figure_has_its_definition_and_its_place() -> None:
    report = report_of(history_of_nothing(), ["Nobody"])
    assert list(report.figures) == [code for _, codes in GROUPS for code in codes]
    assert set(report.figures) == set(DEFINITIONS)
    assert all(one.definition.sentence.endswith(".") for one in report.figures.values())
    assert {one.of for one in report.figures.values()} == {0}
    assert [each.says for group in shown_to(report, Sight()) for each in group.figures][:2] == [
        "No discussions"
    ] * 2


def history_of_nothing() -> Any:
    from cases.figures.history import BoardHistory  # beside the rows it is made of

    return BoardHistory(FIRST, LAST, TODAY)


def test_a_discipline_counts_once_a_meeting() -> None:
    meetings = (
        MeetingRow(1, FIRST, True, frozenset({"Surgery", "Pathology", ""})),
        MeetingRow(2, LAST, False, frozenset({"Surgery", "Cookery"})),
    )
    history = replace(
        history_of_nothing(), disciplines=("Surgery", "Pathology", "Radiology"), meetings=meetings
    )
    figure = report_of(history, ["A"]).figures["disciplines"]
    assert (figure.of, [(one.label, one.number) for one in figure.counts]) == (
        2,
        [("Surgery", 2), ("Pathology", 1), ("Radiology", 0)],
    )


def test_quartiles_lie_between_the_values() -> None:
    assert Spread.over([], "days") is None
    assert Spread.over([4], "days") == Spread(1, 4, 4, 4, 4, 4, "days")
    assert Spread.over([5, 1, 3, 2, 4], "days") == Spread(5, 1, 2, 3, 4, 5, "days")


# --- What a reader is shown ---------------------------------------------------------------------------------


def figure(*numbers: int, counted: tuple[str, ...] = ()) -> BoardFigure:
    """Counts a, b, c … of so many cases each."""
    counts, ids = [], iter(range(100))
    for letter, number in zip("abcdef", numbers, strict=False):
        counts.append(FigureCount(letter, letter, number, frozenset(next(ids) for _ in range(number))))
    every = frozenset().union(*(one.cases for one in counts))
    return BoardFigure("concordance", sum(numbers), tuple(counts), counted, cases=every)


def seen(one: BoardFigure, sight: Sight) -> tuple[str, list[tuple[str, str, bool]]]:
    report = FiguresReport(("A",), FIRST, LAST, TODAY, (FigureGroup("All", (one,)),))
    [shown] = shown_to(report, sight)[0].figures
    return shown.says, [(each.words, each.share, each.linked) for each in shown.counts]


BLIND = Sight(reads=False)


@pytest.mark.parametrize(
    ("one", "sight", "expected"),
    [
        (
            figure(3, 9, counted=("a",)),
            Sight(),
            ("25 %: 3 of 12 signed decisions", [("3", "25 %", True), ("9", "75 %", True)]),
        ),
        # The whole less the nine would tell the three.
        (
            figure(3, 9, counted=("a",)),
            BLIND,
            ("Not shown, of 12 signed decisions", [(FEW, "", False), (WITHHELD, "", False)]),
        ),
        (
            figure(3, 9, 7),
            BLIND,
            ("19 signed decisions", [(FEW, "", False), ("9", "47 %", False), (WITHHELD, "", False)]),
        ),
        (
            figure(3, 9, 0),
            BLIND,
            ("12 signed decisions", [(FEW, "", False), ("9", "75 %", False), (FEW, "", False)]),
        ),
        (figure(8, 9), BLIND, ("17 signed decisions", [("8", "47 %", False), ("9", "53 %", False)])),
        (figure(1, 2), BLIND, ("Fewer than 5 signed decisions", [(FEW, "", False), (FEW, "", False)])),
        # One case of the first line is closed to the reader: that line alone has no link.
        (
            figure(6, 3),
            Sight(closed=frozenset({0})),
            ("9 signed decisions", [("6", "67 %", False), ("3", "33 %", True)]),
        ),
        (
            figure(2, 6),
            Sight(closed=frozenset({0})),
            ("8 signed decisions", [(FEW, "", False), (WITHHELD, "", True)]),
        ),
    ],
)
def test_small_numbers_are_left_out_for_who_may_not_see_the_cases(
    one: BoardFigure, sight: Sight, expected: tuple[str, list[tuple[str, str, bool]]]
) -> None:
    assert seen(one, sight) == expected


def test_a_picture_holds_no_number_that_is_not_shown() -> None:
    report = FiguresReport(("A",), FIRST, LAST, TODAY, (FigureGroup("All", (figure(3, 19, 7),)),))
    [shown] = shown_to(report, BLIND)[0].figures
    picture = draw(shown)
    assert picture is not None
    assert [words.text for words in picture.words] == ["a", FEW, "b", "19 (66 %)", "c", WITHHELD]
    assert [shape.look for shape in picture.shapes] == ["hidden", "bar", "hidden"]
    assert "3" not in picture.summary.replace("29", "").replace("5", "")


def test_no_cell_of_a_file_begins_a_formula() -> None:
    cells = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "plain", "12"]
    [row] = list(csv.reader(StringIO(csv_of([], [cells]).removeprefix("\ufeff").lstrip())))
    assert row == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "'\r=1", "plain", "12"]
