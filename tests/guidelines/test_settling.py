"""What follows between facts before any statement is asked: what settles what, what cannot arise, what is
presumed, what is concluded (readings 2, 11, 13, 32, 34, 37 and 38).
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given, settings

from guidelines.answer.assessment import assess
from guidelines.answer.unused import cannot_arise
from guidelines.engine.engine import Engine, engine_for
from guidelines.engine.settling import Settled, Settling
from guidelines.knowledge import conditions
from guidelines.knowledge.model import Guideline
from guidelines.knowledge.releases import current, guideline_at
from guidelines.vocabulary.facts import ABSENT, FACTS, Value
from guidelines.vocabulary.parsing import parse_facts
from tests.guidelines.test_properties import cases

ENGINE = engine_for(current())
OPEN, NONE = "OPEN", "NONE"

Facts = dict[str, Any]


def settle(facts: Facts, settling: Settling = ENGINE.settling) -> Settled:
    return settling.settle(parse_facts(facts))


def values(settled: Settled, names: Iterator[str] | list[str]) -> Facts:
    """What each fact is settled to."""
    found: Facts = {}
    for name in names:
        bands, value = settled.possible[ENGINE.space.index[name]], settled.facts.get(name)
        if value is ABSENT:
            found[name] = NONE
        elif name in settled.idle or (bands & (bands - 1) and value is None):
            found[name] = OPEN
        else:
            found[name] = list(value) if isinstance(value, tuple) else value
    return found


Row = dict[str, Any]
TABLES: dict[str, list[Row]] = yaml.safe_load((Path(__file__).parent / "settling.yaml").read_text("utf-8"))
ROWS = [row for rows in TABLES.values() for row in rows]


def found(row: Row, settling: Settling = ENGINE.settling) -> tuple[Facts, list[str]]:
    """What a row's facts are settled to, and which of the stated ones are not used."""
    settled = settle(row["stated"], settling)
    return values(settled, list(row["settled"])), sorted(settled.unused)


def wanted(row: Row) -> tuple[Facts, list[str]]:
    return row["settled"], sorted(row.get("unused", []))


@pytest.mark.parametrize("table", TABLES)
def test_what_follows_from_what_is_stated(table: str) -> None:
    wrong = [(row["what"], found(row)) for row in TABLES[table] if found(row) != wanted(row)]
    assert wrong == []


def test_imaging_not_done_is_asked_and_what_rests_on_it_is_not() -> None:
    settled = settle({"sstr_imaging": "not_done"})
    assert settled.idle == {"sstr_uptake", "sstr_pattern"}
    assert values(settled, ["sstr_imaging", "sstr_uptake"]) == {
        "sstr_imaging": "not_done",
        "sstr_uptake": OPEN,
    }
    stated = settle({"sstr_imaging": "not_done", "sstr_uptake": "above_liver"})
    assert set(stated.unused) == {"sstr_uptake"}


def test_a_count_goes_before_the_sites_and_says_so() -> None:
    settled = settle({"metastatic_sites": ["bone"], "brain_metastasis_count": 2})
    assert settled.outranked == {"brain_metastasis_count": "metastatic_sites"}
    assert settle({"metastatic_sites": ["brain"], "brain_metastasis_count": 2}).outranked == {}


def test_what_is_behind_a_conclusion() -> None:
    both = settle({"ki67": 45, "mitotic_count": 24})
    assert both.behind("high_grade") == (("ki67", "above 20 %"),)
    neither = settle({"ki67": 4, "mitotic_count": 2})
    assert [name for name, _ in neither.behind("high_grade")] == ["ki67", "mitotic_count"]
    assert settle({"reported_grade": "g3"}).behind("high_grade") == (("reported_grade", ""),)


def test_nothing_follows_in_edition_1_0() -> None:
    settled = Engine(guideline_at("nanets-hgnen-2023@1.0")).settling.settle(
        parse_facts(
            {"margin": "positive", "differentiation": "poor", "newly_diagnosed": True, "treatment_line": 2}
        )
    )
    assert (set(settled.follows), set(settled.presumed), set(settled.unused)) == (set(), set(), set())


# --- Would a mistake in the data be noticed? --------------------------------------------------------------


def mutants(guideline: Guideline) -> Iterator[tuple[str, Guideline]]:
    """The guideline without one thing that follows between facts, or with it the other way."""
    arises, presumptions = guideline.arises, guideline.presumptions
    for index, one in enumerate(arises):
        before, after = arises[:index], arises[index + 1 :]
        yield f"without the ground of {one.fact}", replace(guideline, arises=(*before, *after))
        if one.outranks:
            changed = replace(one, outranks=False)
            yield f"{one.fact} outranks nothing", replace(guideline, arises=(*before, changed, *after))
        if one.silent:
            changed = replace(one, silent=())
            yield f"{one.fact} is named", replace(guideline, arises=(*before, changed, *after))
    for index, presumed in enumerate(presumptions):
        before_it, after_it = presumptions[:index], presumptions[index + 1 :]
        rest = (*before_it, *after_it)
        yield f"without presuming {presumed.fact} {presumed.value}", replace(guideline, presumptions=rest)
        if presumed.certain:
            bold = (*before_it, replace(presumed, certain=False), *after_it)
            yield f"{presumed.fact} {presumed.value} presumed boldly", replace(guideline, presumptions=bold)
    for name, concluded in guideline.concluded.items():
        for index in range(len(concluded.conclusions)):
            fewer = (*concluded.conclusions[:index], *concluded.conclusions[index + 1 :])
            changed_facts = {**guideline.concluded, name: replace(concluded, conclusions=fewer)}
            yield f"{name} without conclusion {index}", replace(guideline, concluded=changed_facts)


