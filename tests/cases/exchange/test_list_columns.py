"""What the words of a column say, what is asked about once, and what is never guessed."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.casefile.keys import Surroundings
from cases.exchange.lists.fields import FIELDS, field_at, field_of_header
from cases.exchange.lists.files import ListFile
from cases.exchange.lists.mapping import ListMapping, MappingInvalid, read_mapping
from cases.exchange.lists.rows import ReadList, read_list

AROUND = Surroundings(datetime.date(2026, 11, 26), asks=("captem",))
NUMBER = "record_number"


def listed(header: str, *cells: str, **mapping: Any) -> ReadList:
    rows = [(NUMBER, header), *((str(at), cell) for at, cell in enumerate(cells, 1))]
    return read_list(ListFile("csv", {"": rows}), read_mapping(mapping), {"captem": "CAPTEM"})


def said(read: ReadList, path: str) -> list[Any]:
    """Of each row what it says at a path of the case file, or why it is refused."""
    found: list[Any] = []
    for row in read.rows(AROUND):
        if row.file is None:
            found.append(row.faults[0].reason)
            continue
        part: Any = row.file
        for step in path.split("."):
            part = (part[0] if part else None) if isinstance(part, tuple) else part
            part = None if part is None else part.says(step) if hasattr(part, "says") else getattr(part, step)
        found.append(part)
    return found


GUT = {"values": {"Differentiation": {"gut": "well", "weiß nicht": ""}}}
KEINE = {"values": {"Metastatic sites": {"keine": "none", "Leber": "liver"}}}
UNMAPPED = "this word is not mapped"
GRADE = "a grade never says how a tumor is differentiated"
SHORTENED = "a spreadsheet has shortened this number, and its last digits are lost"
ASKS_UNIT = "whether this column holds percent or shares is not answered"
ASKS_DAY = "whether the day or the month comes first is not answered"


@pytest.mark.parametrize(
    ("header", "cells", "mapping", "path", "expected"),
    [
        # nothing is known where nothing, or a sign for it, is written
        (
            "pathology.differentiation",
            ["", "k.A.", "k. A.", "n.d.", "?", "n/a", "#N/A", "keine Angabe", "WELL", "Poor", "-"],
            {},
            "pathology.differentiation",
            [*[None] * 8, "well", "poor", UNMAPPED],
        ),
        (
            "Differentiation",
            ["gut", "weiß nicht", "Gut "],
            GUT,
            "pathology.differentiation",
            ["well", None, "well"],
        ),
        ("Differentiation", ["gut"], {}, "pathology.differentiation", [UNMAPPED]),
        # a grade never becomes differentiation
        (
            "Differentiation",
            ["G3", "grade 3", "high grade", "G2/3", "G 2-3", "G3 (hochgradig)", "WHO III", "GX", "3"],
            {},
            "pathology.differentiation",
            [GRADE] * 9,
        ),
        (
            "Differentiation",
            ["G3 NET", "3, poorly differentiated"],
            {},
            "pathology.differentiation",
            [UNMAPPED] * 2,
        ),
        ("pathology.reported_grade", ["G3", "NET G3"], {}, "pathology.reported_grade", ["g3", "g3"]),
        # only a mapped word is "none"
        ("Metastatic sites", ["keine"], KEINE, "case.metastatic_sites", [()]),
        ("Metastatic sites", ["none", "keine", "-"], {}, "case.metastatic_sites", [UNMAPPED] * 3),
        ("Metastatic sites", ["Leber; bone", "?"], KEINE, "case.metastatic_sites", [("liver", "bone"), None]),
        ("asks", ["CAPTEM", "captem"], {}, "case.asks", [("captem",)] * 2),
        # what a spreadsheet has cut off is no number any more
        (
            "pathology.lab_number",
            ["1,23457E+15", "12E3", "0007"],
            {},
            "pathology.lab_number",
            [SHORTENED, "12E3", "0007"],
        ),
        # yes and no
        ("Liver-dominant disease", ["yes", "No", "x"], {}, "case.liver_dominant", [True, False, UNMAPPED]),
    ],
)
def test_words(header: str, cells: list[str], mapping: Any, path: str, expected: list[Any]) -> None:
    assert said(listed(header, *cells, **mapping), path) == expected


@pytest.mark.parametrize(
    ("cells", "unit", "expected"),
    [
        (["0.35", "45"], None, [ASKS_UNIT, ASKS_UNIT]),
        (["0,35", "1", "35 %", "0.2-0.25", "45"], "share",
         ["35 %", "100 %", "35 %", "20-25 %", "in a column of shares"]),
        (["0.35", "45"], "percent", ["0.35", "45"]),
        (["45", "1", "0"], None, ["45", "1", "0"]),  # no number is between 0 and 1: nothing to ask
        (["1", "k.A."], None, [ASKS_UNIT, None]),  # one percent, or all of it?
        (["1", "1 %"], None, ["1", "1 %"]),
        (["0", "0"], None, ["0", "0"]),
    ],
)  # fmt: skip
def test_a_share_is_asked_once_for_its_column(
    cells: list[str], unit: str | None, expected: list[str]
) -> None:
    read = listed("Ki-67", *cells, units={"Ki-67": unit} if unit else {})
    rows = list(read.rows(AROUND))
    words = [
        row.faults[0].reason if row.file is None
        else row.file.pathology[0].words["ki67"] if row.file.pathology else None
        for row in rows
    ]  # fmt: skip
    assert words == expected
    assert [one.kind for one in read.questions] == (["units"] if ASKS_UNIT in expected else [])


@pytest.mark.parametrize(
    ("cells", "order", "expected"),
    [
        (["2026-03-05", "5 March 2026", "13.05.2026", "05.05.2026"], None,
         ["2026-03-05", "2026-03-05", "2026-05-13", "2026-05-05"]),
        (["03.05.2026", "13.05.2026"], None, [ASKS_DAY, "2026-05-13"]),
        (["03.05.2026", "05/13/2026"], "day_first", ["2026-05-03", "no date with its day first"]),
        (["03/05/2026"], "month_first", ["2026-03-05"]),
        (["03.05.26"], "day_first", ["no year of four digits"]),
        (["2026-03-05 00:00:00", "13.05.2026 8:30", "2026-03-05T08:30:00.000"], None,
         ["2026-03-05", "2026-05-13", "2026-03-05"]),
        (["03.05.2026 08:30"], "day_first", ["2026-05-03"]),
        (["46086", "00.00.0000", "31.02.2026"], None,
         ["no year of four digits", *["no date of the calendar in any order"] * 2]),
    ],
)  # fmt: skip
def test_a_date_that_reads_two_ways_is_asked_once(
    cells: list[str], order: str | None, expected: list[str]
) -> None:
    read = listed("Diagnosed on", *cells, dates={"diagnosed on": order} if order else {})
    found = [one if isinstance(one, str) else one.iso() for one in said(read, "case.diagnosed_on")]
    assert found == expected
    assert [one.kind for one in read.questions] == (["dates"] if ASKS_DAY in expected else [])


def test_a_grade_can_only_be_said_to_say_nothing() -> None:
    read = listed("Differentiation", "G3", "gut", "G3")
    (question,) = read.questions
    assert (dict(question.words), question.say_nothing) == ({"G3": 2, "gut": 1}, {"G3"})
    answered = listed("Differentiation", "G3", "gut", values={"Differentiation": {"G3": "", "gut": "well"}})
    assert said(answered, "pathology.differentiation") == [None, "well"]


def test_unmapped_words_are_listed_once_with_their_rows() -> None:
    read = listed("Primary site", "ileum", "Ileum", "ileum", "pancreas", "magen")
    (question,) = read.questions
    assert (question.kind, dict(question.words)) == ("values", {"ileum": 2, "Ileum": 1, "magen": 1})
    assert {"small_bowel", "stomach"} <= set(question.allowed)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"values": {"Differentiation": {"G3": "poor"}}}, "a grade never says"),
        ({"values": {"Differentiation": {"high grade": "poor"}}}, "a grade never says"),
        ({"values": {"Differentiation": {"gut": "good"}}}, "allowed: well, poor"),
        ({"values": {"Metastatic sites": {"Leber": "leber"}}}, "allowed: bone"),
        ({"columns": {"A": "nowhere"}}, "there is no field"),
        ({"columns": {"A": "pathology[99].ki67"}}, "there is no field"),
        ({"encoding": "klingon"}, "utf-8"),
        ({"units": {"Ki-67": "pieces"}}, "percent"),
        ({"extra": 1}, "extra"),
        ([], "dictionary"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(mapping: Any, said: str) -> None:
    with pytest.raises(MappingInvalid, match=said):
        read_mapping(mapping)


def test_columns_are_told_apart_and_left_out_by_name() -> None:
    rows = [("My list", "", ""), (NUMBER, "Ki-67", "Ki-67", ""), ("1", "30", "40", "x")]
    read = read_list(ListFile("csv", {"": rows}), read_mapping({"columns": {"Ki-67": ""}}), {})
    assert (read.header_row, read.headers) == (2, (NUMBER, "Ki-67", "Ki-67 (2)", "Column 4"))
    assert read.left_out == ["Ki-67", "Ki-67 (2)", "Column 4"]
    named = {"Ki-67": "pathology.ki67", "Ki-67 (2)": "pathology.ki67"}
    with pytest.raises(MappingInvalid, match="filled by 2 columns: Ki-67, Ki-67"):
        read_list(ListFile("csv", {"": rows}), read_mapping({"columns": named}), {})
    twice = [(NUMBER, "Ki-67", "pathology.ki67"), ("1", "30", "40")]
    by_itself = read_list(ListFile("csv", {"": twice}), ListMapping(), {})
    assert by_itself.left_out == ["pathology.ki67"]  # of two that map by themselves the first fills it


def test_every_field_is_reached_by_its_path_and_by_its_words() -> None:
    for path, field in FIELDS.items():
        assert (field_at(path), field_of_header(field.words)) == (field, field)
    second = field_at("pathology[1].ki67")
    assert second is not None
    assert (second.in_file, second.words) == ("pathology[1].ki67", "Pathology 2: Ki-67")


@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=6), min_size=1, max_size=5))
def test_any_cells_are_read_asked_about_or_refused(rows: list[list[str]]) -> None:
    headers = (NUMBER, "Differentiation", "Ki-67", "Diagnosed on", "Metastatic sites", "pathology.mitoses")
    read = read_list(ListFile("csv", {"": [headers, *map(tuple, rows)]}), ListMapping(), {})
    for row in read.rows(AROUND):
        assert (row.file is None) == bool(row.faults)
    assert all(one.text and one.words for one in read.questions)
