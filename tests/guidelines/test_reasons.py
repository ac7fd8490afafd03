"""The words of an answer: why a statement applies, what it waits for, why it is excluded."""

from datetime import date
from typing import Any

import pytest

from guidelines.answer.assessment import assess
from guidelines.answer.parts import Recommendation
from guidelines.answer.reasons import in_words
from guidelines.knowledge.releases import current, guideline_at
from guidelines.vocabulary.facts import FACTS, Range
from guidelines.vocabulary.parsing import parse_facts

ORIGIN = f"pathology, {date(2026, 3, 5):%d-%b-%Y}"
G3_NET = {"differentiation": "well", "ki67": 45, "mitotic_count": 8}
NEC = {"differentiation": "poor", "ki67": 80, "mitotic_count": 40}
LIVER = {"extent": "metastatic", "metastatic_sites": ["liver"]}


def recommendation(statement: str, facts: dict[str, Any], **provenance: str) -> Recommendation:
    answer = assess(current(), parse_facts(facts), include_excluded=True, provenance=provenance)
    return next(one for one in answer.recommendations if one.id == statement)


def because(statement: str, facts: dict[str, Any], **provenance: str) -> list[str]:
    return [reason.text for reason in recommendation(statement, facts, **provenance).because]


# --- One fact ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ki67", 45, "Ki-67 45 %"),
        ("ki67", Range(40, 50), "Ki-67 40–50 %"),
        ("mitotic_count", 24, "Mitoses 24 per 2 mm²"),
        ("treatment_line", 2, "Line of systemic therapy to choose 2"),
        ("differentiation", "well", "Differentiation: Well differentiated"),
        ("metastatic_sites", ("liver", "bone"), "Metastatic sites: Liver, Bone"),
        ("metastatic_sites", (), "Metastatic sites: None"),
        ("resected", False, "Primary resected: No"),
    ],
)
def test_a_fact_in_words(name: str, value: Any, words: str) -> None:
    assert in_words(FACTS[name], value) == words


def test_a_fact_with_its_origin_and_its_bounds() -> None:
    fact = FACTS["ki67"]
    assert in_words(fact, 45, ORIGIN) == "Ki-67 45 % (pathology, 05-Mar-2026)"
    assert in_words(fact, 45, ORIGIN, ["below 55 %"]) == "Ki-67 45 % (pathology, 05-Mar-2026), below 55 %"
    assert in_words(fact, 45, None, ["above 20 %", "below 55 %"]) == "Ki-67 45 %, above 20 % and below 55 %"


# --- Why it applies ---------------------------------------------------------------------------------


def test_why_liver_directed_therapy_below_55() -> None:
    assert because(
        "met-net-liver-directed-below-55",
        G3_NET | LIVER,
        ki67=ORIGIN,
        metastatic_sites="CT, 01-Mar-2026",
    ) == [
        "Ki-67 45 % (pathology, 05-Mar-2026), above 20 % and below 55 %",
        "Differentiation: Well differentiated",
        "Extent: Metastatic",
        "Metastatic sites: Liver (CT, 01-Mar-2026)",
    ]


def test_why_it_is_high_grade_by_mitoses_alone() -> None:
    facts = {"differentiation": "well", "ki67": 12, "mitotic_count": 24}
    assert because("path-synaptophysin-chromogranin", facts) == [
        "Mitoses 24 per 2 mm², above 20 per 2 mm²",
        "Differentiation: Well differentiated",
    ]


def test_why_pelvic_radiation_names_the_risk_factor_that_is_there() -> None:
    cervix = NEC | {"primary_site": "cervix", "figo_stage": "IB1", "resected": True, "extent": "localized"}
    assert because("cervix-postoperative-radiation-risk", cervix | {"tumor_size_cm": 3}) == [
        "Ki-67 80 %, above 20 %",
        "Differentiation: Poorly differentiated",
        "Primary site: Cervix",
        "Extent: Localized",
        "FIGO stage: IB1",
        "Primary resected: Yes",
        "Tumor size 3 cm, above 2 cm",
    ]
    small = cervix | {"tumor_size_cm": 1.5, "lymphovascular_invasion": True}
    assert because("cervix-postoperative-radiation-risk", small)[-1] == "Lymphovascular space invasion: Yes"


def test_why_something_is_advised_against_that_is_not_there() -> None:
    assert because("brain-prophylactic", NEC | LIVER) == [
        "Ki-67 80 %, above 20 %",
        "Differentiation: Poorly differentiated",
        "Metastatic sites: Liver",
    ]


def test_why_it_is_high_grade_though_no_number_says_so() -> None:
    """What a fact was concluded from stands for it; what was only presumed is no reason."""
    reported = {"differentiation": "well", "reported_grade": "g3"}
    assert because("met-net-debulking", reported | LIVER) == [
        "Grade as reported: G3",
        "Differentiation: Well differentiated",
        "Extent: Metastatic",
    ]
    assert because("met-nec-debulking", {"differentiation": "poor", "primary_site": "colon"} | LIVER) == [
        "Differentiation: Poorly differentiated",
        "Extent: Metastatic",
        "Primary site: Colon",
    ]


