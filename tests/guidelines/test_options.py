"""One intervention, one verdict: the order of statements, the order of options, what is asked first, and that
no question to the board meets silence (reading 35).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from itertools import combinations, pairwise, product
from random import Random
from typing import Any

import pytest

from guidelines.answer.assessment import assess
from guidelines.answer.options import grounds_of, options_of
from guidelines.answer.outlines import KeptOutline
from guidelines.answer.parts import Assessment, Option, Outline, Recommendation
from guidelines.answer.reasons import Grounds
from guidelines.engine.engine import engine_for
from guidelines.knowledge.conditions import AllOf
from guidelines.knowledge.labels import Direction, Kind, Stance
from guidelines.knowledge.model import Guideline, Order, Statement
from guidelines.knowledge.releases import current, guideline_at
from guidelines.vocabulary.parsing import parse_facts
from tests.guidelines.vignette import ANSWERED, question, wrong

NEC = {"differentiation": "poor", "ki67": 80, "mitotic_count": 40, "primary_site": "colon"}
G3_NET = {"differentiation": "well", "ki67": 30, "mitotic_count": 8, "primary_site": "pancreas"}
METASTATIC = {"extent": "metastatic", "metastatic_sites": ["liver"]}
FIRST = {"treatment_line": 1, "prior_regimens": []}


def answer(facts: dict[str, Any], **lists: Any) -> Assessment:
    return assess(current(), parse_facts(facts), **lists)


def option(facts: dict[str, Any], intervention: str, **lists: Any) -> Option:
    return next(one for one in answer(facts, **lists).options if one.intervention == intervention)


def outlined(recommendations: Iterable[Recommendation]) -> list[KeptOutline]:
    """What options are made of."""
    found = []
    for one in recommendations:
        alike = {each.name: getattr(one, each.name) for each in fields(Outline)}
        found.append(KeptOutline(**alike, clauses=(), grounds=Grounds(()), schedule=one.schedule))
    return found


@pytest.fixture(scope="module")
def answered() -> dict[str, Assessment]:
    """The answer of every vignette by its id."""
    return {
        one["id"]: answer(one["facts"], **{key: one[key] for key in ("done", "asks") if key in one})
        for one in ANSWERED
    }


# --- The statements on one intervention -------------------------------------------------------------------

RESECTED = {"extent": "localized", "resected": True, "newly_diagnosed": True}
AGGRESSIVE = {"disproportionately_aggressive": True}
TREATED = {**METASTATIC, "on_systemic_treatment": True, "newly_diagnosed": False}
ORDERED: list[tuple[str, dict[str, Any], str, list[str]]] = [
    (
        "the sentence whose condition is met before the vote on all",
        {**NEC, "extent": "localized", "resected": False, "prior_regimens": ["captem"], "progressive": False},
        "resection",
        ["loc-nec-resection-selected", "loc-nec-resection", "loc-nec-resection-other-societies"],
    ),
    (
        "while it is only possible the vote stands first, and it before another society",
        {**NEC, "extent": "localized", "resected": False, "prior_regimens": ["captem"]},
        "resection",
        ["loc-nec-resection", "loc-nec-resection-selected", "loc-nec-resection-other-societies"],
    ),
    (
        "a vote, though only possible, before another society that applies",
        {**NEC, **RESECTED},
        "adjuvant_chemotherapy",
        ["loc-nec-adjuvant-chemotherapy", "loc-nec-adjuvant-enets"],
    ),
    (
        "within one voice what applies before what may",
        {**NEC, **METASTATIC, "disease_burden": "high", "newly_diagnosed": False},
        "brain_imaging",
        ["img-brain-high-burden", "img-brain-nec-asymptomatic", "img-brain-symptoms", "mon-brain-nec"],
    ),
    (
        'the table\'s "as indicated" last',
        {**NEC, "newly_diagnosed": True, "extent": "localized"},
        "sstr_imaging",
        ["img-sstr-nec", "img-sstr-nec-indicated"],
    ),
    (
        'nothing known: the vote, the row that may come to hold, the table\'s "as indicated"',
        {**NEC, **METASTATIC},
        "sstr_imaging",
        ["img-sstr-nec", "mon-sstr", "img-sstr-nec-indicated"],
    ),
    (
        "under treatment the row is the verdict",
        {**G3_NET, **TREATED, "indolent": True},
        "sstr_imaging",
        ["mon-sstr", "img-sstr-g3-net-all"],
    ),
    (
        "an unclear entity before the row, a test made after it",
        {**G3_NET, **TREATED, "rb": "lost", "fdg_pet": "positive"},
        "fdg_pet",
        ["mon-fdg", "img-fdg-unclear-entity", "img-fdg-aggressive"],
    ),
    (
        "and not made: the unclear entity first",
        {**G3_NET, **TREATED, "rb": "lost"},
        "fdg_pet",
        ["img-fdg-unclear-entity", "mon-fdg", "img-fdg-aggressive"],
    ),
    (
        "the longer interval alone where the disease is indolent",
        {**G3_NET, **TREATED, "indolent": True},
        "ct_mri",
        ["mon-ct-mri-g3-net-indolent"],
    ),
    (
        "the interval for treatment also at the first assessment",
        {**G3_NET, **METASTATIC, "on_systemic_treatment": True, "newly_diagnosed": True},
        "sstr_imaging",
        ["mon-sstr", "img-sstr-g3-net", "img-sstr-g3-net-all"],
    ),
    (
        "an unclear entity before aggressiveness, both before the row of follow-up",
        {**G3_NET, "extent": "localized", "under_surveillance": True, "rb": "lost", **AGGRESSIVE},
        "fdg_pet",
        ["img-fdg-unclear-entity", "img-fdg-aggressive", "surv-fdg"],
    ),
    (
        'the open vote, then what is possible, then the table\'s "as indicated"',
        {**NEC, "extent": "localized", "newly_diagnosed": True},
        "fdg_pet",
        ["img-fdg-routine", "img-fdg-aggressive", "img-fdg-indicated"],
    ),
    (
        "symptoms before the row for treatment",
        {**NEC, **TREATED, "cns_symptoms": True, "disease_burden": "low"},
        "brain_imaging",
        ["img-brain-symptoms", "mon-brain-nec"],
    ),
    (
        "symptoms before the row for follow-up",
        {**NEC, "extent": "localized", "under_surveillance": True, "cns_symptoms": True},
        "brain_imaging",
        ["img-brain-symptoms", "surv-brain-nec"],
    ),
    (
        "the vote on the entity before the one on the burden",
        {**NEC, **METASTATIC, "newly_diagnosed": False, "cns_symptoms": False, "disease_burden": "low"},
        "brain_imaging",
        ["img-brain-nec-asymptomatic", "img-brain-low-burden"],
    ),
    (
        "the vote on monitoring before the one on diagnosis",
        {**NEC, **TREATED, "newly_diagnosed": True, "hormonal_syndrome": False},
        "circulating_biomarkers",
        ["bio-monitoring", "bio-nec-initial", "bio-without-syndrome"],
    ),
    (
        "metastatic before every G3 NET",
        {**G3_NET, **METASTATIC, **FIRST},
        "ngs",
        ["mol-ngs-g3-net-metastatic", "mol-ngs-g3-net-routine", "mol-ngs-agnostic"],
    ),
    (
        "the proliferation before the sites",
        {**G3_NET, "ki67": 70, "extent": "metastatic", "metastatic_sites": ["liver", "bone"]},
        "systemic_over_liver_directed",
        ["met-net-systemic-above-55", "met-net-systemic-extrahepatic"],
    ),
    (
        "the panel before two other societies",
        {**NEC, "primary_site": "cervix", "figo_stage": "IB3", "extent": "localized"},
        "neoadjuvant_chemotherapy_then_surgery",
        ["cervix-neoadjuvant-panel", "cervix-neoadjuvant-other-societies"],
    ),
    (
        "what is blocked after what is not",
        {**NEC, **RESECTED, "margin": "positive", "radiation_feasible": False, "primary_site": "stomach"},
        "adjuvant_chemotherapy",
        ["loc-nec-adjuvant-chemotherapy", "loc-nec-adjuvant-enets"],
    ),
]


@pytest.mark.parametrize(
    ("facts", "intervention", "order"), [row[1:] for row in ORDERED], ids=[r[0] for r in ORDERED]
)
def test_statements_on_one_intervention_stand_in_order(
    facts: dict[str, Any], intervention: str, order: list[str]
) -> None:
    found = option(facts, intervention)
    assert [found.id, *found.qualified_by] == order


def test_a_principle_is_neither_an_option_nor_a_qualification(answered: dict[str, Assessment]) -> None:
    principles = {one.id for one in current().statements if one.kind is Kind.PRINCIPLE}
    seen = set()
    for found in answered.values():
        seen |= {one.id for one in found.recommendations} & principles
        for one in found.options:
            assert not {one.id, *one.qualified_by} & principles
    assert seen == principles


def test_the_order_does_not_depend_on_the_order_of_statements(answered: dict[str, Assessment]) -> None:
    """Nor does making the options change the recommendations."""
    for found in list(answered.values())[::9]:
        shuffled = list(found.recommendations)
        Random(7).shuffle(shuffled)
        again = options_of(current(), found.classification.entity, outlined(shuffled))
        assert {one.intervention: (one.id, one.qualified_by) for one in again} == {
            one.intervention: (one.id, one.qualified_by) for one in found.options
        }


# --- The options among each other -------------------------------------------------------------------------


def test_options_stand_by_kind_then_by_what_speaks_for_them(answered: dict[str, Assessment]) -> None:
    kinds = [kind.value for kind in Kind]
    for found in answered.values():
        is_open = found.classification.entity in ("indeterminate", "unknown")
        settling = current().settles_entity if is_open else ()
        options = [one for one in found.options if one.intervention not in settling]
        assert [kinds.index(one.kind) for one in options] == sorted(kinds.index(one.kind) for one in options)
        for kind in kinds:
            of_kind = [_group(one) for one in options if one.kind == kind]
            assert of_kind == sorted(of_kind)


def _group(one: Option) -> int:
    if one.status == "blocked" or one.done:
        return 9
    direction = Stance(one.stance).direction
    if direction is Direction.FOR:
        return int(one.status == "possible")
    return 3 if direction is Direction.OPEN else 4


@pytest.mark.parametrize(
    ("differentiation", "first"),
    [
        ("indeterminate", ["expert_pathology_review", "differentiation_ihc", "fdg_pet"]),
        (None, ["expert_pathology_review", "differentiation_ihc"]),
    ],
)
def test_an_open_entity_is_settled_before_anything_is_treated(
    differentiation: str | None, first: list[str]
) -> None:
    facts = {**G3_NET, **METASTATIC, "differentiation": differentiation, "low_grade_component": False}
    options = [one.intervention for one in answer(facts).options]
    assert options[: len(first)] == first
    made = answer(facts, done=first).options
    assert made[0].intervention not in first, "what is done no longer stands first"
    assert {one.intervention for one in made if one.done} >= set(first)


def test_done_is_for_tests_and_never_for_a_row_of_a_schedule(answered: dict[str, Assessment]) -> None:
    everything = list(current().interventions)
    for vignette in ANSWERED[::11]:
        for one in answer(vignette["facts"], done=everything).recommendations:
            repeated = one.setting in ("monitoring", "surveillance")
            assert one.done is (one.kind == "test" and not repeated), one.id


def test_blocked_options_stay_in_the_list_with_the_reason() -> None:
    facts = {**NEC, **METASTATIC, **FIRST, "etoposide_feasible": False}
    found = answer(facts)
    blocked = [one for one in found.options if one.status == "blocked"]
    assert [one.intervention for one in blocked] == [
        "platinum_etoposide",
        "platinum_beyond_six_cycles",  # only possible otherwise; that it cannot be given is known
        "carboplatin_for_cisplatin",
    ]
    said = {one.id: one for one in found.recommendations}
    for one in blocked:
        assert (one.missing, one.provided) == ((), ())
        assert said[one.id].because[0].fact == "etoposide_feasible"
    of_treatment = [one for one in found.options if one.kind == "treatment"]
    assert of_treatment[-3:] == blocked


# --- What is asked first ----------------------------------------------------------------------------------


def test_what_decides_the_options_shown_first_is_asked_first(answered: dict[str, Assessment]) -> None:
    """But a fact never before one that it rests on: it may come late only while such a one is open."""
    rests_on = grounds_of(current())
    for found in answered.values():
        place = {one.intervention: number for number, one in enumerate(found.options)}
        of = {one.id: place.get(one.intervention, 0) for one in found.recommendations}
        best = {one.fact: min(of[name] for name in one.decides) for one in found.missing}
        asked = [one.fact for one in found.missing]
        for number, (one, other) in enumerate(pairwise(asked), 1):
            if best[one] > best[other]:
                assert rests_on.get(other, frozenset()) & set(asked[number - 1 :]), (one, other)


@pytest.mark.parametrize(
    ("facts", "before", "after"),
    [
        (NEC, "extent", "under_surveillance"),
        (NEC, "extent", "metastatic_sites"),
        ({**NEC, "extent": "localized"}, "resected", "margin"),
        ({**G3_NET, **METASTATIC}, "sstr_imaging", "sstr_uptake"),
        ({**NEC, **METASTATIC}, "prior_regimens", "platinum_response_durable"),
        (G3_NET, "hormonal_syndrome", "carcinoid_syndrome_suspected"),
    ],
)
def test_a_fact_is_asked_after_what_it_rests_on(facts: dict[str, Any], before: str, after: str) -> None:
    asked = [one.fact for one in answer(facts).missing]
    assert asked.index(before) < asked.index(after)


def test_what_decides_only_a_principle_or_a_test_already_made_is_not_asked() -> None:
    """General markers, once one is known, would still wait for the cell type."""
    facts = {**NEC, "synaptophysin": "positive", "chromogranin_a": "positive"}
    found = answer(facts)
    assert (
        "cell_type"
        in next(one for one in found.recommendations if one.id == "path-general-marker-nec").missing
    )
    assert "cell_type" not in {one.fact for one in found.missing}


# --- What the question is about ---------------------------------------------------------------------------


def test_no_question_meets_silence(answered: dict[str, Assessment]) -> None:
    """Every intervention asked of every case: a verdict, a reason for each statement, or a remark."""
    every = list(current().interventions)
    families = {one: current().family(one) for one in every}
    said = {
        one: {s.id for s in current().statements if s.intervention in family}
        for one, family in families.items()
    }
    for vignette in ANSWERED[::20]:
        found = answer(vignette["facts"], asks=every)
        assert [one.intervention for one in found.asked] == every
        assert found.options == answer(vignette["facts"]).options
        for one in found.asked:
            if one.option is not None:
                assert one.option in found.options
                assert (one.excluded, one.not_covered, one.principle) == ((), None, None)
                continue
            assert one.principle or one.not_covered or one.excluded
            assert one.principle or {left_out.id for left_out in one.excluded} == said[one.intervention]
            assert all(left_out.reason for left_out in one.excluded)


FAMILIES = [
    ("platinum", {"platinum_etoposide", "platinum_based_first_line", "carboplatin_for_cisplatin"}),
    ("CAPTEM and temozolomide", {"captem", "temozolomide_based"}),
    (
        "the immunotherapies",
        {"immunotherapy", "single_agent_immunotherapy", "dual_immunotherapy", "biomarker_immunotherapy"},
    ),
    (
        "topotecan",
        {"topotecan_or_anthracycline", "topotecan_irinotecan_or_taxane", "topotecan_paclitaxel_bevacizumab"},
    ),
    ("adjuvant chemotherapy", {"adjuvant_chemotherapy", "adjuvant_cisplatin_etoposide"}),
]


@pytest.mark.parametrize("members", [one[1] for one in FAMILIES], ids=[one[0] for one in FAMILIES])
def test_a_code_stands_for_its_family(members: set[str]) -> None:
    for code in members:
        assert members <= set(current().family(code))


def test_of_a_family_the_option_asked_for_or_the_first() -> None:
    facts = {**NEC, **METASTATIC, "treatment_line": 2, "prior_regimens": ["platinum_etoposide"]}
    facts |= {"mmr": "deficient"}
    asked = answer(facts, asks=["dual_immunotherapy", "immunotherapy", "captem"]).asked
    verdicts = [one.option.intervention for one in asked if one.option]
    assert verdicts == ["dual_immunotherapy", "biomarker_immunotherapy", "temozolomide_based"]
    assert "biomarker_immunotherapy" in asked[0].family
    assert "dual_immunotherapy" not in asked[0].family
    assert asked[2].family == ("captem",)


def test_a_principle_comes_back_with_the_sentence_that_holds() -> None:
    asks = ["dotatate_pet_over_scintigraphy", "ki67_cut_point", "fdg_pet"]
    first, second, third = answer({**G3_NET, **METASTATIC}, asks=asks).asked
    assert (
        first.principle
        == "For SSTR imaging, choose DOTATATE PET, where available, over pentetreotide scintigraphy."
    )
    assert second.principle is not None, "that of the other entity, rather than silence"
    assert third.principle is None
    assert third.option is not None


def test_a_question_that_is_not_covered_has_the_remark() -> None:
    facts = {**G3_NET, **METASTATIC, "ntrk_fusion": True}
    [one] = answer(facts, asks=["ntrk_inhibitor"]).asked
    assert "tissue-agnostic" in (one.not_covered or "")
    [without] = answer({**facts, "ntrk_fusion": False}, asks=["ntrk_inhibitor"]).asked
    assert (without.not_covered, len(without.excluded)) == (None, 1)


def test_edition_1_0_answers_a_question_by_its_statements() -> None:
    old = guideline_at("nanets-hgnen-2023@1.0")
    asked = assess(old, parse_facts({**NEC, **METASTATIC}), asks=["prrt", "debulking", "captem"]).asked
    assert [one.option for one in asked] == [None, None, None]
    assert [bool(one.excluded) for one in asked] == [True, True, True]
    assert "no one verdict" in (asked[0].not_covered or "")


# --- Would a mistake in the order be noticed? -------------------------------------------------------------


def mutants(guideline: Guideline, order: Order) -> Iterator[tuple[str, Guideline]]:
    """The order of one intervention with two neighbors exchanged, or with a statement in another part."""

    def changed(**parts: tuple[str, ...]) -> Guideline:
        made = replace(order, **parts)
        return replace(guideline, orders={**guideline.orders, order.intervention: made})

    for part in ("specific", "routine", "last"):
        ids: tuple[str, ...] = getattr(order, part)
        for place in range(len(ids) - 1):
            one, other = ids[place], ids[place + 1]
            swapped = (*ids[:place], other, one, *ids[place + 2 :])
            yield f"{other} before {one}", changed(**{part: swapped})
    for one in order.specific:
        fewer = tuple(other for other in order.specific if other != one)
        yield f"{one} is routine", changed(specific=fewer, routine=(*order.routine, one))
    for one in order.last:
        fewer = tuple(other for other in order.last if other != one)
        yield f"{one} is not last", changed(last=fewer, routine=(*order.routine, one))


APART = [
    {"img-brain-nec-table-1", "surv-brain-nec"},
    {"img-sstr-g3-net", "surv-sstr"},
    {"img-sstr-nec", "surv-sstr"},
]
"""Newly diagnosed, and in follow-up: the one settles that the other is not so."""


def matters(guideline: Guideline, mutant: Guideline, intervention: str, template: Recommendation) -> bool:
    """Would two statements that can hold together change places, applying or possible?"""
    space = engine_for(guideline).space
    mine = [one for one in guideline.statements if one.intervention == intervention]
    said = [one for one in mine if one.kind is not Kind.PRINCIPLE]
    for one, other in combinations(said, 2):
        if {one.id, other.id} in APART or not space.boxes(AllOf((one.when, other.when))).true:
            continue
        for statuses in product(("applies", "possible"), repeat=2):
            pair = [
                _as_if(template, each, status) for each, status in zip((one, other), statuses, strict=True)
            ]
            before, after = (options_of(each, "nec", outlined(pair)) for each in (guideline, mutant))
            if before[0].id != after[0].id:
                return True
    return False


def _as_if(template: Recommendation, statement: Statement, status: str) -> Recommendation:
    return replace(
        template,
        id=statement.id,
        intervention=statement.intervention,
        kind=statement.kind.value,
        topic=statement.topic.value,
        setting=statement.setting.value,
        stance=statement.stance.value,
        agreement=statement.agreement.value,
        status=status,
        done=False,
    )


def test_any_change_of_the_order_would_be_noticed(answered: dict[str, Assessment]) -> None:
    """By what a vignette expects of an option, or by the table above."""
    unnoticed, template = [], answer(NEC).recommendations[0]
    for order in current().orders.values():
        watched = [one for one in ANSWERED if _speaks_of(one, order.intervention)]
        rows = [row for row in ORDERED if row[2] == order.intervention]
        for what, mutant in mutants(current(), order):
            if not matters(current(), mutant, order.intervention, template):
                continue
            seen = any(_fails(one, answered[one["id"]], mutant) for one in watched)
            if not seen and not any(_misplaces(row, mutant) for row in rows):
                unnoticed.append(what)
    assert unnoticed == []


def _speaks_of(vignette: dict[str, Any], intervention: str) -> bool:
    return any(entry.get("option") == intervention for entry in vignette["expect"])


def _fails(vignette: dict[str, Any], found: Assessment, mutant: Guideline) -> bool:
    options = options_of(mutant, found.classification.entity, outlined(found.recommendations))
    data = json.loads(json.dumps(replace(found, options=options).as_json()))
    return any(wrong({**vignette, **question(vignette)}, data))


def _misplaces(row: tuple[str, dict[str, Any], str, list[str]], mutant: Guideline) -> bool:
    _, facts, intervention, order = row
    found = answer(facts)
    options = options_of(mutant, found.classification.entity, outlined(found.recommendations))
    one = next(one for one in options if one.intervention == intervention)
    return [one.id, *one.qualified_by] != order
