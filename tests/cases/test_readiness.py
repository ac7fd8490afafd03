"""What a case lacks for its meeting: present, stale, missing, and who owes it."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from cases import choices
from cases.models import Case
from cases.readiness import Readiness, ReadinessItem, readiness_of
from guidelines.vocabulary.facts import FACTS
from tests import factories

TODAY = datetime.date(2026, 11, 22)


def days_ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


@pytest.fixture
def case(alice: User) -> Case:
    """Metastatic, well differentiated, Ki-67 45 %: what decides treatment is imaging and the line."""
    case: Case = factories.CaseFactory(
        created_by=alice, primary_site="pancreas", extent="metastatic", metastatic_sites=["liver"]
    )
    case.updated_at = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)
    case.save()
    factories.PathologyFactory(case=case, reported_on=days_ago(400), differentiation="well", ki67="45")
    return case


def item(case: Case, fact: str) -> ReadinessItem | None:
    found = readiness_of(Case.objects.get(pk=case.pk), TODAY)
    return next((each for each in found.items if each.fact == fact), None)


def test_an_empty_case_lacks_everything_and_names_the_most_decisive_first(alice: User) -> None:
    found = readiness_of(factories.CaseFactory(created_by=alice), TODAY)
    assert (found.present, found.total, found.complete) == (0, len(found.items), False)
    assert {each.state for each in found.items} == {"missing"}
    assert found.next_item == found.items[0]
    assert found.items[0].label == "Differentiation"
    assert found.items[0].owner == "pathology"
    assert found.items[0].decides > 50


def test_a_known_fact_that_the_answer_uses_is_present_and_pathology_does_not_age(case: Case) -> None:
    assert item(case, "ki67") == ReadinessItem("ki67", "Ki-67", "pathology", "present", days=400)
    assert item(case, "primary_site") == ReadinessItem(
        "primary_site", "Primary site", "clinical", "present", days=2
    )


def test_a_missing_fact_says_how_much_it_decides_and_who_owes_it(case: Case) -> None:
    missing = item(case, "sstr_imaging")
    assert missing is not None
    assert (missing.state, missing.owner, missing.days) == ("missing", "imaging", None)
    assert missing.decides > 1


@pytest.mark.parametrize(("days", "state"), [(90, "present"), (91, "stale")])
def test_imaging_goes_stale_after_its_limit(case: Case, days: int, state: str) -> None:
    factories.ImagingFactory(case=case, modality="sstr", performed_on=days_ago(days), result="positive")
    assert item(case, "sstr_imaging") == ReadinessItem(
        "sstr_imaging",
        FACTS["sstr_imaging"].label,
        "imaging",
        state,
        days=days,  # type: ignore[arg-type]
    )


def test_a_judgment_without_a_date_is_stale(case: Case) -> None:
    factories.AssessmentFactory(case=case, treatment_line=1)
    found = item(case, "treatment_line")
    assert found is not None
    assert (found.state, found.days) == ("stale", None)


def test_what_is_owed_is_grouped_by_who_owes_it_in_order(case: Case) -> None:
    factories.ImagingFactory(case=case, modality="sstr", performed_on=days_ago(200), result="positive")
    found = readiness_of(Case.objects.get(pk=case.pk), TODAY)
    states = [each.state for each in found.items]
    assert states == sorted(states, key=["missing", "stale", "present"].index)
    owed = found.owed_by()
    assert "pathology" not in owed or all(each.state == "missing" for each in owed["pathology"])
    assert owed["imaging"][-1].fact == "sstr_imaging"
    assert sum(len(items) for items in owed.values()) == found.total - found.present


def test_a_case_that_lacks_nothing_is_complete() -> None:
    present = ReadinessItem("ki67", "Ki-67", "pathology", "present", days=3)
    found = Readiness((present,))
    assert (found.complete, found.next_item, found.owed_by()) == (True, None, {})
    assert Readiness(()).complete


def test_limits_name_owners_and_facts_of_the_guideline() -> None:
    assert set(choices.STALE_AFTER_DAYS) <= {fact.owner for fact in FACTS.values()}
    assert set(choices.AGELESS) <= set(FACTS)


def test_readiness_of_a_worklist_takes_no_query_for_each_case(
    case: Case, alice: User, django_assert_num_queries: Any
) -> None:
    factories.CaseFactory(created_by=alice, board=case.board)
    factories.MembershipFactory(user=alice, board=case.board)
    with django_assert_num_queries(7):
        assert len([readiness_of(each, TODAY) for each in Case.objects.for_worklist(alice)]) == 2
