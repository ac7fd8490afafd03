"""The record as facts: what is stated, where from, and never a "no" that nobody said."""

import dataclasses
import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st

from cases import choices, facts
from cases.facts import Provenance, RecordFacts, facts_of, months_between, record_of
from cases.models import Case, ImagingStudy, PathologyReport, Treatment
from cases.record import CaseRecord
from guidelines.vocabulary.facts import FACTS, Range
from tests import factories

TODAY = datetime.date(2026, 11, 22)
MARCH = datetime.date(2026, 3, 5)
JUNE = datetime.date(2026, 6, 1)


@pytest.fixture
def case(alice: User) -> Case:
    """A case that states nothing yet."""
    case: Case = factories.CaseFactory(created_by=alice)
    return case


def read(case: Case) -> RecordFacts:
    return facts_of(record_of(Case.objects.get(pk=case.pk)), today=TODAY)


def values(case: Case) -> dict[str, Any]:
    return dict(read(case).values)


def test_every_guideline_fact_has_its_home_in_the_record() -> None:
    homes = [
        *facts.CASE_FACTS,
        *facts.PATHOLOGY_FACTS,
        *facts.IMAGING_FACTS,
        *facts.MOLECULAR_FACTS,
        *facts.TREATMENT_FACTS,
        *facts.ASSESSMENT_FACTS,
    ]
    assert sorted(homes) == sorted(FACTS.keys() - {"reported_grade"})  # it has no column yet


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (Case, facts.CASE_FACTS),
        (PathologyReport, [name for name in facts.PATHOLOGY_FACTS if name != "ki67"]),
        (ImagingStudy, ["sstr_uptake", "sstr_pattern", "sstr_fdg_discordant"]),
        (Treatment, ["margin"]),
    ],
)
def test_a_stored_fact_has_a_column_of_its_name(model: type[Any], names: list[str]) -> None:
    assert set(names) <= {field.name for field in model._meta.concrete_fields}


def test_codes_that_the_record_repeats_are_the_guidelines() -> None:
    def codes(fact: str) -> set[str]:
        return {choice.value for choice in FACTS[fact].choices}

    assert set(choices.ImagingResult.values) == codes("sstr_imaging") == codes("fdg_pet")
    assert {choices.SITE_CERVIX, choices.SITE_PANCREAS} <= codes("primary_site")
    assert choices.EXTENT_LOCALIZED in codes("extent")
    assert choices.FIGO_DISTANT in codes("figo_stage")


def test_an_empty_record_states_nothing(case: Case) -> None:
    factories.PathologyFactory(case=case)
    factories.MolecularFactory(case=case)
    factories.AssessmentFactory(case=case)
    factories.ImagingFactory(case=case, modality="sstr")
    factories.TreatmentFactory(case=case, kind="surgery")
    factories.TreatmentFactory(case=case, kind="radiation")
    assert read(case) == RecordFacts(values={}, provenance={}, cautions=())


