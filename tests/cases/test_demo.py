"""The demonstration boards: every published case in the record, and nothing that its report does not say; the
invented ones are marked as such."""

import json
import math
from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from cases.choices import INVENTED as MARK
from cases.demo.accounts import memberships
from cases.demo.loading import CASES, MADE_UP, SECTIONS
from cases.facts import facts_of, record_of
from cases.models import (
    AuditEvent,
    Case,
    Decision,
    Discussion,
    Meeting,
    Membership,
    Patient,
    StepEvent,
)
from cases.readiness import asked_of
from cases.reading import PartialDate
from cases.snapshot.digest import digest, is_intact
from cases.snapshot.read import read
from guidelines.answer.bulk import AskedCase
from guidelines.vocabulary.facts import Range
from guidelines.vocabulary.yamlfile import read_yaml

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_boards")]

PUBLISHED = 30
INVENTED = 20


def case_of(citation: str) -> Case:
    return Case.objects.get(citation__contains=citation)


def facts(citation: str) -> dict[str, object]:
    return dict(facts_of(record_of(case_of(citation))).values)


def test_what_is_kept_of_every_case_asks_the_guideline_what_its_record_does() -> None:
    for case in Case.objects.select_related("readiness"):
        read, kept = facts_of(record_of(case)), asked_of(case.readiness)
        assert kept == AskedCase(dict(read.values), tuple(read.done), read.asks), case.citation


def test_every_published_case_is_there_once_and_marked() -> None:
    published = read_yaml(CASES)
    assert len({data["id"] for data in published}) == len(published) == PUBLISHED
    cases = Case.objects.exclude(citation=MARK).select_related("patient")
    assert {case.citation for case in cases} == {f"{data['citation']}, {data['url']}" for data in published}
    assert all(case.is_demo and case.patient.record_number.startswith("DEMO-") for case in cases)
    assert len({case.patient_id for case in cases}) == PUBLISHED
    assert Case.objects.count() == PUBLISHED + INVENTED


def test_what_nobody_published_says_so() -> None:
    invented = Case.objects.filter(citation=MARK).select_related("patient").order_by("pk")
    surnames = [data["patient"]["surname"] for data in read_yaml(MADE_UP)]
    assert [case.patient.surname for case in invented] == surnames
    assert len(set(surnames)) == INVENTED
    assert all(case.is_demo and case.is_invented for case in invented)
    assert all(case.patient.record_number.startswith("DEMO-") for case in invented)
    assert not any(case.is_invented for case in Case.objects.exclude(citation=MARK))


def test_an_invented_g3_net_leaves_open_what_decides() -> None:
    case = Case.objects.get(patient__surname="Vestergaard")
    known = dict(facts_of(record_of(case)).values)
    assert (case.entity, known["ki67"], known["sstr_imaging"]) == ("g3_net", 45, "positive")
    assert not {"sstr_uptake", "sstr_pattern", "favorable_biology"} & set(known)
    draft = case.decisions.get()
    assert (draft.status, [option.intervention for option in draft.options.all()]) == ("draft", ["captem"])


def test_an_invented_case_stays_between_the_entities() -> None:
    case = Case.objects.get(patient__surname="Adeyemi")
    known = dict(facts_of(record_of(case)).values)
    assert (case.entity, known["ki67"], known["rb"]) == ("indeterminate", 60, "retained")
    assert "p53" not in known


def test_a_board_sees_nothing_of_the_others_cases() -> None:
    """The gynecologist is of the second board alone; the coordinator of the first administers it."""
    users = {user.username: user for user in User.objects.all()}
    on_second = Case.objects.filter(board__slug="pelvic-nen")
    assert on_second.count() == 7
    assert set(Case.objects.visible_to(users["gynecologist"])) == set(on_second)
    assert not set(Case.objects.visible_to(users["clinician"])) & set(on_second)
    assert set(Case.objects.visible_to(users["coordinator"])) == set(Case.objects.all())
    roles = Membership.objects.filter(user=users["coordinator"]).values_list("board__slug", "role")
    assert dict(roles) == {"gi-net": "coordinator", "pelvic-nen": "administrator"}


