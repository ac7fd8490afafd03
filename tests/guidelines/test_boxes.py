"""Bands and boxes: exact where the three-valued reading is not, and true to the rules between facts."""

from typing import Any

import pytest

from guidelines.engine.bands import banded
from guidelines.engine.boxes import Boxes, Space, deciders, meet, meets, minimal
from guidelines.knowledge.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Condition,
    Named,
    Not,
    Test,
    Truth,
    evaluate,
    parse_condition,
)
from guidelines.knowledge.releases import current
from guidelines.vocabulary.facts import FACTS, INFINITE, Range, Value

DERIVED = {name: one.values for name, one in current().derived.items()}
ALL_FACTS = {**FACTS, **{name: one.fact for name, one in current().concluded.items()}}


def when(raw: Any) -> Condition:
    return parse_condition(raw, ALL_FACTS, DERIVED)


RULES = tuple(current().rules)
GROUNDS = {one.fact: one.only for one in current().arises if one.grounded}


def space_of(*conditions: Condition) -> Space:
    return Space(ALL_FACTS, conditions, (), RULES, GROUNDS, ("response", "cell_type"))


def outcome(raw: Any, facts: dict[str, Value]) -> str:
    """applies, possible or excluded, by the boxes of the whole condition."""
    condition = when(raw)
    space = space_of(condition)
    boxes, possible = space.boxes(condition), space.possible(facts)
    return _status(meets(boxes.true, possible), meets(boxes.false, possible))


def _status(can_hold: bool, can_fail: bool) -> str:
    assert can_hold or can_fail
    return "possible" if can_hold and can_fail else "applies" if can_hold else "excluded"


