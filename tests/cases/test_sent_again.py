"""Every form that makes something makes it once, however often it is sent.

Twenty times at once, on PostgreSQL: `python -m tests.load --twice`.
"""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.actions.calendars import revoke_calendar_address
from cases.actions.tokens import revoke_token, token_of
from cases.models import Board
from tests.cases.pages import form_of, index_left_as_it_is, logged_in, proven_in
from tests.cases.sendings import Scene, Sending, counted
from tests.conftest import member

AGAIN = 1


def send(client: Client, sending: Sending) -> int:
    """The status of the answer."""
    data = dict(sending.data)
    if sending.file:
        box, name, content = sending.file
        data[box] = SimpleUploadedFile(name, content)
    return client.post(sending.url, data).status_code


@pytest.mark.django_db
def test_a_form_sent_again_makes_nothing_more(
    board: Board, third_board: Board, alice: User, dora: User
) -> None:
    adam = member(board, "adam", "administrator", "Adam", "Ash")
    people = {"coordinator": alice, "chair": dora, "administrator": adam}
    wrong, clients = {}, {}
    with index_left_as_it_is():
        sendings = Scene(board, third_board, people).sendings()
    for name, sending in sendings.items():
        log_in: Callable[[User], Client] = proven_in if sending.proven else logged_in
        client = clients.setdefault((sending.by, sending.proven), log_in(sending.by))
        before = counted()
        status = send(client, sending)
        made, first = counted() - before, counted()
        again = [send(client, sending) for _ in range(AGAIN)]
        more = counted() - first
        if dict(made) != sending.makes or more or max(status, *again) >= 500:
            wrong[name] = (status, dict(made), again, dict(more))
    assert wrong == {}


@pytest.mark.django_db
def test_a_double_click_shows_the_secret_that_is_good(board: Board, alice: User) -> None:
    client, tokens = logged_in(alice), reverse("cases:tokens")
    form = form_of(client, tokens, tokens, name="EPR", board=board.slug)
    found = [client.post(tokens, sent).context for sent in (form, form, {**form, "name": "PACS"})]
    assert [token_of(context["secret"]) for context in found] == [context["made"] for context in found]
    assert found[0]["secret"] == found[1]["secret"] != found[2]["secret"]
    revoke_token(by=alice, token=found[0]["made"])
    refused = client.post(tokens, form)
    assert (refused.status_code, "made and revoked" in refused.content.decode()) == (422, True)

    make = reverse("cases:make_calendar")
    form = form_of(client, reverse("cases:my_calendar"), make)
    once, twice = (client.post(make, form).context["made"] for _ in range(2))
    revoke_calendar_address(by=alice)
    after = client.post(make, form).context["made"]
    assert once == twice != after
    assert client.get(once).status_code == 404
    assert client.get(after).status_code == 200
