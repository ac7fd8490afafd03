"""The answer as a whole: its parts, its JSON, and that it depends on the facts and on nothing else."""

import json
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from guidelines.answer.assessment import assess
from guidelines.answer.bulk import as_json_line
from guidelines.answer.parts import Assessment
from guidelines.engine.engine import engine_for
from guidelines.knowledge import labels
from guidelines.knowledge.releases import current
from guidelines.vocabulary.facts import FACTS, Value
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


def test_an_answer_cannot_be_changed() -> None:
    found = answer(NEC)
    with pytest.raises(FrozenInstanceError):
        found.basis = "mine"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        found.recommendations[0].stance = "recommended"  # type: ignore[misc]


def test_every_code_of_an_answer_has_a_label() -> None:
    for facts in CASES[::5]:
        found = assess(current(), facts, include_excluded=True)
        assert found.classification.label == labels.ENTITIES[found.classification.entity]
        for one in found.recommendations:
            assert one.intervention_label == GUIDELINE.interventions[one.intervention].label
            assert one.topic in labels.TOPICS
            assert one.setting in labels.SETTINGS
            assert one.stance in labels.STANCES
            assert one.agreement in labels.AGREEMENTS
            assert one.source.section
            assert one.source.lines


# --- It depends on the facts and on nothing else ----------------------------------------------------


def test_the_order_of_cases_does_not_matter() -> None:
    """What is remembered of one case must not show in another."""
    engine_for.cache_clear()
    first = [assess(current(), facts, include_excluded=True) for facts in CASES[::2]]
    engine_for.cache_clear()
    second = [assess(current(), facts, include_excluded=True) for facts in reversed(CASES[::2])]
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


def test_missing_facts_are_unknown_ones_and_decide_what_is_possible() -> None:
    for facts in CASES:
        found = assess(current(), facts)
        listed = {(one.fact, name) for one in found.missing for name in one.decides}
        assert listed == {(fact, one.id) for one in found.recommendations for fact in one.missing}
        for one in found.recommendations:
            assert bool(one.missing) is (one.status == "possible"), one.id
        for name in {fact for fact, _ in listed}:
            stated = facts.get(name)
            open_range = type(stated).__name__ == "Range"
            assert stated is None or open_range or stated == FACTS[name].leaves_open, name


def test_a_fact_that_cannot_arise_is_never_asked_for() -> None:
    """Only the cervix has a FIGO stage, localized disease has no metastatic sites."""
    for facts in CASES:
        asked = {one.fact for one in assess(current(), facts).missing}
        if facts.get("primary_site") not in (None, "cervix"):
            assert "figo_stage" not in asked
        if facts.get("extent") == "localized":
            assert "metastatic_sites" not in asked
        if facts.get("metastatic_sites"):
            assert "extent" not in asked
        if "figo_stage" in facts:
            assert "primary_site" not in asked


def test_facts_that_decide_treatment_come_first() -> None:
    found = answer(NEC | LIVER | {"primary_site": "colon"})
    topics = {one.id: one.topic for one in found.recommendations}
    weights = [sum(topics[name] in labels.TREATMENT_TOPICS for name in one.decides) for one in found.missing]
    assert weights == sorted(weights, reverse=True)
    assert found.missing[0].fact == "treatment_line"


def test_an_empty_case_can_still_be_anything() -> None:
    found = answer({}, include_excluded=True)
    assert found.classification.entity == "unknown"
    assert set(statuses(found).values()) == {"possible"}
    assert found.not_covered == ()


def test_every_statement_touched_by_a_decision_says_so() -> None:
    found = answer(NEC | LIVER, include_excluded=True)
    numbers = {statement.id: statement.readings for statement in current().statements}
    for one in found.recommendations:
        cautions = " ".join(one.cautions)
        for number in numbers[one.id]:
            assert f"reading {number})" in cautions or f"decision {number}," in cautions, one.id


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
    def trials(facts: dict[str, Any]) -> dict[str, tuple[str, tuple[str, ...]]]:
        return {one.nct: (one.status, one.missing) for one in answer(facts).trials}

    pancreas = G3_NET | {"primary_site": "pancreas"}
    assert trials(pancreas | {"resected": True})["NCT05040360"] == ("applies", ())
    assert trials(pancreas)["NCT05040360"] == ("possible", ("resected",))
    assert "NCT05040360" not in trials(pancreas | {"resected": True, "ki67": 55})
    assert "NCT05040360" not in trials(pancreas | {"resected": False})
    assert trials(NEC | LIVER | {"treatment_line": 1})["NCT05058651"] == ("applies", ())


def test_every_trial_says_from_when_the_list_is() -> None:
    for trial in answer({}).trials:
        assert any("2023" in caution for caution in trial.cautions), trial.nct


def test_what_is_not_covered_is_said_only_when_it_is_certain() -> None:
    cervix = NEC | {"primary_site": "cervix"}
    assert any("Tables 2 and 3" in text for text in answer(cervix).not_covered)
    assert not any("Tables 2 and 3" in text for text in answer(NEC).not_covered)


def test_knowing_more_keeps_what_is_settled() -> None:
    """From nothing to the whole case, fact by fact: what applies keeps applying, what is excluded stays."""
    for facts in CASES[::9]:
        known: dict[str, Value] = {}
        before = statuses(assess(current(), known, include_excluded=True))
        for name, value in facts.items():
            known = known | {name: value}
            after = statuses(assess(current(), known, include_excluded=True))
            for statement, status in before.items():
                assert status in ("possible", after[statement]), (statement, name)
            before = after


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