EXACT = [
    # always true, though nothing is known
    ({"any": [{"progressive": True}, {"progressive": False}]}, {}, "applies"),
    ({"any": [{"ki67": {"above": 20}}, {"ki67": {"at_most": 20}}]}, {}, "applies"),
    ({"any": [{"ki67": {"below": 55}}, {"ki67": 55}, {"ki67": {"above": 55}}]}, {}, "applies"),
    ({"differentiation": ["well", "poor", "indeterminate"]}, {}, "applies"),
    ({"sstr_imaging": ["positive", "negative"]}, {"sstr_imaging": "not_done"}, "applies"),
    # never true, though nothing is known
    ({"all": [{"progressive": True}, {"not": {"progressive": True}}]}, {}, "excluded"),
    ({"all": [{"ki67": {"above": 55}}, {"ki67": {"below": 55}}]}, {}, "excluded"),
    ({"xor": [{"progressive": True}, {"progressive": True}]}, {}, "excluded"),
    ({"all": [{"entity": "nec"}, {"entity": "g3_net"}]}, {}, "excluded"),
    # a case distinction that comes to the same on both sides
    (
        {"any": [{"rb": "lost", "progressive": True}, {"rb": "retained", "progressive": True}]},
        {"progressive": True},
        "applies",
    ),
    # ranges: across a bound open, on one side settled, on the bound itself both
    ({"ki67": {"above": 20}}, {"ki67": Range(15, 25)}, "possible"),
    ({"ki67": {"above": 20}}, {"ki67": Range(21, 90)}, "applies"),
    ({"ki67": {"above": 20}}, {"ki67": Range(5, 20)}, "excluded"),
    ({"ki67": {"above": 20}}, {"ki67": Range(20, 25)}, "possible"),
    ({"ki67": 55}, {"ki67": Range(50, 60)}, "possible"),
    ({"any": [{"ki67": {"below": 55}}, {"ki67": {"at_least": 55}}]}, {"ki67": Range(50, 60)}, "applies"),
    # open bounds
    ({"ki67": {"above": 20}}, {"ki67": Range(20, INFINITE, low_open=True)}, "applies"),
    ({"ki67": {"above": 20}}, {"ki67": Range(20, INFINITE)}, "possible"),
    ({"ki67": {"above": 20}}, {"ki67": Range(-INFINITE, 20)}, "excluded"),
    ({"ki67": {"below": 20}}, {"ki67": Range(-INFINITE, 20, high_open=True)}, "applies"),
    ({"ki67": {"above": 90}}, {"ki67": Range(80, INFINITE, low_open=True)}, "possible"),
    # a rule ties facts to each other
    ({"extent": "localized"}, {"figo_stage": "IVB", "primary_site": "cervix"}, "excluded"),
    ({"extent": "localized"}, {"figo_stage": "IVA", "primary_site": "cervix"}, "possible"),
    ({"extent": "metastatic"}, {"figo_stage": "IVB", "primary_site": "cervix"}, "possible"),
    ({"extent": ["metastatic", "no_evidence_of_disease"]}, {"extent": "localized"}, "excluded"),
    ({"figo_stage": "IVB"}, {"primary_site": "cervix", "extent": "localized"}, "excluded"),
    # a fact rests on its ground: where that fails, a bool is no, a list is empty, no other test holds
    ({"margin": "positive"}, {"margin": "positive"}, "possible"),
    ({"margin": "positive"}, {"margin": "positive", "resected": True}, "applies"),
    ({"margin": ["positive", "negative"]}, {"resected": False}, "excluded"),
    ({"not": {"margin": "positive"}}, {"resected": False}, "applies"),
    ({"metastatic_sites": {"empty": True}}, {"extent": "localized"}, "applies"),
    ({"metastatic_sites": {"includes": "brain"}}, {"extent": "localized"}, "excluded"),
    ({"metastatic_sites": {"includes": "brain"}}, {"metastatic_sites": ("brain",)}, "possible"),
    ({"liver_dominant": False}, {"extent": "localized"}, "applies"),
    ({"liver_dominant": True}, {"extent": "metastatic", "metastatic_sites": ("bone",)}, "excluded"),
    ({"figo_stage": ["IA1", "IVB"]}, {"primary_site": "colon"}, "excluded"),
    ({"not": {"figo_stage": "IVB"}}, {"primary_site": "colon"}, "applies"),
    ({"any": [{"figo_stage": "IA1"}, {"primary_site": "cervix"}]}, {}, "possible"),
    # a fact that may have no value: none of its values need hold
    ({"cell_type": ["small_cell", "large_cell"]}, {}, "possible"),
    ({"response": ["exceptional", "response", "stable", "progression"]}, {"response": "stable"}, "applies"),
    # a ground of several facts is settled before, not here
    ({"refractory": True}, {"refractory": True, "treatment_line": 1, "prior_regimens": ()}, "applies"),
]


@pytest.mark.parametrize(("raw", "facts", "expected"), EXACT)
def test_completions_are_exact(raw: dict[str, Any], facts: dict[str, Value], expected: str) -> None:
    assert outcome(raw, facts) == expected


def test_the_three_valued_reading_alone_would_not_tell() -> None:
    """Why boxes are needed at all."""
    assert evaluate(when({"any": [{"progressive": True}, {"progressive": False}]}), {}) is Truth.UNKNOWN
    stage = {"figo_stage": "IVB", "primary_site": "cervix"}
    assert evaluate(when({"extent": "localized"}), stage) is Truth.UNKNOWN


@pytest.mark.parametrize(
    ("raw", "labels"),
    [
        ([], ["any value"]),
        ([{"ki67": {"above": 20}}], ["below 20", "20", "above 20"]),
        (
            [{"ki67": {"above": 20}}, {"ki67": {"below": 55}}],
            ["below 20", "20", "between 20 and 55", "55", "above 55"],
        ),
        ([{"ki67": {"at_least": 100}}], ["below 100", "100"]),
        ([{"ki67": {"above": 0}}], ["0", "above 0"]),
    ],
)
def test_bands_of_a_number(raw: list[dict[str, Any]], labels: list[str]) -> None:
    tests = [test for one in raw for test in [when(one)] if isinstance(test, Test)]
    fact = banded(FACTS["ki67"], tests)
    assert [band.label for band in fact.bands] == labels
    for bit, band in enumerate(fact.bands):
        assert band.value is not None
        assert fact.possible(band.value) == 1 << bit
    assert fact.possible(None) == fact.everything == (1 << len(labels)) - 1


