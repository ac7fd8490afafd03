"""Case files out and in again: every demonstration case keeps each of its facts."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User

from cases.exchange.lists.mapping import ListMapping
from cases.facts import facts_of
from cases.models import Board, Case
from cases.queries import with_record
from cases.record import record_of
from cases.screens.lists import finished, import_list, list_of, opened, plan, source_of
from cases.screens.taking_out import TakenOut, cases_chosen, made
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_boards")]


def test_every_demonstration_case_goes_out_and_comes_in_with_the_same_facts() -> None:
    board = Board.objects.get(slug="gi-net")
    by = User.objects.get(username="coordinator")
    rows, _ = cases_chosen(board, only_open=False, first=None, last=None, numbers=())
    file, shown = made(board, TakenOut("files", "jsonl", (), tuple(rows)))
    assert shown == rows
    assert len(rows) > 40
    again = finished(plan(board, by, list_of(board, opened(file, ListMapping()), ListMapping())))
    assert again.counts == {"create": 0, "change": 0, "unchanged": len(rows), "refused": 0}

    copy = factories.BoardFactory(slug="copy")
    factories.MembershipFactory(user=by, board=copy, role="chair")
    moved = [json.loads(line) for line in file.splitlines()]
    for one in moved:
        one["case"]["board"] = "copy"
    data = "\n".join(map(json.dumps, moved)).encode()
    listed = finished(plan(copy, by, list_of(copy, opened(data, ListMapping()), ListMapping())))
    finished(import_list(copy, by, listed, source_of("cases.jsonl", data, None)))
    once_more = finished(plan(copy, by, list_of(copy, opened(data, ListMapping()), ListMapping())))
    assert once_more.counts == {"create": 0, "change": 0, "unchanged": len(rows), "refused": 0}
    assert facts_by_number(copy) == facts_by_number(board)


def facts_by_number(board: Board) -> dict[str, Any]:
    """Record number and key of each case → its facts."""
    found = with_record(Case.objects.filter(board=board))
    return {f"{case.patient.record_number} {case.key}": facts_of(record_of(case)).values for case in found}
