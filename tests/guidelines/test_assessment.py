"""The answer as a whole: its parts, its JSON, and that it depends on the facts and on nothing else."""

import json
import re
from dataclasses import FrozenInstanceError, fields
from operator import attrgetter
from typing import Any

import pytest

from guidelines.answer.assessment import assess, assess_as_line, outline
from guidelines.answer.bulk import as_json_line
from guidelines.answer.parts import Assessment, Outline
from guidelines.engine.engine import engine_for
from guidelines.knowledge import labels
from guidelines.knowledge.releases import current, guideline_at
from guidelines.vocabulary.facts import Value
from guidelines.vocabulary.parsing import parse_facts
from tests.guidelines.vignette import ANSWERED

G3_NET = {"differentiation": "well", "ki67": 45, "mitotic_count": 8}
NEC = {"differentiation": "poor", "ki67": 80, "mitotic_count": 40}
LIVER = {"extent": "metastatic", "metastatic_sites": ["liver"]}
CASES: list[dict[str, Value]] = [parse_facts(vignette["facts"]) for vignette in ANSWERED]


def answer(facts: dict[str, Any], **options: Any) -> Assessment:
    return assess(current(), parse_facts(facts), **options)


def statuses(found: Assessment) -> dict[str, str]:
    return {one.id: one.status for one in found.recommendations}


# --- Its JSON ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("every", [False, True])
def test_json_and_back_is_the_same_answer(every: bool) -> None:
    for facts in CASES[::10]:
        found = assess(current(), facts, include_excluded=every)
        data = found.as_json()
        assert Assessment.from_json(json.loads(json.dumps(data))) == found
        assert json.loads(as_json_line(found)) == json.loads(json.dumps(data))


@pytest.mark.parametrize("every", [False, True])
def test_the_line_is_the_json_of_the_same_answer(every: bool) -> None:
    for facts in CASES[::3]:
        asked: dict[str, Any] = {"asks": ("prrt", "captem"), "done": ("fdg_pet",), "include_excluded": every}
        assert assess_as_line(current(), facts, **asked) == as_json_line(assess(current(), facts, **asked))


def test_an_outline_is_the_same_answer_without_its_reasons() -> None:
    shared = attrgetter(*[one.name for one in fields(Outline)], "schedule")
    for facts in (*CASES[::3], {**CASES[0], "months_since_treatment": 30}):
        origins = dict.fromkeys(facts, "Referral, 05-Mar-2026")
        asked: dict[str, Any] = {"asks": ("prrt", "captem"), "done": ("fdg_pet",), "provenance": origins}
        said = assess(current(), facts, **asked)
        found = outline(current(), facts, **asked)
        assert [shared(one) for one in found.recommendations] == [shared(one) for one in said.recommendations]
        assert {**vars(found), "recommendations": ()} == {**vars(said), "recommendations": ()}
        assert outline(current(), facts, **asked).options is found.options, "kept from case to case"


def test_an_answer_cannot_be_changed() -> None:
    found = answer(NEC)
    with pytest.raises(FrozenInstanceError):
        found.basis = "mine"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        found.classification.entity = "g3_net"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        found.options[0].stance = "mine"  # type: ignore[misc]
    changed = found.recommendations[0]
    changed.stance = "mine"  # an answer makes a hundred of these, and freezing takes longer than making one
    assert answer(NEC).recommendations[0] != changed, "but what is remembered is no part of an answer"


def test_every_code_of_an_answer_has_a_label() -> None:
    for facts in CASES[::5]:
        found = assess(current(), facts, include_excluded=True)
        assert found.classification.label == labels.ENTITIES[found.classification.entity]
        for one in (*found.recommendations, *found.options):
            assert one.intervention_label == current().interventions[one.intervention].label
            assert one.kind in labels.KINDS
            assert one.topic in labels.TOPICS
            assert one.setting in labels.SETTINGS
            assert one.stance in labels.STANCES
            assert one.agreement in labels.AGREEMENTS
            assert one.status in labels.STATUSES
        assert all(one.source.section and one.source.lines for one in found.recommendations)


