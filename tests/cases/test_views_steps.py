"""Next steps: whose they are, how late in words, marked done with a day, and what it costs."""

import datetime
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.actions.deciding import (
    DecisionContent,
    OptionContent,
    StepContent,
    save_draft,
    sign_decision,
    supersede_decision,
)
from cases.actions.entry import create_case
from cases.models import AuditEvent, Board, Decision, NextStep, StepEvent
from cases.screens.follow_lines import due_in_words
from tests import factories
from tests.cases.pages import form_of, logged_in, of_an_event

pytestmark = pytest.mark.django_db

LIST = reverse("cases:steps")
# Session, person, members, others who hold steps; which steps, options and items of follow-up; the
# steps, the options.
QUERIES = 9


def today(days: int = 0) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def decide(board: Board, by: User, name: str, *steps: StepContent) -> Decision:
    patient = {
        "record_number": f"R-{name}",
        "surname": name,
        "given_names": "Ada",
        "birth_date": "1960-01-01",
    }
    case = create_case(by=by, board=board, patient=patient, fields={"question": f"{name}?"})
    options = (OptionContent("own", title="Second opinion"),)
    draft = save_draft(
        by=by,
        discussion=factories.DiscussionFactory(case=case),
        content=DecisionContent(intent="palliative", options=options, next_steps=steps),
    )
    return sign_decision(by=by, decision=draft, version=draft.version, record_number=f"R-{name}")


@pytest.fixture
def decision(board: Board, dora: User, bob: User) -> Decision:
    return decide(
        board, dora, "Quill",
        StepContent("Late one", owner_name="Bob Baker", owner_id=bob.pk, due_on=today(-3)),
        StepContent("No day"),
        StepContent("Next week", owner_name="Radiology", due_on=today(7)),
    )  # fmt: skip


def url(decision: Decision, number: int = 0) -> str:
    return reverse("cases:step", args=[decision.case.uid, decision.uid, number])


def listed(user: User, query: str = "?kind=step") -> list[str]:
    return [line.text for line in logged_in(user).get(LIST + query).context["lines"]]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-2, "2 days overdue"),
        (-1, "1 day overdue"),
        (0, "Due today"),
        (1, "Due in 1 day"),
        (9, "Due in 9 days"),
    ],
)
def test_a_day_in_words(days: int, words: str) -> None:
    assert due_in_words(today(days), today()) == words
    assert due_in_words(None, today()) == "No day set"


def test_the_list_is_that_of_the_readers_boards(
    decision: Decision, alice: User, bob: User, victor: User, charlie: User
) -> None:
    for user in (alice, bob, victor):
        assert listed(user) == ["Late one", "Next week", "No day"]
    assert listed(charlie) == []
    assert listed(bob, "?owner=mine") == listed(alice, "?owner=bob") == ["Late one"]
    html = logged_in(bob).get(LIST).content.decode()
    for text in ("3 days overdue", "Due in 7 days", "<b>Quill</b>, Ada", "Bob Baker", "Second opinion"):
        assert text in html
    assert "Mark done" in html
    assert "Mark done" not in logged_in(victor).get(LIST).content.decode()


def test_who_is_called_as_nobody_is_called_is_not_nobody(board: Board, dora: User) -> None:
    decide(board, dora, "Quill", StepContent("Call", owner_name="Nobody named"), StepContent("Ask"))
    [(nobody, _), (code, name)] = logged_in(dora).get(LIST).context["reader"].named
    assert name == "Nobody named"
    assert listed(dora, f"?owner={code}&kind=step") == ["Call"]
    assert listed(dora, f"?owner={nobody}&kind=step") == ["Ask"]


def test_steps_of_whoever_has_no_account_can_be_picked_and_no_address_names_them(
    decision: Decision, alice: User, charlie: User
) -> None:
    reader = logged_in(alice).get(LIST).context["reader"]
    codes = {name: code for code, name in reader.named}
    assert list(codes) == ["", "Radiology"]
    assert "Radiology" not in "".join(codes.values())
    assert listed(alice, f"?owner={codes['Radiology']}") == ["Next week"]
    assert listed(alice, f"?owner={codes['']}") == ["No day"]
    assert listed(alice, f"?owner={codes['Radiology']}&kind=option") == []
    assert listed(alice, "?owner=~0") == []
    assert logged_in(charlie).get(LIST).context["reader"].named == ()


def test_each_look_has_its_own_token_in_the_lines_that_are_drawn_once(decision: Decision, bob: User) -> None:
    client = logged_in(bob)
    looks = [
        re.findall(r'name="csrfmiddlewaretoken" value="([^"]*)"', client.get(LIST).content.decode())
        for _ in range(2)
    ]
    assert [len(set(tokens)) for tokens in looks] == [1, 1]
    assert looks[0][0] != looks[1][0]
    assert all(len(token) == 64 for tokens in looks for token in tokens)
    assert len(looks[0]) > 3 * len(listed(bob))


