"""What a case lacks for its meeting: present, stale, missing, and who owes it."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import choices
from cases.actions.entry import add_part, create_case, save_patient
from cases.actions.indexing import readiness_of_listed, rebuild
from cases.assessing import assessed
from cases.facts import facts_of, record_of
from cases.guideline import guideline_of
from cases.models import Board, Case, StoredReadiness
from cases.queries import for_worklist, with_record
from cases.readiness import Readiness, ReadinessItem, holds, readiness_at, row_of
from cases.reading import PartialDate
from guidelines.vocabulary.facts import FACTS
from tests import factories
from tests.cases.pages import PATIENT
from tests.cases.pages import full_case as first_case

TODAY = datetime.date(2026, 11, 22)
ASKED = {"question": "Which treatment?"}


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


def made_on(case: Case, day: datetime.date) -> StoredReadiness:
    """The row that would be stored on that day."""
    stored = with_record(Case.objects.all()).get(pk=case.pk)
    facts = facts_of(record_of(stored), day)
    return row_of(record_of(stored), facts, assessed(guideline_of(stored), facts), day)


def readiness_of(case: Case, day: datetime.date) -> Readiness:
    """Worked out on that day from the record."""
    return readiness_at(made_on(case, day), day)


def item(case: Case, fact: str) -> ReadinessItem | None:
    found = readiness_of(case, TODAY)
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
    found = readiness_of(case, TODAY)
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


# --- What is stored


def full_case(board: Board, by: User, number: int = 0) -> Case:
    """A case as people enter it, and another patient's."""
    if not number:
        return first_case(board, by)
    return create_case(by=by, board=board, patient={**PATIENT, "record_number": f"R{number}"}, fields=ASKED)


def listed(person: User) -> list[Case]:
    return list(for_worklist(person))


def test_readiness_of_a_worklist_takes_one_query_however_many_cases(
    board: Board, alice: User, django_assert_num_queries: Any
) -> None:
    for number in range(2):
        full_case(board, alice, number)
        with django_assert_num_queries(1):
            assert len(readiness_of_listed(listed(alice))) == number + 1


def test_a_save_brings_the_row_up_to_date(board: Board, alice: User) -> None:
    case = full_case(board, alice)
    before = StoredReadiness.objects.get(case=case)
    assert holds(before, Case.objects.get(pk=case.pk), timezone.localdate())
    add_part(by=alice, case=case, kind="assessment", fields={"favorable_biology": True})
    after = StoredReadiness.objects.get(case=case)
    assert after.record_version == before.record_version + 1
    assert "favorable_biology" in [name for name, _ in before.missing]
    assert "favorable_biology" in [name for name, _ in after.known]
    fields = {"birth_date": datetime.date(1960, 1, 1)}
    save_patient(by=alice, case=case, fields=fields, version=case.patient.version)
    assert StoredReadiness.objects.get(case=case).record_version == after.record_version + 1


CHANGES = [
    lambda: StoredReadiness.objects.all().delete(),
    lambda: StoredReadiness.objects.update(basis="an earlier edition", missing=[]),
    lambda: StoredReadiness.objects.update(record_version=1, missing=[]),
    lambda: StoredReadiness.objects.update(next_turn=timezone.localdate(), missing=[]),
    lambda: Board.objects.update(guideline="nanets-hgnen-2023@1.0"),
    lambda: Board.objects.update(current_for_days=7),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_row_that_no_longer_holds_is_made_anew_where_it_is_read(
    board: Board, alice: User, change: Any, django_assert_num_queries: Any
) -> None:
    case = full_case(board, alice)
    change()
    expected = readiness_of(case, timezone.localdate())
    assert readiness_of_listed(listed(alice)) == {case.pk: expected}
    with django_assert_num_queries(1):
        assert readiness_of_listed(listed(alice)) == {case.pk: expected}


@pytest.mark.parametrize("change", CHANGES)
def test_a_row_that_no_longer_holds_is_made_anew_by_the_command(
    board: Board, alice: User, change: Any
) -> None:
    case = full_case(board, alice)
    assert rebuild() == 0
    change()
    assert (rebuild(), rebuild()) == (1, 0)
    row = StoredReadiness.objects.get(case=case)
    assert readiness_at(row) == readiness_of(case, timezone.localdate())
    assert rebuild(every=True) == 1


def test_the_command_says_how_many_it_made(
    board: Board, alice: User, capsys: pytest.CaptureFixture[str]
) -> None:
    full_case(board, alice)
    call_command("rebuild_readiness")
    call_command("rebuild_readiness", "--all")
    assert capsys.readouterr().out.splitlines() == [
        f"Made the readiness of {number} cases anew." for number in (0, 1)
    ]


ANY_DAY = st.dates(TODAY - datetime.timedelta(days=900), TODAY + datetime.timedelta(days=40))
ANY_DATE = ANY_DAY.map(PartialDate.of) | ANY_DAY.map(lambda day: PartialDate(day.year, day.month))
TREATMENT = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["surgery", "systemic", "radiation"]),
        "curative_intent": st.sampled_from([True, False, None]),
        "started_on": ANY_DATE,
        "ended_on": st.none() | ANY_DATE,
    }
)
IMAGING = st.fixed_dictionaries(
    {
        "modality": st.sampled_from(["sstr", "fdg_pet", "ct"]),
        "result": st.sampled_from(["positive", "negative", "not_done", ""]),
        "performed_on": st.none() | ANY_DATE,
    }
)
MARKER = st.fixed_dictionaries({"value": st.just("240"), "measured_on": ANY_DATE})
PATHOLOGY = st.fixed_dictionaries(
    {
        "reported_on": st.none() | ANY_DATE,
        "differentiation": st.sampled_from(["well", "poor", ""]),
        "ki67": st.sampled_from(["45", ">55", ""]),
    }
)
REFERRAL = st.fixed_dictionaries(
    {
        "primary_site": st.sampled_from(["pancreas", "colon", ""]),
        "extent": st.sampled_from(["localized", "metastatic", ""]),
        "diagnosed_on": st.none() | ANY_DATE,
        "treatment_list": st.sampled_from(["complete", "open", ""]),
    }
)


# Each example is about a case of its own.
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    referral=REFERRAL,
    parts=st.fixed_dictionaries(
        {
            factories.PathologyFactory: st.lists(PATHOLOGY, max_size=2),
            factories.ImagingFactory: st.lists(IMAGING, max_size=2),
            factories.MarkerFactory: st.lists(MARKER, max_size=1),
            factories.TreatmentFactory: st.lists(TREATMENT, max_size=2),
        }
    ),
    later=st.lists(st.integers(0, 800), min_size=1, max_size=6),
)
def test_what_is_stored_is_what_would_be_worked_out_on_any_day_on_which_it_holds(
    db: None, referral: Any, parts: Any, later: list[int]
) -> None:
    case = factories.CaseFactory(**referral)
    for factory, entries in parts.items():
        for fields in entries:
            factory(case=case, **fields)
    row = made_on(case, TODAY)
    turn = row.next_turn or datetime.date.max
    days = {TODAY + datetime.timedelta(days=number) for number in later}
    days |= {turn - datetime.timedelta(days=1)} if row.next_turn else set()
    for day in days:
        assert holds(row, case, day) == (day < turn)
        if day < turn:
            assert readiness_at(row, day) == readiness_of(case, day)
