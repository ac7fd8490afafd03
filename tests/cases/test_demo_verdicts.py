"""The answer to every demonstration case is the one that an oncologist for these neoplasms expects."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
import pytest_django

from cases.actions.deciding import look_at
from cases.demo.loading import CASES, FIRST, MADE_UP
from cases.facts import facts_of, record_of
from cases.models import Case
from guidelines.answer.parts import Assessment
from guidelines.knowledge.labels import DIRECTIONS, Direction
from guidelines.vocabulary.yamlfile import read_yaml

pytestmark = pytest.mark.django_db

DATA = {data["id"]: data for data in [*read_yaml(CASES), *read_yaml(MADE_UP)]}
EXPECTED = read_yaml(CASES.with_name("expected_verdicts.yaml"))
TREATMENT = "treatment"
LEAST_COMPLETE = 12


@dataclass(frozen=True)
class Answered:
    """A case as loaded: its facts and the answer to them."""

    facts: Mapping[str, Any]
    answer: Assessment


@pytest.fixture(scope="module")
def cases(
    demonstration_boards: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> dict[str, Answered]:
    """Each case by the id of its data."""
    with django_db_blocker.unblock():
        uids = {uuid5(NAMESPACE_URL, data.get("url", name)): name for name, data in DATA.items()}
        return {
            uids[case.uid]: Answered(facts_of(record_of(case)).values, look_at(case).assessment)
            for case in Case.objects.all()
        }


@pytest.fixture(scope="module")
def answers(cases: dict[str, Answered]) -> dict[str, Assessment]:
    return {name: case.answer for name, case in cases.items()}


def test_every_case_has_its_expectation() -> None:
    assert [one["id"] for one in EXPECTED] == list(DATA)
    assert all(one["why"] and one["options"] for one in EXPECTED)


def test_the_verdicts_are_those_expected(answers: dict[str, Assessment]) -> None:
    differing = {}
    for expected in EXPECTED:
        answer = answers[expected["id"]]
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
        if (answer.classification.entity, found) != (expected["entity"], expected["options"]):
            differing[expected["id"]] = (answer.classification.entity, found)
    assert differing == {}


def test_nothing_is_offered_that_does_not_fit(answers: dict[str, Assessment]) -> None:
    offered = {name: {one.intervention for one in answer.options} for name, answer in answers.items()}
    unfit = {one["id"]: offered[one["id"]].intersection(one.get("none", ())) for one in EXPECTED}
    assert {name: codes for name, codes in unfit.items() if codes} == {}


def test_what_the_text_is_silent_on_is_said(answers: dict[str, Assessment]) -> None:
    silent = {name: bool(answer.not_covered) for name, answer in answers.items()}
    assert silent == {one["id"]: one.get("not_covered", False) for one in EXPECTED}


def test_what_the_report_leaves_out_is_asked_for(answers: dict[str, Assessment]) -> None:
    asked = {name: {one.fact for one in answer.missing} for name, answer in answers.items()}
    left_out = {one["id"]: set(one["lacks"]) - asked[one["id"]] for one in EXPECTED}
    assert {name: facts for name, facts in left_out.items() if facts} == {}


# Complete cases: a treatment that the guideline is for applies, and nothing unknown decides on treatment.


def answered(answer: Assessment) -> bool:
    return any(
        one.kind == TREATMENT and one.status == "applies" and DIRECTIONS[one.stance] is Direction.FOR
        for one in answer.options
    )


def deciding_treatment(answer: Assessment) -> set[str]:
    """Facts not known that decide on a treatment."""
    treatments = {one.id for one in answer.recommendations if one.kind == TREATMENT}
    return {one.fact for one in answer.missing if treatments.intersection(one.decides)}


@pytest.fixture(scope="module")
def complete(cases: dict[str, Answered]) -> dict[str, Answered]:
    return {
        name: case
        for name, case in cases.items()
        if answered(case.answer) and not deciding_treatment(case.answer)
    }


def test_the_treatment_of_many_cases_is_settled(complete: dict[str, Answered]) -> None:
    assert len(complete) >= LEAST_COMPLETE
    assert {DATA[name].get("board", FIRST) for name in complete} == {"gi-net", "pelvic-nen"}


@pytest.mark.parametrize(
    ("entity", "facts"),
    [
        ("g3_net", {"extent": "metastatic", "treatment_line": 1}),
        ("g3_net", {"extent": "metastatic", "treatment_line": 2}),
        ("g3_net", {"extent": "localized", "resected": False}),
        ("nec", {"extent": "metastatic", "treatment_line": 1, "on_systemic_treatment": True}),
        ("nec", {"extent": "metastatic", "treatment_line": 2, "progressed_off_platinum": False}),
        ("nec", {"extent": "metastatic", "treatment_line": 2, "progressed_off_platinum": True}),
        ("nec", {"extent": "localized", "resected": False}),
        ("nec", {"extent": "localized", "resected": True, "margin": "positive"}),
        ("nec", {"extent": "localized", "resected": True, "radiation_feasible": False}),
        ("nec", {"primary_site": "cervix", "extent": "localized", "resected": False}),
        ("nec", {"primary_site": "cervix", "extent": "localized", "resected": True}),
        ("nec", {"primary_site": "cervix", "extent": "metastatic", "treatment_line": 2}),
        ("nec", {"prior_entity": "g3_net", "treatment_line": 1}),
        ("indeterminate", {"extent": "metastatic"}),
    ],
)
def test_the_complete_cases_go_through_the_guideline(
    complete: dict[str, Answered], entity: str, facts: dict[str, Any]
) -> None:
    assert [
        name
        for name, case in complete.items()
        if case.answer.classification.entity == entity and facts.items() <= case.facts.items()
    ]


def test_where_no_disease_is_left_nothing_is_open_and_no_treatment_offered(
    cases: dict[str, Answered],
) -> None:
    """The text gives this situation neither a treatment nor a follow-up: that is its whole answer."""
    cleared = [case for case in cases.values() if case.facts.get("extent") == "no_evidence_of_disease"]
    assert cleared
    for case in cleared:
        assert not answered(case.answer)
        assert not deciding_treatment(case.answer)
        assert any("No evidence of disease" in words for words in case.answer.not_covered)
