"""What comes in a case file, is stored and comes out again: the same facts, tests and cautions."""

import datetime
from dataclasses import fields
from typing import Any

import pytest
from django.db import models

from cases.casefile.file_reading import read_case_file
from cases.casefile.shape import CaseFile
from cases.course.facts_of_file import facts_of_file
from cases.facts import facts_of
from cases.filing import DECLARED, STAGE, around, as_case_file, columns_of
from cases.guideline import guideline_of
from cases.models import Board, Case, Patient
from cases.models.base import Stamped
from cases.record import FIELD_OF, CaseRecord
from tests.cases.course.test_vignettes import TODAY, vignettes

BOARD = Board(name="Board", slug="board")
BY_FIELD = {field: model for model, field in FIELD_OF.items()}


def stored(file: CaseFile) -> CaseRecord:
    """The record that the parts of a file make, unsaved; the patient's own dates are days, so they stay."""
    case = Case(board=BOARD, **without_board(columns_of(file.case, Case)))
    patient = Patient(**columns_of(file.patient, Patient))
    parts: dict[str, tuple[Stamped, ...]] = {
        field: tuple(model(**columns_of(part, model)) for part in getattr(file, field))
        for field, model in BY_FIELD.items()
    }
    return CaseRecord(case=case, patient=patient, **parts)  # type: ignore[arg-type]


def without_board(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if name != "board"}


def can_be_stored(file: CaseFile) -> bool:
    """Whether every key of it has a column: an assessment may state more than its form asks."""
    columns = {one.name for one in BY_FIELD["assessments"]._meta.concrete_fields}
    return all(set(part.stated) <= columns for part in file.assessments)


READABLE = tuple(one for one in vignettes() if "error" not in one.values[0])


@pytest.mark.parametrize("vignette", READABLE)
def test_a_stored_case_file_says_what_the_file_says(vignette: dict[str, Any]) -> None:
    today = datetime.date.fromisoformat(vignette.get("today", TODAY))
    file = read_case_file(vignette["file"], around(BOARD, today))
    if not can_be_stored(file):
        pytest.skip("states in an assessment what the form asks elsewhere")
    expected = facts_of_file(file, guideline_of(BOARD), today)
    found = facts_of(stored(file), today)
    assert found.values == {name: one.value for name, one in expected.facts.items()}
    assert {name: one.derived for name, one in found.provenance.items()} == {
        name: one.derived for name, one in expected.facts.items()
    }
    assert dict(found.done) == dict(expected.done)
    # Codes are stored as codes, however they were written: "MSI: HIGH".
    assert "\n".join(found.cautions).casefold() == "\n".join(expected.cautions).casefold()
    again = read_case_file(as_case_file(stored(file)), around(BOARD, today))
    facts = facts_of_file(again, guideline_of(BOARD), today).facts
    assert repr(facts).casefold() == repr(dict(expected.facts)).casefold()


@pytest.mark.parametrize("model", DECLARED)
def test_every_key_has_its_column_or_is_named_here(model: type[Stamped]) -> None:
    """`stage` is four columns; a case's `board` is a row; what the form of an assessment does not ask is
    stated by the part of the record that shows it.
    """
    elsewhere = {
        "pathology": {"stage"},
        "assessments": {
            "primary_site", "pancreas_subsite", "extent", "figo_stage", "tumor_size_cm", "metastatic_sites",
            "brain_metastasis_count", "liver_dominant", "sstr_imaging", "sstr_uptake", "sstr_pattern",
            "fdg_pet", "sstr_fdg_discordant", "mmr", "tmb", "ntrk_fusion", "ret_fusion", "braf_v600e",
            "margin", "months_since_treatment",
        },
    }  # fmt: skip
    declared = DECLARED[model]
    columns = {field.name for field in model._meta.concrete_fields if isinstance(field, models.Field)}
    missing = set(declared.by_name) - columns
    assert missing == elsewhere.get(declared.name, set())
    if declared.name == "pathology":
        assert {f"stage_{letter}" for letter in STAGE} <= columns


def test_every_kind_of_part_has_its_place() -> None:
    assert {one.name for one in fields(CaseRecord)} == {"case", "patient", *FIELD_OF.values()}
