"""What is followed to its end: each act is a row, the last is taken back; columns say what rows come to."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.actions.deciding import (
    DecisionContent,
    OptionContent,
    StepContent,
    save_draft,
    sign_decision,
    supersede_decision,
)
from cases.actions.entry import add_part, create_case, remove_part
from cases.actions.following import complete, end, last_event, postpone, take_back
from cases.actions.sharing import revoke_grant
from cases.actions.steps import reassign_step
from cases.choices import NotDoneReason
from cases.clock import clock_at
from cases.models import AuditEvent, Board, Case, Decision, DecisionOption, Membership, NextStep, OptionEvent
from cases.screens.proposing import proposals_for
from tests import factories
from tests.cases.pages import PATIENT, REFERRAL, logged_in, of_an_event

pytestmark = pytest.mark.django_db

SIGNED = datetime.datetime(2026, 3, 3, 16, tzinfo=datetime.UTC)
ASKED = datetime.date(2026, 6, 1)  # 90 days later
LIST = reverse("cases:steps")


def day(number: int) -> datetime.date:
    return datetime.date(2026, 3, 9) + datetime.timedelta(days=number)


@pytest.fixture
def case(board: Board, alice: User) -> Case:
    with clock_at(SIGNED):
        return create_case(by=alice, board=board, patient=PATIENT, fields=REFERRAL)


def decided(case: Case, by: User, *codes: str) -> Decision:
    """A decision with a step and options of the board's own on interventions."""
    options = tuple(OptionContent("own", title=code or "Second opinion", intervention=code) for code in codes)
    with clock_at(SIGNED):
        draft = save_draft(
            by=by,
            discussion=factories.DiscussionFactory(case=case),
            content=DecisionContent(
                intent="palliative", options=options, next_steps=(StepContent("Port", "Surgery"),)
            ),
        )
        number = case.patient.record_number
        return sign_decision(by=by, decision=draft, version=draft.version, record_number=number)


@pytest.fixture
def decision(case: Case, dora: User) -> Decision:
    return decided(case, dora, "")


# --- Any acts in any order ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What the columns should say."""

    state: str = "open"
    done_on: datetime.date | None = None
    due: datetime.date | None = None
    holder_name: str = ""


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["done", "reopen", "not_done", "partly", "postpone", "hand", "back"]),
        st.integers(0, 2),
    ),
    max_size=8,
)


def do(by: User, item: Any, act: str, number: int) -> None:
    """The act, by the action that stores it."""
    if act == "done":
        complete(by=by, item=item, done_on=day(number))
    elif act == "reopen":
        complete(by=by, item=item, done_on=None)
    elif act == "postpone":
        postpone(by=by, item=item, due_on=day(number), text="Fever")
    elif act == "hand":
        reassign_step(by=by, step=item, owner_name=f"Person {number}")
    elif act == "back":
        last = last_event(item)
        take_back(by=by, item=item, event=last.pk if last else 0)
    else:
        reason = NotDoneReason.values[number]
        end(by=by, item=item, reason=reason, partly=act == "partly")


def expected(history: list[Said], act: str, number: int) -> list[Said] | None:
    """What the acts so far come to after one more, the last first; None where it is refused."""
    now = history[-1]
    is_open = now.state in ("open", "partly")
    match act:
        case "back":
            return history[:-1] if len(history) > 1 else None
        case "reopen":
            after = Said("open", None, now.due, now.holder_name)
            return history if now.state == "open" else [*history, after]
        case "done":
            after = Said("done", day(number), now.due, now.holder_name)
        case "not_done" | "partly":
            after = Said(act, None, now.due, now.holder_name)
            if now.state == act:
                return history
        case "postpone":
            after = Said(now.state, None, day(number), now.holder_name)
        case "hand":
            after = Said(now.state, None, now.due, f"Person {number}")
    if act != "done" and not is_open:
        return None
    return history if after == now else [*history, after]


def columns(item: Any) -> Said:
    return Said(item.state, item.done_on, item.due_now, getattr(item, "holder_name", ""))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, is_step=st.booleans())
def test_columns_say_what_the_acts_come_to(decision: Decision, alice: User, acts: Any, is_step: bool) -> None:
    item: Any = decision.next_steps.get() if is_step else decision.options.get()
    history = [columns(item)]
    count = 0
    for act, number in [one for one in acts if is_step or one[0] != "hand"]:
        wanted = expected(history, act, number)
        if wanted is None:
            with pytest.raises(ValidationError):
                do(alice, item, act, number)
        else:
            do(alice, item, act, number)
            count += wanted is not history
            history = wanted
        item.refresh_from_db()
        assert columns(item) == history[-1]
    audited = AuditEvent.objects.filter(action="step", uid=decision.uid)
    for _ in range(len(history) - 1):  # all of it can be taken back, one by one
        do(alice, item, "back", 0)
        count += 1
    item.refresh_from_db()
    assert columns(item) == history[0]
    assert audited.count() >= count
    reset(item, alice)