def test_a_whole_case_with_where_each_fact_came_from(alice: User) -> None:
    case = factories.CaseFactory(
        created_by=alice,
        primary_site="pancreas",
        extent="metastatic",
        metastatic_sites=["bone", "liver"],
        tumor_size_cm=Decimal("4.20"),
        brain_metastasis_count=0,
        liver_dominant=False,
        updated_at=datetime.datetime(2026, 11, 1, 9, tzinfo=datetime.UTC),
    )
    report = factories.PathologyFactory(
        case=case,
        lab_number="H26-1182",
        specimen="biopsy",
        specimen_site="liver",
        reported_on=MARCH,
        differentiation="well",
        ki67_min=Decimal("45.00"),
        ki67_max=Decimal("45.00"),
        mitotic_count=Decimal("12.5"),
        low_grade_component=False,
    )
    scan = factories.ImagingFactory(
        case=case, modality="sstr", performed_on=JUNE, result="positive", sstr_pattern="homogeneous"
    )
    genes = factories.MolecularFactory(case=case, reported_on=JUNE, mmr="proficient", ret_fusion=False)
    seen = factories.AssessmentFactory(case=case, treatment_line=1, prior_regimens=[], progressive=True)
    read_back = read(case)

    def by_alice(text: str, date: datetime.date | None, part: Any) -> Provenance:
        return Provenance(text, date, "Alice Albers", part.uid)

    pathology = by_alice("Pathology report H26-1182 (biopsy, liver)", MARCH, report)
    referral = by_alice("Referral", datetime.date(2026, 11, 1), case)
    imaging = by_alice("SSTR imaging", JUNE, scan)
    molecular = by_alice("Molecular report", JUNE, genes)
    clinical = by_alice("Clinical assessment", None, seen)
    expected: dict[str, tuple[Any, Provenance]] = {
        "differentiation": ("well", pathology),
        "ki67": (45, pathology),
        "mitotic_count": (12.5, pathology),
        "low_grade_component": (False, pathology),
        "primary_site": ("pancreas", referral),
        "extent": ("metastatic", referral),
        "tumor_size_cm": (4.2, referral),
        "metastatic_sites": (("liver", "bone"), referral),
        "brain_metastasis_count": (0, referral),
        "liver_dominant": (False, referral),
        "sstr_imaging": ("positive", imaging),
        "sstr_pattern": ("homogeneous", imaging),
        "mmr": ("proficient", molecular),
        "ret_fusion": (False, molecular),
        "treatment_line": (1, clinical),
        "prior_regimens": ((), clinical),
        "progressive": (True, clinical),
    }
    assert read_back == RecordFacts(
        values={name: value for name, (value, _) in expected.items()},
        provenance={name: source for name, (_, source) in expected.items()},
        cautions=(),
    )
    assert list(read_back.values) == [name for name in FACTS if name in expected]


# Pathology


def test_the_newest_report_decides_and_an_older_one_fills_in(case: Case) -> None:
    factories.PathologyFactory(case=case, reported_on=JUNE, differentiation="well", ki67_min=30, ki67_max=30)
    factories.PathologyFactory(case=case, reported_on=MARCH, ki67_min=30, ki67_max=35, rb="retained")
    assert values(case) == {"differentiation": "well", "ki67": 30, "rb": "retained"}
    assert read(case).cautions == ()


def test_a_range_stays_a_range(case: Case) -> None:
    factories.PathologyFactory(case=case, ki67_min=Decimal("40"), ki67_max=Decimal("50"))
    assert values(case) == {"ki67": Range(40, 50)}


def test_a_report_without_a_date_counts_from_the_day_it_was_entered(case: Case) -> None:
    factories.PathologyFactory(case=case, reported_on=JUNE, rb="lost")
    factories.PathologyFactory(case=case, rb="retained")
    assert values(case) == {"rb": "retained"}


def test_a_contradicting_older_report_adds_nothing_and_both_are_named(case: Case) -> None:
    factories.PathologyFactory(case=case, reported_on=JUNE, lab_number="H26-9", differentiation="poor")
    factories.PathologyFactory(
        case=case,
        reported_on=MARCH,
        lab_number="H26-1",
        specimen="biopsy",
        differentiation="well",
        ki67_min=30,
        ki67_max=30,
    )
    assert values(case) == {"differentiation": "poor"}
    assert read(case).cautions == (
        "Pathology reports disagree on Differentiation: Poorly differentiated (Pathology report H26-9, "
        "01-Jun-2026), but Well differentiated (Pathology report H26-1 (biopsy), 05-Mar-2026). "
        "The newer decides.",
    )


def test_values_on_the_same_side_of_every_bound_do_not_disagree(case: Case) -> None:
    factories.PathologyFactory(case=case, reported_on=JUNE, ki67_min=45, ki67_max=45, mitotic_count=22)
    factories.PathologyFactory(case=case, reported_on=MARCH, ki67_min=30, ki67_max=35, mitotic_count=40)
    assert read(case).cautions == ()


def test_disagreement_on_cell_type_and_grade_names_both_reports(case: Case) -> None:
    factories.PathologyFactory(case=case, reported_on=JUNE, cell_type="small_cell", ki67_min=60, ki67_max=70)
    factories.PathologyFactory(case=case, reported_on=MARCH, cell_type="large_cell", ki67_min=15, ki67_max=15)
    cell_type, grade = read(case).cautions
    assert "Small cell" in cell_type
    assert "Large cell" in cell_type
    assert "60–70 % (Pathology report, 01-Jun-2026), but 15 % (Pathology report, 05-Mar-2026)" in grade


