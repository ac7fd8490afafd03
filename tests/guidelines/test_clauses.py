"""What a clause remembers for the bands of a case is what reading the stated values gives."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from guidelines.engine.clauses import ClauseAnswer
from guidelines.engine.engine import engine_for
from guidelines.knowledge.conditions import evaluate
from guidelines.knowledge.releases import current
from guidelines.vocabulary.facts import Range, Value

ENGINE = engine_for(current())


def stated(random: Random) -> dict[str, Value]:
    """Some facts with values inside their bands and on the bounds, Ki-67 often as a range."""
    known = random.random()
    facts: dict[str, Value] = {}
    for one in ENGINE.space.facts:
        values = [band.value for band in one.bands if band.value is not None]
        if random.random() < known:
            facts[one.fact.name] = random.choice([*values, one.fact.leaves_open or values[0]])
    if random.random() < 0.5:
        low = random.randint(0, 98)
        facts["ki67"] = random.choice(
            [Range(low, random.randint(low + 1, 100)), random.randint(0, 1000) / 10]
        )
    return facts


@settings(max_examples=80)
@given(st.randoms(use_true_random=False).map(stated))
def test_remembered_answers_are_fresh_answers(facts: dict[str, Value]) -> None:
    case = ENGINE.case(facts)
    for index, clause in enumerate(ENGINE.clauses):
        remembered, fresh = case.clause(index), ClauseAnswer(clause, case.facts)
        assert remembered.truth is evaluate(clause.condition, case.facts)
        assert (remembered.because, remembered.against) == (fresh.because, fresh.against), clause.words