def reset(item: Any, by: User) -> None:
    """The next example begins as this one did."""
    if item.state != "open":
        complete(by=by, item=item, done_on=None)


# --- Taking back --------------------------------------------------------------------------------------------


def test_only_the_last_act_is_taken_back_and_once(decision: Decision, alice: User) -> None:
    option = decision.options.get()
    end(by=alice, item=option, reason="toxicity")
    first = last_event(option)
    postponed = complete(by=alice, item=option, done_on=None)
    assert postponed.state == "open"
    with pytest.raises(ValidationError, match="Something else has happened since"):
        take_back(by=alice, item=option, event=first.pk)
    second = last_event(option)
    for _ in range(2):
        assert take_back(by=alice, item=option, event=second.pk).state == "not_done"
    told = list(OptionEvent.objects.values_list("change", "undoes"))
    assert told == [("not_done", None), ("reopened", None), ("undone", second.pk)]


def test_who_may_say_what_became_of_an_option(
    decision: Decision, alice: User, victor: User, charlie: User
) -> None:
    option = decision.options.get()
    for person, error in ((victor, PermissionDenied), (charlie, Http404)):
        with pytest.raises(error):
            complete(by=person, item=option, done_on=day(0))
    assert complete(by=alice, item=option, done_on=day(0)).done_on == day(0)
    event = AuditEvent.objects.filter(action="step").last()
    assert (event.user, event.detail) == (alice, {"option": 0, "change": "done"})


def test_what_does_not_stand_is_not_followed(case: Case, dora: User, decision: Decision) -> None:
    draft = supersede_decision(by=dora, decision=decision, reason="New findings")
    for option in (draft.options.get(), decision.options.get()):
        with pytest.raises(ValidationError, match="does not stand"):
            complete(by=dora, item=option, done_on=day(0))
        number = case.patient.record_number
        sign_decision(by=dora, decision=draft, version=draft.version, record_number=number)
    assert [one.state for one in DecisionOption.objects.all()] == ["open", "open"]


def test_a_board_that_no_longer_has_the_case_no_longer_has_it_in_its_list(
    case: Case, third_board: Board, dana: User, dora: User
) -> None:
    Membership.objects.filter(user=dana).update(role="chair")
    grant = factories.GrantFactory(case=case, board=third_board)
    discussion = factories.DiscussionFactory(case=case, board=third_board, meeting__board=third_board)
    content = DecisionContent(
        intent="palliative",
        options=(OptionContent("own", title="Second opinion"),),
        next_steps=(StepContent("Call"),),
    )
    draft = save_draft(by=dana, discussion=discussion, content=content)
    number = case.patient.record_number
    sign_decision(by=dana, decision=draft, version=draft.version, record_number=number)
    client = logged_in(dana)
    assert len(client.get(LIST).context["lines"]) == 2
    revoke_grant(by=dora, grant=grant, reason="Decided")
    assert len(client.get(LIST).context["lines"]) == 0
    assert not logged_in(dora).get(LIST).context["lines"], "what another board decided is its own to follow"


def test_what_was_signed_before_is_asked_for_as_well(decision: Decision) -> None:
    option = decision.options.get()
    option.due_now = None
    option.save(update_fields=["due_now"])
    import_module("cases.migrations.0024_options_followed").ask(apps, None)
    option.refresh_from_db()
    assert option.due_now == ASKED


# --- Asked after 90 days ------------------------------------------------------------------------------------


def test_an_option_without_an_end_is_asked_for_after_90_days(
    decision: Decision, alice: User, charlie: User
) -> None:
    assert decision.options.get().due_now == ASKED
    (line,) = logged_in(alice).get(f"{LIST}?kind=option&when=overdue").context["lines"]
    assert (line.text, line.words, line.owner) == ("Second opinion", "What became of it?", "Alice Albers")
    assert list(logged_in(charlie).get(f"{LIST}?kind=option").context["lines"]) == []


