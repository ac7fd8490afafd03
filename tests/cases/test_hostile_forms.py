"""Forms sent with what no page of ours sends: no failure of ours, and nothing written to another's record.

Ids of another board, of another case and of nothing, keys missing and repeated, wrong types, huge numbers,
NUL, bytes that are no text: in every form of the record, by who may do most things on a board of their own.
"""

from dataclasses import dataclass
from random import Random
from urllib.parse import quote_from_bytes, quote_plus, urlsplit

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core import serializers
from django.db import models, transaction
from django.db.models import Q
from django.test import Client
from django.urls import resolve
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.models import AuditEvent, Board, CaseGrant, Membership
from tests.cases.addresses import addresses_of
from tests.cases.pages import full_case, proven_in
from tests.cases.test_foreign_and_absent import WITHIN
from tests.cases.test_limits_of_texts import PAGES, Forms

pytestmark = pytest.mark.django_db

VALUES = (
    "", " ", "0", "-1", "1", "2", "999999999999999999999999", "1e309", "NaN", "²", "٣", "true", "on", "None",
    "null", "[]", '{"a": 1}', "2026-02-30", "31-Feb-2026", "0000-00-00", "99:99", "\0", "a\0b", "x" * 70_000,
    "\ud7ff\U0010ffff", "../../etc/passwd", "' OR 1=1 --", "%00", "\r\nX: y", "{{7*7}}",
    "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
NO_TEXT = (b"\xff\xfe", b"\xc3(", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80")
FORM = "application/x-www-form-urlencoded"

OTHERS = ("item", "remove", "hand_over", "follow_up", "asked", "deciding_report", "close_meeting")

Pairs = list[tuple[str, str | bytes]]


@dataclass
class Site:
    """A board of the asker's with its forms: where each goes, and there with another board's id; another
    board's ids and rows, as they are.
    """

    client: Client
    forms: list[tuple[str, str, dict[str, object]]]
    ids: list[str]
    theirs: dict[type[models.Model], list[int]]
    before: str


KINDS = [kind for kind in (*apps.get_app_config("cases").get_models(), User) if kind is not AuditEvent]


def rows_of_the_record() -> dict[type[models.Model], list[int]]:
    """Every row's key but those of the log, to which each refusal adds."""
    return {kind: list(kind._base_manager.values_list("pk", flat=True)) for kind in KINDS}


def as_they_are(rows: dict[type[models.Model], list[int]]) -> str:
    """What stands in the database of these rows, and of what belongs to one of them: what a board shows
    another one is the case's, not the other's.
    """
    found: list[models.Model] = []
    for kind in KINDS:
        wanted = Q(pk__in=rows[kind])
        for column in kind._meta.concrete_fields:
            shown_to = kind is CaseGrant and column.related_model is Board
            if column.related_model in rows and column.related_model is not User and not shown_to:
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
    seats = Membership.objects.filter(user=charlie).values_list("pk", flat=True)
    own = {(Board, other_board.pk), (User, charlie.pk), *((Membership, seat) for seat in seats)}
    theirs = {
        kind: [key for key in keys if (kind, key) not in own] for kind, keys in rows_of_the_record().items()
    }
    # In the order in which they were made: an example that is tried again means the same.
    ids = [found for urls in foreign.values() for url in urls for found in WITHIN.findall(url)]
    ids += [*(str(pk) for keys in theirs.values() for pk in keys), alice.username, dora.get_full_name()]
    Membership.objects.filter(user=charlie).update(further_roles=["administrator", "coordinator"])
    client, forms = proven_in(charlie), []
    mine = addresses_of(full_case(other_board, charlie), charlie)
    for url in (url for name in (*PAGES, *OTHERS) for url in mine[name]):
        for sent in Forms(client.get(url).content.decode()).sent:
            to = sent.action or url
            if to.startswith("/accounts/"):  # the log-off of every page
                continue
            forms.append((to, moved(to, foreign), sent.filled({})))
    return Site(client, forms, list(dict.fromkeys(ids)), theirs, as_they_are(theirs))


def body_of(pairs: Pairs) -> bytes:
    """As a browser encodes it, bytes as they are."""
    return "&".join(
        f"{quote_plus(name)}={quote_from_bytes(value) if isinstance(value, bytes) else quote_plus(value)}"
        for name, value in pairs
    ).encode()


def sent_for(name: str, given: object, chance: Random, values: list[str | bytes]) -> Pairs:
    """What is sent for a key: as the page has it, something else, both, or nothing."""
    kept: Pairs = [(name, str(value)) for value in (given if isinstance(given, list) else [given])]
    changed: Pairs = [(name, chance.choice(values))]
    return chance.choice((kept, kept, changed, kept + changed, []))


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


def test_no_form_fails_or_reaches_what_is_somebody_elses(site: Site) -> None:
    values = [*site.ids, *VALUES, *NO_TEXT]

    @settings(max_examples=15)
    @given(seed=st.integers(0, 2**32), text=st.text())
    def send(seed: int, text: str) -> None:
        chance = Random(seed)
        url, _, fields = chance.choice(site.forms)
        keys = [sent_for(name, given_, chance, [*values, *[text] * 5]) for name, given_ in fields.items()]
        body = body_of([pair for pairs in keys for pair in pairs])
        with transaction.atomic():
            assert site.client.generic("POST", url, body, FORM).status_code < 500, (url, body)
            assert as_they_are(site.theirs) == site.before, (url, body)
            transaction.set_rollback(True)

    send()
