"""The stored record as facts: who said it and where it stands, and that nothing stored stops a page.

What follows from a record is tested on case files (`tests/cases/course`), and that a stored one says the same
in `test_filing`.
"""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from cases import choices
from cases.facts import Provenance, RecordFacts, facts_of, record_of
from cases.models import Case, ImagingStudy, PathologyReport
from cases.queries import with_record
from cases.reading import PartialDate
from guidelines.vocabulary.facts import FACTS, Range
from tests import factories

TODAY = datetime.date(2026, 11, 22)
MARCH = PartialDate(2026, 3, 5)
JUNE = PartialDate(2026, 6, 1)


@pytest.fixture
def case(alice: User) -> Case:
    """A case that states nothing yet."""
    case: Case = factories.CaseFactory(created_by=alice)
    return case


def read(case: Case) -> RecordFacts:
    return facts_of(record_of(Case.objects.get(pk=case.pk)), today=TODAY)


def values(case: Case) -> dict[str, Any]:
    return dict(read(case).values)


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
    assert (values(case), read(case).provenance) == ({}, {})


def test_where_each_fact_came_from(alice: User) -> None:
    case = factories.CaseFactory(
        created_by=alice,
        primary_site="pancreas",
        extent="metastatic",
        metastatic_sites=["bone", "liver"],
        tumor_size="34 mm",
        updated_at=datetime.datetime(2026, 11, 1, 9, tzinfo=datetime.UTC),
    )
    report = factories.PathologyFactory(
        case=case,
        lab_number="H26-1182",
        specimen="biopsy",
        specimen_site="liver",
        reported_on=MARCH,
        differentiation="well",
        ki67="22-25 %",
        mitoses="60/10 mm²",
    )
    scan = factories.ImagingFactory(case=case, modality="sstr", performed_on=JUNE, result="positive")
    seen = factories.AssessmentFactory(case=case, progressive=True)
    pathology = Provenance("Pathology H26-1182 (biopsy, liver)", MARCH, "Alice Albers", report.uid)
    referral = Provenance("Referral", PartialDate(2026, 11, 1), "Alice Albers", case.uid)
    imaging = Provenance("SSTR imaging", JUNE, "Alice Albers", scan.uid)
    clinical = Provenance("Clinical assessment", None, "Alice Albers", seen.uid)
    expected: dict[str, tuple[Any, Provenance, str]] = {
        "differentiation": ("well", pathology, 'Differentiation "well"'),
        "ki67": (Range(22, 25), pathology, 'Ki-67 "22-25 %"'),
        "mitotic_count": (12, pathology, 'Mitoses "60/10 mm²"'),
        "primary_site": ("pancreas", referral, 'Primary site "pancreas"'),
        "extent": ("metastatic", referral, 'Extent "metastatic"'),
        "tumor_size_cm": (3.4, referral, 'Tumor size "34 mm"'),
        "metastatic_sites": (("liver", "bone"), referral, "metastases in liver, bone"),
        "sstr_imaging": ("positive", imaging, 'SSTR imaging "positive"'),
        "progressive": (True, clinical, 'Progressive disease "yes"'),
    }
    found = read(case)
    told = {
        name: (
            found.values[name],
            Provenance(source.text, source.date, source.author, source.source_uid),
            source.detail,
        )
        for name, source in found.provenance.items()
        if name in expected
    }
    assert told == expected
    assert found.done["ki67_ihc"] == MARCH


def test_what_follows_is_told_from_what_was_read(case: Case) -> None:
    factories.TreatmentFactory(
        case=case, site_treated="primary", setting="curative", started_on=MARCH, procedure="Hemicolectomy"
    )
    source = read(case).provenance["resected"]
    assert (values(case)["resected"], source.text, source.derived) == (True, "Surgery (Hemicolectomy)", True)
    assert source.words == "Surgery (Hemicolectomy), 05-Mar-2026"