# Imaging


def test_a_study_that_was_done_outweighs_a_later_not_done(case: Case) -> None:
    factories.ImagingFactory(case=case, modality="sstr", performed_on=MARCH, result="positive")
    factories.ImagingFactory(case=case, modality="sstr", performed_on=JUNE, result="not_done")
    factories.ImagingFactory(case=case, modality="fdg_pet", performed_on=JUNE, result="not_done")
    assert values(case) == {"sstr_imaging": "positive", "fdg_pet": "not_done"}


def test_uptake_of_an_older_study_does_not_outlive_a_negative_one(case: Case) -> None:
    factories.ImagingFactory(
        case=case, modality="sstr", performed_on=MARCH, result="positive", sstr_uptake="above_liver"
    )
    assert values(case) == {"sstr_imaging": "positive", "sstr_uptake": "above_liver"}
    factories.ImagingFactory(case=case, modality="sstr", performed_on=JUNE, result="negative")
    assert values(case) == {"sstr_imaging": "negative"}


def test_discordance_may_stand_with_either_study(case: Case) -> None:
    factories.ImagingFactory(case=case, modality="fdg_pet", sstr_fdg_discordant=True)
    assert values(case) == {"sstr_fdg_discordant": True}


# Treatment


def test_curative_surgery_of_the_primary_is_a_resection_with_its_margin(case: Case) -> None:
    factories.TreatmentFactory(
        case=case,
        site_treated="primary",
        curative_intent=True,
        margin="positive",
        started_on=MARCH,
        procedure="Right hemicolectomy",
    )
    assert values(case) == {"resected": True, "margin": "positive", "months_since_treatment": 8}
    assert read(case).provenance["margin"].text == "Surgery: Right hemicolectomy"


@pytest.mark.parametrize(
    "surgery",
    [
        {"site_treated": "metastasis", "curative_intent": True},
        {"site_treated": "primary", "curative_intent": None},
        {"site_treated": "primary", "curative_intent": False},
        {"site_treated": "", "curative_intent": True},
    ],
)
def test_any_other_surgery_says_nothing_about_a_resection(case: Case, surgery: dict[str, Any]) -> None:
    factories.TreatmentFactory(case=case, margin="negative", **surgery)
    assert values(case) == {}


def test_no_resection_only_when_somebody_says_so(case: Case) -> None:
    factories.AssessmentFactory(case=case, resected=False)
    assert values(case) == {"resected": False}


def test_a_resection_outweighs_the_word_that_there_was_none(case: Case) -> None:
    factories.TreatmentFactory(case=case, site_treated="primary", curative_intent=True)
    factories.AssessmentFactory(case=case, resected=False)
    assert values(case) == {"resected": True}
    (caution,) = read(case).cautions
    assert "the primary was not resected" in caution


def test_regimens_come_from_treatments_and_from_what_the_clinician_lists(case: Case) -> None:
    factories.TreatmentFactory(case=case, kind="systemic", regimen="captem", started_on=MARCH)
    factories.TreatmentFactory(case=case, kind="systemic", regimen="other", regimen_text="Interferon")
    factories.AssessmentFactory(case=case, prior_regimens=["everolimus", "captem"])
    assert set(values(case)["prior_regimens"]) == {"captem", "everolimus"}
    assert read(case).cautions == ()


def test_a_nameless_regimen_makes_the_list_not_known(case: Case) -> None:
    factories.TreatmentFactory(case=case, kind="systemic", regimen="captem")
    factories.TreatmentFactory(case=case, kind="systemic")
    assert values(case) == {}
    assert len(read(case).cautions) == 1


def test_a_recorded_therapy_outweighs_the_word_that_there_was_none(case: Case) -> None:
    factories.TreatmentFactory(case=case, kind="systemic", regimen="captem")
    factories.AssessmentFactory(case=case, prior_regimens=[])
    assert values(case) == {"prior_regimens": ("captem",)}
    assert len(read(case).cautions) == 1