# --- What the record shows ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind", "fields", "words"),
    [
        ("captem", "treatment", {"kind": "systemic", "regimen": "captem"}, "CAPTEM"),
        ("captem", "treatment", {"kind": "systemic", "regimen": "temozolomide"}, "Temozolomide"),
        ("captem", "treatment", {"kind": "systemic", "regimen": "folfiri"}, None),
        ("resection", "treatment", {"kind": "surgery", "procedure": "Whipple"}, "Whipple"),
        ("prrt", "treatment", {"kind": "radioligand"}, "Radioligand therapy"),
        ("liver_directed_therapy", "treatment", {"kind": "ablation"}, "Ablation"),
        ("sstr_imaging", "imaging", {"modality": "sstr", "result": "positive"}, "SSTR imaging"),
        ("sstr_imaging", "imaging", {"modality": "sstr", "result": "not_done"}, None),
        ("circulating_biomarkers", "marker", {"name": "CgA", "value": "90"}, "CgA"),
        ("", "treatment", {"kind": "surgery"}, None),
    ],
)
def test_what_was_entered_since_is_proposed(
    case: Case, dora: User, code: str, kind: str, fields: dict[str, Any], words: str | None
) -> None:
    option = decided(case, dora, code).options.get()
    dated = {"imaging": "performed_on", "marker": "measured_on"}.get(kind, "started_on")
    add_part(by=dora, case=case, kind=kind, fields={**fields, dated: "2026-03-02"})
    assert proposals_for([option]) == {}, "what was before the decision is not its end"
    part = add_part(by=dora, case=case, kind=kind, fields={**fields, dated: "2026-03-20"})
    found = proposals_for([option]).get(option.pk)
    assert (found and (found.words, found.day, found.uid)) == (
        (f"{words}, 20-Mar-2026", datetime.date(2026, 3, 20), part.uid) if words else None
    )


def test_a_proposal_is_confirmed_with_one_button_and_taken_back(case: Case, dora: User, bob: User) -> None:
    option = decided(case, dora, "captem").options.get()
    fields = {"kind": "systemic", "regimen": "captem", "started_on": "2026-03"}
    part = add_part(by=dora, case=case, kind="treatment", fields=fields)
    client = logged_in(bob)
    html = client.get(f"{LIST}?kind=option").content.decode()
    assert "In the record: CAPTEM, Mar 2026" in html
    assert "Confirm done" in html
    page = reverse("cases:followed_option", args=[case.uid, option.decision.uid, 0])
    sent = {"act": "done", "done_on": "31-Mar-2026", "shown_by": str(part.uid), "back": "list"}
    response = client.post(page, {**sent, "filter": "kind=option", "then": "option-7"})
    assert response.headers["Location"] == f"{LIST}?kind=option#option-7"
    option.refresh_from_db()
    event = option.events.get()
    assert (option.state, event.shown_by) == ("done", part.uid)
    html = client.get(LIST).content.decode()
    undo = html.partition(f'action="{page}?undo=')[2].partition('"')[0].replace("&amp;", "&")
    assert client.post(f"{page}?undo={undo}").headers["Location"].startswith(LIST)
    option.refresh_from_db()
    assert option.state == "open"
    assert "Take back" not in client.get(page).content.decode()
    remove_part(by=dora, part=part, version=part.version)
    assert proposals_for([option]) == {}


# --- The list -----------------------------------------------------------------------------------------------


def signed_with(board: Board, by: User, number: int, due: datetime.date | None) -> None:
    patient = {**PATIENT, "record_number": f"R{number}"}
    case = create_case(by=by, board=board, patient=patient, fields={"question": "?"})
    content = DecisionContent(
        intent="palliative",
        options=(OptionContent("own", title=f"Option {number}", intervention="sstr_imaging"),),
        next_steps=tuple(StepContent(f"Step {number}.{nth}", due_on=due) for nth in range(9)),
    )
    draft = save_draft(by=by, discussion=factories.DiscussionFactory(case=case), content=content)
    sign_decision(by=by, decision=draft, version=draft.version, record_number=f"R{number}")


def test_the_list_is_paged_each_row_once_and_costs_the_same(
    board: Board, dora: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    today = timezone.localdate()
    days = [None, today, today + datetime.timedelta(days=90), today]
    for number, due in enumerate(days):
        signed_with(board, dora, number, due)
    client, address, found = logged_in(dora), LIST, []
    while address:
        with django_assert_max_num_queries(13 + of_an_event()):
            page = client.get(address)
        found += [line.text for line in page.context["lines"]]
        address = f"{LIST}?{page.context['next']}" if page.context["next"] else ""
    assert len(found) == len(set(found)) == 40
    assert found == [
        *(f"Step {number}.{nth}" for number in (1, 3) for nth in range(9)),
        *(f"Step 2.{nth}" for nth in range(9)),
        *(f"Option {number}" for number in range(4)),
        *(f"Step 0.{nth}" for nth in range(9)),
    ]
    assert NextStep.objects.count() == 36


@pytest.mark.parametrize(
    "asked", ["after=step-999999", "after=step-x", "after=lung-1", "kind=lung", "owner=nobody"]
)
def test_an_address_that_names_nothing_shows_the_list(decision: Decision, alice: User, asked: str) -> None:
    response = logged_in(alice).get(f"{LIST}?{asked}")
    assert response.status_code == 200
    assert len(response.context["lines"]) == (0 if asked.startswith("owner") else 2)
