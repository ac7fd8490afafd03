"""Two drafts in one: by examples, and by any two people at once."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.actions.deciding import (
    ConditionContent,
    DecisionContent,
    DissentContent,
    OptionContent,
    StepContent,
    Votes,
)
from cases.actions.merging import marks_of, merged

BASE = DecisionContent(
    intent="palliative",
    rationale="First",
    options=(OptionContent("accepted", "s-1"), OptionContent("own", title="Dietician")),
    conditions=(ConditionContent("HER2 is positive"),),
    next_steps=(StepContent("Call", "Bob Baker", 7, datetime.date(2026, 12, 1)),),
)


def merge(mine: DecisionContent, stored: DecisionContent, **kept: str) -> Any:
    return merged(marks_of(BASE), mine, stored, kept)


def test_what_each_changed_is_kept() -> None:
    mine = replace(BASE, rationale="Mine", votes=Votes(6, 1), dissents=(DissentContent("Surgery first"),))
    stored = replace(
        BASE,
        intent="curative",
        options=(*BASE.options, OptionContent("rejected", "s-2")),
        trial_considered="yes",
    )
    found = merge(mine, stored)
    assert found.clashes == ()
    assert (found.content.intent, found.content.rationale) == ("curative", "Mine")
    assert found.content.votes == Votes(6, 1)
    assert found.content.dissents == mine.dissents
    assert set(found.content.options) == set(stored.options)
    assert found.content.trial_considered == "yes"


def test_what_both_added_stands_one_below_the_other() -> None:
    mine = replace(BASE, conditions=(*BASE.conditions, ConditionContent("mine")))
    stored = replace(
        BASE, conditions=(*BASE.conditions, ConditionContent("theirs"), ConditionContent("more"))
    )
    found = merge(mine, stored)
    assert [one.text for one in found.content.conditions] == ["HER2 is positive", "theirs", "more", "mine"]
    assert found.clashes == ()


def test_the_same_from_both_is_kept_once() -> None:
    both = replace(BASE, rationale="Same", conditions=(*BASE.conditions, ConditionContent("same")))
    found = merge(both, both)
    assert (found.content, found.clashes) == (replace(both, options=found.content.options), ())
    assert set(found.content.options) == set(both.options)


@pytest.mark.parametrize(
    ("name", "mine", "stored"),
    [
        ("intent", {"intent": "curative"}, {"intent": "diagnostic"}),
        ("rationale", {"rationale": "Mine"}, {"rationale": ""}),
        ("on-s-1", {"options": ()}, {"options": (OptionContent("rejected", "s-1", reason_code="trial"),)}),
        ("votes", {"votes": Votes(1, 0)}, {"votes": Votes(2, 0)}),
        ("conditions", {"conditions": (ConditionContent("x"),)}, {"conditions": (ConditionContent("y"),)}),
        ("next_steps", {"next_steps": ()}, {"next_steps": (StepContent("Write"),)}),
    ],
)
def test_what_both_changed_is_asked_and_then_decided(
    name: str, mine: dict[str, Any], stored: dict[str, Any]
) -> None:
    ours, theirs = replace(BASE, **mine), replace(BASE, **stored)
    assert name in [one.name for one in merge(ours, theirs).clashes]
    for kept, side in (("mine", ours), ("stored", theirs)):
        found = merge(ours, theirs, **{one.name: kept for one in merge(ours, theirs).clashes})
        assert found.clashes == ()
        assert (found.content.intent, found.content.rationale) == (side.intent, side.rationale)
        assert set(found.content.options) == set(side.options)
        assert (found.content.votes, found.content.conditions) == (side.votes, side.conditions)
        assert found.content.next_steps == side.next_steps


def test_line_ends_of_a_browser_are_no_change() -> None:
    before = replace(BASE, rationale="One\nTwo")
    sent = replace(before, rationale="One\r\nTwo")
    found = merged(marks_of(before), sent, replace(before, rationale="Theirs"), {})
    assert (found.content.rationale, found.clashes) == ("Theirs", ())


WORDS = st.sampled_from(["", "a", "b"])
OPTIONS = st.dictionaries(
    st.sampled_from(["s-1", "s-2"]), st.sampled_from(["accepted", "rejected", "deferred"])
)
ROWS = st.lists(st.sampled_from("abc"), max_size=3)
CONTENT = st.builds(
    lambda intent, rationale, options, rows: DecisionContent(
        intent=intent,
        rationale=rationale,
        options=tuple(OptionContent(choice, name) for name, choice in options.items()),
        conditions=tuple(ConditionContent(text) for text in rows),
    ),
    WORDS,
    WORDS,
    OPTIONS,
    ROWS,
)


@given(base=CONTENT, mine=CONTENT, stored=CONTENT)
def test_nothing_is_lost_unasked(
    base: DecisionContent, mine: DecisionContent, stored: DecisionContent
) -> None:
    """Whoever changed nothing gets the other's draft; a change by either is in it, or asked about."""
    marks = marks_of(base)
    assert marks_of(merged(marks, base, stored, {}).content) == marks_of(stored)
    assert marks_of(merged(marks, mine, base, {}).content) == marks_of(mine)
    found = merged(marks, mine, stored, {})
    asked = {one.name for one in found.clashes}
    for name in ("intent", "rationale"):
        now, before = getattr(found.content, name), getattr(base, name)
        changed = {getattr(side, name) for side in (mine, stored)} - {before}
        assert name in asked or now in (changed or {before})
    if "conditions" not in asked:
        added = [set(side.conditions) - set(base.conditions) for side in (mine, stored)]
        assert set(found.content.conditions) >= set.union(*added)