def test_anything_left_out_of_the_data_would_be_noticed() -> None:
    unnoticed = []
    for what, mutant in mutants(current()):
        settling = Settling(mutant, ENGINE.space)
        unnoticed += [] if any(found(row, settling) != wanted(row) for row in ROWS) else [what]
    assert unnoticed == []


# --- Any case ---------------------------------------------------------------------------------------------


def restated(settled: Settled) -> dict[str, Value]:
    """The facts of a settled case as somebody might state them."""
    return {
        name: value
        for name, value in settled.facts.items()
        if value is not ABSENT and name in FACTS and name not in settled.presumed
    }


UNTREATED = {"response": "exceptional", "extent": "localized", "newly_diagnosed": True, "resected": False}
"""Nothing has been done that this could be the response to, so that it says nothing of progression."""


@settings(max_examples=150)
@example(UNTREATED)
@given(cases(most=20))
def test_settling_what_is_settled_changes_nothing(facts: dict[str, Value]) -> None:
    once = ENGINE.settling.settle(facts)
    twice = ENGINE.settling.settle(restated(once))
    assert twice.possible == once.possible
    assert (set(twice.unused), dict(twice.outranked)) == (set(), {})


ARISES_BY = {one.fact: {test.fact.name for test in conditions.tests_in(one.only)} for one in current().arises}
"""Fact → the facts that say whether it can arise; those may be presumed."""


@settings(max_examples=150)
@given(cases(most=20))
def test_learning_leaves_open_no_more_than_before_but_for_what_is_presumed(facts: dict[str, Value]) -> None:
    """Fact by fact in any order; facts that contradict each other are left aside."""
    whole = ENGINE.settling.settle(facts)
    assume(not whole.unused and not whole.outranked)
    assume(all(whole.facts.get(name, value) == value for name, value in facts.items()))
    known: dict[str, Value] = {}
    before = ENGINE.settling.settle(known)
    for name, value in facts.items():
        known[name] = value
        after = ENGINE.settling.settle(known)
        for banded, less, more in zip(ENGINE.space.facts, before.possible, after.possible, strict=True):
            again = banded.fact.name
            excepted = again in before.presumed or again in before.concluded or again in after.idle
            excepted |= not ARISES_BY.get(again, set()).isdisjoint(before.presumed)
            assert not more & ~less or excepted or less == banded.absent, (known, again)
        before = after


@settings(max_examples=60)
@given(cases())
def test_a_fact_that_is_asked_would_be_used(facts: dict[str, Value]) -> None:
    """Some answer to it, at least, is no answer that is passed over."""
    settled = ENGINE.settling.settle(facts)
    assume(not settled.unused)
    for one in assess(current(), facts).missing:
        banded = ENGINE.space.facts[ENGINE.space.index[one.fact]]
        answers = [band.value for band in banded.bands if band.value not in (None, False, 0, ())]
        told = [ENGINE.settling.settle({**facts, one.fact: value}) for value in answers]  # type: ignore[dict-item]
        assert any(one.fact not in after.unused for after in told), one.fact


@pytest.mark.parametrize(
    ("facts", "absent", "possible"),
    [
        ({}, set(), {"figo_stage", "metastatic_sites", "sstr_uptake"}),
        (
            {"primary_site": "pancreas"},
            {"figo_stage", "deep_stromal_invasion", "lymphovascular_invasion"},
            {"pancreas_subsite"},
        ),
        (
            {"extent": "metastatic"},
            {"early_stage", "under_surveillance"},
            {"disease_burden", "liver_dominant"},
        ),
        ({"extent": "localized"}, {"disease_burden", "metastatic_sites", "liver_dominant"}, {"early_stage"}),
        ({"metastatic_sites": ["bone"]}, {"liver_dominant", "brain_metastasis_count"}, {"disease_burden"}),
        ({"sstr_imaging": "not_done"}, {"sstr_uptake", "sstr_fdg_discordant"}, {"sstr_imaging"}),
        ({"extent": "localized", "disease_burden": "high"}, {"metastatic_sites"}, {"disease_burden"}),
    ],
)
def test_what_only_other_cases_have_is_told_with_its_ground(
    facts: Facts, absent: set[str], possible: set[str]
) -> None:
    """What is stated is none of it: it is used, or a caution says why not."""
    found = cannot_arise(current(), parse_facts(facts))
    assert absent <= found.keys()
    assert not possible & found.keys()
    assert all(found.values())


def test_the_ground_is_said_in_words() -> None:
    found = cannot_arise(current(), parse_facts({"primary_site": "pancreas", "extent": "localized"}))
    assert found["figo_stage"] == "the primary is in the cervix"
    assert found["disease_burden"] == "the disease is metastatic"


@settings(max_examples=60)
@given(cases())
def test_what_only_other_cases_have_is_never_asked(facts: dict[str, Value]) -> None:
    absent = cannot_arise(current(), facts)
    assert not absent.keys() & (facts.keys() | {one.fact for one in assess(current(), facts).missing})
