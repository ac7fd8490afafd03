"""The vocabulary of facts: what each allows, how it is shown, and that JSON comes back as it went in."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidelines.vocabulary.contradictions import CONTRADICTIONS
from guidelines.vocabulary.facts import (
    FACTS,
    INFINITE,
    LARGEST,
    Fact,
    FactError,
    FactsInvalid,
    Range,
)
from guidelines.vocabulary.parsing import parse_facts

# One row a fact: a value as JSON gives it, and how it is shown.
SHOWN: dict[str, tuple[Any, str]] = {
    "differentiation": ("well", "Well differentiated"),
    "cell_type": ("small_cell", "Small cell"),
    "ki67": (45, "45 %"),
    "mitotic_count": (12.5, "12.5 per 2 mm²"),
    "reported_grade": ("g3", "G3"),
    "low_grade_component": (True, "Yes"),
    "non_neuroendocrine_component": (False, "No"),
    "keratin": ("positive", "Positive"),
    "synaptophysin": ("negative", "Negative"),
    "chromogranin_a": ("positive", "Positive"),
    "insm1": ("negative", "Negative"),
    "p53": ("null", "Null pattern"),
    "rb": ("lost", "Lost"),
    "sstr2a": ("weak_or_focal", "Weak or focal"),
    "cxcr4": ("other", "Other pattern"),
    "primary_site": ("unknown_primary", "Unknown primary"),
    "pancreas_subsite": ("tail", "Tail"),
    "extent": ("localized", "Localized"),
    "figo_stage": ("IIIC2", "IIIC2"),
    "tumor_size_cm": (2.1, "2.1 cm"),
    "metastatic_sites": (["liver", "distant_nodes"], "Liver, Distant nodes"),
    "brain_metastasis_count": (4, "4"),
    "liver_dominant": (True, "Yes"),
    "liver_metastases_symptomatic": (False, "No"),
    "liver_metastases_progressive": (True, "Yes"),
    "disease_burden": ("high", "High"),
    "cns_symptoms": (False, "No"),
    "hormonal_syndrome": (True, "Yes"),
    "carcinoid_syndrome_suspected": (False, "No"),
    "cardiac_symptoms": (True, "Yes"),
    "hiaa": ("elevated", "Elevated"),
    "sstr_imaging": ("not_done", "Not done"),
    "sstr_uptake": ("above_liver", "Above liver"),
    "sstr_pattern": ("homogeneous", "Homogeneous"),
    "fdg_pet": ("not_done", "Not done"),
    "sstr_fdg_discordant": (True, "Yes"),
    "mmr": ("deficient", "Deficient"),
    "tmb": ("low", "Low"),
    "ntrk_fusion": (False, "No"),
    "ret_fusion": (True, "Yes"),
    "braf_v600e": (False, "No"),
    "newly_diagnosed": (True, "Yes"),
    "resected": (False, "No"),
    "margin": ("positive", "Positive"),
    "resection_planned": (True, "Yes"),
    "radiation_feasible": (False, "No"),
    "radiation_planned": (True, "Yes"),
    "etoposide_feasible": (False, "No"),
    "early_stage": (True, "Yes"),
    "response": ("exceptional", "Exceptional response"),
    "initial_chemotherapy_completed": (True, "Yes"),
    "deep_stromal_invasion": (False, "No"),
    "lymphovascular_invasion": (True, "Yes"),
    "treatment_line": (2, "2"),
    "prior_regimens": ([], "None"),
    "progressive": (True, "Yes"),
    "refractory": (False, "No"),
    "platinum_response_durable": (True, "Yes"),
    "progressed_off_platinum": (False, "No"),
    "tolerating_treatment": (True, "Yes"),
    "favorable_biology": (False, "No"),
    "indolent": (True, "Yes"),
    "pace_increase": (False, "No"),
    "lesion_outgrowing": (True, "Yes"),
    "disproportionately_aggressive": (False, "No"),
    "prior_entity": ("g3_net", "G3 NET"),
    "under_surveillance": (True, "Yes"),
    "on_systemic_treatment": (False, "No"),
    "months_since_treatment": (18, "18 months"),
    "recurrence_suspected": (True, "Yes"),
    "trial_available": (False, "No"),
}


def test_the_table_has_every_fact_of_the_vocabulary() -> None:
    assert list(SHOWN) == list(FACTS)


@pytest.mark.parametrize("name", FACTS)
def test_a_value_is_shown_in_words_and_written_as_it_was_read(name: str) -> None:
    raw, words = SHOWN[name]
    fact = FACTS[name]
    value = fact.parse(raw)
    assert value is not None
    assert fact.show(value) == words
    assert fact.as_json(value) == raw


@pytest.mark.parametrize("name", FACTS)
def test_null_is_not_known_and_never_no(name: str) -> None:
    fact = FACTS[name]
    assert fact.parse(None) is None
    assert fact.show(None) == "Not known"
    assert fact.as_json(None) is None
    assert parse_facts({name: None}) == {}


def test_every_code_has_a_label_and_comes_back() -> None:
    for fact in FACTS.values():
        for choice in fact.choices:
            raw = [choice.value] if fact.type == "list" else choice.value
            value = fact.parse(raw)
            assert fact.as_json(value) == raw
            assert fact.show(value) == fact.label_of(choice.value) == choice.label != ""


def test_a_list_keeps_the_order_of_the_vocabulary_and_each_member_once() -> None:
    assert FACTS["metastatic_sites"].parse(["bone", "liver", "bone"]) == ("liver", "bone")


def test_the_words_of_an_earlier_regimen() -> None:
    fact = FACTS["prior_regimens"]
    assert fact.show(fact.parse(["platinum_etoposide"])) == "Platinum and etoposide"


# --- Numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "value", "words"),
    [
        (0, 0, "0 %"),
        (100, 100, "100 %"),
        (20.1, 20.1, "20.1 %"),
        (55.0, 55.0, "55 %"),
        ({"min": 40, "max": 50}, Range(40, 50), "40–50 %"),
        ({"min": 0.5, "max": 2}, Range(0.5, 2), "0.5–2 %"),
        ({"max": 30, "min": 30}, 30, "30 %"),
        (20.0000001, 20.0000001, "20.0000001 %"),
        (1e-9, 1e-9, "0.000000001 %"),
    ],
)
def test_ki67_is_a_value_or_a_range(raw: Any, value: Any, words: str) -> None:
    fact = FACTS["ki67"]
    assert fact.parse(raw) == value
    assert fact.show(value) == words


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("ki67", -0.1),
        ("ki67", 100.1),
        ("ki67", {"min": 10, "max": 101}),
        ("ki67", {"min": 30, "max": 20}),
        ("ki67", {}),
        ("ki67", {"min": 30, "above": 30}),
        ("ki67", {"max": 30, "below": 30}),
        ("ki67", {"above": 30, "below": 30}),
        ("ki67", {"above": 30, "max": 30}),
        ("ki67", {"above": 100}),
        ("ki67", {"below": 0}),
        ("ki67", {"min": 101}),
        ("ki67", {"min": 30, "max": 40, "mean": 35}),
        ("ki67", {"min": None, "max": 40}),
        ("mitotic_count", -1),
        ("mitotic_count", {"below": 0}),
        ("tumor_size_cm", {"max": 0}),
        ("treatment_line", {"min": 1, "max": 2}),
        ("months_since_treatment", {"min": 1, "max": 2}),
        ("tumor_size_cm", 0),
        ("tumor_size_cm", -2),
        ("brain_metastasis_count", -1),
        ("brain_metastasis_count", 1.5),
        ("treatment_line", 0),
        ("treatment_line", 1.01),
        ("months_since_treatment", -0.5),
        ("mitotic_count", 10**15),
        ("mitotic_count", 10**400),
        ("mitotic_count", 1e300),
        ("treatment_line", 10**23),
        ("brain_metastasis_count", -(10**400)),
        *[(name, value) for name in ("ki67", "mitotic_count", "treatment_line", "tumor_size_cm")
          for value in (math.nan, math.inf, -math.inf, True, "3", [3])],
    ],
)  # fmt: skip
def test_a_number_outside_its_limits_is_refused(name: str, raw: Any) -> None:
    with pytest.raises(FactError) as error:
        FACTS[name].parse(raw)
    assert error.value.fact == name
    assert FACTS[name].allowed in error.value.message


BOUNDS = [
    ({"above": 20}, "> 20 %", [20], [20.01, 100]),
    ({"min": 80}, "≥ 80 %", [79.99], [80, 100]),
    ({"below": 1}, "< 1 %", [1], [0, 0.99]),
    ({"max": 2}, "≤ 2 %", [2.01], [0, 2]),
    ({"min": 40, "max": 50}, "40–50 %", [39, 51], [40, 45, 50]),
    ({"above": 20, "below": 55}, "above 20 below 55 %", [20, 55], [21, 54]),
    ({"above": 20, "max": 55}, "above 20 to 55 %", [20, 56], [21, 55]),
    ({"min": 20, "below": 55}, "from 20 below 55 %", [19, 55], [20, 54]),
]


@pytest.mark.parametrize(("raw", "words", "outside", "inside"), BOUNDS)
def test_a_bound_is_a_bound_and_no_value(
    raw: dict[str, float], words: str, outside: list[float], inside: list[float]
) -> None:
    value = FACTS["ki67"].parse(raw)
    assert isinstance(value, Range)
    assert (FACTS["ki67"].show(value), FACTS["ki67"].as_json(value)) == (words, raw)
    assert [one for one in (*outside, *inside) if one in value] == inside


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("ki67", {"min": 30, "max": 30}, 30),
        ("ki67", {"min": 100}, 100),
        ("ki67", {"max": 0}, 0),
        ("mitotic_count", {"max": 0}, 0),
        ("mitotic_count", {"min": 4, "max": 4.0}, 4),
    ],
)
def test_bounds_that_leave_one_value_are_that_value(name: str, raw: dict[str, float], value: float) -> None:
    assert FACTS[name].parse(raw) == value


def test_a_whole_number_written_with_a_point_is_whole() -> None:
    value = FACTS["treatment_line"].parse(2.0)
    assert value == 2
    assert isinstance(value, int)


def test_what_is_allowed_in_words() -> None:
    assert {name: FACTS[name].allowed for name in ("ki67", "mitotic_count", "tumor_size_cm")} == {
        "ki67": "allowed: a number from 0 to 100, %, or bounds as {min, max, above, below}",
        "mitotic_count": "allowed: a number of at least 0, per 2 mm², or bounds as {min, max, above, below}",
        "tumor_size_cm": "allowed: a number above 0, cm, or bounds as {min, max, above, below}",
    }
    assert FACTS["months_since_treatment"].allowed == "allowed: a number of at least 0, months"
    assert FACTS["treatment_line"].allowed == "allowed: a whole number of at least 1"
    assert FACTS["resected"].allowed == "allowed: true, false"
    assert FACTS["differentiation"].allowed == "allowed: well, poor, indeterminate"
    assert FACTS["metastatic_sites"].allowed == (
        "allowed: a list of liver, bone, lung, peritoneum, brain, distant_nodes, other"
    )


# --- Every value, by property -----------------------------------------------------------------------


def raw_values(fact: Fact) -> st.SearchStrategy[Any]:
    """Any JSON value that the fact allows."""
    codes = [choice.value for choice in fact.choices]
    low = fact.minimum or 0
    match fact.type:
        case "enum":
            return st.sampled_from(codes)
        case "bool":
            return st.booleans()
        case "list":
            return st.lists(st.sampled_from(codes), unique=True)
        case "integer":
            return st.integers(int(low), LARGEST)
    number = st.integers(int(low), 100) | st.floats(low, 100, exclude_min=fact.exclusive_minimum)
    if fact.exclusive_minimum:
        number = number.filter(lambda value: value > low)
    if fact.type != "range":
        return number
    pair = st.tuples(number, number).map(sorted).filter(lambda ends: ends[0] < ends[1])
    low_end, high_end = st.sampled_from(["min", "above"]), st.sampled_from(["max", "below"])
    both = st.tuples(low_end, high_end, pair).map(lambda drawn: dict(zip(drawn[:2], drawn[2], strict=True)))
    top = fact.maximum if fact.maximum is not None else INFINITE
    one_sided = st.tuples(low_end, number.filter(lambda value: value < top)) | st.tuples(
        high_end, number.filter(lambda value: value > low)
    )
    return number | both | one_sided.map(lambda drawn: dict([drawn]))


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.name)
@given(data=st.data())
def test_what_is_read_is_written_the_same_and_reads_the_same_again(fact: Fact, data: st.DataObject) -> None:
    raw = data.draw(raw_values(fact))
    value = fact.parse(raw)
    assert isinstance(value, Range) is isinstance(raw, dict)
    written = fact.as_json(value)
    assert fact.parse(written) == value
    assert fact.as_json(fact.parse(written)) == written
    assert fact.show(value)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(name=st.sampled_from(sorted(FACTS)), raw=JUNK)
def test_anything_else_is_refused_by_name_and_nothing_else_happens(name: str, raw: Any) -> None:
    refusal = None
    try:
        value = FACTS[name].parse(raw)
    except FactError as error:
        refusal = error
    if refusal is None:
        assert (value is None) is (raw is None)
    else:
        assert refusal.fact == name
        assert "allowed: " in refusal.message
        assert len(refusal.message) < 2000


# --- A whole set ------------------------------------------------------------------------------------


def test_every_error_of_a_set_is_reported() -> None:
    with pytest.raises(FactsInvalid) as refusal:
        parse_facts({"ki67": 101, "grade": 3, "resected": "no", "rb": "lost"})
    assert [error.fact for error in refusal.value.errors] == ["ki67", "grade", "resected"]


@pytest.mark.parametrize("raw", [None, [], "facts", 3, [("ki67", 3)]])
def test_facts_are_an_object(raw: Any) -> None:
    with pytest.raises(FactsInvalid) as refusal:
        parse_facts(raw)
    assert "an object is expected" in str(refusal.value)


CONTRADICTORY: list[tuple[dict[str, Any], str, str]] = [
    ({"extent": "localized", "metastatic_sites": ["liver"]}, "metastatic_sites", "extent: localized"),
    (
        {"extent": "no_evidence_of_disease", "metastatic_sites": ["bone", "brain"]},
        "metastatic_sites",
        "extent: no_evidence_of_disease",
    ),
    ({"primary_site": "pancreas", "figo_stage": "IB1"}, "figo_stage", "cervix"),
    ({"primary_site": "uterus", "figo_stage": "IB1"}, "figo_stage", "cervix"),
    ({"primary_site": "unknown_primary", "figo_stage": "IVB"}, "figo_stage", "unknown_primary"),
    ({"extent": "localized", "figo_stage": "IVB"}, "figo_stage", "extent: localized"),
]


@pytest.mark.parametrize(("facts", "named", "part"), CONTRADICTORY)
def test_the_contradictions_of_the_contract_are_errors(facts: dict[str, Any], named: str, part: str) -> None:
    with pytest.raises(FactsInvalid) as refusal:
        parse_facts(facts)
    [error] = refusal.value.errors
    assert error.fact == named
    assert part in error.message


def test_every_rule_of_the_vocabulary_is_met_by_a_contradiction_above() -> None:
    """And each says to people, in the labels of forms, what it contradicts."""
    met = set()
    for facts, named, _ in CONTRADICTORY:
        values = {name: FACTS[name].parse(raw) for name, raw in facts.items()}
        [rule] = [one for one in CONTRADICTIONS if one.found_in(values)]  # type: ignore[arg-type]
        assert rule.fact == named
        met.add(rule)
    assert met == set(CONTRADICTIONS)
    for rule in CONTRADICTIONS:
        assert FACTS[rule.other].label.lower() in rule.for_people.lower()
        assert rule.fact not in rule.for_people, "people read labels"


@pytest.mark.parametrize(
    "facts",
    [
        {"extent": "localized", "metastatic_sites": []},
        {"extent": "localized", "metastatic_sites": None},
        {"extent": "metastatic", "metastatic_sites": []},
        {"extent": "no_evidence_of_disease", "metastatic_sites": []},
        {"extent": "no_evidence_of_disease", "figo_stage": "IVB", "primary_site": "cervix"},
        {"figo_stage": "IB1"},
        {"figo_stage": "IVB"},
        {"figo_stage": "IVA", "primary_site": "cervix", "extent": "localized"},
        {"figo_stage": "IVB", "primary_site": "cervix", "extent": "metastatic"},
        {"figo_stage": None, "primary_site": "pancreas"},
        {"margin": "positive", "resected": False},
        {"brain_metastasis_count": 2, "metastatic_sites": ["liver"], "extent": "metastatic"},
    ],
)
def test_what_sits_oddly_together_is_no_error(facts: dict[str, Any]) -> None:
    assert parse_facts(facts).keys() == {name for name, value in facts.items() if value is not None}
