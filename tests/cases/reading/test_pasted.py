"""What is recognized in a pasted report, and what is left alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.forms.parts import PathologyForm
from cases.reading.pasted import LONGEST_TEXT, TUMOR_SIZE, find_in_report

REPORT = """Accession S26-123. Collected: 03/05/2026. Reported: 12 Mar 2026\r
A. Liver, core biopsy: Metastatic well-differentiated neuroendocrine\r
tumor, WHO grade 3 (NET G3).\r
Not poorly differentiated; no small cell component. No necrosis. Margins negative for tumor.\r
Ki-67 (MIB-1) labeling index: 27,5 % (500 cells counted). Mitoses: 16/10 HPF. Field area 0.238 mm².\r
Tumor cells are positive for synaptophysin, chromogranin A and INSM1; negative for TTF-1. \
Keratin AE1/AE3: positive.\r
p53 wild-type; Rb retained. SSTR2A: diffuse and strong membranous staining.\r
Tumor size 3.4 x 2.1 x 1.8 cm. pT3 pN1 (2/14) cM0 (AJCC 8th ed.).\r
"""


def found(text: str) -> list[tuple[str, str]]:
    return [(one.field, one.value) for one in find_in_report(text)]


def test_a_report_as_a_whole_in_the_order_of_its_text() -> None:
    assert found(REPORT) == [
        ("sampled_on", "03-May-2026"),
        ("sampled_on", "05-Mar-2026"),
        ("reported_on", "12-Mar-2026"),
        ("differentiation", "well"),
        ("reported_grade", "WHO grade 3"),
        ("reported_grade", "NET G3"),
        ("ki67", "27,5 %"),
        ("mitoses", "16/10 HPF"),
        ("hpf_field_mm2", "0.238 mm²"),
        ("synaptophysin", "positive"),
        ("chromogranin_a", "positive"),
        ("insm1", "positive"),
        ("keratin", "positive"),
        ("p53", "wild_type"),
        ("rb", "retained"),
        ("sstr2a", "diffuse_strong"),
        (TUMOR_SIZE, "3.4 x 2.1 x 1.8 cm"),
        ("stage_t", "pT3"),
        ("stage_n", "pN1"),
        ("nodes_examined", "14"),
        ("nodes_positive", "2"),
        ("stage_m", "cM0"),
        ("stage_edition", "AJCC 8"),
    ]


def test_every_proposal_quotes_its_words() -> None:
    quoted = {one.field: REPORT[one.start : one.end] for one in find_in_report(REPORT)}
    assert quoted["ki67"] == "Ki-67 (MIB-1) labeling index: 27,5 %"
    assert quoted["insm1"] == "positive for synaptophysin, chromogranin A and INSM1"
    assert quoted["stage_t"] == "pT3"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ki-67 >80 %", [">80 %"]),
        ("Ki67: 45", ["45"]),
        ("Ki-67: <1 %", ["<1 %"]),
        ("Ki-67 proliferation index is approximately 20-25%", ["approximately 20-25%"]),
        ("MIB-1 index of 60 to 70%", ["60 to 70%"]),
        ("Proliferationsindex (Ki-67) ca. 30%", ["ca. 30%"]),
        ("Ki-67 20 bis 25 %", ["20 - 25 %"]),
        ("proliferation rate 30% (Ki-67)", ["30%"]),
        ("30% (Ki-67)", ["30%"]),
        ("Ki-67 labeling\nindex: 27 %", ["27 %"]),
        ("Ki-67 27.5 %, in another part Ki-67 13 %", ["27.5 %", "13 %"]),
        ("Ki-67 counted in 500 cells", []),
        ("Ki-67 in 80 cells", []),
        ("Ki-67 not done", []),
        ("Ki-67 (MIB-1) pending", []),
        ("proliferation index (Ki 67) pending", []),
        ("Ki-67: 250 %", []),
        ("CD56 positive in 90 %", []),
    ],
)
def test_ki67(text: str, words: list[str]) -> None:
    assert [value for field, value in found(text) if field == "ki67"] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("16/10 HPF", ["16/10 HPF"]),
        ("Mitotic rate: 12 per 10 high-power fields", ["12 per 10 high-power fields"]),
        ("<2 mitoses/2 mm²", ["<2 mitoses/2 mm²"]),
        ("Mitoses: >20 per 2 mm2", [">20 per 2 mm2"]),
        ("Mitosen: 25 pro 10 HPF", ["25 per 10 HPF"]),
        ("12-15 mitotic figures per 10 HPF", ["12-15 mitotic figures per 10 HPF"]),
        ("Mitoses are easily found", []),
        ("No mitoses", []),
        ("2/14 lymph nodes", []),
        ("seen on 05/12/2026", []),
    ],
)
def test_mitoses(text: str, words: list[str]) -> None:
    assert [value for field, value in found(text) if field == "mitoses"] == words


@pytest.mark.parametrize(
    ("text", "results"),
    [
        ("Synaptophysin: negative, chromogranin: negative, CK7 positive", "synaptophysin- chromogranin_a-"),
        ("synaptophysin +, chromogranin -", "synaptophysin+"),
        ("Positive for synaptophysin and INSM1; negative for keratin", "synaptophysin+ insm1+ keratin-"),
        ("Synaptophysin and chromogranin A are diffusely positive", "synaptophysin+ chromogranin_a+"),
        ("Synaptophysin and chromogranin were ordered, keratin is positive", "keratin+"),
        ("The cells express synaptophysin", "synaptophysin+"),
        ("no expression of chromogranin", "chromogranin_a-"),
        ("expression of INSM1 is absent", "insm1-"),
        ("Chromogranin A was not done", ""),
        ("Chromogranin A equivocal", ""),
        ("CK20 positive", ""),
        ("Synaptophysin focal", ""),
        ("No stain for keratin", ""),
    ],
)
def test_stains_that_are_positive_or_negative(text: str, results: str) -> None:
    sign = {"positive": "+", "negative": "-"}
    assert " ".join(field + sign[value] for field, value in found(text)) == results


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("Rb: lost; p53: overexpression", [("rb", "lost"), ("p53", "missense")]),
        ("Loss of Rb1 expression", [("rb", "lost")]),
        ("No loss of Rb", [("rb", "retained")]),
        ("Rb intact, p53 null pattern", [("rb", "retained"), ("p53", "null")]),
        ("p53 positive", []),
        ("p53 aberrant", []),
        ("Rb positive", []),
        ("SSTR2 weak", [("sstr2a", "weak_or_focal")]),
        ("SSTR2A strong and diffuse", [("sstr2a", "diffuse_strong")]),
        ("SSTR2A positive", []),
        ("SSTR2A negative", [("sstr2a", "negative")]),
        ("CXCR4 diffuse, strong", [("cxcr4", "diffuse_strong")]),
        ("CXCR4 weak", []),
    ],
)
def test_stains_with_results_of_their_own(text: str, proposed: list[tuple[str, str]]) -> None:
    assert found(text) == proposed


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("well differentiated neuroendocrine tumor", [("differentiation", "well")]),
        ("Poorly-differentiated carcinoma", [("differentiation", "poor")]),
        ("moderately differentiated", []),
        ("well or poorly differentiated", []),
        ("well- or poorly differentiated", []),
        ("not a well differentiated tumor", []),
        ("no evidence of a poorly differentiated component", []),
        ("rather than poorly differentiated", []),
        ("Neuroendocrine carcinoma, grade 3", [("reported_grade", "grade 3")]),
        ("NEC G3", [("reported_grade", "NEC G3")]),
        ("WHO grade III", [("reported_grade", "WHO grade III")]),
        ("high grade", []),
        ("Gleason grade 3", []),
        ("G4", []),
        ("large cell neuroendocrine carcinoma", [("cell_type", "large_cell")]),
        ("non-small cell carcinoma", []),
    ],
)
def test_words_of_the_diagnosis(text: str, proposed: list[tuple[str, str]]) -> None:
    assert found(text) == proposed


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("ypT3N1M1a", {"stage_t": "ypT3", "stage_n": "N1", "stage_m": "M1a"}),
        (
            "pT2, pN0 (0/12)",
            {"stage_t": "pT2", "stage_n": "pN0", "nodes_positive": "0", "nodes_examined": "12"},
        ),
        ("pM1", {"stage_m": "pM1"}),
        ("T1 weighted", {}),
        ("T2 N1", {"stage_t": "T2", "stage_n": "N1"}),
        ("2 of 14 regional lymph nodes", {"nodes_positive": "2", "nodes_examined": "14"}),
        ("lymph nodes: 0/12", {"nodes_positive": "0", "nodes_examined": "12"}),
        ("14 of 2 lymph nodes", {}),
        ("UICC, 8th edition", {"stage_edition": "UICC 8"}),
        ("greatest diameter 34 mm", {TUMOR_SIZE: "34 mm"}),
        ("Tumor size: 3,4 x 2,1 cm", {TUMOR_SIZE: "3,4 x 2,1 cm"}),
        ("distance to the margin 2 mm", {}),
        ("size 300 cm", {}),
        ("Signed out 25.03.2026", {"reported_on": "25-Mar-2026"}),
        ("Date of biopsy: March 5, 2026", {"sampled_on": "05-Mar-2026"}),
        ("received 05-Mar-2026", {}),
        ("collected in the morning", {}),
    ],
)
def test_stage_size_and_dates(text: str, proposed: dict[str, str]) -> None:
    assert dict(found(text)) == proposed


def test_a_date_that_numbers_leave_open_is_proposed_in_each_reading() -> None:
    assert found("Collected 3/5/2026") == [("sampled_on", "03-May-2026"), ("sampled_on", "05-Mar-2026")]


@given(st.text(st.sampled_from("Ki-67 :;.,/%>~0123456789 mitoses HPF p53 lost\n²–"), max_size=200))
def test_whatever_is_pasted_proposes_what_stands_there(text: str) -> None:
    for one in find_in_report(text):
        assert 0 <= one.start < one.end <= len(text)
        assert one.field in (*PathologyForm.base_fields, TUMOR_SIZE)


@pytest.mark.parametrize(
    "piece",
    [
        "p53 + ",
        "small cell ",
        "Ki-67 1",
        "1-",
        "mitoses ",
        "no ",
        "pT3 ",
        "+",
        "size 1 x ",
        "lymph nodes (",
        "1/",
    ],
)
def test_a_long_text_takes_no_longer_than_it_should(piece: str) -> None:
    text = (piece * LONGEST_TEXT)[:LONGEST_TEXT]
    started = time.process_time()
    find_in_report(text)
    assert time.process_time() - started < 2