# --- It depends on the facts and on nothing else ----------------------------------------------------


def test_the_order_of_cases_does_not_matter() -> None:
    """What is remembered of one case must not show in another."""
    engine_for.cache_clear()
    first = [assess(current(), facts, include_excluded=True) for facts in CASES[::5]]
    engine_for.cache_clear()
    second = [assess(current(), facts, include_excluded=True) for facts in reversed(CASES[::5])]
    assert first == second[::-1]


def test_imaging_not_done_is_not_answered_with_what_was_remembered_of_imaging_unknown() -> None:
    """Both leave the result open; only where the imaging may have been made is its uptake asked."""
    engine_for.cache_clear()
    case = G3_NET | LIVER | {"progressive": True}
    unknown, not_done = answer(case), answer(case | {"sstr_imaging": "not_done"})
    asked = {one.fact for one in not_done.missing}
    assert {"sstr_imaging", "sstr_uptake"} <= {one.fact for one in unknown.missing}
    assert "sstr_imaging" in asked
    assert "sstr_uptake" not in asked
    prrt = next(one for one in not_done.recommendations if one.id == "met-net-prrt")
    assert prrt.missing == ("sstr_imaging",)


def test_the_order_of_facts_does_not_matter() -> None:
    for facts in CASES[::7]:
        turned = dict(reversed(facts.items()))
        one, other = assess(current(), facts), assess(current(), turned)
        assert one.recommendations == other.recommendations
        assert one.missing == other.missing


def test_the_facts_given_are_left_as_they_are() -> None:
    facts = parse_facts(NEC | LIVER)
    kept = dict(facts)
    assess(current(), facts, provenance={"ki67": "pathology"})
    assert facts == kept


# --- Its parts --------------------------------------------------------------------------------------


def test_it_says_which_encoding_answered_and_how_old_the_consensus_is() -> None:
    found = answer({})
    assert (found.guideline.id, found.guideline.digest) == ("nanets-hgnen-2023", current().digest)
    assert found.basis == current().basis
    for part in ("2019", "2022", "2023"):
        assert part in found.basis


def test_statements_come_in_the_order_of_the_source_each_once() -> None:
    order = [statement.id for statement in current().statements]
    for facts in CASES[::5]:
        listed = [one.id for one in assess(current(), facts).recommendations]
        assert listed == [name for name in order if name in set(listed)]


def test_an_answer_without_excluded_statements_is_the_other_without_them() -> None:
    for facts in CASES[::5]:
        full = assess(current(), facts, include_excluded=True)
        short = assess(current(), facts)
        kept = tuple(one for one in full.recommendations if one.status != "excluded")
        assert short.recommendations == kept
        assert (short.missing, short.trials, short.not_covered) == (
            full.missing,
            full.trials,
            full.not_covered,
        )


def test_what_is_possible_names_what_decides_it_and_nothing_else_does() -> None:
    for facts in CASES:
        for one in assess(current(), facts).recommendations:
            assert bool(one.missing) is (one.status == "possible"), one.id
            assert bool(one.question) is (one.status == "possible"), one.id
            assert not (one.provided and one.status == "blocked"), one.id


def test_an_empty_case_can_still_be_anything() -> None:
    found = answer({}, include_excluded=True)
    assert found.classification.entity == "unknown"
    shut = {name for name, status in statuses(found).items() if status != "possible"}
    assert shut == {"mon-ct-mri-g3-net-indolent"}, "the longer interval is for disease stated to be indolent"
    assert (found.not_covered, found.classification.cautions) == ((), ())
    assert {one.status for one in found.trials} == {"possible"}


def test_edition_1_0_names_each_decision_on_the_source_that_touches_a_statement() -> None:
    old = guideline_at("nanets-hgnen-2023@1.0")
    numbers = {statement.id: statement.readings for statement in old.statements}
    for one in assess(old, parse_facts(NEC | LIVER), include_excluded=True).recommendations:
        cautions = " ".join(one.cautions)
        for number in numbers[one.id]:
            assert f"reading {number})" in cautions or f"decision {number}," in cautions, one.id


