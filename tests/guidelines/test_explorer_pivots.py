"""What would change the answer, and the line a measured fact is drawn on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidelines.answer.assessment import assess
from guidelines.engine.bands import BandedFact
from guidelines.engine.engine import engine_for
from guidelines.engine.pivots import Change, alternatives, changes, pivots, statuses
from guidelines.knowledge.labels import TREATMENT_TOPICS
from guidelines.knowledge.releases import current
from guidelines.show.strip import LEFT, RIGHT, strip
from guidelines.vocabulary.contradictions import contradictions
from guidelines.vocabulary.facts import FACTS, Range, Value
from guidelines.vocabulary.parsing import parse_facts

GUIDELINE = current()
SPACE = engine_for(GUIDELINE).space
G3_NET = parse_facts(
    {"differentiation": "well", "ki67": 45, "primary_site": "pancreas", "extent": "metastatic"}
)


def banded(name: str) -> BandedFact:
    return SPACE.facts[SPACE.index[name]]


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("resected", None, [True, False]),
        ("resected", True, [False]),
        ("sstr_imaging", "not_done", ["negative", "positive"]),
        ("extent", "metastatic", ["localized", "no_evidence_of_disease"]),
        ("treatment_line", 2, [1, 3]),
    ],
)
def test_alternatives_are_the_other_bands(name: str, known: Value | None, expected: list[Value]) -> None:
    found = [value for value, _ in alternatives(banded(name), known)]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_alternatives_of_a_number_stand_in_each_other_band() -> None:
    bounds = banded("ki67").bounds
    found = [value for value, _ in alternatives(banded("ki67"), 45)]
    assert set(bounds) <= set(found)
    assert not any(20 < value < 52 for value in found)  # type: ignore[operator]


def test_a_range_across_a_bound_can_be_settled_either_way() -> None:
    labels = [label for _, label in alternatives(banded("ki67"), Range(50, 60))]
    assert "between 20 and 52 %" in labels
    assert "between 55 and 60 %" in labels


def test_alternatives_of_a_list_differ_by_one_step() -> None:
    known = ("liver",)
    for value, _ in alternatives(banded("metastatic_sites"), known):
        assert value == () or len(set(value) ^ set(known)) == 1  # type: ignore[arg-type]


def test_known_facts_turn_the_answer_too() -> None:
    found = {pivot.fact.name: pivot for pivot in pivots(GUIDELINE, G3_NET)}
    assert {"differentiation", "extent", "ki67", "primary_site", "treatment_line"} <= set(found)
    assert [turn.value for turn in found["extent"].turns] == ["localized", "no_evidence_of_disease"]


def test_most_decisive_first() -> None:
    weights = [max(len(turn.changes) for turn in pivot.turns) for pivot in pivots(GUIDELINE, G3_NET)]
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("excluded", "possible", "appears"),
        ("excluded", "applies", "appears"),
        ("applies", "excluded", "disappears"),
        ("possible", "excluded", "disappears"),
        ("possible", "applies", "changes"),
        ("applies", "possible", "changes"),
    ],
)
def test_kinds_of_change(before: str, after: str, kind: str) -> None:
    assert Change("x", before, after).kind == kind


def values_of(name: str) -> st.SearchStrategy[Value]:
    return st.sampled_from([band.value for band in banded(name).bands if band.value is not None])


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Value]:
    """Consistent sets of known facts."""
    names = draw(st.sets(st.sampled_from(sorted(FACTS)), max_size=12))
    facts = {name: draw(values_of(name)) for name in sorted(names)}
    for wrong in contradictions(facts):
        facts.pop(wrong.fact, None)
    return facts


@settings(max_examples=25)
@given(cases())
def test_pivots_are_what_a_fresh_assessment_says(facts: dict[str, Value]) -> None:
    """Each turn is consistent and changes exactly what it claims; a fact without turns changes nothing."""
    topics = {one.id: one.topic for one in GUIDELINE.statements}
    today = answered(facts)
    found = pivots(GUIDELINE, facts)
    for pivot in found[:4]:
        for turn in pivot.turns[:2]:
            changed = {**facts, pivot.fact.name: turn.value}
            assert contradictions(changed) == []
            after = answered(changed)
            expected = {one for one in topics if today[one] != after[one] and topics[one] in TREATMENT_TOPICS}
            assert {one.statement for one in turn.changes} == expected
    quiet = [name for name in FACTS if name not in {pivot.fact.name for pivot in found}][:3]
    for name in quiet:
        for value, _ in alternatives(banded(name), facts.get(name)):
            changed = {**facts, name: value}
            if not contradictions(changed):
                altered = changes(statuses(GUIDELINE, facts), statuses(GUIDELINE, changed))
                assert not [one for one in altered if topics[one.statement] in TREATMENT_TOPICS]


def answered(facts: dict[str, Value]) -> dict[str, str]:
    answer = assess(GUIDELINE, facts, include_excluded=True)
    return {one.id: one.status for one in answer.recommendations}


# --- The line


def test_line_shows_every_bound_of_the_guideline() -> None:
    drawn = strip(GUIDELINE, "ki67", 45, None)
    assert [float(text) for _, text in drawn.bounds] == list(banded("ki67").bounds)
    assert all(LEFT <= x <= RIGHT for x, _ in drawn.bounds)


def test_line_shows_value_and_range() -> None:
    drawn = strip(GUIDELINE, "ki67", Range(0, 100), 50)
    assert drawn.today is not None
    assert (drawn.today.x, drawn.today.x2, drawn.today.is_range) == (LEFT, RIGHT, True)
    assert drawn.then is not None
    assert drawn.then.x == (LEFT + RIGHT) / 2
    assert "recorded: 0–100 %; what if: 50 %" in drawn.words


def test_line_without_a_change_draws_the_record_alone() -> None:
    drawn = strip(GUIDELINE, "ki67", 45, 45)
    assert drawn.then is None
    assert strip(GUIDELINE, "ki67", None, None).words.startswith("Ki-67 recorded: not known")


def test_line_needs_limits() -> None:
    with pytest.raises(ValueError, match="no limits"):
        strip(GUIDELINE, "mitotic_count", None, None)