def test_what_is_dated_by_month_stays_so() -> None:
    today = timezone.localdate()
    case = Case.objects.get(patient__surname="Kowalczyk")
    months = today.year * 12 + today.month - 1 - 16
    assert case.diagnosed_on == PartialDate(months // 12, months % 12 + 1)
    assert case.treatments.get().progressed_on == PartialDate.of(today - timedelta(days=26))


def test_reported_ages_hold_on_the_day_of_loading() -> None:
    today = timezone.localdate()
    for data in [*read_yaml(CASES), *read_yaml(MADE_UP)]:
        patient = Patient.objects.get(surname=data["patient"]["surname"])
        assert patient.age_on(today) == data["patient"]["age"], data["id"]
        assert (patient.deceased is True) == ("deceased_ago" in data["patient"])


def test_it_was_entered_through_the_actions_of_people() -> None:
    assert Counter(AuditEvent.objects.values_list("action", flat=True))["denied"] == 0
    created = AuditEvent.objects.filter(action="created", kind="case")
    entered = {(event.board.slug, event.user.username) for event in created if event.board and event.user}
    assert entered == {("gi-net", "coordinator"), ("pelvic-nen", "gynecologist")}
    parts = AuditEvent.objects.filter(action="created").exclude(kind__in=["board", "case", "meeting"])
    assert parts.count() == sum(
        len(data.get(section, ()))
        for data in [*read_yaml(CASES), *read_yaml(MADE_UP)]
        for section, _, _ in SECTIONS.values()
    )


def test_the_trail_holds_no_identity() -> None:
    """Not a name, a record number, a birth date or a word of free text: codes, field names and ids only."""
    trail = json.dumps(list(AuditEvent.objects.values_list("action", "kind", "detail")))
    for case in Case.objects.select_related("patient"):
        patient = case.patient
        for identity in (patient.surname, patient.given_names, patient.record_number, case.question):
            assert identity not in trail
        assert str(patient.birth_date) not in trail


def test_every_page_has_something_to_show() -> None:
    assert set(Case.objects.values_list("status", flat=True)) == {
        "draft",
        "ready",
        "scheduled",
        "deferred",
        "decided",
        "closed",
    }
    # Two reports call their tumor well differentiated and G3; none leaves it between the entities.
    published = Case.objects.exclude(citation=MARK)
    assert set(published.values_list("entity", flat=True)) == {"nec", "unknown", "g3_net"}
    assert published.filter(entity="g3_net").count() == 2
    assert set(Case.objects.values_list("entity", flat=True)) == {"nec", "unknown", "g3_net", "indeterminate"}
    decisions = Decision.objects.all()
    assert Counter(decision.status for decision in decisions) == {"signed": 7, "superseded": 1, "draft": 2}
    assert all(is_intact(decision) for decision in decisions if decision.is_signed)
    assert Membership.objects.count() == len(memberships())
    now = timezone.now()
    assert Meeting.objects.filter(starts_at__gt=now, state="planned").count() == 3
    assert Meeting.objects.filter(starts_at__lt=now, state="closed").count() == 4
    for meeting in Meeting.objects.all():
        places = sorted(meeting.discussions.values_list("place", flat=True))
        assert places == list(range(1, len(places) + 1))
        assert places


def test_past_meetings_show_what_a_board_does() -> None:
    """Deferred and presented again, carried over, deviating, a dissent, corrected, under two editions."""
    frozen = [read(one.snapshot) for one in Decision.objects.exclude(status="draft").order_by("signed_at")]
    assert [one.guideline.edition for one in frozen] == ["1.0", *["1.1"] * 7]
    assert {one.concordance.overall.code for one in frozen if one.concordance} == {"not_covered", "deviating"}
    told = [one.deliberation for one in frozen if one.deliberation]
    assert all(one.quorum_met for one in told)
    assert [len(one.dissents) for one in told].count(1) == 1
    assert {one.vote.agreement for one in told if one.vote} == {"Consensus"}
    outcomes = Counter(Discussion.objects.filter(meeting__state="closed").values_list("outcome", flat=True))
    assert outcomes == {"decided": 7, "deferred": 3, "not_reached": 1}
    again = Discussion.objects.exclude(follows=None).order_by("pk")
    assert [one.reason for one in again] == ["carried_over", "re_presentation", "re_presentation"]
    assert StepEvent.objects.filter(change="done").count() == 2
    for meeting in Meeting.objects.filter(state="closed"):
        assert digest(meeting.snapshot) == meeting.snapshot_digest
        moments = [one.signed_at for one in Decision.objects.filter(discussion__meeting=meeting)]
        assert all(moment and moment >= meeting.starts_at for moment in moments)


# What the reports say and what they do not


def test_a_range_and_a_bound_are_ranges() -> None:
    assert facts("s40792-020-00915-9")["ki67"] == Range(40, 50)
    assert facts("wjco.v12.i6.500")["ki67"] == Range(90, math.inf, low_open=True)
    assert facts("01000/Malignant_Insulinoma")["ki67"] == 30


def test_what_cannot_be_carried_over_stays_not_known() -> None:
    assert "p53" not in facts("s40792-020-00915-9")
    assert "ki67" not in facts("s12022-018-9541-8")
    assert "sstr2a" not in facts("s12022-018-9541-8")
    assert not {"mitotic_count", "primary_site", "tumor_size_cm"} & set(facts("lymphoid component"))
    assert "figo_stage" not in facts("ol.2014.2668")
    assert "differentiation" not in facts("pamw.16576")


def test_sites_are_the_records_own() -> None:
    sites = {
        "s12022-018-9541-8": "small_bowel",
        "fonc.2024.1346290": "biliary",
        "52/3/E49": "colon",
        "jtd.2018.05.170": "esophagus",
        "Romanian Neurosurg": "unknown_primary",
    }
    assert {citation: facts(citation)["primary_site"] for citation in sites} == sites


def test_a_mixed_neoplasm_says_so() -> None:
    mixed = facts("longdom")
    assert (mixed["differentiation"], mixed["cell_type"]) == ("poor", "small_cell")
    assert mixed["non_neuroendocrine_component"] is True


def test_a_regimen_that_is_not_named_counts_as_another() -> None:
    assert facts("s40792-020-00915-9")["prior_regimens"] == ("other_systemic",)
    assert set(facts("Malignant_Insulinoma")["prior_regimens"]) == {  # type: ignore[call-overload]
        "captem",
        "everolimus",
        "sunitinib",
        "platinum_etoposide",
        "other_systemic",
    }


def test_two_reports_that_disagree_are_named() -> None:
    cautions = facts_of(record_of(case_of("Malignant_Insulinoma"))).cautions
    assert any("H-D006" in caution and "C-D005" in caution for caution in cautions)