def test_a_draft_has_no_steps_to_follow(dora: User, decision: Decision) -> None:
    supersede_decision(by=dora, decision=decision, reason="New findings")
    assert NextStep.objects.count() == 6
    assert len(listed(dora)) == 3, "the signed decision stands until the draft is signed"


def test_a_step_is_done_once_and_can_be_opened_again(decision: Decision, bob: User) -> None:
    client = logged_in(bob)
    for _ in range(2):
        response = client.post(url(decision), {"done_on": f"{today(-1):%d-%b-%Y}", "back": "list"})
        assert response.headers["Location"] == LIST
    assert NextStep.objects.get(text="Late one").done_on == today(-1)
    assert AuditEvent.objects.filter(action="step").count() == 1
    page = client.get(LIST + "?when=done")
    assert [line.text for line in page.context["done"]] == ["Late one"]
    assert listed(bob) == ["Next week", "No day"]
    signed = reverse("cases:signed", args=[decision.case.uid, decision.uid])
    assert f"{today(-1):%d-%b-%Y}" in client.get(signed).content.decode()
    assert client.post(url(decision), {"reopen": "yes"}).headers["Location"] == signed
    assert len(listed(bob)) == 3


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "This field is required."),
        ("soon", "Soon is not a month. Enter a date such as 05-Mar-2026."),
        ("2026", "The day is missing. Enter a date such as 05-Mar-2026."),
        ("01-Jan-2199", "This day has not come yet; enter today or an earlier day."),
        ("01-Jan-1870", "Enter a year from 1890 on."),
    ],
)
def test_a_wrong_day_is_said_at_the_field_and_kept(
    decision: Decision, bob: User, typed: str, message: str
) -> None:
    response = logged_in(bob).post(url(decision), {"done_on": typed, "back": "list"})
    html = response.content.decode()
    assert response.status_code == 422
    assert response.context["form"].errors == {"done_on": [message]}
    assert response.context["form"]["done_on"].value() == typed
    assert "<title>Error: " in html
    assert 'name="back" value="list"' in html
    assert NextStep.objects.filter(done_on=None).count() == 3


def test_who_may_not_enter_marks_nothing(decision: Decision, victor: User, charlie: User) -> None:
    for user, status in ((victor, 403), (charlie, 404)):
        for method in ("get", "post"):
            send: Any = getattr(logged_in(user), method)
            assert send(url(decision), {"done_on": f"{today():%d-%b-%Y}"}).status_code == status
    assert NextStep.objects.filter(done_on=None).count() == 3


def test_a_step_under_another_case_or_of_no_number_is_not_found(
    board: Board, dora: User, decision: Decision
) -> None:
    other = decide(board, dora, "Other", StepContent("Elsewhere"))
    client = logged_in(dora)
    assert client.get(url(decision, 3)).status_code == 404
    assert client.get(reverse("cases:step", args=[other.case.uid, decision.uid, 0])).status_code == 404


def test_the_signed_page_shows_what_became_of_its_steps(
    decision: Decision, alice: User, victor: User
) -> None:
    signed = reverse("cases:signed", args=[decision.case.uid, decision.uid])
    lines = logged_in(alice).get(signed).context["followed"]
    assert [(line.text, line.words, line.overdue, line.may_mark) for line in lines] == [
        ("Second opinion", "Asked in 90 days", False, True),
        ("Late one", "3 days overdue", True, True),
        ("No day", "No day set", False, True),
        ("Next week", "Due in 7 days", False, True),
    ]
    assert not any(line.may_mark for line in logged_in(victor).get(signed).context["followed"])


def test_steps_of_a_superseded_decision_are_followed_no_longer(decision: Decision, dora: User) -> None:
    draft = supersede_decision(by=dora, decision=decision, reason="New findings")
    sign_decision(by=dora, decision=draft, version=draft.version, record_number="R-Quill")
    assert logged_in(dora).post(url(decision), {"done_on": f"{today():%d-%b-%Y}"}).status_code == 404
    assert listed(dora) == ["Late one", "Next week", "No day"], "those of the new decision, once"