def test_no_reader_meets_the_number_of_a_decision_on_the_source() -> None:
    guideline = current()
    words = [one.text for one in (*guideline.reasons, *guideline.cautions, *guideline.not_covered)]
    for statement in guideline.statements:
        words += [statement.statement, *(caution.text for caution in statement.cautions)]
    words += [text for trial in guideline.trials for text in (trial.eligibility, *trial.cautions)]
    assert [text for text in words if re.search(r"\b(reading|decision)s? \d", text, re.IGNORECASE)] == []


SAID_ONCE = [
    # open: said; settled for it: gone; settled against it: said by the words for that, once
    ("met-nec-prrt", {}, "low SSTR expression", 1),
    ("met-nec-prrt", {"sstr_imaging": "positive"}, "low SSTR expression", 0),
    ("met-nec-prrt", {"sstr_imaging": "negative"}, "low SSTR expression", 1),
    ("met-nec-prrt", {"sstr_imaging": "not_done"}, "low SSTR expression", 1),
    ("met-nec-biomarker-immunotherapy", {"tmb": "high"}, "Dostarlimab is named", 1),
    ("met-nec-biomarker-immunotherapy", {"tmb": "high", "mmr": "deficient"}, "Dostarlimab is named", 0),
    ("met-nec-biomarker-immunotherapy", {"tmb": "high", "mmr": "proficient"}, "Dostarlimab is named", 1),
]


@pytest.mark.parametrize(("statement", "facts", "words", "times"), SAID_ONCE)
def test_a_caution_on_an_open_fact_goes_once_the_fact_is_settled(
    statement: str, facts: dict[str, Any], words: str, times: int
) -> None:
    said = {one.id: one.cautions for one in answer(NEC | LIVER | facts).recommendations}
    assert len([text for text in said[statement] if words in text]) == times


def test_a_caution_on_the_case_goes_once_its_fact_is_settled() -> None:
    """Settled against it is settled: Ki-67 exactly 20, with and without a mitotic count."""

    def cautions(**facts: Any) -> list[str]:
        found = answer({"differentiation": "well", "ki67": 20, **facts}).classification.cautions
        return [text for text in found if text.startswith("Ki-67 is exactly 20")]

    [while_open] = cautions()
    assert "counts as not above" in while_open
    [once_known] = cautions(mitotic_count=12)
    assert "counts as not high grade" in once_known
    assert cautions(mitotic_count=30) == []


def test_the_surveillance_schedule_is_placed_by_the_months_since_treatment() -> None:
    followed = G3_NET | {"primary_site": "colon", "under_surveillance": True, "extent": "localized"}

    def now(months: float | None) -> Any:
        found = answer(followed | {"months_since_treatment": months})
        [one] = [one for one in found.recommendations if one.schedule]
        assert one.schedule is not None
        return one.schedule["now"]

    assert now(None) is None
    assert now(6) == ["every 3 months"]
    assert now(30) == ["every 3 months", "every 6–12 months"]
    assert now(60) == ["every 6–12 months"]
    assert now(6) == ["every 3 months"], "nothing of another case is remembered"


def test_a_trial_is_listed_as_far_as_the_case_may_fit() -> None:
    def trials(facts: dict[str, Any]) -> dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]:
        return {one.nct: (one.status, one.missing, one.provided) for one in answer(facts).trials}

    pancreas = G3_NET | {"primary_site": "pancreas", "extent": "localized"}
    resected = pancreas | {"resected": True}
    after = "under_surveillance"
    assert trials(resected)["NCT05040360"] == ("applies", (), (after,))
    assert trials(resected | {"newly_diagnosed": True})["NCT05040360"] == ("applies", (), ())
    assert trials(resected | {after: True})["NCT05040360"] == ("blocked", (), ())
    assert trials(pancreas)["NCT05040360"] == ("possible", ("resected",), (after,))
    assert "NCT05040360" not in trials(resected | {"ki67": 55})
    assert "NCT05040360" not in trials(pancreas | {"resected": False})
    stomach = NEC | LIVER | {"treatment_line": 1, "primary_site": "stomach"}
    assert trials(stomach)["NCT05058651"] == ("applies", (), ())


