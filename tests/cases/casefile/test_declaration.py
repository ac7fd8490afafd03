"""One declaration of every part: the keys of the contract, their codes, and the shape they are read into."""

import dataclasses
from pathlib import Path

import pytest

from cases import choices
from cases.casefile import PARTS, codes
from cases.casefile.keys import PartDeclaration
from cases.casefile.regimens import DATA, REGIMENS, read_regimens, unnamed
from cases.casefile.staging import read_category
from cases.reading import Unreadable
from guidelines.knowledge.releases import current
from guidelines.vocabulary.facts import FACTS
from guidelines.vocabulary.yamlfile import ContentError
from tests.cases.casefile.files import read

CONTRACT = {
    "patient": "record_number surname given_names sex birth_date deceased deceased_on",
    "case": "key board question asks primary_site pancreas_subsite extent metastatic_sites liver_dominant "
    "brain_metastasis_count tumor_size figo_stage diagnosed_on treatment_list resectability",
    "pathology": "reported_on sampled_on lab_number reviews specimen specimen_site lesion differentiation "
    "cell_type reported_grade ki67 mitoses hpf_field_mm2 synaptophysin p53 rb other_stains expert_review "
    "components stage comment nodes_examined nodes_positive ki67_method ki67_cells keratin chromogranin_a "
    "insm1 sstr2a cxcr4 low_grade_component non_neuroendocrine_component deep_stromal_invasion "
    "lymphovascular_invasion",
    "imaging": "performed_on modality result sstr_uptake sstr_pattern sites course lesions largest findings "
    "liver_lesions",
    "molecular": "reported_on method mmr msi tmb_per_mb tmb ntrk_fusion other ret_fusion braf_v600e",
    "markers": "name value unit upper_limit measured_on",
    "treatments": "kind started_on ended_on regimen regimen_text cycles line setting best_response "
    "progressed_on stop_reason site_treated sites procedure margin dose_gy curative_intent toxicity comment",
    "assessments": "assessed_on ecog favorable_biology comorbidity symptoms patient_wishes comment",
}
ADDED = {"pathology": {"deciding", "deciding_reason"}, "imaging": {"sstr_fdg_discordant"}}
REGIMENS_OF_CONTRACT = [
    "cisplatin_etoposide", "carboplatin_etoposide", "cisplatin_irinotecan",
    "carboplatin_paclitaxel", "captem", "temozolomide", "folfox", "capox", "folfiri",
    "folfiri_bevacizumab", "folfirinox", "nal_iri_5fu", "docetaxel", "ssa", "everolimus",
    "sunitinib", "prrt", "nivolumab", "pembrolizumab", "dostarlimab", "ipilimumab_nivolumab",
    "platinum_etoposide_immunotherapy", "topotecan", "paclitaxel",
    "topotecan_paclitaxel_bevacizumab", "gemcitabine_based", "streptozocin_5fu", "ntrk_inhibitor",
    "ret_inhibitor", "braf_mek_inhibitor", "other",
]  # fmt: skip


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_keys_of_the_contract(part: PartDeclaration) -> None:
    named = set(CONTRACT[part.name].split())
    extra = ADDED.get(part.name, set())
    if part.name == "assessments":
        extra = {name for name, fact in FACTS.items() if fact.owner != "pathology"} | {"prior_entity"}
    assert set(part.by_name) == named | extra
    assert len(part.keys) == len(part.by_name)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_every_key_but_a_facts_has_its_field_and_every_field_its_key(part: PartDeclaration) -> None:
    fields = {one.name for one in dataclasses.fields(part.shape)} - {"path", "words", "careful", "stated"}
    assert fields <= set(part.by_name)
    assert set(part.by_name) - fields <= set(FACTS)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_every_code_is_read_in_any_case(part: PartDeclaration) -> None:
    lists = {"asks", "metastatic_sites", "sites", "prior_regimens"}
    for key in part.keys:
        for code in key.codes:
            for written in (code, code.upper(), code.title()):
                value = [written] if key.name in lists else written
                entry = {key.name: value}
                found = read(**{part.name: [entry] if part.many else entry})
                entries = getattr(found, part.name)
                one = entries[0] if part.many else entries
                got = getattr(one, key.name) if hasattr(one, key.name) else one.stated[key.name]
                assert got == ((code,) if key.name in lists else code)


def test_every_fact_of_the_guideline_has_a_home() -> None:
    stated = {key.fact for part in PARTS for key in part.keys if key.fact}
    assert set(FACTS) <= stated


