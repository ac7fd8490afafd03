"""Would another edition answer otherwise? By a table of small changes, and against both whole answers."""

from dataclasses import replace
from typing import Any

import pytest

from guidelines.answer.assessment import assess
from guidelines.answer.recall import DifferingVerdict, differing_verdicts
from guidelines.knowledge.labels import Stance
from guidelines.knowledge.model import Guideline, Order, Statement
from guidelines.knowledge.releases import current, guideline_at
from guidelines.vocabulary.parsing import parse_facts
from tests.guidelines.vignette import ANSWERED, Vignette

OLD = "nanets-hgnen-2023@1.0"
NEC = {"differentiation": "poor", "ki67": 80, "primary_site": "colon", "extent": "metastatic"}
FIRST_LINE = {**NEC, "treatment_line": 1, "etoposide_feasible": True}
NAME = "met-nec-platinum-etoposide"


def with_statements(change: dict[str, Statement | None]) -> Guideline:
    """The newest edition with one statement in another form, or without it."""
    kept = [change.get(one.id, one) for one in current().statements]
    orders = {} if None in change.values() else current().orders
    found = tuple(one for one in kept if one is not None)
    return replace(current(), statements=found, orders=orders)


def differing(after: Guideline, facts: dict[str, Any], **lists: Any) -> tuple[DifferingVerdict, ...]:
    return differing_verdicts(current(), after, parse_facts(facts), **lists)


def changed(**said: Any) -> Guideline:
    return with_statements({NAME: replace(current().statement(NAME), **said)})


def test_the_same_edition_answers_alike() -> None:
    assert differing(current(), FIRST_LINE) == ()
    assert differing(changed(statement="Other words for the same thing."), FIRST_LINE) == ()


def test_a_changed_stance_is_told_with_both_verdicts_and_its_reason() -> None:
    [one] = differing(changed(stance=Stance.CONSIDER), FIRST_LINE)
    assert (one.intervention, one.asked) == ("platinum_etoposide", False)
    assert [held.words for held in one.before] == ["Recommended, consensus"]
    assert [held.words for held in one.after] == ["Consider, consensus"]
    assert one.reasons == ("Stance: Consider instead of Recommended",)


def test_a_verdict_turns_where_its_direction_does() -> None:
    [weaker] = differing(changed(stance=Stance.CONSIDER), FIRST_LINE)
    [against] = differing(changed(stance=Stance.NOT_RECOMMENDED), FIRST_LINE)
    [gone] = differing(with_statements({NAME: None}), FIRST_LINE)
    assert (weaker.turns, against.turns, gone.turns) == (False, True, False)


def test_a_statement_that_is_gone_leaves_one_side_empty_and_back_again() -> None:
    without = with_statements({NAME: None})
    [gone] = differing(without, FIRST_LINE)
    assert (len(gone.before), gone.after) == (1, ())
    assert gone.reasons == (f"Gone: {current().statement(NAME).statement}",)
    [new] = differing_verdicts(without, current(), parse_facts(FIRST_LINE))
    assert (new.before, new.after) == ((), gone.before)
    assert new.reasons == (f"New: {current().statement(NAME).statement}",)


def test_what_is_asked_about_comes_first() -> None:
    found = differing_verdicts(guideline_at(OLD), current(), parse_facts(NEC), asks=("ctdna",))
    assert [one.asked for one in found] == sorted((one.asked for one in found), reverse=True)
    every = differing_verdicts(guideline_at(OLD), current(), parse_facts(NEC), asks=[found[-1].intervention])
    assert every[0].asked
    assert every[0].intervention == found[-1].intervention
    assert {one.intervention for one in every} == {one.intervention for one in found}


def test_another_order_of_the_same_statements_is_a_reason() -> None:
    """Turn each order around: an option that differs says so, and has the same statements."""
    turned = {
        name: replace(
            order, specific=order.specific[::-1], routine=order.routine[::-1], last=order.last[::-1]
        )
        for name, order in current().orders.items()
    }
    other = replace(current(), orders=turned)
    found = [one for vignette in ANSWERED for one in differing(other, vignette["facts"])]
    assert found
    assert {one.reasons for one in found} == {("The order of the statements on it is another",)}
    assert all(isinstance(turned[one.intervention], Order) for one in found)


def verdicts(guideline: Guideline, vignette: Vignette, by_option: bool) -> set[tuple[str, ...]]:
    """Every verdict of the answer, with the statement's id where statements are compared."""
    answer = assess(guideline, parse_facts(vignette["facts"]), done=vignette.get("done", ()))
    if by_option:
        return {(one.intervention, one.stance, one.agreement, one.status) for one in answer.options}
    return {
        (one.intervention, one.id, one.stance, one.agreement, one.status) for one in answer.recommendations
    }


def reported(found: tuple[DifferingVerdict, ...], side: str, by_option: bool) -> set[tuple[str, ...]]:
    return {
        (one.intervention, *(() if by_option else (held.id,)), *held.verdict)
        for one in found
        for held in getattr(one, side)
    }


@pytest.mark.parametrize("by_option", [False, True], ids=["by statement", "by option"])
def test_on_every_vignette_it_reports_what_differs_and_nothing_else(by_option: bool) -> None:
    """Against both whole answers; by option, against an edition with each stance of advice weakened."""
    weaker = tuple(
        replace(one, stance=Stance.CONSIDER) if one.stance is Stance.RECOMMENDED else one
        for one in current().statements
    )
    before = replace(current(), statements=weaker) if by_option else guideline_at(OLD)
    differs = 0
    for vignette in ANSWERED:
        was, now = (verdicts(one, vignette, by_option) for one in (before, current()))
        found = differing_verdicts(
            before, current(), parse_facts(vignette["facts"]), done=vignette.get("done", ())
        )
        assert reported(found, "before", by_option) == was - now, vignette["id"]
        assert reported(found, "after", by_option) == now - was, vignette["id"]
        assert all(one.reasons for one in found), vignette["id"]
        differs += bool(found)
    assert differs > len(ANSWERED) // 2


def test_edition_1_1_puts_etoposide_under_its_proviso_where_it_cannot_be_given() -> None:
    facts = parse_facts({**NEC, "treatment_line": 1, "etoposide_feasible": False})
    found = {one.intervention: one for one in differing_verdicts(guideline_at(OLD), current(), facts)}
    one = found["platinum_etoposide"]
    assert [held.words for held in one.before] == ["Recommended, consensus"]
    assert [held.words for held in one.after] == ["Recommended, consensus; set aside here"]
    assert one.reasons == ("Proviso added: Etoposide can be given: yes",)
    assert one.turns
