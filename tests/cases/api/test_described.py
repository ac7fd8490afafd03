"""The interface answers as it describes itself: no failure of ours, and no answer that it does not name."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from cases.actions.tokens import make_token
from cases.models import Board
from cases.views.api.urls import api

pytestmark = pytest.mark.django_db


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """The calls are part of the test's transaction, as those of Django's own client are."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def token(alice: User, board: Board, _one_connection: None) -> str:
    return make_token(by=alice, board=board, name="EPR", rights=["read", "enter"], days=30)[1]


schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
schema.app = get_wsgi_application()


@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_it_answers_as_it_says(case: Any, token: str) -> None:
    cache.clear()  # so that it is not told to wait
    headers = {"Authorization": f"Bearer {token}", "Host": "testserver"}
    # Facts and case files have contracts of their own: what has the right shape may still be refused.
    case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])