def test_codes_that_the_record_shares_with_its_columns() -> None:
    assert codes.SPECIMENS.keys() == set(choices.Specimen.values)
    assert codes.MODALITIES.keys() >= set(choices.Modality.values)
    assert codes.RESULTS.keys() == set(choices.ImagingResult.values)
    assert codes.KINDS.keys() >= set(choices.TreatmentKind.values)
    assert codes.SITES_TREATED.keys() == set(choices.SiteTreated.values)
    assert codes.BEST_RESPONSES.keys() == set(choices.BestResponse.values)
    assert codes.SEXES.keys() == set(choices.Sex.values) - {""}


def test_results_are_the_guidelines() -> None:
    for name in ("sstr_imaging", "fdg_pet"):
        assert [choice.value for choice in FACTS[name].choices] == list(codes.RESULTS)


# --- Regimens ---------------------------------------------------------------------------------------


def test_the_regimens_of_the_contract_and_the_vocabularys_own() -> None:
    own = [choice.value for choice in FACTS["prior_regimens"].choices]
    assert set(REGIMENS) == {*REGIMENS_OF_CONTRACT, *own}
    assert all(REGIMENS[code].counts_as == (code,) for code in own)


def test_what_the_vocabulary_has_no_code_for_is_another_regimen() -> None:
    others = [code for code in REGIMENS_OF_CONTRACT if REGIMENS[code].counts_as == ("other_systemic",)]
    assert others == [
        "carboplatin_paclitaxel",
        "paclitaxel",
        "gemcitabine_based",
        "streptozocin_5fu",
        "other",
    ]


@pytest.mark.parametrize(
    ("code", "site", "counts"),
    [
        ("carboplatin_etoposide", "pancreas", ("platinum_etoposide", "carboplatin_for_cisplatin")),
        ("capox", "colon", ("fluoropyrimidine_oxaliplatin",)),
        ("folfiri_bevacizumab", "colon", ("folfiri", "bevacizumab_with_folfiri")),
        ("topotecan", "colon", ("topotecan_or_anthracycline",)),
        ("topotecan", "cervix", ("topotecan_or_anthracycline", "topotecan_irinotecan_or_taxane")),
        ("ssa", None, ("ssa_tumor_control",)),
    ],
)
def test_what_a_regimen_counts_as(code: str, site: str | None, counts: tuple[str, ...]) -> None:
    assert REGIMENS[code].codes_at(site) == counts


def test_platinum_is_what_the_guideline_calls_so_and_what_the_data_add() -> None:
    interventions = current().interventions
    platinum = {
        code
        for code in REGIMENS_OF_CONTRACT
        if REGIMENS[code].platinum
        or any(interventions[one].platinum for one in REGIMENS[code].counts_as if one in interventions)
    }
    assert platinum == {
        "cisplatin_etoposide",
        "carboplatin_etoposide",
        "cisplatin_irinotecan",
        "carboplatin_paclitaxel",
        "platinum_etoposide_immunotherapy",
    }


def test_a_course_without_a_regimen() -> None:
    assert unnamed("radioligand").counts_as == ("prrt",)
    assert unnamed("systemic").counts_as == unnamed(None).counts_as == ("other_systemic",)


def test_a_regimen_that_counts_as_nothing_known_stops_the_program(tmp_path: Path) -> None:
    path = tmp_path / "regimens.yaml"
    path.write_text(DATA.read_text().replace("counts_as: [captem]", "counts_as: [captam]"))
    with pytest.raises(ContentError, match="captam: no code of prior_regimens"):
        read_regimens(path)


# --- Stage ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("letter", "written", "distant"),
    [
        ("m", "M1", True),
        ("m", "pM1", True),
        ("m", "cM1a", True),
        ("m", "ypM1c", True),
        ("m", "rM1 (HEP)", True),
        ("m", "m1b", True),
        ("m", "1", True),
        ("m", "M0", False),
        ("m", "cM0(i+)", False),
        ("m", "MX", False),
    ],
)
def test_whether_a_stage_says_distant(letter: str, written: str, distant: bool) -> None:
    (report,) = read(pathology=[{"stage": {letter: written}}]).pathology
    assert report.stage is not None
    assert report.stage.distant is distant


@pytest.mark.parametrize("written", ["pT3", "ypT2b", "Tis", "T1a1", "pT4 (m)", "TX", "rpT0", 3])
def test_t_categories(written: object) -> None:
    assert read_category(written, "t").value == str(written)


@pytest.mark.parametrize(
    ("letter", "written"), [("t", "T5"), ("n", "pN4"), ("m", "T1"), ("m", "distant"), ("t", True)]
)
def test_what_is_no_category(letter: str, written: object) -> None:
    with pytest.raises(Unreadable):
        read_category(written, letter)  # type: ignore[arg-type]
