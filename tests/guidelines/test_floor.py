"""The engine and the statements written by hand: the same wherever nothing is unknown."""

from random import Random

import pytest

from guidelines.engine.engine import engine_for
from guidelines.knowledge.releases import current
from guidelines.vocabulary.facts import FactsInvalid, Value
from guidelines.vocabulary.parsing import parse_facts
from tests.bench.answers import verdicts
from tests.bench.handwritten import verdicts as by_hand

ENGINE = engine_for(current())


def complete_case(random: Random) -> dict[str, Value]:
    """Every fact that arises, stated: each band of each fact comes up, bounds included."""
    while True:
        case = {
            one.fact.name: random.choice([band.value for band in one.bands if band.value is not None])
            for one in ENGINE.space.facts
        }
        if case["primary_site"] != "cervix":
            del case["figo_stage"]
        if case["extent"] == "localized":
            case["metastatic_sites"] = ()
        try:
            return parse_facts(case)
        except FactsInvalid:
            continue


@pytest.mark.parametrize("seed", range(10))
def test_both_agree_on_complete_cases(seed: int) -> None:
    random = Random(seed)
    for _ in range(500):
        facts = complete_case(random)
        assert verdicts(ENGINE, facts) == by_hand(facts), facts


def test_every_statement_is_written_by_hand_and_met() -> None:
    random, met = Random(1), set()
    for _ in range(4000):
        met |= by_hand(complete_case(random)).keys()
    assert met == {statement.id for statement in current().statements}


def test_what_only_completions_can_see() -> None:
    """Of high grade, whatever its differentiation: in scope. By hand, three unknown answers stay unknown."""
    facts: dict[str, Value] = {"ki67": 60}
    assert verdicts(ENGINE, facts)["org-expert-center"] is True
    assert by_hand(facts)["org-expert-center"] is None