def test_what_blocks_a_statement_comes_first_among_its_reasons() -> None:
    resected = NEC | {"primary_site": "colon", "extent": "localized", "resected": True, "margin": "positive"}
    one = recommendation(
        "loc-nec-adjuvant-chemoradiation-positive",
        resected | {"radiation_feasible": False, "under_surveillance": True},
        radiation_feasible="board, 01-Mar-2026",
    )
    assert (one.status, one.provided, one.missing) == ("blocked", (), ())
    assert [reason.text for reason in one.because][:2] == [
        "Site can be irradiated: No (board, 01-Mar-2026)",
        "In follow-up after localized disease: Yes",
    ]
    assert "Resection margin: Positive" in [reason.text for reason in one.because]


def test_only_what_was_stated_is_a_reason() -> None:
    """A margin says that the primary was resected; nobody stated that it was."""
    case = NEC | {"primary_site": "colon", "margin": "positive", "extent": "localized"}
    one = recommendation("loc-nec-adjuvant-enets", case)
    assert one.status == "applies"
    assert {reason.fact for reason in one.because} <= set(case)


def test_the_reasons_carry_the_fact_and_its_value_as_json_writes_it() -> None:
    one = recommendation("met-net-liver-directed", G3_NET | LIVER | {"ki67": {"min": 30, "max": 40}})
    assert [(reason.fact, reason.value) for reason in one.because] == [
        ("ki67", {"min": 30, "max": 40}),
        ("differentiation", "well"),
        ("extent", "metastatic"),
        ("metastatic_sites", ["liver"]),
    ]
    assert one.because[0].text == "Ki-67 30–40 %, above 20 %"


def test_origin_changes_the_words_and_nothing_else() -> None:
    bare = recommendation("met-net-liver-directed", G3_NET | LIVER)
    told = recommendation("met-net-liver-directed", G3_NET | LIVER, extent="CT, 01-Mar-2026")
    again = recommendation("met-net-liver-directed", G3_NET | LIVER)
    assert [reason.text for reason in told.because][2] == "Extent: Metastatic (CT, 01-Mar-2026)"
    assert bare == again, "the origin of one case does not stay for the next"


# --- What it waits for ------------------------------------------------------------------------------


def test_the_question_of_one_fact() -> None:
    facts = G3_NET | LIVER | {"treatment_line": 1, "favorable_biology": True, "sstr_imaging": "not_done"}
    one = recommendation("met-net-ssa-favorable", facts)
    assert (one.status, one.missing) == ("possible", ("sstr_imaging",))
    assert one.question == "SSTR imaging is positive"
    assert "SSTR imaging" not in " ".join(reason.text for reason in one.because)


def test_the_question_of_several_facts() -> None:
    one = recommendation("met-net-prrt", G3_NET | LIVER)
    assert one.question == (
        "the disease progresses, SSTR imaging is positive, SSTR uptake is above that of the liver, "
        "and SSTR uptake is homogeneous across lesions"
    )
    assert one.missing == ("sstr_imaging", "sstr_uptake", "sstr_pattern", "progressive")


def test_the_question_of_alternatives() -> None:
    one = recommendation("path-rebiopsy-g3-net", G3_NET | {"progressive": False})
    assert one.missing == ("pace_increase", "lesion_outgrowing")
    assert one.question == (
        "either the disease progresses, the pace of disease increases or one lesion outgrows the others"
    )


def test_the_question_of_a_range_that_spans_the_bound() -> None:
    one = recommendation("met-net-liver-directed-below-55", G3_NET | LIVER | {"ki67": {"min": 50, "max": 60}})
    assert (one.status, one.missing, one.question) == ("possible", ("ki67",), "Ki-67 is below 55 %")
    assert one.because[0].text == "Ki-67 50–60 %, above 20 %"


def test_the_question_of_the_entity() -> None:
    one = recommendation("met-net-debulking", {"differentiation": "well", "ki67": 12} | LIVER)
    assert (one.missing, one.question) == (("mitotic_count", "reported_grade"), "the tumor is a G3 NET")


