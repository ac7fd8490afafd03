"""What several documents are made of."""

import pytest
from django.contrib.auth.models import User

from cases.actions.agenda import list_case
from cases.models import Board, Meeting
from tests import factories
from tests.cases.pages import full_case


@pytest.fixture
def meeting(board: Board, alice: User) -> Meeting:
    """A meeting that has begun, with two cases: the one with everything, and one that was just entered."""
    first = full_case(board, alice, in_days=-1)
    meeting = first.discussions.get().meeting
    assert meeting is not None
    second = factories.CaseFactory(
        board=board, created_by=alice, stage="ready", patient__surname="Second", question="And this one?"
    )
    list_case(by=alice, case=second, meeting=meeting)
    return meeting
