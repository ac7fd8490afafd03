"""The lanes of the algorithm for a case."""

from typing import Any

import pytest

from cases.screens.path import MOST_IN_SIGHT, Lane, Lanes, lanes_of
from guidelines.answer.assessment import assess
from guidelines.knowledge.releases import CURRENT, guideline_at
from guidelines.show.algorithm import tree_of
from guidelines.show.path import Path
from guidelines.vocabulary.parsing import parse_facts

NEC = {
    "differentiation": "poor",
    "ki67": 80,
    "primary_site": "colon",
    "extent": "metastatic",
    "metastatic_sites": ["liver"],
}


def lanes(facts: dict[str, Any], address: str = CURRENT) -> Lanes:
    guideline, known = guideline_at(address), parse_facts(facts)
    tree = tree_of(guideline)
    return lanes_of(assess(guideline, known), tree, Path(guideline, tree, known).lights)


def every(found: Lanes) -> list[Lane]:
    return [*found.own, *found.possible, *found.others]


@pytest.mark.parametrize("address", [f"{CURRENT}@1.0", f"{CURRENT}@1.1"])
@pytest.mark.parametrize("facts", [{}, NEC, {**NEC, "primary_site": "cervix"}, {"differentiation": "well"}])
def test_each_lane_stands_once_and_few_are_in_sight(facts: dict[str, Any], address: str) -> None:
    found = lanes(facts, address)
    names = [one.id for one in every(found)]
    assert len(set(names)) == len(names) >= 8
    assert len(found.own) <= MOST_IN_SIGHT
    assert not (found.own and found.possible)
    assert all(one.status == "open" for one in found.possible)


def test_own_lane_is_the_one_the_case_is_on() -> None:
    (own,) = lanes(NEC).own
    assert (own.status, own.name.split(", primary")[0]) == ("on", "NEC, metastatic")
    assert [one.title for one in own.stages][:3] == ["First line", "Second line and beyond", "Any line"]


def test_what_the_case_is_closest_to_stands_first_in_a_stage() -> None:
    (own,) = lanes(NEC).own
    for stage in own.stages:
        order = [("on", "open", "off").index(one.status) for one in stage.entries]
        assert order == sorted(order)
    first = own.stages[0].entries[0]
    assert (first.code, first.verdict, first.status) == ("platinum_etoposide", "Recommended", "open")


def test_an_entry_has_the_verdict_that_stands_in_its_place() -> None:
    (own,) = lanes({**NEC, "on_systemic_treatment": True, "newly_diagnosed": False}).own
    monitoring = next(one for one in own.stages if one.title == "Monitoring of treatment")
    imaging = next(one for one in monitoring.entries if one.code == "ct_mri")
    assert (imaging.verdict, imaging.status) == ("Recommended", "on")


def test_a_lane_the_case_is_not_on_leads_to_statements() -> None:
    other = next(one for one in lanes(NEC).others if one.name.startswith("G3 NET, metastatic"))
    entries = [one for stage in other.stages for one in stage.entries]
    assert entries
    assert all(one.code == "" and one.statement for one in entries)


def test_not_covered_is_said_on_its_lane() -> None:
    notes = {one.entity: one.note for one in every(lanes(NEC))}
    assert "covers G3 NET and NEC only" in notes["Not high grade"]
