"""kill -9: what was acknowledged stands there. 200 kills under 8 writers: `python -m tests.kills`."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from cases.models import Board
from tests import factories
from tests.kills import Toll, killed

KILLS = 20


@pytest.mark.django_db(transaction=True)
def test_twenty_kills_lose_nothing(alice: User, board: Board, tmp_path: Path) -> None:
    cases = [factories.CaseFactory(board=board, created_by=alice) for _ in range(4)]
    toll = killed(alice, cases, KILLS, tmp_path)
    assert toll == Toll(KILLS, toll.acknowledged, toll.written)
    assert KILLS <= toll.acknowledged <= toll.written
