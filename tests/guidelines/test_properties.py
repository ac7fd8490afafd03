"""What must hold for any case, over random consistent sets of facts."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from guidelines.answer.assessment import assess
from guidelines.answer.parts import Assessment
from guidelines.engine.engine import Prepared, engine_for
from guidelines.knowledge import conditions
from guidelines.knowledge.conditions import Condition, Truth, evaluate
from guidelines.knowledge.releases import current
from guidelines.vocabulary.contradictions import contradictions
from guidelines.vocabulary.facts import FACTS, Fact, Range, Value
from guidelines.vocabulary.parsing import parse_facts
from tests.guidelines.brute import ABSENT, BOUNDS, how_many, left_open, reads, tried, values_of

GUIDELINE = current()
ENGINE = engine_for(GUIDELINE)
ASKED: list[tuple[str, Condition, Prepared]] = [
    *((one.id, one.when, ready) for one, ready in zip(GUIDELINE.statements, ENGINE.statements, strict=True)),
    *(
        (one.id, one.when, ready)
        for one, ready in zip(GUIDELINE.not_covered, ENGINE.not_covered, strict=True)
    ),
    *((one.nct, one.when, ready) for one, ready in zip(GUIDELINE.trials, ENGINE.trials, strict=True)),
    *(
        (f"entity {value}", named, ENGINE.entity[str(value)])
        for value, named in GUIDELINE.derived["entity"].values.items()
    ),
]
STATEMENTS = [one for one in ASKED if one[0] in {statement.id for statement in GUIDELINE.statements}]

MOST_COMPLETIONS = 4000


def stated(fact: Fact) -> st.SearchStrategy[Value]:
    """Any value a case may state, the bounds as often as what lies between them."""
    match fact.type:
        case "bool":
            return st.booleans()
        case "enum":
            return st.sampled_from([choice.value for choice in fact.choices])
        case "list":
            codes = [choice.value for choice in fact.choices]
            chosen = st.lists(st.sampled_from(codes), max_size=4, unique=True)
            return chosen.map(lambda members: tuple(code for code in codes if code in members))
        case "range":
            return st.one_of(st.sampled_from(values_of(fact)), ranges(fact))
    return st.sampled_from(values_of(fact))


def ranges(fact: Fact) -> st.SearchStrategy[Range]:
    """A range whose ends may touch, span or miss the bounds."""
    ends = st.sampled_from(sorted({0, 100, *values_of(fact)}))
    return st.lists(ends, min_size=2, max_size=2, unique=True).map(lambda pair: Range(min(pair), max(pair)))


@st.composite
def cases(draw: st.DrawFn, most: int = 14) -> dict[str, Value]:
    """A consistent set of facts, the ones that decide much drawn more often."""
    names = list(FACTS)
    leading = ["differentiation", "ki67", "extent", "primary_site", "treatment_line"]
    chosen = draw(st.lists(st.sampled_from(names), max_size=most, unique=True))
    chosen += [name for name in leading if name not in chosen and draw(st.booleans())]
    facts = {name: draw(stated(FACTS[name])) for name in chosen}
    assume(not contradictions(facts))
    return facts


@st.composite
def questions(draw: st.DrawFn) -> tuple[Condition, Prepared, dict[str, Value]]:
    """A condition of the guideline, and a case in which at most four of the facts it reads are open."""
    _, condition, prepared = draw(st.sampled_from(ASKED))
    names = reads(condition)
    unknown = set(draw(st.lists(st.sampled_from(names), max_size=4, unique=True)))
    facts: dict[str, Value] = {}
    for name in names:
        if name in unknown:
            if FACTS[name].type == "range" and draw(st.booleans()):
                facts[name] = draw(ranges(FACTS[name]))
            continue
        value = draw(_leaning_to(condition, FACTS[name]))
        if value != ABSENT:
            facts[name] = value
    assume(not contradictions(facts))
    assume(how_many(condition, facts) <= MOST_COMPLETIONS)
    return condition, prepared, facts


def _leaning_to(condition: Condition, fact: Fact) -> st.SearchStrategy[Any]:
    """Values that fulfil some test of the condition, three times in four: most random cases fail at once."""
    values = values_of(fact)
    tests = [test for test in conditions.tests_in(condition) if test.fact == fact]
    fulfilling = [
        value
        for value in values
        if value != ABSENT and any(test.holds(value) is Truth.TRUE for test in tests)
    ]
    anything = st.sampled_from(values)
    if not fulfilling:
        return anything
    return st.one_of(*[st.sampled_from(fulfilling)] * 3, anything)


@settings(max_examples=400)
@given(questions())
def test_the_engine_equals_trying_out_every_completion(
    question: tuple[Condition, Prepared, dict[str, Value]],
) -> None:
    condition, prepared, facts = question
    expected = tried(condition, facts)
    assume(expected.found)
    case = ENGINE.case(facts)
    assert (case.can_hold(prepared), case.can_fail(prepared)) == (expected.can_hold, expected.can_fail)
    if expected.can_hold and expected.can_fail:
        assert set(case.missing(prepared)) == expected.missing()


@pytest.mark.parametrize("name", [name for name, _, _ in ASKED])
def test_every_condition_against_completions_of_a_nearly_empty_case(name: str) -> None:
    """Each condition once, with as much open as can be tried out."""
    _, condition, prepared = next(one for one in ASKED if one[0] == name)
    facts: dict[str, Value] = {}
    for fact in reads(condition):
        if how_many(condition, facts) <= MOST_COMPLETIONS:
            break
        tests = [test for test in conditions.tests_in(condition) if test.fact.name == fact]
        options = [value for value in left_open(fact, None) if value != ABSENT]
        options.sort(key=lambda value: -sum(test.holds(value) is Truth.TRUE for test in tests))
        for value in options:
            if not contradictions({**facts, fact: value}) and tried_at_all({**facts, fact: value}):
                facts[fact] = value
                break
    expected = tried(condition, facts)
    case = ENGINE.case(facts)
    assert (case.can_hold(prepared), case.can_fail(prepared)) == (expected.can_hold, expected.can_fail)
    if expected.can_hold and expected.can_fail:
        assert set(case.missing(prepared)) == expected.missing()


def tried_at_all(facts: Mapping[str, Value]) -> bool:
    """No FIGO stage where the site cannot be the cervix; the reverse would leave nothing to complete."""
    return facts.get("primary_site", "cervix") == "cervix" or "figo_stage" not in facts


@settings(max_examples=150)
@given(cases(), st.sampled_from(list(FACTS)), st.data())
def test_learning_a_fact_never_overturns_what_is_settled(
    facts: dict[str, Value], learned: str, data: st.DataObject
) -> None:
    now = facts.get(learned)
    if isinstance(now, Range):
        inside = [value for value in left_open(learned, now) if now.low <= value <= now.high]
        value: Value = data.draw(st.sampled_from(inside))
    else:
        assume(now is None or now == FACTS[learned].leaves_open)
        value = data.draw(stated(FACTS[learned]))
    more = {**facts, learned: value}
    assume(not contradictions(more))
    before, after = ENGINE.case(facts), ENGINE.case(more)
    for name, _, prepared in ASKED:
        assert before.can_hold(prepared) or not after.can_hold(prepared), f"{name} was excluded"
        assert before.can_fail(prepared) or not after.can_fail(prepared), f"{name} applied"
        assert after.can_hold(prepared) or after.can_fail(prepared), f"{name} is neither"


@settings(max_examples=150)
@given(cases())
def test_the_three_valued_reading_never_contradicts_the_completions(facts: dict[str, Value]) -> None:
    case = ENGINE.case(facts)
    for name, condition, prepared in ASKED:
        truth = evaluate(condition, facts)
        if truth is Truth.TRUE:
            assert not case.can_fail(prepared), name
        if truth is Truth.FALSE:
            assert not case.can_hold(prepared), name


@settings(max_examples=150)
@given(cases(), ranges(FACTS["ki67"]))
def test_a_range_is_the_sum_of_its_values(facts: dict[str, Value], stated_range: Range) -> None:
    inside = left_open("ki67", stated_range)
    over_range = ENGINE.case({**facts, "ki67": stated_range})
    at_values = [ENGINE.case({**facts, "ki67": value}) for value in inside]
    for name, _, prepared in ASKED:
        assert over_range.can_hold(prepared) == any(case.can_hold(prepared) for case in at_values), name
        assert over_range.can_fail(prepared) == any(case.can_fail(prepared) for case in at_values), name


@pytest.mark.parametrize("bound", BOUNDS["ki67"])
def test_a_range_across_a_bound_counts_as_unknown_there(bound: float) -> None:
    answer = assess(GUIDELINE, {"differentiation": "poor", "ki67": Range(bound - 1, bound + 1)})
    assert any(f"{bound:g} %" in text for text in answer.classification.cautions)


@settings(max_examples=60)
@given(cases(), st.booleans())
def test_an_answer_survives_json(facts: dict[str, Value], every: bool) -> None:
    answer = assess(GUIDELINE, facts, include_excluded=every, provenance={"ki67": "pathology, 05-Mar-2026"})
    assert Assessment.from_json(json.loads(json.dumps(answer.as_json()))) == answer


@settings(max_examples=60)
@given(cases())
def test_facts_survive_json(facts: dict[str, Value]) -> None:
    written = json.loads(json.dumps({name: FACTS[name].as_json(value) for name, value in facts.items()}))
    assert parse_facts(written) == facts


@settings(max_examples=100)
@given(cases())
def test_an_answer_is_whole(facts: dict[str, Value]) -> None:
    """Every statement has one status; what is open says what decides it, and what decides is unknown."""
    answer = assess(GUIDELINE, facts, include_excluded=True)
    assert [one.id for one in answer.recommendations] == [name for name, _, _ in STATEMENTS]
    for one in answer.recommendations:
        is_open = one.status == "possible"
        assert bool(one.missing) is is_open
        assert bool(one.excluded_by) is (one.status == "excluded")
        for name in one.missing:
            value = facts.get(name)
            assert value is None or value == FACTS[name].leaves_open or isinstance(value, Range)
    decides = {(one.fact, decided) for one in answer.missing for decided in one.decides}
    assert decides == {(name, one.id) for one in answer.recommendations for name in one.missing}