def test_cost_does_not_grow_with_the_list(
    board: Board, dora: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = logged_in(dora)
    for number in (1, 2, 3):
        decide(board, dora, f"Case{number}", StepContent("Call", due_on=today(number)))
        if number != 2:
            client.get(LIST)
            with django_assert_num_queries(QUERIES + of_an_event()):
                client.get(LIST)


# What else becomes of a step


def test_what_becomes_of_a_step_is_kept_with_its_reason(board: Board, dora: User, bob: User) -> None:
    decision = decide(board, dora, "Quill", StepContent("Port", "Surgery", due_on=today(5)))
    page, client = url(decision), logged_in(bob)
    later = f"{today(9):%d-%b-%Y}"
    for act, sent, said in (
        ("hand", {"handed-owner_name": "Bob Baker"}, "Handed to Bob Baker."),
        ("postpone", {"postponed-due_on": later, "postponed-text": "Fever"}, f"postponed to {later}."),
        ("partly", {"ended-reason": "toxicity", "ended-text": ""}, "Next step: marked as done in part."),
        ("not_done", {"ended-reason": "other", "ended-text": "Moved away"}, "Next step: marked as not done."),
        ("reopen", {}, "Next step: open again."),
    ):
        html = client.post(page, {"act": act, **sent}, follow=True).content.decode()
        assert said in html, act
    step = NextStep.objects.get()
    assert (step.state, step.holder, step.due_now) == ("open", bob, today(9))
    assert (step.owner_name, step.due_on) == ("Surgery", today(5)), "as it was signed"
    told = StepEvent.objects.values_list("change", "reason", "text", "owner_name", "due_on")
    assert list(told) == [
        ("reassigned", "", "", "Bob Baker", None),
        ("postponed", "", "Fever", "", today(9)),
        ("partly", "toxicity", "", "", None),
        ("not_done", "other", "Moved away", "", None),
        ("reopened", "", "", "", None),
    ]
    html = client.get(page).content.decode()
    for text in ("Other (explained in words)", "Moved away", "Handed to somebody else", "signed for Surgery"):
        assert text in html


@pytest.mark.parametrize(
    ("act", "sent", "field", "message"),
    [
        ("not_done", {}, "ended-reason", "This field is required."),
        ("not_done", {"ended-reason": "mood"}, "ended-reason", "Select a valid choice"),
        ("not_done", {"ended-reason": "other"}, "ended-text", "Give the other reason in words."),
        ("hand", {"handed-owner_name": " "}, "handed-owner_name", "This field is required."),
        ("postpone", {"postponed-text": "Fever"}, "postponed-due_on", "This field is required."),
        ("postpone", {"postponed-due_on": "01-Jan-2099"}, "postponed-text", "This field is required."),
    ],
)
def test_what_is_wrong_with_an_act_is_said_at_its_field(
    board: Board, dora: User, act: str, sent: dict[str, str], field: str, message: str
) -> None:
    decision = decide(board, dora, "Quill", StepContent("Port", "Surgery"))
    response = logged_in(dora).post(url(decision), {"act": act, **sent})
    assert response.status_code == 422
    assert message in response.content.decode()
    assert f'href="#id_{field}"' in response.content.decode()
    assert not StepEvent.objects.exists()


def test_a_reader_completes_nothing(board: Board, dora: User, victor: User, charlie: User) -> None:
    decision = decide(board, dora, "Quill", StepContent("Port", "Surgery"))
    for user, status in ((victor, 403), (charlie, 404)):
        for act in ("done", "hand", "postpone", "not_done", "reopen"):
            assert logged_in(user).post(url(decision), {"act": act}).status_code == status
    assert (NextStep.objects.get().state, StepEvent.objects.count()) == ("open", 0)


def test_a_later_decision_takes_over_the_steps_that_are_ticked(board: Board, dora: User) -> None:
    first = decide(
        board, dora, "Quill", StepContent("Port", "Surgery", due_on=today(5)), StepContent("CT", "Radiology")
    )
    discussion = factories.DiscussionFactory(case=first.case)
    content = DecisionContent(intent="palliative", rationale="On", next_steps=(StepContent("PET", "Bob"),))
    draft = save_draft(by=dora, discussion=discussion, content=content)
    dora.set_password("a long password")
    dora.save()
    client, page = logged_in(dora), reverse("cases:sign", args=[first.case.uid])
    assert "Open steps of earlier decisions" in client.get(page).content.decode()
    port, ct = first.next_steps.all()
    sent = {
        **form_of(client, page),
        "record_number": "R-Quill",
        "password": "a long password",
        "takes_over": [port.pk],
    }
    assert client.post(page, sent).status_code == 302
    signed = Decision.objects.get(pk=draft.pk)
    steps = list(signed.next_steps.values_list("text", "owner_name", "due_on", "takes_over"))
    assert steps == [("PET", "Bob", None, None), ("Port", "Surgery", today(5), port.pk)]
    assert [one["text"] for one in signed.snapshot["decision"]["next_steps"]] == ["PET", "Port"]
    assert list(first.next_steps.values_list("text", "state")) == [("Port", "taken_over"), ("CT", "open")]
    assert ct.events.count() == 0
