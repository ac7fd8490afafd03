"""Last month's list of two hospitals, German and English, with what such lists are like: what becomes of each
row once its questions are answered as a coordinator would.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from cases.exchange.lists.fields import FIELDS
from cases.exchange.lists.headers import FILE, names_of_columns, proposed_fields
from cases.exchange.lists.mapping import ListMapping, read_mapping
from cases.filing import as_case_file
from cases.models import Board, Case
from cases.queries import with_record
from cases.record import record_of
from cases.screens.lists import finished, import_list, list_of, opened, plan, source_of

pytestmark = pytest.mark.django_db
LISTS = Path(__file__).with_name("lists")

GERMAN: dict[str, Any] = {
    "values": {
        "m/w": {"m": "male", "w": "female"},
        "Primärtumor": {
            "Pankreas": "pancreas", "Dünndarm": "small_bowel", "Magen": "stomach", "Rektum": "rectum",
            "Kolon": "colon", "Ösophagus": "esophagus",
        },
        "Metastasen": {
            "Leber": "liver", "Knochen": "bone", "Lunge": "lung", "LK": "distant_nodes", "keine": "none",
        },
        "Differenzierung": {"schlecht": "poor", "gut": "well", "G3": ""},
    },
    "units": {"Ki-67 (MIB-1)": "percent"},
    "dates": {"geb.": "day_first", "Befund vom": "day_first"},
}  # fmt: skip
ENGLISH: dict[str, Any] = {
    "values": {
        "Sex": {"M": "male", "F": "female"},
        "Primary": {"Small bowel": "small_bowel", "gallbladder": "biliary"},
        "Mets": {"none": "none"},
        "Differentiation": {"well-diff": "well", "high grade": ""},
        "MMR": {"pMMR": "proficient", "dMMR": "deficient", "not done": ""},
    },
    "dates": {"DOB": "month_first"},
}


@pytest.mark.parametrize(
    ("file", "answers", "asked", "refused", "facts"),
    [
        (
            "oktober.csv",
            GERMAN,
            {"values": 4, "dates": 2, "units": 1},
            {16: "Ki-67 (MIB-1)", 21: "geb.", 24: "Befund vom", 28: "Pat.-Nr.", 29: "Pat.-Nr.", 35: "Name"},
            {
                "041230": ("Albrecht", "1938-01-01", "male", "pancreas", ["liver"], "poor", "G3", "85 %",
                           None),
                "041264": ("Çelik", "1944-11-15", "female", "stomach", [], "poor", "NEC G3", "35", None),
                "041281": ("Dörr", "1947-04-22", "male", "rectum", ["liver", "peritoneum"], None, "G3", "0,9",
                           "12/2 mm²"),
                "041383": ("Jäger", "1965-10-08", "female", "pancreas", ["liver", "distant_nodes"], None,
                           "G3", "70", None),
                "041332": ("Größl", "1956-07-15", "female", None, ["bone"], None, None, None, None),
            },
        ),
        (
            "october.xlsx",
            ENGLISH,
            {"values": 5, "dates": 1},
            {20: "Ki-67", 21: "Path report", 29: "MRN", 30: "MRN", 34: "DOB"},
            {
                "0070010": ("Abbott", "1940-01-01", "male", "pancreas", ["liver"], "poor", "G3", "85 %",
                            None),
                "0070036": ("Choi", "1946-11-15", "male", "stomach", [], "poor", "G3", "35 %", None),
                "0070062": ("Evans", "1961-03-05", "male", "colon", None, "poor", "G3", "60-70%", None),
                "0070114": ("Ivanov", "1964-05-01", "male", "pancreas", ["peritoneum"], "poor", "G3", "100 %",
                            None),
                "0070127": ("Jones", "1967-10-08", "female", "biliary", ["liver"], None, "G3", ">80%", None),
            },
        ),
    ],
)  # fmt: skip
def test_a_month_becomes_cases_without_a_wrong_fact(
    board: Board,
    alice: User,
    file: str,
    answers: dict[str, Any],
    asked: dict[str, int],
    refused: dict[int, str],
    facts: dict[str, tuple[Any, ...]],
) -> None:
    data = (LISTS / file).read_bytes()
    first = list_of(board, opened(data, ListMapping()), ListMapping())
    assert first.header_row == 3
    proposed = proposed_fields(first.headers, {one.place: one.field for one in first.columns})
    columns = {first.headers[place]: field.path for place, field in proposed.items()}
    asking = list_of(board, opened(data, ListMapping()), read_mapping({"columns": columns}))
    assert asking.left_out in (["Bemerkung"], ["Comments"])
    assert Counter(one.kind for one in asking.questions) == asked

    mapping = read_mapping({"columns": columns, **answers})
    listed = finished(plan(board, alice, list_of(board, opened(data, mapping), mapping)))
    assert {line.number: line.faults[0].fault.column for line in listed.lines("refused")} == refused
    assert listed.counts == {
        "create": 31 - len(refused),
        "change": 0,
        "unchanged": 0,
        "refused": len(refused),
    }
    finished(import_list(board, alice, listed, source_of(file, data, None)))
    stored = {}
    for case in with_record(Case.objects.filter(board=board)):
        said = as_case_file(record_of(case))
        person, report = said["patient"], (said.get("pathology") or [{}])[0]
        stored[person["record_number"]] = (
            person["surname"], person["birth_date"], person["sex"], said["case"].get("primary_site"),
            said["case"].get("metastatic_sites"), report.get("differentiation"), report.get("reported_grade"),
            report.get("ki67"), report.get("mitoses"),
        )  # fmt: skip
    assert {number: stored[number] for number in facts} == facts


def test_each_name_of_a_column_is_proposed_for_one_field_that_there_is() -> None:
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    names = [name.strip() for line in lines for name in line.partition("[")[2].rstrip("]").split(",")]
    assert len(names_of_columns()) == len(set(names)) == len(names)
    assert proposed_fields(["Nachname", "Name", "geb.", "Xyz"], {2: FIELDS["birth_date"]}) == {
        0: FIELDS["surname"]
    }
