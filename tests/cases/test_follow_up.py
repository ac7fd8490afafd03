"""Planned follow-up: dated by the schedule, kept up with the record, ended by its reports; all is kept."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.actions.calendars import make_calendar_address
from cases.actions.deciding import DecisionContent, OptionContent, save_draft, sign_decision
from cases.actions.entry import add_part, create_case, remove_part, save_case, save_part, save_patient
from cases.actions.following import complete, end, last_event, postpone, take_back
from cases.actions.planning import keep_follow_up, not_needed, plan_follow_up
from cases.choices import NotDoneReason
from cases.clock import clock_at
from cases.course.appointments import appointment_at
from cases.models import AuditEvent, Board, Case, FollowUpItem
from tests import factories
from tests.cases import pages

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 2, 10, 9, tzinfo=datetime.UTC)
LIST = reverse("cases:steps")
RESECTED = datetime.date(2026, 1, 31)
FIRST, SECOND = datetime.date(2026, 4, 30), datetime.date(2026, 7, 31)  # every 3 months after it


@pytest.fixture
def case(board: Board, alice: User) -> Case:
    """A localized G3 NET of the rectum, resected, in follow-up."""
    fields = {"question": "Follow-up?", "primary_site": "rectum", "extent": "localized"}
    case = create_case(by=alice, board=board, patient=pages.PATIENT, fields=fields)
    pathology = {"reported_on": "2026-01-05", "differentiation": "well", "ki67": "30"}
    add_part(by=alice, case=case, kind="pathology", fields=pathology)
    add_part(by=alice, case=case, kind="assessment", fields={"under_surveillance": True})
    operation = {
        "kind": "surgery",
        "procedure": "Resection",
        "site_treated": "primary",
        "curative_intent": True,
        "started_on": RESECTED.isoformat(),
    }
    add_part(by=alice, case=case, kind="treatment", fields=operation)
    return case


@pytest.fixture
def planned(case: Case, alice: User) -> list[FollowUpItem]:
    """Planned when nothing was due yet."""
    return planned_then(case, alice)


def planned_then(case: Case, by: User) -> list[FollowUpItem]:
    with clock_at(NOW):
        return plan_follow_up(by=by, case=case)


def imaging(case: Case, by: User, day: datetime.date | str, **fields: Any) -> Any:
    shown = {"modality": "ct", "performed_on": str(day), **fields}
    return add_part(by=by, case=case, kind="imaging", fields=shown)


def standing(case: Case) -> list[tuple[datetime.date, str]]:
    """The first two items that no plan has replaced: when due, and what became of them."""
    items = FollowUpItem.objects.filter(case=case).current()
    return [(one.due_from, one.state) for one in items[:2]]


# --- Planning -----------------------------------------------------------------------------------------------


def test_a_schedule_becomes_dated_items_whose_ranges_stay_ranges(
    case: Case, planned: list[FollowUpItem], alice: User
) -> None:
    item = planned[0]
    assert (item.title, item.kind, item.number) == ("Multiphase CT or MRI with contrast", "ct_mri", 1)
    assert (item.due_from, item.due_to, item.due_now) == (FIRST, FIRST, FIRST)
    assert (item.statement_id, item.edition) == ("surv-ct-mri-g3-net", "nanets-hgnen-2023@1.1")
    assert (item.anchor, item.counted_from, item.every) == ("end of treatment", RESECTED, "every 3 months")
    wide = planned[9]
    assert (wide.due_from, wide.due_to) == (datetime.date(2028, 7, 31), datetime.date(2030, 1, 31))
    assert plan_follow_up(by=alice, case=case) == [], "planned once"
    events = AuditEvent.objects.filter(action="step").values_list("kind", "detail")
    assert list(events) == [("follow-up", {"planned": len(planned), "replaced": 0})]


def test_without_a_day_to_count_from_there_is_nothing_to_plan(case: Case, alice: User) -> None:
    treatment = case.treatments.get()
    save_part(by=alice, part=treatment, fields={"started_on": "2026"}, version=treatment.version)
    with pytest.raises(ValidationError, match="no schedule to plan"):
        plan_follow_up(by=alice, case=case)


def test_who_may_plan(case: Case, victor: User, charlie: User) -> None:
    for person, error in ((victor, PermissionDenied), (charlie, Http404)):
        with pytest.raises(error):
            plan_follow_up(by=person, case=case)
    assert not FollowUpItem.objects.exists()


@pytest.mark.parametrize(("choice", "expected"), [("accepted", True), ("rejected", False)])
def test_signing_a_decision_that_accepts_surveillance_plans_it(
    case: Case, dora: User, choice: str, expected: bool
) -> None:
    option = OptionContent(
        choice, statement_id="surv-ct-mri-g3-net", reason_code="" if expected else "patient_wish"
    )
    draft = save_draft(
        by=dora,
        discussion=factories.DiscussionFactory(case=case),
        content=DecisionContent(intent="curative", options=(option,), rationale="As agreed"),
    )
    number = case.patient.record_number
    sign_decision(by=dora, decision=draft, version=draft.version, record_number=number)
    assert FollowUpItem.objects.exists() == expected


# --- What the record ends and changes -----------------------------------------------------------------------


def test_a_report_of_the_kind_ends_its_item_and_only_that(
    case: Case, planned: list[FollowUpItem], bob: User
) -> None:
    imaging(case, bob, "2026-05-05", modality="fdg_pet")
    imaging(case, bob, "2026-05-05", result="not_done")
    imaging(case, bob, "2026-05")
    assert standing(case) == [(FIRST, "open"), (SECOND, "open")]
    study = imaging(case, bob, "2026-05-05")
    assert standing(case) == [(FIRST, "done"), (SECOND, "open")]
    event = planned[0].events.get()
    assert (event.by, event.on, event.shown_by, event.text) == (
        bob, datetime.date(2026, 5, 5), study.uid, "CT"
    )  # fmt: skip


def test_what_a_report_ended_is_open_again_when_it_is_gone_or_says_another_day(
    case: Case, planned: list[FollowUpItem], bob: User
) -> None:
    study = imaging(case, bob, "2026-05-05")
    study = save_part(by=bob, part=study, fields={"performed_on": "2026-08-01"}, version=study.version)
    assert standing(case) == [(FIRST, "open"), (SECOND, "done")]
    remove_part(by=bob, part=study, version=study.version)
    assert standing(case) == [(FIRST, "open"), (SECOND, "open")]
    told = list(planned[0].events.values_list("change", "text"))
    assert told == [("done", "CT"), ("undone", "The record does not show it any more.")]


def test_what_a_person_took_back_is_not_ended_again_by_the_same_report(
    case: Case, planned: list[FollowUpItem], bob: User
) -> None:
    imaging(case, bob, "2026-05-05")
    take_back(by=bob, item=planned[0], event=last_event(planned[0]).pk)
    imaging(case, bob, "2026-09-30", modality="sstr")
    assert standing(case) == [(FIRST, "open"), (SECOND, "open")]
    imaging(case, bob, "2026-05-09")
    assert standing(case) == [(FIRST, "done"), (SECOND, "open")]


def test_another_end_of_treatment_plans_anew_what_is_open(
    case: Case, planned: list[FollowUpItem], alice: User
) -> None:
    imaging(case, alice, "2026-05-05")
    treatment = case.treatments.get()
    fields = {"started_on": "2026-02-28"}
    with clock_at(NOW):
        save_part(by=alice, part=treatment, fields=fields, version=treatment.version)
    kept = FollowUpItem.objects.filter(counted_from=RESECTED)
    assert [one.state for one in kept] == ["done", *["replaced"] * (len(planned) - 1)]
    assert standing(case) == [(FIRST, "done"), (datetime.date(2026, 5, 28), "open")]
    with pytest.raises(ValidationError, match="replaced by a new plan"):
        complete(by=alice, item=planned[1], done_on=datetime.date(2026, 2, 1))


def test_another_extent_ends_what_no_schedule_asks_for_any_more(
    case: Case, planned: list[FollowUpItem], alice: User
) -> None:
    case.refresh_from_db()
    save_case(by=alice, case=case, fields={"extent": "metastatic"}, version=case.version)
    assert {one.state for one in FollowUpItem.objects.all()} == {"not_needed"}
    assert planned[0].events.get().text == "The guideline asks for no such schedule as the record is now."


def test_a_death_ends_it(case: Case, planned: list[FollowUpItem], alice: User) -> None:
    patient = case.patient
    save_patient(by=alice, case=case, fields={"deceased": True}, version=patient.version)
    assert {one.state for one in FollowUpItem.objects.all()} == {"not_needed"}
    assert planned[0].events.get().text == "The patient has died."


def test_a_save_that_changes_nothing_of_it_writes_nothing_of_it(
    case: Case, planned: list[FollowUpItem], alice: User
) -> None:
    add_part(by=alice, case=case, kind="molecular", fields={"mmr": "proficient"})
    keep_follow_up(alice, case)
    assert FollowUpItem.objects.count() == len(planned)
    assert not any(item.events.exists() for item in planned)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-03-15", None),  # 46 days ahead
        ("2026-03-16", 0),
        ("2026-04-30", 0),
        ("2026-06-15", 0),  # as far from both
        ("2026-06-16", 1),
        ("2030-01-01", 2),  # however late
    ],
)
def test_an_examination_counts_for_the_nearest_appointment(day: str, expected: int | None) -> None:
    windows = [(FIRST, FIRST), (SECOND, SECOND), (datetime.date(2026, 12, 1), datetime.date(2027, 3, 1))]
    assert appointment_at(windows, datetime.date.fromisoformat(day)) == expected
    assert appointment_at([], FIRST) is None


# --- Any acts in any order ----------------------------------------------------------------------------------

ACTS = st.lists(
    st.sampled_from(["done", "not_done", "postpone", "not_needed", "back", "report", "treatment"]), max_size=6
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_happens_one_plan_stands_and_all_is_kept(case: Case, alice: User, acts: list[str]) -> None:
    plan_again(case, alice)
    for place, act in enumerate(acts):
        item = FollowUpItem.objects.filter(case=case).open().first()
        known = set(FollowUpItem.objects.values_list("pk", flat=True))
        if item is None:
            break
        do(alice, case, item, act, place)
        item.refresh_from_db()
        assert known <= set(FollowUpItem.objects.values_list("pk", flat=True))
        current = FollowUpItem.objects.filter(case=case).current()
        assert len({one.counted_from for one in current.open()}) <= 1
        assert all((one.done_on is not None) == (one.state == "done") for one in current)
        ended = [one for one in FollowUpItem.objects.all() if one.state != "open"]
        assert all(one.events.exists() for one in ended)


def plan_again(case: Case, by: User) -> None:
    """An open plan, whatever the example before has left."""
    if not FollowUpItem.objects.filter(case=case).open().exists():
        do(by, case, None, "treatment", 7)
        if not FollowUpItem.objects.filter(case=case).open().exists():
            planned_then(case, by)


def do(by: User, case: Case, item: Any, act: str, place: int) -> None:
    """The act, on the first open item or on the record."""
    day = datetime.date(2026, 2, 1) + datetime.timedelta(days=place)
    if act == "done":
        complete(by=by, item=item, done_on=day)
        take_back(by=by, item=item, event=last_event(item).pk)
        complete(by=by, item=item, done_on=day)
    elif act == "not_done":
        end(by=by, item=item, reason=NotDoneReason.DEATH)
    elif act == "postpone":
        postpone(by=by, item=item, due_on=day, text="Fever")
        item.refresh_from_db()
        assert (item.due_now, item.state) == (day, "open")
    elif act == "not_needed":
        not_needed(by=by, item=item, text="Seen elsewhere")
    elif act == "report":
        imaging(case, by, min(item.due_from, timezone.localdate()))
    elif act == "treatment":
        treatment = case.treatments.get()
        fields = {"started_on": str(day)}
        with clock_at(NOW):
            save_part(by=by, part=treatment, fields=fields, version=treatment.version)


# --- Pages --------------------------------------------------------------------------------------------------


def test_the_page_plans_and_lists_what_is_planned(
    case: Case, alice: User, bob: User, victor: User, charlie: User
) -> None:
    page, button = (reverse(f"cases:{name}", args=[case.uid]) for name in ("follow_up", "plan_follow_up"))
    for person, status in ((victor, 403), (charlie, 404)):
        assert pages.logged_in(person).post(button).status_code == status
    client = pages.logged_in(bob)
    assert "Plan follow-up" in client.get(page).content.decode()
    assert "Plan follow-up" not in pages.logged_in(victor).get(page).content.decode()
    html = client.post(button, follow=True).content.decode()
    count = FollowUpItem.objects.count()
    assert f"Follow-up: {count} appointments planned." in html
    assert "Plan follow-up" not in html
    assert len(client.get(page).context["lines"]) == count
    assert "there is no schedule" not in client.post(button, follow=True).content.decode().lower()
    assert FollowUpItem.objects.count() == count


def test_an_item_is_worked_down_with_the_rest(
    case: Case, planned: list[FollowUpItem], alice: User, bob: User, charlie: User
) -> None:
    client = pages.logged_in(bob)
    imaging(case, alice, "2026-05-05")
    lines = client.get(f"{LIST}?kind=follow_up&owner=alice").context["lines"]
    assert (lines[0].text, lines[0].item.due_from) == (planned[1].title, SECOND)
    assert list(pages.logged_in(charlie).get(f"{LIST}?kind=follow_up").context["lines"]) == []
    page = reverse("cases:follow_up_item", args=[case.uid, planned[1].uid])
    assert pages.logged_in(charlie).get(page).status_code == 404
    for act, sent, said in (
        (
            "postpone",
            {"postponed-due_on": "30-Dec-2099", "postponed-text": "Fever"},
            "postponed to 30-Dec-2099",
        ),
        ("not_needed", {"unneeded-text": "Seen elsewhere"}, "not needed any more"),
        ("reopen", {}, "open again"),
        ("not_done", {"ended-reason": "lost"}, "not done"),
    ):
        assert said in client.post(page, {"act": act, **sent}, follow=True).content.decode(), act
    assert client.post(page, {"act": "hand", "handed-owner_name": "Bob"}).status_code == 404
    planned[1].refresh_from_db()
    assert planned[1].state == "not_done"
    html = client.get(page).content.decode()
    for text in ("Lost to follow-up", "Seen elsewhere", "Fever", "end of treatment", "nanets-hgnen-2023@1.1"):
        assert text in html
    statement = "/guideline/statements/surv-ct-mri-g3-net/?edition=1.1"
    assert f'href="{statement}"' in html
    assert client.get(statement).status_code == 200
    shown = client.get(reverse("cases:follow_up_item", args=[case.uid, planned[0].uid])).content.decode()
    assert "as the record shows" in shown
    assert "Done by CT of 05-May-2026" in shown
    listed = client.get(reverse("cases:follow_up", args=[case.uid])).content.decode()
    assert "Done by CT of 05-May-2026" in listed
    assert "Take back the last act" in shown


def test_ones_own_items_are_in_the_calendar_without_the_patient(
    case: Case, planned: list[FollowUpItem], alice: User, bob: User
) -> None:
    postpone(by=alice, item=planned[0], due_on=datetime.date(2026, 12, 24), text="Fever")
    address = {"key": make_calendar_address(by=alice)}
    text = Client().get("/calendar/meetings.ics", address).content.decode()
    assert f"UID:{planned[0].uid}@tumor-board" in text
    assert "DTSTART;VALUE=DATE:20261224" in text
    assert "SUMMARY:Follow-up item due\\, GI-NET board" in text
    for word in (pages.SURNAME, "CT", str(case.uid), "R-314159"):
        assert word not in text
    theirs = Client().get("/calendar/meetings.ics", {"key": make_calendar_address(by=bob)})
    assert "VEVENT" not in theirs.content.decode()