def test_bands_of_whole_numbers_hold_whole_numbers_only() -> None:
    tests = [when({"treatment_line": 1}), when({"treatment_line": {"at_least": 2}})]
    fact = banded(FACTS["treatment_line"], [test for test in tests if isinstance(test, Test)])
    assert [band.value for band in fact.bands] == [1, 2, 3]  # nothing between 1 and 2, nothing below 1


def test_bands_of_an_exclusive_minimum_leave_it_out() -> None:
    test = when({"tumor_size_cm": {"above": 2}})
    assert isinstance(test, Test)
    assert [band.value for band in banded(FACTS["tumor_size_cm"], [test]).bands] == [1, 2, 3]


def test_bands_of_a_list_are_the_sets_that_conditions_tell_apart() -> None:
    test = when({"metastatic_sites": {"includes": "liver"}})
    assert isinstance(test, Test)
    fact = banded(FACTS["metastatic_sites"], [test])
    assert len(fact.bands) == 4  # liver or not, anything else or not
    assert fact.possible(("bone",)) == fact.possible(("lung", "bone"))
    assert fact.possible(("liver", "bone")) != fact.possible(("liver",)) != fact.possible(())


def test_a_list_is_extended_by_as_little_as_is_needed() -> None:
    tests = [when({"metastatic_sites": {"includes": one}}) for one in ("brain", "liver")]
    fact = banded(FACTS["metastatic_sites"], [test for test in tests if isinstance(test, Test)])
    with_brain = sum(fact.possible(sites) for sites in (("brain",), ("brain", "liver")))
    assert fact.extended(("liver",), with_brain) == (fact.possible(("liver", "brain")), ("liver", "brain"))
    assert fact.extended((), with_brain) == (fact.possible(("brain",)), ("brain",))


def test_a_fact_that_may_have_no_value_has_a_band_for_it() -> None:
    fact = banded(FACTS["cell_type"], [], conditional=True)
    assert [band.value for band in fact.bands] == ["small_cell", "large_cell", None]
    assert fact.absent == 0b100
    assert fact.possible(None) == fact.everything == 0b111
    assert banded(FACTS["cell_type"], []).absent == 0


def test_what_was_not_done_leaves_the_finding_open() -> None:
    fact = banded(FACTS["sstr_imaging"], [])
    assert fact.possible("not_done") == fact.possible(None) == fact.everything
    assert len(fact.bands) == 2


# --- boxes as such: (fact, bands) pairs; 1, 2 and 4 are single bands

A, B = ((0, 1),), ((0, 2),)
AB = ((0, 1), (1, 1))


def test_meet() -> None:
    assert meet(A, B) is None
    assert meet(A, ((1, 3),)) == ((0, 1), (1, 3))
    assert meet(((0, 3),), ((0, 6),)) == ((0, 2),)
    assert meet((), A) == A


def test_minimal_drops_what_lies_inside_and_joins_neighbors() -> None:
    assert minimal([A, A]) == (A,)
    assert minimal([A, AB]) == (A,)
    assert minimal([A, ()]) == ((),)
    assert minimal([A, B]) == (((0, 3),),)
    assert set(minimal([AB, ((0, 2), (1, 2))])) == {AB, ((0, 2), (1, 2))}
    # joined twice: the four corners of a square
    square = [((0, one), (1, other)) for one in (1, 2) for other in (1, 2)]
    assert minimal(square) == (((0, 3), (1, 3)),)


def test_meets() -> None:
    assert meets([A], [1, 3])
    assert not meets([A], [2, 3])
    assert meets([()], [1, 1])
    assert not meets([], [1, 1])


