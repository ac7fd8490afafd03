"""Forms sent to the address of what is somebody else's: nothing is there, and nothing of theirs changes."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core import serializers
from django.db import models
from django.db.models import Q
from django.test import Client
from django.urls import resolve

from cases.models import AuditEvent, Board, Membership
from tests.cases.addresses import addresses_of
from tests.cases.pages import full_case, proven_in
from tests.cases.test_foreign_and_absent import WITHIN
from tests.cases.test_limits_of_texts import PAGES, Forms

pytestmark = pytest.mark.django_db

OTHERS = ("item", "remove", "hand_over", "follow_up", "asked", "deciding_report", "close_meeting")


@dataclass
class Site:
    """A board of the asker's with its forms: where each goes, and there with another board's id; another
    board's rows, as they are.
    """

    client: Client
    forms: list[tuple[str, str, dict[str, object]]]
    theirs: dict[type[models.Model], list[int]]
    before: str


KINDS = [kind for kind in (*apps.get_app_config("cases").get_models(), User) if kind is not AuditEvent]


def rows_of_the_record() -> dict[type[models.Model], list[int]]:
    """Every row's key but those of the log, to which each refusal adds."""
    return {kind: list(kind._base_manager.values_list("pk", flat=True)) for kind in KINDS}


def as_they_are(rows: dict[type[models.Model], list[int]]) -> str:
    """What stands in the database of these rows, and of what belongs to one of them."""
    found: list[models.Model] = []
    for kind in KINDS:
        wanted = Q(pk__in=rows[kind])
        for column in kind._meta.concrete_fields:
            if column.related_model in rows and column.related_model is not User:
                wanted |= Q(**{f"{column.name}__in": rows[column.related_model]})
        found += kind._base_manager.filter(wanted).order_by("pk")
    return serializers.serialize("json", found)


def moved(url: str, foreign: dict[str, list[str]]) -> str:
    """The address with another board's id in place of its last one."""
    own = WITHIN.findall(url)
    theirs = WITHIN.findall(foreign[str(resolve(urlsplit(url).path).url_name)][0])
    return url.replace(own[-1], theirs[-1]) if own else url


@pytest.fixture
def site(board: Board, other_board: Board, alice: User, dora: User, charlie: User) -> Site:
    foreign = addresses_of(full_case(board, alice), dora)
    theirs = rows_of_the_record()
    Membership.objects.filter(user=charlie).update(further_roles=["administrator", "coordinator"])
    client, forms = proven_in(charlie), []
    mine = addresses_of(full_case(other_board, charlie), charlie)
    for url in (url for name in (*PAGES, *OTHERS) for url in mine[name]):
        for sent in Forms(client.get(url).content.decode()).sent:
            to = sent.action or url
            if to.startswith("/accounts/"):  # the log-off of every page
                continue
            forms.append((to, moved(to, foreign), sent.filled({})))
    return Site(client, forms, theirs, as_they_are(theirs))


def test_a_form_that_is_moved_to_what_is_somebody_elses_finds_nothing_there(site: Site) -> None:
    """As the page has it, and with a word in each box that is empty."""
    told = {}
    for own, elsewhere, fields in site.forms:
        if own != elsewhere:
            sent = {name: value if any(value) else ["word"] for name, value in fields.items()}
            told[elsewhere] = site.client.post(elsewhere, sent).status_code
    # What was removed already, sent twice perhaps, leads back to one's own case.
    assert {url for url, status in told.items() if status not in (404, 405)} <= {
        url for url in told if url.endswith("/remove/")
    }
    assert len(told) > 25
    assert as_they_are(site.theirs) == site.before
