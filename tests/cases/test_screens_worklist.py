"""A case in a few words."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from cases.actions.entry import save_case
from cases.actions.indexing import readiness_of_listed
from cases.models import Board, Case
from cases.readiness import ReadinessItem
from cases.screens.worklist import initials_of, lacking, lines_of
from tests.cases.pages import full_case
from tests.factories import CaseFactory


@pytest.mark.django_db
def test_a_line_counts_what_is_there_and_names_what_to_see_to_first(board: Board, alice: User) -> None:
    case = full_case(board, alice)
    line, readiness = lines_of([case], [board.slug])[0], readiness_of_listed([case])[case.pk]
    assert line.ready == f"{readiness.present} of {readiness.total}"
    assert readiness.next_item is not None
    assert line.next == readiness.next_item.label
    assert (line.entity, line.site, line.owner, line.initials) == ("G3 NET", "Pancreas", "Alice Albers", "AA")


@pytest.mark.django_db
def test_what_nobody_has_said_is_said_so(board: Board, alice: User) -> None:
    blank = CaseFactory(board=board, created_by=alice)
    assert lines_of([blank], [board.slug])[0].site == "Site not known"
    site = save_case(by=alice, case=blank, fields={"primary_site": "colon"}, version=blank.version)
    assert lines_of([Case.objects.get(pk=site.pk)], [board.slug])[0].site == "Colon"


@pytest.mark.parametrize(
    ("state", "days", "words"),
    [
        ("missing", None, "SSTR imaging"),
        ("stale", 120, "SSTR imaging, 120 days old"),
        ("stale", None, "SSTR imaging, no date"),
    ],
)
def test_what_is_lacking_in_words(state: Any, days: int | None, words: str) -> None:
    assert lacking(ReadinessItem("sstr_imaging", "SSTR imaging", "imaging", state, days)) == words


def test_initials() -> None:
    assert initials_of(User(username="ada", first_name="Ada", last_name="Ames")) == "AA"
    assert initials_of(User(username="ada")) == "ad"
