"""What must hold for any case, over random consistent sets of facts."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from guidelines.answer.assessment import assess
from guidelines.answer.parts import Assessment, Recommendation
from guidelines.engine.engine import Prepared, engine_for
from guidelines.knowledge import conditions
from guidelines.knowledge.conditions import Condition, Truth, evaluate
from guidelines.knowledge.model import Statement
from guidelines.knowledge.releases import current
from guidelines.vocabulary.contradictions import contradictions
from guidelines.vocabulary.facts import ABSENT, FACTS, INFINITE, Fact, FactError, Range, Value
from guidelines.vocabulary.parsing import parse_facts
from tests.guidelines import brute
from tests.guidelines.brute import HIGH_GRADE, NOT_IN_COMPLETIONS, how_many, reads, tried, values_of
from tests.guidelines.soundness import unsound

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
MOST_COMPLETIONS = 4000


# --- Cases ------------------------------------------------------------------------------------------------


def stated(fact: Fact) -> st.SearchStrategy[Value]:
    """Any value a case may state, the bounds as often as what lies between them."""
    match fact.type:
        case "bool":
            return st.booleans()
        case "enum":
            return st.sampled_from([choice.value for choice in fact.choices])
        case "list":
            codes = [choice.value for choice in fact.choices]
            chosen = st.lists(st.sampled_from(codes), max_size=3, unique=True)
            return chosen.map(lambda members: tuple(code for code in codes if code in members))
        case "range":
            return st.one_of(st.sampled_from(values_of(fact)), bounded(fact))
    return st.sampled_from(values_of(fact))


@st.composite
def bounded(draw: st.DrawFn, fact: Fact) -> Value:
    """A range or an open bound whose ends may touch, span or miss the guideline's bounds."""
    low, high = sorted(draw(st.lists(st.sampled_from(values_of(fact)), min_size=2, max_size=2, unique=True)))
    found = Range(
        draw(st.sampled_from([low, low, -INFINITE])),
        draw(st.sampled_from([high, high, INFINITE])),
        draw(st.booleans()),
        draw(st.booleans()),
    )
    assume(found.low != -INFINITE or found.high != INFINITE)
    try:
        value = fact.parse(found)
    except FactError:
        value = None
    assume(value is not None)
    return value  # type: ignore[return-value]


@st.composite
def cases(draw: st.DrawFn, most: int = 14) -> dict[str, Value]:
    """A set of facts that a board may enter, the ones that decide much drawn more often."""
    leading = ["differentiation", "ki67", "extent", "primary_site", "treatment_line"]
    chosen = draw(st.lists(st.sampled_from(list(FACTS)), max_size=most, unique=True))
    chosen += [name for name in leading if name not in chosen and draw(st.booleans())]
    facts = {name: draw(stated(FACTS[name])) for name in chosen}
    assume(not contradictions(facts))
    return facts


@st.composite
def near(draw: st.DrawFn) -> tuple[Statement, dict[str, Value]]:
    """A statement, and a case near it: most facts that it reads are stated, most of them for it."""
    statement = draw(st.sampled_from(GUIDELINE.statements))
    facts: dict[str, Value] = {}
    for name in (*reads(statement.when), *statement.provided):
        if name != HIGH_GRADE and draw(st.integers(0, 3)):
            facts[name] = draw(_leaning_to(statement.when, FACTS[name]))
    for name in draw(st.lists(st.sampled_from(list(FACTS)), max_size=4, unique=True)):
        facts.setdefault(name, draw(stated(FACTS[name])))
    facts = {name: value for name, value in facts.items() if value is not ABSENT}
    assume(not contradictions(facts))
    return statement, facts


def _leaning_to(condition: Condition, fact: Fact) -> st.SearchStrategy[Any]:
    """Values that fulfil some test of the condition, three times in four: most random cases fail at once."""
    tests = [test for test in conditions.tests_in(condition) if test.fact == fact]
    fulfilling = [
        value
        for value in values_of(fact)
        if value is not ABSENT and any(test.holds(value) is Truth.TRUE for test in tests)
    ]
    if not fulfilling:
        return stated(fact)
    return st.one_of(*[st.sampled_from(fulfilling)] * 3, stated(fact))


# --- The engine against cases settled and completed one by one --------------------------------------------


def _against_brute_force(statement: Statement, facts: Mapping[str, Value]) -> str:
    """Where the answer differs from trying out every completion; nothing where it does not."""
    by_hand = brute.settle(facts)
    if how_many(statement.when, by_hand) > MOST_COMPLETIONS:
        return ""
    settled = ENGINE.case(facts).settled
    assert settled is not None
    if (set(settled.unused), set(settled.idle)) != (by_hand.unused, by_hand.idle):
        return f"not used {settled.unused}, idle {settled.idle}; by hand {by_hand.unused}, {by_hand.idle}"
    one = _recommendation(statement, facts)
    wanted = brute.status(statement, by_hand)
    if one.status != wanted:
        return f"{statement.id} is {one.status}, by hand {wanted}"
    if wanted == "possible":
        decisive = brute.asked(tried(statement.when, by_hand), by_hand)
        if set(one.missing) != decisive:
            return f"{statement.id} asks for {one.missing}, by hand {decisive}"
    if wanted in ("applies", "possible"):
        open_provisos = {name for name in statement.provided if len(by_hand.possible[name]) > 1}
        if set(one.provided) != open_provisos:
            return f"{statement.id} depends on {one.provided}, by hand {open_provisos}"
    return ""


