"""The keys: one list, and every one of them is named by a control of a page."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from cases.forms.keys import ACTS, ANSWERING, PLACES
from cases.models import Board, Case
from cases.views.chart import PARTS
from tests.cases.pages import form_of, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]

LISTED = {*(act.key for act in ACTS.values()), *(one.key for one in ANSWERING), *PLACES}


def named(html: str) -> list[str]:
    return re.findall(r'aria-keyshortcuts="([^"]*)"', html)


def test_no_key_has_two_meanings() -> None:
    assert len(LISTED) == len(ACTS) + len(ANSWERING) + len(PLACES)
    assert len(PLACES) == len(PARTS) + 1


def test_every_key_that_a_page_names_is_listed_and_every_listed_one_is_named(case: Case, alice: User) -> None:
    client = logged_in(alice)
    pages = [
        reverse("cases:part", kwargs={"uid": case.uid, "part": slug}) for slug in PARTS if slug != "referral"
    ]
    found: set[str] = set()
    for page in pages:
        names = named(client.get(page).content.decode())
        assert len(names) == len(set(names)), page
        found |= set(names)
    saved = client.post(pages[0], form_of(client, pages[0], p53="null"), follow=True)
    found |= set(named(saved.content.decode()))
    pasted = form_of(client, pages[0], pasted="Ki-67: 80 %", find="yes")
    found |= set(named(client.post(pages[0], pasted).content.decode()))
    assert found | {"z"} == LISTED  # no page has three blocks today


def test_the_list_is_a_page_and_a_part_of_one(board: Board, alice: User) -> None:
    client, address = logged_in(alice), reverse("cases:keys")
    page = client.get(address).content.decode()
    alone = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in page
    assert "<html" not in alone
    for words in ("Save, next part", "Pathology", "Decision", "Undo the save just made"):
        assert words in page
        assert words in alone
    assert f'href="{address}" data-keys' in client.get(reverse("cases:worklist")).content.decode()


def test_who_is_not_logged_in_is_shown_no_list(board: Board) -> None:
    assert Client().get(reverse("cases:keys")).status_code == 302
