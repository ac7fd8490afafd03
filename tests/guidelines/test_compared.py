"""Two editions of a guideline against each other: what their statements say otherwise."""

from collections import Counter
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from guidelines.knowledge.compared import CHANGED, GONE, NEW, compared, names_in, redefined
from guidelines.knowledge.conditions import AllOf, Condition, Named, Not, Test
from guidelines.knowledge.labels import Agreement, Kind, Setting, Stance
from guidelines.knowledge.model import Guideline, Statement
from guidelines.knowledge.releases import current, guideline_at
from guidelines.show.editions import by_intervention, comparison_of
from guidelines.vocabulary.facts import FACTS

OLD, NEW_ADDRESS = "nanets-hgnen-2023@1.0", "nanets-hgnen-2023@1.1"
STATEMENT = current().statement("met-nec-platinum-etoposide")
KI67 = FACTS["ki67"]
ABOVE_55 = Test(KI67, "above", 55)
METASTATIC = Test(FACTS["extent"], "is", ("metastatic",))


def edition(*statements: Statement, **other: Any) -> Guideline:
    return replace(current(), statements=statements, **other)


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What is told of one statement that was so and is so now."""
    old, new = (edition(replace(STATEMENT, **said)) for said in (before, after))
    return [change.words for one in compared(old, new).values() for change in one.changes]


LINES = STATEMENT.source.lines
TOLD: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    ({}, {}, []),
    ({}, {"stance": Stance.CONSIDER}, ["Stance: Consider instead of Recommended"]),
    ({}, {"agreement": Agreement.MAJORITY}, ["Agreement: Majority instead of Consensus"]),
    ({}, {"setting": Setting.LATER_LINE}, ["Setting: Second line and beyond instead of First line"]),
    ({}, {"kind": Kind.PRINCIPLE}, ["Kind: Principles instead of Treatment"]),
    ({}, {"label": "Other"}, [f"Intervention: Other instead of {STATEMENT.label}"]),
    (
        {},
        {"source": replace(STATEMENT.source, lines="7-9")},
        [f"Lines: 7-9 instead of {LINES}"],
    ),
    (
        {"statement": "Give it to everybody."},
        {"statement": "Give it to some."},
        ["Wording: “Give it to some.” instead of “Give it to everybody.”"],
    ),
    ({}, {"provided": {}}, ["Proviso dropped: Etoposide can be given: yes"]),
    (
        {"when": ABOVE_55},
        {"when": Test(KI67, "at_least", 50)},
        [
            "Bound of Ki-67: at least 50 % instead of above 55 %",
            "Condition: Ki-67 at least 50 % instead of Ki-67 above 55 %",
        ],
    ),
    ({"when": METASTATIC}, {"when": AllOf((METASTATIC, ABOVE_55))}, ["Condition added: Ki-67 above 55 %"]),
    ({"when": AllOf((METASTATIC, ABOVE_55))}, {"when": METASTATIC}, ["Condition dropped: Ki-67 above 55 %"]),
    (
        {"when": ABOVE_55},
        {"when": Not(ABOVE_55)},
        ["Condition: Ki-67 at most 55 % instead of Ki-67 above 55 %"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "words"), TOLD)
def test_what_changed_is_told(before: dict[str, Any], after: dict[str, Any], words: list[str]) -> None:
    assert changes(before, after) == words


def test_what_is_new_gone_or_alike_is_told_apart() -> None:
    kept, gone, new = (replace(STATEMENT, id=name) for name in ("kept", "gone", "new"))
    changed = replace(STATEMENT, id="changed")
    before = edition(kept, gone, changed)
    after = edition(new, replace(changed, stance=Stance.CONSIDER), kept)
    found = compared(before, after)
    assert [(name, one.state) for name, one in found.items()] == [
        ("new", NEW), ("changed", CHANGED), ("gone", GONE),
    ]  # fmt: skip
    assert found["changed"].statement is after.statements[1]
    assert list(compared(before, before)) == []


def test_a_derived_fact_that_follows_from_others_is_told_whatever_it_is_called() -> None:
    def derived(condition: Condition) -> dict[str, Any]:
        named = Named("entity", "Entity", ("nec",), ("NEC",), condition)
        return {"derived": {"entity": replace(current().derived["entity"], values={"nec": named})}}

    inner = Named("high", "High", (True,), (": yes",), ABOVE_55)
    before = edition(**derived(ABOVE_55))
    assert redefined(before, edition(**derived(inner))) == {}
    assert redefined(before, edition(**derived(Not(ABOVE_55)))) == {"entity": "Entity"}
    assert list(names_in(AllOf((Not(inner), METASTATIC)))) == ["high"]


def test_edition_1_1_says_what_its_own_account_of_changes_claims() -> None:
    before, after = guideline_at(OLD), guideline_at(NEW_ADDRESS)
    found = compared(before, after)
    assert Counter(one.state for one in found.values()) == {NEW: 8, CHANGED: 169}
    assert {name for name, one in found.items() if one.state == NEW} == (
        {one.id for one in after.statements} - {one.id for one in before.statements}
    )
    assert {"path-ki67-hot-spots"} <= found.keys()
    assert "Proviso added: Etoposide can be given: yes" in [
        change.words for change in found["met-nec-platinum-etoposide"].changes
    ]
    assert "entity" in redefined(before, after)
    grouped = by_intervention(found)
    assert sum(map(len, grouped.values())) == len(found)
    assert all({one.statement.label for one in group} == {label} for label, group in grouped.items())


def test_the_command_prints_both_ways_and_refuses_what_it_cannot_compare() -> None:
    told = printed(OLD, NEW_ADDRESS)
    assert told == comparison_of(guideline_at(OLD), guideline_at(NEW_ADDRESS)) + "\n"
    assert "Statements: 8 new, 0 gone, 169 changed, 0 alike\nDefined anew: Entity" in told
    assert (
        "\nKi-67 counted in hot spots\n  new  path-ki67-hot-spots\n    [Recommended, other society] " in told
    )
    assert "Statements: 0 new, 8 gone, 169 changed, 0 alike" in printed(NEW_ADDRESS, OLD)
    assert "0 changed, 177 alike" in printed(NEW_ADDRESS, NEW_ADDRESS)
    for names, match in (
        ([OLD], "two editions"),
        ([OLD, "none@9.9"], "no such guideline"),
        ([], "two editions"),
    ):
        with pytest.raises(CommandError, match=match):
            printed(*names)


def printed(*names: str) -> str:
    out = StringIO()
    call_command("guideline", "compare", *names, stdout=out)
    return out.getvalue()