def _recommendation(statement: Statement, facts: Mapping[str, Value]) -> Recommendation:
    found = assess(GUIDELINE, facts, include_excluded=True).recommendations
    return next(one for one in found if one.id == statement.id)


@settings(max_examples=300)
@given(near())
def test_an_answer_equals_trying_out_every_completion(drawn: tuple[Statement, dict[str, Value]]) -> None:
    assert _against_brute_force(*drawn) == ""


def test_every_statement_equals_trying_out_every_completion_of_a_nearly_empty_case() -> None:
    """Each statement once, with as much open as can be tried out."""
    differing = []
    for statement in GUIDELINE.statements:
        facts: dict[str, Value] = {}
        for name in reads(statement.when):
            if how_many(statement.when, brute.settle(facts)) <= MOST_COMPLETIONS:
                break
            if name == HIGH_GRADE:
                continue
            tests = [test for test in conditions.tests_in(statement.when) if test.fact.name == name]
            options = [value for value in values_of(FACTS[name]) if value is not ABSENT]
            options.sort(key=lambda value: -sum(test.holds(value) is Truth.TRUE for test in tests))
            facts[name] = next(value for value in options if not contradictions({**facts, name: value}))
        differing.append(_against_brute_force(statement, facts))
    assert [one for one in differing if one] == []


@settings(max_examples=100)
@given(cases())
def test_what_is_open_after_settling_is_what_is_open_by_hand(facts: dict[str, Value]) -> None:
    settled, by_hand = ENGINE.case(facts).settled, brute.settle(facts)
    assert settled is not None
    assert (set(settled.unused), set(settled.idle)) == (by_hand.unused, by_hand.idle)
    for banded, bands in zip(ENGINE.space.facts, settled.possible, strict=True):
        name = banded.fact.name
        values = by_hand.possible[name]
        if ABSENT in values and not banded.absent:
            continue  # where its ground fails, no test of the fact holds, whatever its bands
        of_values = 0
        for value in values:
            of_values |= banded.absent if value is ABSENT else banded.possible(value)
        assert bands & ~of_values == 0 or banded.fact.type == "list", name
        assert of_values & ~bands == 0, name


@settings(max_examples=60)
@given(cases())
def test_every_answer_is_sound(facts: dict[str, Value]) -> None:
    """Options agree with recommendations and stand in order; nothing idle or settled is asked."""
    written = {name: FACTS[name].as_json(value) for name, value in facts.items()}
    answer = json.loads(json.dumps(assess(GUIDELINE, facts).as_json()))
    by_hand = brute.settle(facts)
    if not by_hand.unused:  # facts that contradict each other: which of them counts is told elsewhere
        assert list(unsound({"facts": written}, answer)) == []


@settings(max_examples=60)
@given(cases(), st.sampled_from(["all", "some"]))
def test_an_answer_is_whole(facts: dict[str, Value], which: str) -> None:
    """Every statement has one status; what is open says what decides it, and what decides is unknown."""
    answer = assess(GUIDELINE, facts, include_excluded=which == "all")
    listed = [one.id for one in answer.recommendations]
    if which == "all":
        assert listed == [one.id for one in GUIDELINE.statements]
    for one in answer.recommendations:
        assert bool(one.missing) is (one.status == "possible"), one.id
        assert bool(one.excluded_by) is (one.status == "excluded"), one.id
        for name in one.missing:
            value = facts.get(name)
            assert value is None or value == FACTS[name].leaves_open or isinstance(value, Range)
    assert Assessment.from_json(json.loads(json.dumps(answer.as_json()))) == answer


@settings(max_examples=100)
@given(cases())
def test_the_three_valued_reading_never_contradicts_the_completions(facts: dict[str, Value]) -> None:
    case = ENGINE.case(facts)
    for name, condition, prepared in ASKED:
        truth = evaluate(condition, case.facts)
        assert truth is not Truth.TRUE or not case.can_fail(prepared), name
        assert truth is not Truth.FALSE or not case.can_hold(prepared), name


@settings(max_examples=100)
@given(cases(), bounded(FACTS["ki67"]))
def test_a_range_is_the_sum_of_its_values(facts: dict[str, Value], stated_range: Value) -> None:
    """But for what a report presumes of the grade, which a number overturns."""
    facts = {name: value for name, value in facts.items() if name != "reported_grade"}
    assume(facts.get("differentiation") != "poor" and isinstance(stated_range, Range))
    inside = brute.left_open("ki67", stated_range)
    over_range = ENGINE.case({**facts, "ki67": stated_range})
    at_values = [ENGINE.case({**facts, "ki67": value}) for value in inside]
    for name, _, prepared in ASKED:
        assert over_range.can_hold(prepared) == any(case.can_hold(prepared) for case in at_values), name
        assert over_range.can_fail(prepared) == any(case.can_fail(prepared) for case in at_values), name


@settings(max_examples=60)
@given(cases())
def test_facts_survive_json(facts: dict[str, Value]) -> None:
    written = json.loads(json.dumps({name: FACTS[name].as_json(value) for name, value in facts.items()}))
    assert parse_facts(written) == facts


def test_the_facts_that_completions_leave_alone_are_those_of_the_data() -> None:
    """What is spelled by hand, and what the data say, name the same facts."""
    assert list(brute.GROUNDS) == [one.fact for one in GUIDELINE.arises]
    assert set(NOT_IN_COMPLETIONS) == {one.fact for one in GUIDELINE.arises if not one.grounded}
