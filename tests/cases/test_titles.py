"""A page's title lands in the browser's history and in its tabs: it names the page, never the patient."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from cases.models import Board
from tests.cases import pages

PAGES = (
    "case",
    "patient",
    "comments",
    "history",
    "path",
    "what_if",
    "follow_up",
    "decision",
)


@pytest.mark.django_db
def test_no_title_of_a_case_holds_the_patient(board: Board, alice: User, bob: User, client: Client) -> None:
    case = pages.full_case(board, alice)
    client.force_login(bob)
    addresses = [reverse(f"cases:{name}", args=[case.uid]) for name in PAGES]
    addresses += [pages.paper_url(kind, case, preview=True) for kind in ("handout", "annex")]
    addresses += [reverse("cases:part", args=[case.uid, "pathology"]), reverse("cases:steps")]
    for address in addresses:
        html = client.get(address, follow=True).content.decode()
        title = re.findall(r"<title>(.*?)</title>", html, re.DOTALL)[0]  # pictures further down have theirs
        assert title.strip()
        assert pages.SURNAME.lower() not in title.lower(), address
        assert pages.PATIENT["record_number"] not in title, address
