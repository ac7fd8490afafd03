"""Scribe and chair at one draft: others' saves are told, merged, or asked about; nothing is overwritten."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from cases.models import Case, Decision
from tests.cases.pages import Fields, form_of, logged_in, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]


@pytest.fixture(scope="module")
def in_days() -> int:
    return -1


@pytest.fixture
def case(case: Case, bob: User) -> Case:
    return case


@pytest.fixture
def chair(dora: User) -> Client:
    return logged_in(dora)


@pytest.fixture
def scribe(bob: User) -> Client:
    return logged_in(bob)


def url(case: Case, name: str = "decision") -> str:
    return reverse(f"cases:{name}", kwargs={"uid": case.uid})


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def opened(client: Client, case: Case, **changes: Any) -> dict[str, Any]:
    return form_of(client, url(case), **changes)


def save(client: Client, case: Case, **changes: Any) -> Any:
    return client.post(url(case), opened(client, case, **changes))


def test_what_two_people_changed_in_different_places_is_kept_of_both(
    chair: Client, scribe: Client, case: Case
) -> None:
    save(chair, case, intent="palliative", **{"condition-0-text": "first"})
    mine = opened(chair, case, intent="curative", **{"condition-1-text": "mine"})
    save(scribe, case, rationale="Theirs", **{"condition-1-text": "theirs", "own-0-title": "Dietician"})
    response = chair.post(url(case), mine, follow=True)
    assert "Bob Baker saved at " in text(response)
    assert "both are kept" in text(response)
    stored = Decision.objects.get()
    assert (stored.intent, stored.rationale) == ("curative", "Theirs")
    assert [one.text for one in stored.conditions.all()] == ["first", "theirs", "mine"]
    assert stored.options.get().title == "Dietician"
    assert stored.version == 3


def test_two_first_drafts_become_one(chair: Client, scribe: Client, case: Case) -> None:
    mine = opened(chair, case, intent="curative")
    save(scribe, case, rationale="Theirs")
    assert chair.post(url(case), mine).status_code == 302
    stored = Decision.objects.get()
    assert (stored.intent, stored.rationale) == ("curative", "Theirs")


def test_what_both_changed_is_shown_field_by_field_and_chosen(
    chair: Client, scribe: Client, case: Case
) -> None:
    save(chair, case, intent="palliative", rationale="First")
    mine = opened(chair, case, intent="curative", rationale="Mine", trial_considered="yes")
    save(scribe, case, intent="diagnostic", rationale="Theirs", wishes_considered="yes")
    response = chair.post(url(case), mine)
    assert response.status_code == 409
    html = text(response)
    assert "Bob Baker saved at " in html
    for shown in ("Curative", "Further diagnosis first", ">Mine<", ">Theirs<"):
        assert shown in html
    assert Decision.objects.get().rationale == "Theirs"
    again = sent_by(response, url(case))
    half = chair.post(url(case), {**again, "keep-intent": "mine"})
    assert half.status_code == 409
    assert "Rationale: choose one version" in text(half)
    chosen = {**sent_by(half, url(case)), "keep-intent": "mine", "keep-rationale": "stored"}
    assert chair.post(url(case), chosen).status_code == 302
    stored = Decision.objects.get()
    assert (stored.intent, stored.rationale) == ("curative", "Theirs")
    assert (stored.trial_considered, stored.wishes_considered) == ("yes", "yes")


def test_a_choice_between_versions_is_void_when_a_third_one_came(
    chair: Client, scribe: Client, case: Case
) -> None:
    save(chair, case, rationale="First")
    mine = opened(chair, case, rationale="Mine")
    save(scribe, case, rationale="Theirs")
    again = sent_by(chair.post(url(case), mine), url(case))
    save(scribe, case, rationale="Theirs, later")
    response = chair.post(url(case), {**again, "keep-rationale": "mine"})
    assert response.status_code == 409
    assert "Theirs, later" in text(response)
    assert Decision.objects.get().rationale == "Theirs, later"


def test_ones_own_second_tab_is_called_that(chair: Client, case: Case) -> None:
    save(chair, case, rationale="First")
    one_tab, other_tab = opened(chair, case, rationale="One"), opened(chair, case, rationale="Other")
    chair.post(url(case), one_tab)
    response = chair.post(url(case), other_tab)
    assert response.status_code == 409
    assert "You saved this in another tab or window at " in text(response)


def test_marks_that_are_no_marks_overwrite_nothing(chair: Client, scribe: Client, case: Case) -> None:
    save(chair, case, rationale="First")
    mine = opened(chair, case, rationale="Mine", base='["no marks"')
    save(scribe, case, rationale="Theirs")
    assert chair.post(url(case), mine).status_code == 409
    assert Decision.objects.get().rationale == "Theirs"


def watched(client: Client, case: Case) -> tuple[str, str]:
    """The address that the open page asks, and what it has seen."""
    html = text(client.get(url(case)))
    state = re.search(r"hx-vals='{\"seen\": \"([^\"]*)\"}'", html)
    address = re.search(r'hx-post="([^"]+/draft/)"', html)
    assert state is not None
    assert address is not None
    return address[1], state[1]


def test_an_open_page_is_told_what_was_saved_and_nothing_else(
    chair: Client, scribe: Client, case: Case, dora: User
) -> None:
    address, seen = watched(chair, case)
    assert chair.post(address, {"seen": seen}).status_code == 204
    save(scribe, case, rationale="Confidential")
    told = text(chair.post(address, {"seen": seen}))
    assert "<b>Bob Baker saved at " in told
    assert "Take over" in told
    assert "Confidential" not in told
    _, now = watched(chair, case)
    assert f'data-state="{now}"' in told
    assert chair.post(address, {"seen": now}).status_code == 204
    Decision.objects.get().delete()
    assert "The draft was discarded." in text(chair.post(address, {"seen": now}))
    sign(case, dora)
    assert "Dora Diaz signed this decision." in text(scribe.post(address, {"seen": now}))


@pytest.mark.parametrize(
    ("votes", "told"),
    [
        ({"votes_for": "9", "votes_against": "1"}, "Consensus"),
        ({"votes_for": "9", "votes_against": "3", "votes_abstained": "5"}, "Majority"),
        ({"votes_for": "8", "votes_against": "3"}, "No consensus"),
        ({"votes_for": "8"}, ""),
        ({"votes_for": "many", "votes_against": "3"}, ""),
    ],
)
def test_what_a_vote_comes_to_is_told_and_not_stored(
    scribe: Client, case: Case, votes: dict[str, str], told: str
) -> None:
    answer = scribe.post(reverse("cases:vote", args=[case.discussions.get().uid]), votes)
    assert (answer.status_code, answer.content.decode()) == (200, told)
    assert not Decision.objects.exists()


def test_asking_does_not_keep_the_session(chair: Client, case: Case) -> None:
    address, seen = watched(chair, case)
    session = chair.session
    session["seen"] = 0
    session.save()
    chair.post(address, {"seen": seen})
    assert chair.session["seen"] == 0
    chair.get(url(case))
    assert chair.session["seen"] > 0


@pytest.mark.parametrize(("person", "status"), [("victor", 403), ("charlie", 404)])
def test_who_does_not_write_is_told_nothing(
    request: pytest.FixtureRequest, case: Case, person: str, status: int
) -> None:
    address = reverse("cases:saved_meanwhile", args=[case.discussions.get().uid])
    client = logged_in(request.getfixturevalue(person))
    assert client.post(address, {"seen": ""}).status_code == status


def sent_by(response: Any, action: str) -> dict[str, Any]:
    """What the form on an answer would send."""
    fields = Fields(action)
    fields.feed(response.content.decode())
    fields.data.pop("csrfmiddlewaretoken", None)
    return dict(fields.data)