# --- Why it is excluded -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "facts", "words"),
    [
        (
            "met-net-liver-directed-below-55",
            G3_NET | LIVER | {"ki67": 55},
            "Ki-67 55 % (pathology, 05-Mar-2026). Needed: Ki-67 is below 55 %.",
        ),
        (
            "met-nec-ssa",
            G3_NET | LIVER,
            "Differentiation: Well differentiated. Needed: the tumor is an NEC.",
        ),
        (
            "loc-net-distal-pancreatectomy",
            G3_NET | {"primary_site": "pancreas"} | LIVER,
            "Extent: Metastatic. Needed: the disease is localized.",
        ),
        (
            "loc-net-distal-pancreatectomy",
            G3_NET | {"primary_site": "pancreas", "pancreas_subsite": "head", "extent": "localized"},
            "Part of the pancreas: Head. Needed: the primary is in the body or tail of the pancreas.",
        ),
        (
            "loc-nec-adjuvant-enets",
            NEC | {"primary_site": "cervix", "extent": "localized", "resected": True},
            "Primary site: Cervix. "
            "Needed: the primary is in the bowel, in another gastrointestinal site or in the pancreas.",
        ),
        (
            "met-net-captem-later",
            G3_NET | LIVER | {"treatment_line": 1},
            "Line of systemic therapy to choose 1. "
            "Needed: this is the second line of systemic therapy or later.",
        ),
        (
            "met-net-captem-later",
            G3_NET | LIVER | {"treatment_line": 2, "prior_regimens": ["captem"]},
            "Earlier systemic regimens: Capecitabine and temozolomide (CAPTEM). "
            "Needed: capecitabine and temozolomide (CAPTEM) was not given before.",
        ),
        (
            "met-net-prrt",
            G3_NET | LIVER | {"progressive": True, "sstr_imaging": "negative"},
            "SSTR imaging: Negative. Needed: SSTR imaging is positive.",
        ),
        (
            "brain-prophylactic",
            NEC | {"extent": "metastatic", "metastatic_sites": ["brain"]},
            "Metastatic sites: Brain. Needed: there are no metastases in the brain.",
        ),
        (
            "path-synaptophysin-chromogranin",
            {"differentiation": "well", "ki67": 12, "mitotic_count": 4},
            "Ki-67 12 % (pathology, 05-Mar-2026); Mitoses 4 per 2 mm². Needed: the tumor is a G3 NET.",
        ),
        # what follows from a stated fact, what is presumed, and what cannot arise
        (
            "loc-net-resection",
            G3_NET | {"primary_site": "colon", "margin": "negative", "extent": "localized"},
            "Primary resected: Yes (follows from the facts stated). Needed: the primary was not resected.",
        ),
        (
            "mon-ct-mri-g3-net-indolent",
            G3_NET | LIVER | {"on_systemic_treatment": True},
            "Indolent course: No (presumed). Needed: the course is indolent.",
        ),
        (
            "img-brain-high-burden",
            NEC | {"extent": "localized"},
            "Systemic disease burden: cannot arise here. Needed: the systemic burden is high.",
        ),
    ],
)
def test_the_first_reason_why_a_statement_is_excluded(
    statement: str, facts: dict[str, Any], words: str
) -> None:
    one = recommendation(statement, facts, ki67=ORIGIN)
    assert (one.status, one.excluded_by) == ("excluded", words)
    assert (one.missing, one.question) == ((), "")


def test_why_what_no_single_fact_excludes_is_excluded() -> None:
    """Edition 1.0 settles nothing before it asks its statements."""
    old = guideline_at("nanets-hgnen-2023@1.0")
    found = assess(old, parse_facts(NEC | {"extent": "localized"}), include_excluded=True)
    [one] = [one for one in found.recommendations if one.id == "brain-radiosurgery"]
    assert one.excluded_by == (
        "By the facts stated it cannot be that there are metastases in the brain, "
        "the number of brain metastases is at least 1, and the number of brain metastases is below 4."
    )


# --- The classification -----------------------------------------------------------------------------


def test_the_reasons_of_the_classification() -> None:
    answer = assess(current(), parse_facts({"differentiation": "well", "ki67": 45, "mitotic_count": 24}))
    assert answer.classification.reasons == (
        "Reported well differentiated.",
        "Ki-67 above 20 %: high grade.",
        "More than 20 mitoses per 2 mm²: high grade.",
    )
    assert answer.classification.cautions == ()


def test_what_the_classification_waits_for() -> None:
    answer = assess(current(), parse_facts({"differentiation": "well", "ki67": {"min": 15, "max": 25}}))
    assert answer.classification.entity == "unknown"
    assert answer.classification.reasons[-1] == (
        "The entity cannot be told yet; not known and decisive: Ki-67, Mitoses, Grade as reported."
    )
    assert answer.classification.cautions == (
        "Ki-67 is reported as 15–25 %: for the bound at 20 % it counts as not known.",
    )


def test_a_range_names_every_bound_it_spans_that_concerns_the_case() -> None:
    """55 % is a bound of G3 NET only."""
    facts = parse_facts({"differentiation": "poor", "ki67": {"min": 15, "max": 70}})
    spanning = [text for text in assess(current(), facts).classification.cautions if "15–70" in text]
    assert spanning == [
        "Ki-67 is reported as 15–70 %: for the bound at 20 % and 60 % it counts as not known."
    ]


def test_what_one_stated_fact_says_of_another_is_named_as_stated() -> None:
    """Nobody said "progressive"; the response to the last treatment did."""
    imaging = {"sstr_imaging": "positive", "sstr_uptake": "above_liver", "sstr_pattern": "homogeneous"}
    case = {"differentiation": "well", "ki67": 30, "extent": "metastatic", "response": "progression"}
    case |= {"treatment_line": 2, **imaging}
    found = assess(current(), parse_facts(case)).recommendations
    prrt = next(one for one in found if one.id == "met-net-prrt")
    assert prrt.status == "applies"
    assert "Response to the last treatment: Progression" in [reason.text for reason in prrt.because]