def test_the_boards_own_field_area_and_limit_of_age_are_used(case: Case) -> None:
    case.board.hpf_field_mm2, case.board.current_for_days = "0.2", 10
    case.board.save()
    factories.PathologyFactory(case=case, mitoses="16/10 HPF")
    factories.ImagingFactory(case=case, modality="ct", performed_on=PartialDate(2026, 11, 1))
    assert values(case)["mitotic_count"] == 16
    assert "ct_mri" not in read(case).done


def test_unsaved_parts_lie_over_the_stored_ones(case: Case) -> None:
    stored = factories.PathologyFactory(case=case, reported_on=MARCH, differentiation="well")
    record = record_of(case)
    changed = PathologyReport.objects.get(pk=stored.pk)
    changed.differentiation = "poor"
    added = ImagingStudy(case=case, modality="sstr", result="positive")
    moved = Case.objects.get(pk=case.pk)
    moved.extent = "localized"
    overlaid = record.with_part(changed).with_part(added).with_part(moved)
    found = facts_of(overlaid)
    assert {name: found.values[name] for name in ("differentiation", "sstr_imaging", "extent")} == {
        "differentiation": "poor",
        "sstr_imaging": "positive",
        "extent": "localized",
    }
    assert found.provenance["sstr_imaging"].author == ""
    assert facts_of(record).values == {"differentiation": "well"}


def test_an_unusable_value_counts_as_not_known_and_is_named(case: Case) -> None:
    record = record_of(case).with_part(PathologyReport(case=case, differentiation="sort of", ki67="many"))
    found = facts_of(record)
    assert found.values == {}
    assert [caution.partition(" as recorded")[0] for caution in found.cautions] == [
        "Differentiation",
        "Ki-67",
    ]


def test_what_cannot_both_be_is_left_out_with_a_caution(case: Case) -> None:
    """The database refuses it; a preview of an unsaved referral may still hold it."""
    moved = Case.objects.get(pk=case.pk)
    moved.primary_site, moved.figo_stage = "colon", "IB1"
    found = facts_of(record_of(case).with_part(moved))
    assert found.values == {"primary_site": "colon"}
    assert any("FIGO stage" in caution and "not us" in caution for caution in found.cautions)


@pytest.mark.parametrize("first", [0, 1])
def test_the_order_of_entry_changes_nothing(case: Case, first: int) -> None:
    """A resection with 35 % and a liver biopsy with 12 % on one day, entered in either order."""
    reports = [
        {"specimen": "resection", "lesion": "primary", "ki67": "35 %", "lab_number": "A"},
        {"specimen": "biopsy", "lesion": "metastasis", "ki67": "12 %", "lab_number": "B"},
    ]
    for report in (reports[first], reports[1 - first]):
        factories.PathologyFactory(case=case, reported_on=MARCH, differentiation="well", **report)
    assert values(case)["ki67"] == 35
    assert any("heterogeneous" in caution for caution in read(case).cautions)


def test_an_undated_lower_report_does_not_decide(case: Case) -> None:
    factories.PathologyFactory(case=case, reported_on=PartialDate(2026, 11, 20), ki67="35 %", lab_number="A")
    factories.PathologyFactory(case=case, ki67="8 %", lab_number="B")
    assert values(case)["ki67"] == 35


def test_the_record_takes_a_fixed_number_of_queries(
    case: Case, django_assert_num_queries: Any, alice: User
) -> None:
    for _ in range(3):
        for factory in (
            factories.PathologyFactory,
            factories.ImagingFactory,
            factories.MolecularFactory,
            factories.MarkerFactory,
            factories.TreatmentFactory,
            factories.AssessmentFactory,
        ):
            factory(case=case)
    with django_assert_num_queries(7):
        loaded = with_record(Case.objects.all()).get(pk=case.pk)
        facts_of(record_of(loaded))
    with django_assert_num_queries(7):
        facts_of(record_of(Case.objects.select_related("patient", "board", "updated_by").get(pk=case.pk)))