def test_a_trial_that_closed_is_never_offered_and_the_others_are_to_be_checked() -> None:
    for facts in CASES:
        for trial in assess(current(), facts).trials:
            assert (trial.accrual == "completed") is (trial.nct == "NCT03972488")
            assert not (trial.accrual == "completed" and trial.status == "applies")
            checked = any("2023" in caution for caution in trial.cautions)
            assert checked is (trial.accrual != "completed"), trial.nct


def test_what_is_not_covered_is_said_only_when_it_is_certain() -> None:
    cervix = NEC | {"primary_site": "cervix"}
    assert any("Tables 2 and 3" in text for text in answer(cervix).not_covered)
    assert not any("Tables 2 and 3" in text for text in answer(NEC).not_covered)


def test_knowing_more_keeps_what_is_settled() -> None:
    """From nothing to the whole case, fact by fact: what applies keeps applying, what is excluded stays. But
    for what the data presume, what a statement depends on in practice, and a count that adds to a list.
    """
    engine = engine_for(current())
    presumed = {one.fact for one in current().presumptions}
    presumed |= {name for one in current().concluded.values() for name in one.asks}
    provisos = {name for one in current().statements for name in one.provided}
    excepted = presumed | provisos | {one.fact for one in current().arises if one.outranks}
    overturned = set()
    for facts in CASES[::7]:
        settled = engine.case(facts).settled
        if settled is None or settled.unused or settled.outranked:
            continue  # the facts stated contradict each other
        known: dict[str, Value] = {}
        before = statuses(assess(current(), known, include_excluded=True))
        for name, value in facts.items():
            known = known | {name: value}
            after = statuses(assess(current(), known, include_excluded=True))
            changed = {one for one, status in before.items() if status not in ("possible", after[one])}
            assert not changed or name in excepted, (name, known, changed)
            overturned |= {name} if changed else set()
            before = after
    assert overturned & presumed, "the exception is needed"


def test_evidence_names_the_study_its_references_and_its_size() -> None:
    found = answer(NEC | LIVER | {"primary_site": "colon", "treatment_line": 1})
    [one] = [one for one in found.recommendations if one.id == "met-nec-platinum-irinotecan"]
    assert one.evidence[0].startswith("JCOG1213 (Morizane et al. 2022, n = 170): ")


def test_what_is_asked_for_is_denied_first_for_the_nearest_reason() -> None:
    """What is said of the other entity or another site says little to this case."""
    case = NEC | {"primary_site": "colon", "extent": "localized", "metastatic_sites": [], "resected": False}
    (asked,) = answer(case, asks=["adjuvant_chemotherapy"]).asked
    first, *_, last = [one.reason for one in asked.excluded]
    assert first == "Primary resected: No. Needed: the primary was resected."
    assert last.endswith("Needed: the primary is in the cervix.")


@pytest.mark.parametrize(
    "imaging",
    [
        {"sstr_imaging": "negative"},
        {"sstr_imaging": "positive", "sstr_uptake": "at_or_below_liver", "sstr_pattern": "heterogeneous"},
    ],
)
def test_what_is_said_of_this_entity_is_denied_before_what_is_said_of_the_other(imaging: dict) -> None:
    """However many of its conditions fail; the sentence on NEC fails by one."""
    net = {"differentiation": "well", "ki67": 30, "primary_site": "pancreas", "progressive": True}
    (asked,) = answer(net | LIVER | imaging, asks=["prrt"]).asked
    assert [one.id for one in asked.excluded] == ["met-net-prrt", "met-nec-prrt"]
    assert asked.excluded[0].reason.startswith("SSTR ")
