"""What if, as data: which options come, go and change."""

from typing import Any

import pytest

from cases.screens.what_if import Supposition, pivot_lines, suppose, tried_value
from guidelines.knowledge.releases import CURRENT, current, guideline_at
from guidelines.vocabulary.parsing import parse_facts

NET = {
    "differentiation": "well",
    "ki67": 45,
    "primary_site": "pancreas",
    "extent": "metastatic",
    "metastatic_sites": ["liver"],
}


def supposed(edition: str = "", **facts: Any) -> Supposition:
    guideline = guideline_at(f"{CURRENT}@{edition}") if edition else current()
    return suppose(guideline, parse_facts(NET), parse_facts({**NET, **facts}))


def codes(found: Supposition, title: str) -> set[str]:
    return {one.shown.code for heading, lines in found.groups for one in lines if heading == title}


def test_nothing_changed_changes_nothing() -> None:
    found = supposed()
    assert (found.groups, found.changed, found.new_cautions) == ((), (), ())
    assert found.in_short == "No option comes, goes or changes."


def test_options_come_go_and_change() -> None:
    found = supposed(differentiation="poor", treatment_line=1)
    assert "platinum_etoposide" in codes(found, "Appears")
    assert "ssa_tumor_control" in codes(found, "Changes")
    assert "platinum_based_first_line" in codes(found, "Disappears")
    assert ("Differentiation", "Well differentiated", "Poorly differentiated") in found.changed
    assert found.in_short.startswith("Now NEC. Platinum and etoposide: recommended. ")
    assert found.same > 0


def test_a_condition_that_is_settled_is_a_change_but_more_words_are_none() -> None:
    found = supposed(progressive=True)
    assert codes(found, "Appears") == set()
    assert "prrt" not in codes(found, "Changes")  # still possible, on fewer facts
    settled = supposed(treatment_line=1)
    assert "captem" in codes(settled, "Changes")
    captem = next(one for _, lines in settled.groups for one in lines if one.shown.code == "captem")
    assert (captem.today and captem.today.status, captem.then and captem.then.status) == (
        "possible",
        "applies",
    )


def test_what_is_no_longer_covered_and_what_is_new_to_mind() -> None:
    found = supposed(ki67=10, mitotic_count=5)
    assert any("Not high grade" in text for text in found.no_longer_covered)
    assert any(subject == "Surgical debulking" for subject, _ in supposed(ki67=60).new_cautions)


def test_an_older_edition_speaks_of_statements() -> None:
    found = supposed("1.0", differentiation="poor")
    assert found.noun == "statement"
    ids = {one.id for one in guideline_at(f"{CURRENT}@1.0").statements}
    assert codes(found, "Appears") <= ids


def test_pivots_count_treatments() -> None:
    lines = {one.name: one for one in pivot_lines(current(), parse_facts(NET))}
    poor = next(one for one in lines["differentiation"].turns if one.label == "Poorly differentiated")
    changed = supposed(differentiation="poor")
    assert 0 < poor.touches <= sum(len(found) for _, found in changed.groups)
    old = guideline_at(f"{CURRENT}@1.0")
    assert next(iter(pivot_lines(old, parse_facts(NET)))).turns[0].touches > 0


@pytest.mark.parametrize(
    "tried", ["", "zebrafish:0", "extent:", "extent:99", "extent:-1", "extent:" + "9" * 400, "extent:²"]
)
def test_nonsense_to_try_is_nothing(tried: str) -> None:
    assert tried_value(current(), parse_facts(NET), tried) == {}


def test_a_value_to_try() -> None:
    assert tried_value(current(), parse_facts(NET), "differentiation:0") == {"differentiation": "poor"}