@pytest.mark.parametrize(
    ("treatments", "months"),
    [
        ([{"kind": "surgery", "started_on": MARCH}], 8),
        ([{"kind": "surgery", "started_on": datetime.date(2026, 2, 23)}], 8),
        ([{"kind": "surgery", "started_on": datetime.date(2026, 2, 22)}], 9),
        ([{"kind": "surgery", "started_on": MARCH}, {"kind": "radiation", "ended_on": JUNE}], 5),
        ([{"kind": "surgery", "started_on": MARCH}, {"kind": "radiation", "started_on": JUNE}], None),
        ([{"kind": "radiation", "ended_on": TODAY + datetime.timedelta(days=1)}], None),
        ([{"kind": "radiation", "ended_on": TODAY}], 0),
        ([], None),
    ],
)
def test_months_count_from_the_end_of_the_last_curative_treatment(
    case: Case, treatments: list[dict[str, Any]], months: int | None
) -> None:
    for treatment in treatments:
        factories.TreatmentFactory(case=case, curative_intent=True, **treatment)
    factories.TreatmentFactory(case=case, kind="surgery", started_on=TODAY, curative_intent=False)
    assert values(case).get("months_since_treatment") == months


@given(start=st.dates(), months=st.integers(0, 240), days=st.integers(0, 27))
def test_completed_months_never_exceed_the_time_that_passed(
    start: datetime.date, months: int, days: int
) -> None:
    """Going `months` on from the first of a month, and some days, gives exactly `months`."""
    first = start.replace(day=1, year=min(start.year, 9000))
    year, month = divmod(first.month - 1 + months, 12)
    assert (
        months_between(first, first.replace(year=first.year + year, month=month + 1, day=days + 1)) == months
    )


# The record as a preview sees it


def test_the_newest_assessment_that_states_a_fact_decides(case: Case) -> None:
    factories.AssessmentFactory(case=case, assessed_on=MARCH, indolent=True, response="stable")
    factories.AssessmentFactory(case=case, assessed_on=JUNE, indolent=False)
    assert values(case) == {"indolent": False, "response": "stable"}


def test_unsaved_parts_lie_over_the_stored_ones(case: Case) -> None:
    stored = factories.PathologyFactory(case=case, reported_on=MARCH, differentiation="well")
    record = record_of(case)
    changed = PathologyReport.objects.get(pk=stored.pk)
    changed.differentiation = "poor"
    added = ImagingStudy(case=case, modality="sstr", result="positive")
    moved = Case.objects.get(pk=case.pk)
    moved.extent = "localized"
    overlaid = record.with_part(changed).with_part(added).with_part(moved)
    assert facts_of(overlaid).values == {
        "differentiation": "poor",
        "sstr_imaging": "positive",
        "extent": "localized",
    }
    assert facts_of(overlaid).provenance["sstr_imaging"].author == ""
    assert facts_of(record).values == {"differentiation": "well"}


def test_an_unusable_value_counts_as_not_known_and_is_named(case: Case) -> None:
    record = record_of(case).with_part(PathologyReport(case=case, differentiation="sort of"))
    read_back = facts_of(record)
    assert read_back.values == {}
    assert read_back.cautions[0].startswith("Differentiation as recorded is not usable")


def test_the_record_takes_a_fixed_number_of_queries(
    case: Case, django_assert_num_queries: Any, alice: User
) -> None:
    for _ in range(3):
        for factory in (
            factories.PathologyFactory,
            factories.ImagingFactory,
            factories.MolecularFactory,
            factories.TreatmentFactory,
            factories.AssessmentFactory,
        ):
            factory(case=case)
    with django_assert_num_queries(6):
        loaded = Case.objects.with_record().get(pk=case.pk)
        facts_of(record_of(loaded))
    with django_assert_num_queries(6):
        facts_of(record_of(Case.objects.select_related("patient", "board", "updated_by").get(pk=case.pk)))


def test_every_kind_of_part_has_its_place(case: Case) -> None:
    assert {field.name for field in dataclasses.fields(CaseRecord)} == {
        "case",
        "patient",
        "pathology",
        "imaging",
        "molecular",
        "treatments",
        "assessments",
    }
