"""Conditions as sentences: every fact has its clause, and they join as a reader would say them."""

from pathlib import Path
from typing import Any

import pytest

from guidelines.knowledge.conditions import ALWAYS, Not, parse_condition
from guidelines.knowledge.releases import addresses, current, guideline_at
from guidelines.knowledge.spoken import spoken
from guidelines.vocabulary.facts import FACTS
from guidelines.vocabulary.sayings import SAYINGS, in_running_text, read_sayings
from guidelines.vocabulary.yamlfile import ContentError

ENTITY_AND = "the tumor is a G3 NET, an NEC or indeterminate"

SAID = [
    ({"progressive": True}, "the disease progresses"),
    ({"progressive": False}, "the disease does not progress"),
    ({"not": {"progressive": True}}, "the disease does not progress"),
    ({"extent": "metastatic"}, "the disease is metastatic"),
    ({"figo_stage": ["IB3", "IIA1", "IIA2"]}, "the FIGO stage is IB3, IIA1 or IIA2"),
    ({"not": {"mmr": "deficient"}}, "mismatch repair is not deficient"),
    ({"ki67": {"below": 55}}, "Ki-67 is below 55 %"),
    ({"not": {"ki67": {"below": 55}}}, "Ki-67 is at least 55 %"),
    ({"ki67": 55}, "Ki-67 is 55 %"),
    ({"metastatic_sites": {"includes": "liver"}}, "there are metastases in the liver"),
    ({"not": {"metastatic_sites": {"includes": "brain"}}}, "there are no metastases in the brain"),
    ({"metastatic_sites": {"includes_other_than": "liver"}}, "there are metastases outside the liver"),
    ({"not": {"metastatic_sites": {"includes_other_than": "liver"}}},
     "there are no metastases outside the liver"),
    ({"prior_regimens": {"empty": True}}, "no systemic treatment was given before"),
    ({"prior_regimens": {"empty": False}}, "systemic treatment was given before"),
    ({"not": {"prior_regimens": {"includes": "captem"}}},
     "capecitabine and temozolomide (CAPTEM) was not given before"),
    ({"entity": "nec"}, "the tumor is an NEC"),
    ({"later_line": True}, "this is the second line of systemic therapy or later"),
    ({"not": {"site_group": "gynecologic"}}, "the primary is not gynecologic"),
    ({"progressive": True, "extent": "metastatic"}, "the disease progresses and the disease is metastatic"),
    ({"entity": ["g3_net", "nec", "indeterminate"], "keratin": "negative"},
     f"{ENTITY_AND}, and keratin is negative"),
    ({"any": [{"mmr": "deficient"}, {"tmb": "high"}]},
     "either mismatch repair is deficient or the tumor mutational burden is high"),
    ({"not": {"any": [{"mmr": "deficient"}, {"tmb": "high"}]}},
     "mismatch repair is not deficient and the tumor mutational burden is not high"),
    ({"any": [{"cns_symptoms": True}, {"disease_burden": "high"}], "entity": "nec"},
     "the tumor is an NEC and either there are CNS symptoms or the systemic burden is high"),
    ({"any": [{"cns_symptoms": True}, {"resected": True, "margin": "positive"}]},
     "either there are CNS symptoms, or the primary was resected and the resection margin is positive"),
    ({"implies": [{"resected": True}, {"margin": "negative"}]},
     "either the primary was not resected or the resection margin is negative"),
    ({"xor": [{"resected": True}, {"radiation_planned": True}]},
     "just one of the two holds: the primary was resected; radiation is planned"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "words"), SAID)
def test_a_condition_as_a_sentence(raw: dict[str, Any], words: str) -> None:
    guideline = current()
    derived = {name: one.values for name, one in guideline.derived.items()}
    assert spoken(parse_condition(raw, guideline.facts, derived)) == words


def test_nothing_asked() -> None:
    assert (spoken(ALWAYS), spoken(Not(ALWAYS))) == ("always", "never")


def test_every_fact_has_its_clause() -> None:
    made = set()
    for address in addresses():
        guideline = guideline_at(address)
        made |= {*guideline.concluded, *guideline.derived}
    assert set(SAYINGS) == {*FACTS, *made}


@pytest.mark.parametrize("name", [name for name, fact in FACTS.items() if fact.choices])
def test_words_are_for_values_that_exist(name: str) -> None:
    assert set(SAYINGS[name].words) <= {choice.value for choice in FACTS[name].choices}


@pytest.mark.parametrize("name", SAYINGS)
def test_a_clause_says_the_opposite_where_it_does_not_hold(name: str) -> None:
    saying = SAYINGS[name]
    assert saying.holds != saying.fails
    yes_or_no = name not in FACTS or FACTS[name].type == "bool"
    assert yes_or_no or "{}" in saying.holds
    assert ("{}" in saying.holds) == ("{}" in saying.fails)


@pytest.mark.parametrize("address", addresses())
def test_every_condition_of_an_edition_is_said_without_codes_and_brackets(address: str) -> None:
    for statement in guideline_at(address).statements:
        words = spoken(statement.when)
        assert "_" not in words
        assert ": yes" not in words
        assert "{" not in words


def test_a_saying_that_is_none_names_file_and_fact(tmp_path: Path) -> None:
    (tmp_path / "sayings.yaml").write_text("keratin: [only one]\n")
    with pytest.raises(ContentError, match="keratin: not a saying"):
        read_sayings(tmp_path / "sayings.yaml")


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Well differentiated", "well differentiated"),
        ("No evidence of disease", "no evidence of disease"),
        ("In follow-up after localized disease", "in follow-up after localized disease"),
        ("Cisplatin- or carboplatin-based first line", "cisplatin- or carboplatin-based first line"),
        *((name, name) for name in ("Rb", "Ki-67", "G3 NET", "5-HIAA", "p53", "FDG-PET", "IIIC2", "SSTR2A")),
    ],
)
def test_a_label_within_a_sentence(label: str, said: str) -> None:
    assert in_running_text(label) == said
