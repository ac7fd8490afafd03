"""The condition grammar: three-valued logic in full, every operator, and the words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidelines.knowledge import conditions
from guidelines.knowledge.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Condition,
    ConditionError,
    Implies,
    Named,
    Not,
    Test,
    Truth,
    Xor,
    because,
    conjunction,
    conjuncts,
    disjunction,
    evaluate,
    exclusive,
    implication,
    negation,
    parse_condition,
)
from guidelines.knowledge.phrases import describe
from guidelines.knowledge.releases import current
from guidelines.vocabulary.facts import ABSENT, FACTS, INFINITE, Range, Value

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN

# a, b: a and b, a or b, if a then b, either a or b. With the three rows of "not": 39 in all.
BINARY = [
    (T, T, T, T, T, F),
    (T, F, F, T, F, T),
    (T, U, U, T, U, U),
    (F, T, F, T, T, T),
    (F, F, F, F, T, F),
    (F, U, F, U, T, U),
    (U, T, U, T, T, U),
    (U, F, F, U, U, U),
    (U, U, U, U, U, U),
]
ROWS = [
    (name, (a, b), result)
    for a, b, *results in BINARY
    for name, result in zip(("and", "or", "implies", "xor"), results, strict=True)
] + [("not", (T,), F), ("not", (F,), T), ("not", (U,), U)]
FUNCTIONS = {
    "and": conjunction,
    "or": disjunction,
    "implies": implication,
    "xor": exclusive,
    "not": negation,
}
TREES = {
    "and": lambda *parts: AllOf(parts),
    "or": lambda *parts: AnyOf(parts),
    "implies": Implies,
    "xor": Xor,
    "not": Not,
}
NAMES = ("progressive", "refractory")


def test_there_are_39_rows() -> None:
    assert len(ROWS) == len({(name, operands) for name, operands, _ in ROWS}) == 39


@pytest.mark.parametrize(("name", "operands", "result"), ROWS)
def test_three_valued_logic(name: str, operands: tuple[Truth, ...], result: Truth) -> None:
    assert FUNCTIONS[name](*operands) is result


@pytest.mark.parametrize(("name", "operands", "result"), ROWS)
def test_three_valued_logic_of_trees(name: str, operands: tuple[Truth, ...], result: Truth) -> None:
    tree = TREES[name](*(Test(FACTS[fact], "is", (True,)) for fact, _ in zip(NAMES, operands, strict=False)))
    known = {fact: truth is T for fact, truth in zip(NAMES, operands, strict=False) if truth is not U}
    assert evaluate(tree, known) is result


def test_joins_of_no_and_of_many_parts() -> None:
    assert conjunction() is T
    assert disjunction() is F
    assert conjunction(T, U, F) is F
    assert conjunction(T, U, T) is U
    assert disjunction(F, U, T) is T
    assert disjunction(F, U, F) is U
    assert evaluate(ALWAYS, {}) is T
    assert evaluate(AnyOf(()), {}) is F


def when(raw: Any) -> Condition:
    """A condition as the files write it, with the derived facts of the guideline."""
    concluded = {name: one.fact for name, one in current().concluded.items()}
    derived = {name: one.values for name, one in current().derived.items()}
    return parse_condition(raw, {**FACTS, **concluded}, derived)


OPERATORS: list[tuple[dict[str, Any], Value | None, Truth]] = [
    # numbers: on the bound, just below, just above, unknown
    ({"ki67": {"above": 20}}, 20, F),
    ({"ki67": {"above": 20}}, 20.01, T),
    ({"ki67": {"at_least": 20}}, 20, T),
    ({"ki67": {"at_least": 20}}, 19.99, F),
    ({"ki67": {"below": 55}}, 55, F),
    ({"ki67": {"below": 55}}, 54.99, T),
    ({"ki67": {"at_most": 60}}, 60, T),
    ({"ki67": {"at_most": 60}}, 60.01, F),
    ({"ki67": 55}, 55, T),
    ({"ki67": 55}, 55.0, T),
    ({"ki67": 55}, 54.99, F),
    ({"ki67": {"above": 20}}, None, U),
    ({"ki67": {"above": 10, "below": 55}}, 10, F),
    ({"ki67": {"above": 10, "below": 55}}, 10.5, T),
    ({"ki67": {"above": 10, "below": 55}}, 55, F),
    ({"treatment_line": 1}, 1, T),
    ({"treatment_line": {"at_least": 2}}, 1, F),
    # ranges: both ends on one side, spanning, touching
    ({"ki67": {"above": 20}}, Range(21, 40), T),
    ({"ki67": {"above": 20}}, Range(5, 19), F),
    ({"ki67": {"above": 20}}, Range(5, 20), F),
    ({"ki67": {"above": 20}}, Range(20, 40), U),
    ({"ki67": {"above": 20}}, Range(15, 25), U),
    ({"ki67": {"at_least": 20}}, Range(20, 40), T),
    ({"ki67": {"at_least": 20}}, Range(15, 20), U),
    ({"ki67": {"below": 55}}, Range(50, 55), U),
    ({"ki67": {"below": 55}}, Range(55, 70), F),
    ({"ki67": {"at_most": 60}}, Range(55, 60), T),
    ({"ki67": 55}, Range(50, 60), U),
    ({"ki67": 55}, Range(55, 60), U),
    ({"ki67": 55}, Range(56, 60), F),
    # open bounds: above 20, at least 20, below 20, at most 20
    ({"ki67": {"above": 20}}, Range(20, INFINITE, low_open=True), T),
    ({"ki67": {"above": 20}}, Range(20, INFINITE), U),
    ({"ki67": {"at_least": 20}}, Range(20, INFINITE), T),
    ({"ki67": {"above": 20}}, Range(-INFINITE, 20, high_open=True), F),
    ({"ki67": {"above": 20}}, Range(-INFINITE, 20), F),
    ({"ki67": {"below": 20}}, Range(-INFINITE, 20, high_open=True), T),
    ({"ki67": {"below": 20}}, Range(-INFINITE, 20), U),
    ({"ki67": {"at_most": 20}}, Range(-INFINITE, 20), T),
    ({"ki67": {"above": 90}}, Range(80, INFINITE, low_open=True), U),
    ({"ki67": 20}, Range(20, INFINITE, low_open=True), F),
    ({"ki67": 20}, Range(20, INFINITE), U),
    # choices
    ({"differentiation": "well"}, "well", T),
    ({"differentiation": "well"}, "poor", F),
    ({"differentiation": ["well", "poor"]}, "poor", T),
    ({"differentiation": ["well", "poor"]}, "indeterminate", F),
    ({"differentiation": "well"}, None, U),
    # a value that is recorded but answers nothing
    ({"sstr_imaging": "positive"}, "not_done", U),
    ({"sstr_imaging": "negative"}, "not_done", U),
    ({"sstr_imaging": "positive"}, "negative", F),
    ({"fdg_pet": "positive"}, "not_done", U),
    # yes and no
    ({"progressive": True}, True, T),
    ({"progressive": True}, False, F),
    ({"progressive": False}, False, T),
    ({"progressive": False}, None, U),
    # lists
    ({"metastatic_sites": {"includes": "liver"}}, ("liver", "bone"), T),
    ({"metastatic_sites": {"includes": "liver"}}, ("bone",), F),
    ({"metastatic_sites": {"includes": ["liver", "lung"]}}, ("lung",), T),
    ({"metastatic_sites": {"includes": "liver"}}, (), F),
    ({"metastatic_sites": {"includes": "liver"}}, None, U),
    ({"metastatic_sites": {"includes_other_than": "liver"}}, ("liver",), F),
    ({"metastatic_sites": {"includes_other_than": "liver"}}, ("liver", "bone"), T),
    ({"metastatic_sites": {"includes_other_than": "liver"}}, (), F),
    ({"metastatic_sites": {"empty": True}}, (), T),
    ({"metastatic_sites": {"empty": True}}, ("bone",), F),
    ({"metastatic_sites": {"empty": False}}, ("bone",), T),
    ({"metastatic_sites": {"empty": False}}, (), F),
    ({"metastatic_sites": {"empty": True}}, None, U),
    # what cannot arise fulfils no test
    ({"margin": "positive"}, ABSENT, F),
    ({"figo_stage": ["IB1", "IVB"]}, ABSENT, F),
    ({"ki67": {"above": 20}}, ABSENT, F),
]


@pytest.mark.parametrize(("raw", "value", "expected"), OPERATORS)
def test_operators(raw: dict[str, Any], value: Value | None, expected: Truth) -> None:
    (name,) = raw
    facts = {} if value is None else {name: value}
    assert evaluate(when(raw), facts) is expected
    assert evaluate(Not(when(raw)), facts) is negation(expected)


BOUNDED = st.builds(
    Range,
    st.sampled_from([-INFINITE, *(half / 2 for half in range(40))]),
    st.sampled_from([INFINITE, *(half / 2 for half in range(60, 100))]),
    st.booleans(),
    st.booleans(),
)


@given(
    stated=BOUNDED,
    operator=st.sampled_from(["above", "at_least", "below", "at_most", "is"]),
    bound=st.integers(0, 50),
)
def test_a_range_answers_as_every_value_within_it_does(stated: Range, operator: str, bound: int) -> None:
    within = [quarter / 4 for quarter in range(-40, 400) if quarter / 4 in stated]
    test = when({"ki67": bound if operator == "is" else {operator: bound}})
    truths = {evaluate(test, {"ki67": value}) for value in within}
    assert evaluate(test, {"ki67": stated}) is (truths.pop() if len(truths) == 1 else U)


def test_a_derived_fact_stands_for_its_condition() -> None:
    nec = when({"entity": "nec"})
    assert isinstance(nec, Named)
    poor: dict[str, Value] = {"differentiation": "poor", "high_grade": True, "low_grade_component": False}
    assert evaluate(nec, poor) is T
    assert evaluate(nec, {"differentiation": "poor", "high_grade": True}) is U
    assert evaluate(nec, {"differentiation": "well"}) is F
    assert evaluate(nec, {}) is U
    either = when({"entity": ["g3_net", "nec"]})
    assert evaluate(either, {"differentiation": "well", "high_grade": True}) is T
    assert evaluate(either, {"differentiation": "well", "high_grade": False}) is F
    assert evaluate(when({"first_line": False}), {"treatment_line": 2}) is T


WORDS = [
    ({"differentiation": "well"}, "Differentiation Well differentiated"),
    ({"differentiation": ["well", "poor"]}, "Differentiation Well differentiated or Poorly differentiated"),
    ({"not": {"differentiation": "well"}}, "Differentiation not Well differentiated"),
    ({"progressive": True}, "Progressive disease: yes"),
    ({"not": {"progressive": True}}, "Progressive disease: no"),
    ({"ki67": {"above": 55}}, "Ki-67 above 55 %"),
    ({"not": {"ki67": {"above": 55}}}, "Ki-67 at most 55 %"),
    ({"not": {"ki67": {"at_least": 55}}}, "Ki-67 below 55 %"),
    ({"metastatic_sites": {"includes": "liver"}}, "Metastatic sites include Liver"),
    ({"not": {"metastatic_sites": {"includes": "liver"}}}, "Metastatic sites do not include Liver"),
    ({"metastatic_sites": {"includes_other_than": "liver"}}, "Metastatic sites beyond Liver"),
    ({"metastatic_sites": {"empty": True}}, "Metastatic sites: none"),
    ({"metastatic_sites": {"empty": False}}, "Metastatic sites: at least one"),
    ({"entity": "g3_net"}, "Entity G3 NET"),
    ({"not": {"entity": "g3_net"}}, "Entity not G3 NET"),
    (
        {"progressive": True, "refractory": True},
        "Progressive disease: yes and Refractory disease: yes",
    ),
    (
        {"any": [{"progressive": True}, {"refractory": True}]},
        "(Progressive disease: yes or Refractory disease: yes)",
    ),
    (
        {"not": {"any": [{"progressive": True}, {"refractory": True}]}},
        "Progressive disease: no and Refractory disease: no",
    ),
    (
        {"not": {"all": [{"progressive": True}, {"refractory": True}]}},
        "(Progressive disease: no or Refractory disease: no)",
    ),
    (
        {"implies": [{"progressive": True}, {"refractory": True}]},
        "if Progressive disease: yes, then Refractory disease: yes",
    ),
    (
        {"xor": [{"progressive": True}, {"refractory": True}]},
        "either Progressive disease: yes or Refractory disease: yes, not both",
    ),
]


@pytest.mark.parametrize(("raw", "words"), WORDS)
def test_words(raw: dict[str, Any], words: str) -> None:
    assert describe(when(raw)) == words


def test_words_of_nothing() -> None:
    assert describe(ALWAYS) == "always"
    assert describe(Not(ALWAYS)) == "never"


BOTH: dict[str, Any] = {"progressive": True, "refractory": True}
EITHER: dict[str, Any] = {"any": [{"progressive": True}, {"refractory": True}]}
NEITHER: dict[str, Value] = {"progressive": False, "refractory": False}
BECAUSE: list[tuple[dict[str, Any], dict[str, Value], Truth, list[str]]] = [
    # all parts speak for a conjunction, the first that holds for a disjunction
    (BOTH, {"progressive": True, "refractory": True}, T, ["progressive", "refractory"]),
    (EITHER, {"refractory": True}, T, ["refractory"]),
    # one part that fails is enough against a conjunction, all are needed against a disjunction
    (BOTH, {"refractory": False}, F, ["refractory"]),
    (EITHER, NEITHER, F, ["progressive", "refractory"]),
    ({"not": {"progressive": True}}, {"progressive": False}, T, ["progressive"]),
    ({"implies": [{"progressive": True}, {"refractory": True}]}, NEITHER, T, ["progressive"]),
    ({"xor": [{"progressive": True}, {"refractory": False}]}, NEITHER, T, ["progressive", "refractory"]),
    (
        {"entity": "nec"},
        {"differentiation": "poor", "low_grade_component": False, "high_grade": True},
        T,
        ["high_grade", "differentiation", "low_grade_component"],
    ),
    # nothing speaks for what is open
    (BOTH, {"progressive": True}, T, []),
]


@pytest.mark.parametrize(("raw", "facts", "wanted", "names"), BECAUSE)
def test_because(raw: dict[str, Any], facts: dict[str, Value], wanted: Truth, names: list[str]) -> None:
    assert [test.fact.name for test in because(when(raw), facts, wanted)] == names


def test_parts_of_a_nested_conjunction() -> None:
    nested = when({"all": [{"progressive": True, "refractory": True}, {"margin": "negative"}]})
    assert [test.fact.name for part in conjuncts(nested) for test in conditions.tests_in(part)] == [
        "progressive",
        "refractory",
        "margin",
    ]


WRONG = [
    ([], "a condition is a mapping"),
    ({}, "a condition is a mapping"),
    ("well", "a condition is a mapping"),
    (True, "a condition is a mapping"),
    ({"differentation": "well"}, "differentation: no such fact or derived fact"),
    ({1: "well"}, "1: no such fact"),
    ({"differentiation": "good"}, "allowed: well, poor, indeterminate"),
    ({"differentiation": ["well", "good"]}, "allowed: well, poor, indeterminate"),
    ({"differentiation": True}, "allowed: well, poor, indeterminate"),
    ({"differentiation": None}, "cannot ask for a fact that is not known"),
    ({"progressive": "yes"}, "allowed: true, false"),
    ({"progressive": 1}, "allowed: true, false"),
    ({"ki67": "55"}, "ki67"),
    ({"ki67": 120}, "from 0 to 100"),
    ({"ki67": {"above": 120}}, "from 0 to 100"),
    ({"ki67": {"above": True}}, "ki67"),
    ({"ki67": {"min": 20, "max": 30}}, "ki67: min 20 does not fit"),
    ({"ki67": {"over": 20}}, "ki67: over 20 does not fit a fact of type range"),
    ({"ki67": {"includes": 20}}, "does not fit a fact of type range"),
    ({"differentiation": {"above": 1}}, "does not fit a fact of type enum"),
    ({"metastatic_sites": "liver"}, "use includes, includes_other_than or empty"),
    ({"metastatic_sites": {"includes": "brian"}}, "allowed: a list of liver"),
    ({"metastatic_sites": {"empty": 1}}, "does not fit a fact of type list"),
    ({"entity": "net"}, "entity: 'net' is not one of g3_net, nec"),
    ({"first_line": "yes"}, "first_line: 'yes' is not one of"),
    ({"any": {"progressive": True}}, "any: a list of at least two conditions"),
    ({"any": [{"progressive": True}]}, "any: a list of at least two conditions"),
    ({"implies": [{"progressive": True}] * 3}, "implies: exactly two conditions"),
    ({"xor": [{"progressive": True}] * 3}, "xor: exactly two conditions"),
    ({"not": [{"progressive": True}]}, "a condition is a mapping"),
]


@pytest.mark.parametrize(("raw", "told"), WRONG)
def test_what_lies_outside_the_grammar_is_refused(raw: Any, told: str) -> None:
    with pytest.raises(ConditionError) as caught:
        when(raw)
    assert told in str(caught.value)