def test_reads_names_the_facts_that_make_a_difference() -> None:
    condition = when(
        {"any": [{"progressive": True}, {"all": [{"progressive": False}, {"refractory": True}]}]}
    )
    space = space_of(condition)
    names = {space.facts[index].fact.name for index in space.boxes(condition).reads}
    assert names == {"progressive", "refractory"}
    idle = when({"any": [{"progressive": True}, {"progressive": False}]})
    assert space_of(idle).boxes(idle) == Boxes(((),), ())


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        ({"progressive": True, "refractory": True}, 2),
        # one fact in two parts, openly or through a derived fact
        ({"all": [{"ki67": {"above": 20}}, {"ki67": {"below": 55}}]}, 1),
        ({"entity": "g3_net", "differentiation": "well", "progressive": True}, 2),
        # joined by a third
        ({"all": [{"any": [{"rb": "lost"}, {"p53": "null"}]}, {"rb": "lost"}, {"p53": "null"}]}, 1),
        # a fact and what it rests on, openly or through the ground alone
        ({"extent": "metastatic", "metastatic_sites": {"includes": "liver"}}, 1),
        ({"disease_burden": "high", "metastatic_sites": {"includes": "liver"}}, 1),
        # facts that consistency ties together
        ({"extent": "metastatic", "primary_site": "colon", "progressive": True}, 2),
        ({"extent": "metastatic", "figo_stage": "IVB", "metastatic_sites": {"empty": True}}, 1),
    ],
)
def test_groups_never_part_what_belongs_together(raw: dict[str, Any], parts: int) -> None:
    condition = when(raw)
    space = space_of(condition)
    groups = space.groups(condition)
    assert len(groups) == parts
    whole = space.boxes(condition).true
    joined = space.boxes(AllOf(groups)).true
    assert set(whole) == set(joined)


def test_nothing_asked_always_holds() -> None:
    space = space_of()
    assert space.boxes(ALWAYS) == Boxes(((),), ())
    assert space.boxes(Not(ALWAYS)) == Boxes((), ((),))
    assert space.boxes(AnyOf(())) == Boxes((), ((),))


def test_a_derived_fact_opens_to_its_condition() -> None:
    nec = when({"entity": "nec"})
    assert isinstance(nec, Named)
    space = space_of(nec)
    assert space.boxes(nec) == space.boxes(nec.condition)


MISSING: list[tuple[dict[str, Any], dict[str, Value], set[str], set[str]]] = [
    # either of two facts alone can make it fail
    ({"all": [{"progressive": True}, {"refractory": True}]}, {}, {"progressive", "refractory"}, set()),
    ({"all": [{"progressive": True}, {"refractory": True}]}, {"progressive": True}, {"refractory"}, set()),
    # either alone can make it hold, and turns it when the other is against
    ({"any": [{"progressive": True}, {"refractory": True}]}, {}, {"progressive", "refractory"}, set()),
    # a fact that no longer matters is not asked for
    (
        {"any": [{"progressive": True}, {"refractory": True, "rb": "lost"}]},
        {"rb": "retained"},
        {"progressive"},
        set(),
    ),
    # only together do they decide: each turns it, none settles it
    ({"xor": [{"progressive": True}, {"refractory": True}]}, {}, {"progressive", "refractory"}, set()),
    # a range that spans the bound asks for the value
    ({"ki67": {"above": 55}}, {"ki67": Range(40, 60)}, {"ki67"}, set()),
    # what a fact rests on decides with it; where that is settled it is not asked again
    ({"margin": "positive"}, {}, {"resected", "margin"}, set()),
    ({"margin": "positive"}, {"resected": True}, {"margin"}, set()),
    ({"not": {"margin": "positive"}}, {}, {"resected", "margin"}, set()),
    # a rule ties the stage to the extent: a stage may settle that it is not localized
    ({"not": {"extent": "localized"}}, {"primary_site": "cervix"}, {"extent"}, {"figo_stage"}),
]


@pytest.mark.parametrize(("raw", "facts", "always", "if_last"), MISSING)
def test_deciders(raw: dict[str, Any], facts: dict[str, Value], always: set[str], if_last: set[str]) -> None:
    condition = when(raw)
    space = space_of(condition)
    found = deciders(space.boxes(condition), space.possible(facts))
    names = [{space.facts[index].fact.name for index in indices} for indices in found]
    assert names == [always, if_last]
