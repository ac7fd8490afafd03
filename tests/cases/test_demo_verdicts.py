"""The answer to every demonstration case is the one that an oncologist for these neoplasms expects."""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
import pytest_django
from django.db import transaction

from cases.actions.deciding import look_at
from cases.demo.loading import CASES, MADE_UP, load
from cases.models import Case
from guidelines.answer.parts import Assessment
from guidelines.vocabulary.yamlfile import read_yaml

pytestmark = pytest.mark.django_db

DATA = {data["id"]: data for data in [*read_yaml(CASES), *read_yaml(MADE_UP)]}
EXPECTED = read_yaml(CASES.with_name("expected_verdicts.yaml"))
each_case = pytest.mark.parametrize("expected", EXPECTED, ids=lambda one: one["id"])


@pytest.fixture(scope="module")
def answers(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[dict[str, Assessment]]:
    """The answer to each case as loaded, by the id of its data."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        uids = {uuid5(NAMESPACE_URL, data.get("url", name)): name for name, data in DATA.items()}
        yield {uids[case.uid]: look_at(case).assessment for case in Case.objects.all()}
        transaction.set_rollback(True)


def test_every_case_has_its_expectation() -> None:
    assert [one["id"] for one in EXPECTED] == list(DATA)
    assert all(one["why"] and one["options"] for one in EXPECTED)


@each_case
def test_the_verdicts_are_those_expected(answers: dict[str, Assessment], expected: dict[str, Any]) -> None:
    answer = answers[expected["id"]]
    assert answer.classification.entity == expected["entity"]
    given = {one.intervention: one for one in answer.options}
    found = [
        {
            "intervention": one["intervention"],
            "stance": given[one["intervention"]].stance,
            "status": given[one["intervention"]].status,
            **({"done": True} if given[one["intervention"]].done else {}),
        }
        for one in expected["options"]
        if one["intervention"] in given
    ]
    assert found == expected["options"]


@each_case
def test_nothing_is_offered_that_does_not_fit(
    answers: dict[str, Assessment], expected: dict[str, Any]
) -> None:
    offered = {one.intervention for one in answers[expected["id"]].options}
    assert offered.isdisjoint(expected.get("none", ()))


@each_case
def test_what_the_text_is_silent_on_is_said(answers: dict[str, Assessment], expected: dict[str, Any]) -> None:
    assert bool(answers[expected["id"]].not_covered) is expected.get("not_covered", False)


@each_case
def test_what_the_report_leaves_out_is_asked_for(
    answers: dict[str, Assessment], expected: dict[str, Any]
) -> None:
    asked = {one.fact for one in answers[expected["id"]].missing}
    assert set(expected["lacks"]) <= asked
