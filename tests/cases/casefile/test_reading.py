"""A case file from JSON: every value by its reader, every fault by its path."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.casefile import PARTS, CaseFileInvalid, read_case_file
from cases.casefile.shape import OtherStain, TumorComponent
from cases.casefile.staging import TnmStage
from cases.reading import BoundedNumber, PartialDate
from tests.cases.casefile.files import AROUND, faults, read


def test_nothing_is_a_case_file_too() -> None:
    file = read_case_file({}, AROUND)
    assert (file.patient.is_empty, file.case.is_empty, file.pathology, file.treatments) == (
        True,
        True,
        (),
        (),
    )


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_null_and_empty_text_are_nothing_everywhere(part: Any) -> None:
    for nothing in (None, "", " "):
        entry = {key.name: nothing if key.name not in LISTS else None for key in part.keys}
        file = read(**{part.name: [entry] if part.many else entry})
        assert getattr(file, part.name) in ((), file.patient, file.case)
        assert not part.many or getattr(file, part.name) == ()
        assert part.many or getattr(file, part.name).is_empty
    assert faults(**{part.name: None}) == []


LISTS = {"asks", "metastatic_sites", "sites", "prior_regimens", "components", "other_stains", "stage"}


def test_a_whole_report() -> None:
    (report,) = read(
        pathology=[
            {
                "reported_on": "05-Mar-2026",
                "sampled_on": "2026-03",
                "lab_number": "H26–1182",
                "specimen": "Biopsy",
                "specimen_site": "Liver, segment 5",
                "lesion": "METASTASIS",
                "differentiation": "Well",
                "reported_grade": "NET G3",
                "ki67": "22–25 %",
                "mitoses": "16/10 HPF",
                "hpf_field_mm2": 0.238,
                "p53": "null",
                "other_stains": [{"name": "CDX2", "result": "focal"}],
                "components": [{"type": "NET_G2", "percent": "30 %"}, {"type": "nec"}],
                "stage": {"t": "pT3", "n": "pN1", "m": "pM1", "edition": "AJCC 8"},
                "nodes_examined": 12,
                "nodes_positive": "3",
                "expert_review": False,
                "comment": "Two lines.\nThe second.",
            }
        ]
    ).pathology
    assert report.report_date == PartialDate(2026, 3, 5)
    assert report.sampled_on == PartialDate(2026, 3)
    assert (report.lab_number, report.specimen, report.lesion) == ("H26–1182", "biopsy", "metastasis")
    assert (report.differentiation, report.reported_grade, report.says("p53")) == ("well", "g3", "null")
    assert report.ki67 == BoundedNumber(Decimal(22), Decimal(25))
    assert report.mitoses is not None
    assert report.mitoses.as_json() == 13.45
    assert report.other_stains == (OtherStain("CDX2", "focal"),)
    assert [one.type for one in report.components] == ["net_g2", "nec"]
    assert report.components[0] == TumorComponent("net_g2", BoundedNumber.exactly(30))
    assert report.stage == TnmStage("pT3", "pN1", "pM1", "AJCC 8")
    assert (report.nodes_examined, report.nodes_positive, report.expert_review) == (12, 3, False)
    assert report.comment == "Two lines.\nThe second."
    assert report.words["ki67"] == "22–25 %"
    assert report.words["stage"] == "pT3 pN1 pM1 AJCC 8"
    assert "HPF" in report.cautions[0]
    assert report.path == "pathology[0]"


def test_the_field_counts_for_its_own_report_only() -> None:
    first, second = read(
        pathology=[{"mitoses": "12/50 HPF", "hpf_field_mm2": 0.2}, {"mitoses": "12/50 HPF"}]
    ).pathology
    assert first.mitoses is not None
    assert first.mitoses.as_json() == 2.4
    assert (second.mitoses, second.words["mitoses"]) == (None, "12/50 HPF")
    assert "unknown" in second.cautions[0]


def test_an_assessment_holds_what_is_stated_by_fact() -> None:
    (assessment,) = read(
        assessments=[
            {
                "assessed_on": "2026-03-25",
                "ecog": 1,
                "favorable_biology": True,
                "response": "Stable",
                "treatment_line": "2",
                "prior_regimens": ["CAPTEM", "captem"],
                "metastatic_sites": [],
                "months_since_treatment": 4.5,
                "tumor_size_cm": "34 mm",
                "comment": "Wants to travel.",
            }
        ]
    ).assessments
    stated = {name: value for name, value in assessment.stated.items() if name != "tumor_size_cm"}
    assert stated == {
        "favorable_biology": True,
        "response": "stable",
        "treatment_line": 2,
        "prior_regimens": ("captem",),
        "metastatic_sites": (),
        "months_since_treatment": Decimal("4.5"),
    }
    assert assessment.stated["tumor_size_cm"].as_json() == 3.4
    assert (assessment.ecog, assessment.comment) == (1, "Wants to travel.")


def test_entries_in_which_nothing_is_written_are_left_out() -> None:
    file = read(treatments=[{}, {"kind": ""}, {"kind": "surgery"}], pathology=[{"components": []}])
    assert [one.path for one in file.treatments] == ["treatments[2]"]
    assert file.pathology == ()


def test_empty_lists_are_findings_where_none_is_one() -> None:
    file = read(case={"metastatic_sites": [], "asks": []}, imaging=[{"modality": "ct", "sites": []}])
    assert file.case.metastatic_sites == ()
    assert file.imaging[0].sites == ()


def test_codes_come_in_the_order_of_the_vocabulary_and_questions_as_asked() -> None:
    case = read(case={"metastatic_sites": ["LUNG", "liver", "lung"], "asks": ["prrt", "CAPTEM"]}).case
    assert (case.metastatic_sites, case.asks) == (("liver", "lung"), ("prrt", "captem"))


def test_a_control_character_or_half_a_letter_reaches_no_words() -> None:
    file = read(
        pathology=[{"ki67": "45\n%\ud800", "specimen_site": "li\x00ver\ud800", "lab_number": "H\u200b1"}],
        treatments=[{"procedure": "Whipple\nprocedure"}],
    )
    (report,) = file.pathology
    assert report.words == {"ki67": "45 %", "specimen_site": "liver", "lab_number": "H1"}
    assert file.treatments[0].procedure == "Whipple procedure"


# --- Faults -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ({"pathology": [{}, {"ki67": "high"}]}, 'pathology[1].ki67: "high": no number; allowed: a number fr'),
        ({"pathology": [{"ki67": "25-20"}]}, 'pathology[0].ki67: "25-20": the range runs downward'),
        ({"pathology": [{"ki67": 101}]}, 'pathology[0].ki67: "101": over 100 %'),
        ({"pathology": [{"mitoses": "16/HPF"}]}, 'pathology[0].mitoses: "16/HPF": HPF without their number'),
        ({"pathology": [{"hpf_field_mm2": 0}]}, 'pathology[0].hpf_field_mm2: "0": not above 0 mm²'),
        ({"pathology": [{"reported_grade": "high"}]}, 'pathology[0].reported_grade: "high"'),
        ({"pathology": [{"p53": "positive"}]}, 'pathology[0].p53: "positive": no such value; allowed: wild_'),
        ({"pathology": [{"reported_on": "2026-04-02"}]}, "is in the future; allowed: dates up to today, 01-"),
        ({"pathology": [{"stage": {"m": "M9"}}]}, 'pathology[0].stage.m: "M9": no M category; allowed: a M'),
        ({"pathology": [{"stage": {"x": 1}}]}, 'pathology[0].stage.x: "1": no such key; allowed: t, n, m, e'),
        ({"pathology": [{"stage": "pT3"}]}, 'pathology[0].stage: "pT3": not an object'),
        ({"pathology": [{"components": [{"type": "net"}]}]}, 'pathology[0].components[0].type: "net": no su'),
        ({"pathology": [{"components": [{"percent": 4}]}]}, "components[0].type: \"null\": missing; allowed"),
        ({"pathology": [{"components": [{"type": "nec", "percent": 101}]}]}, 'components[0].percent: "101":'),
        ({"pathology": [{"components": "nec"}]}, 'pathology[0].components: "nec": not a list'),
        ({"pathology": [{"other_stains": [{"result": "x"}]}]}, "other_stains[0].name"),
        ({"pathology": [{"other_stains": ["CDX2"]}]}, 'other_stains[0]: "CDX2": not an object'),
        ({"pathology": {"ki67": 4}}, "pathology: \"{\"ki67\": 4}\": not a list; allowed: a list of objects "),
        ({"pathology": ["x"]}, 'pathology[0]: "x": not an object; allowed: an object of reported_on'),
        ({"case": []}, 'case: "[]": not an object; allowed: an object of key, board'),
        ({"case": {"asks": ["PRRT", "nonsense"]}}, 'case.asks[1]: "nonsense": no such value; allowed: prrt,'),
        ({"case": {"metastatic_sites": "liver"}}, 'case.metastatic_sites: "liver": not a list; allowed: a l'),
        ({"case": {"metastatic_sites": ["liver", None]}}, 'case.metastatic_sites[1]: "null": no value'),
        ({"case": {"tumor_size": "999 cm"}}, 'case.tumor_size: "999 cm": over 50 cm'),
        ({"case": {"tumor_size": 16}}, "a bare number above 15: write its unit"),
        ({"case": {"brain_metastasis_count": -1}}, 'case.brain_metastasis_count: "-1": not a whole number'),
        ({"case": {"brain_metastasis_count": 1.5}}, "not a whole number; allowed: a whole number from 0 to "),
        ({"case": {"liver_dominant": "maybe"}}, 'case.liver_dominant: "maybe": neither true nor false'),
        ({"case": {"question": 4}}, 'case.question: "4": not a text'),
        ({"patient": {"birth_date": "3/5/1974"}}, "03-May-1974 or 05-Mar-1974: write the month"),
        ({"patient": {"birth_date": "12-03-61"}}, "no year of four digits"),
        ({"patient": {"surname": 4}}, 'patient.surname: "4": not a text'),
        ({"imaging": [{"modality": "x-ray"}]}, 'imaging[0].modality: "x-ray": no such value; allowed: ct, m'),
        ({"molecular": [{"tmb_per_mb": "many"}]}, 'molecular[0].tmb_per_mb: "many": no number'),
        ({"markers": [{"value": "1,000"}]}, 'markers[0].value: "1,000": could be 1000 or 1.000'),
        ({"markers": [{"value": "> 12,500"}]}, 'markers[0].value: "> 12,500": could be 12500 or 12.500'),
        ({"markers": [{"upper_limit": "1,000"}]}, 'markers[0].upper_limit: "1,000": could be 1000 or 1.000'),
        ({"markers": [{"upper_limit": ">3"}]}, 'markers[0].upper_limit: ">3": not a single number'),
        ({"treatments": [{"line": 0}]}, 'treatments[0].line: "0": out of range; allowed: a whole number fro'),
        ({"treatments": [{"regimen": "aspirin"}]}, 'treatments[0].regimen: "aspirin": no such value; allowe'),
        ({"treatments": [{"stop_reason": "tired"}]}, 'treatments[0].stop_reason: "tired": no such value'),
        ({"assessments": [{"ecog": 5}]}, 'assessments[0].ecog: "5": out of range'),
        ({"assessments": [{"differentiation": "well"}]}, "assessments[0].differentiation: \"well\": no such"),
    ],
)  # fmt: skip
def test_a_fault_names_its_path_the_value_and_what_is_allowed(parts: dict[str, Any], line: str) -> None:
    (said,) = faults(**parts)
    assert line in said
    assert "allowed" in said
    assert "\n" not in said


def test_unknown_keys_are_refused_with_the_keys_allowed_there() -> None:
    said = faults(
        pathology=[{"reported_on": "2026-03-05", "ki_67": 30}],
        case={"primarysite": "pancreas"},
        treatments=[{"kind": "systemic", "stopped_on": "2026-01-01"}],
        notes="x",
    )
    assert [line.split(":")[0] for line in said] == [
        "pathology[0].ki_67", "case.primarysite", "treatments[0].stopped_on", "notes",
    ]  # fmt: skip
    assert all(
        key in line for line, key in zip(said, ("ki67", "primary_site", "ended_on", "markers"), strict=True)
    )


def test_every_fault_comes_at_once_in_the_order_of_the_file() -> None:
    said = faults(
        treatments=[{"kind": "magic"}, {"line": "x"}],
        pathology=[{"ki67": "+++", "differentiation": "good"}],
        case={"metastatic_sites": ["liver", "tail", "head"]},
    )
    assert [line.split(": ")[0] for line in said] == [
        "treatments[0].kind",
        "treatments[1].line",
        "pathology[0].differentiation",
        "pathology[0].ki67",
        "case.metastatic_sites[1]",
        "case.metastatic_sites[2]",
    ]


@pytest.mark.parametrize("raw", [None, [], "case", 4, True])
def test_only_an_object_is_a_case_file(raw: Any) -> None:
    with pytest.raises(
        CaseFileInvalid, match="not an object; allowed: an object of patient, case, pathology"
    ):
        read_case_file(raw, AROUND)


def test_a_key_from_outside_cannot_break_the_line() -> None:
    (said,) = faults(**{"no\ntes\ud800": 1})
    assert "\n" not in said
    said.encode()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = {part.name: sorted(part.by_name) for part in PARTS}


@given(st.data())
def test_whatever_is_written_is_read_or_refused_in_lines(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(KEYS)))
    entry = data.draw(st.dictionaries(st.sampled_from(KEYS[name]), anything, max_size=4))
    raw = {name: [entry] if name not in ("patient", "case") else entry}
    try:
        read_case_file(raw, AROUND)
    except CaseFileInvalid as invalid:
        for error in invalid.errors:
            assert error.fact.startswith(name)
            assert str(error).isprintable()
            str(error).encode()


@pytest.mark.parametrize("value", ["1,5", "0,125", "1.000", "1000", "> 1000", 1.125, "10,25"])
def test_a_marker_with_a_decimal_comma_is_read(value: object) -> None:
    (marker,) = read(markers=[{"name": "CgA", "value": value}]).markers
    assert marker.value is not None
