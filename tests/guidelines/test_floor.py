"""The engine and the floor written from the same data: the same wherever nothing is unknown."""

from random import Random

import pytest

from guidelines.answer.unused import known_to
from guidelines.engine.engine import engine_for
from guidelines.knowledge.releases import addresses, current, guideline_at
from guidelines.vocabulary.facts import FACTS, OTHER_SYSTEMIC, FactsInvalid, Value
from guidelines.vocabulary.parsing import parse_facts
from tests.bench.answers import verdicts
from tests.bench.floor import floor


def complete_case(random: Random, address: str) -> dict[str, Value]:
    """Every fact that arises, stated: each band of each fact comes up, bounds included."""
    engine = engine_for(guideline_at(address))
    while True:
        case = {
            one.fact.name: random.choice([band.value for band in one.bands if band.value is not None])
            for one in engine.space.facts
            if one.fact.name in engine.guideline.knows
        }
        if case["extent"] != "metastatic":
            case["metastatic_sites"] = ()
        if case["primary_site"] != "cervix":
            del case["figo_stage"]
        counts = (1, 4, 5) if "brain" in case["metastatic_sites"] else (0,)
        case["brain_metastasis_count"] = random.choice(counts)
        case["prior_regimens"] = tuple(one for one in case["prior_regimens"] if one != OTHER_SYSTEMIC)
        try:
            facts = parse_facts(case)
        except FactsInvalid:
            continue
        if not known_to(engine.guideline, facts)[1]:
            return facts


@pytest.mark.parametrize("address", addresses())
@pytest.mark.parametrize("seed", range(5))
def test_both_agree_on_complete_cases(address: str, seed: int) -> None:
    guideline, random = guideline_at(address), Random(seed)
    engine, written = engine_for(guideline), floor(guideline)
    for _ in range(250):
        facts = complete_case(random, address)
        assert verdicts(engine, facts) == written(facts), facts


def test_every_statement_is_met_in_both() -> None:
    """With just the facts that a statement asks for: what the floor leaves out would show here."""
    guideline = current()
    engine, written = engine_for(guideline), floor(guideline)
    for statement, prepared in zip(guideline.statements, engine.statements, strict=True):
        wanted: dict[str, Value] = {"ki67": 80}
        for part in prepared.parts:
            for index, mask in engine.parts[part].boxes.true[0]:
                banded = engine.space.facts[index]
                value = banded.bands[mask.bit_length() - 1].value
                if banded.fact.name in FACTS and value is not None:
                    wanted[banded.fact.name] = value
        assert statement.id in verdicts(engine, wanted)
        assert statement.id in written(wanted), statement.id


def test_what_only_completions_can_see() -> None:
    """Of high grade, whatever its differentiation: in scope. By hand, three unknown answers stay unknown."""
    facts: dict[str, Value] = {"ki67": 60}
    assert verdicts(engine_for(current()), facts)["org-expert-center"] == "applies"
    assert floor(current())(facts)["org-expert-center"] == "possible"
