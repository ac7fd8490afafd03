"""The track that is proposed: a table of what an answer may be like, and the whole way for one case."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from cases.models import Board
from cases.readiness import Readiness, ReadinessItem
from cases.screens.track import proposed_track
from guidelines.answer.assessment import assess
from guidelines.answer.parts import Assessment, Option
from guidelines.knowledge.releases import current

NOTHING_LACKING = Readiness((ReadinessItem("ki67", "Ki-67", "pathology", "present"),))
CAPTEM = Option(
    intervention="captem",
    intervention_label="CAPTEM",
    topic="systemic_therapy",
    kind="treatment",
    id="first-line-captem",
    setting="first_line",
    stance="acceptable",
    agreement="consensus",
    status="applies",
    missing=(),
    provided=(),
    done=False,
    qualified_by=(),
    schedule=None,
)
EMPTY = replace(assess(current(), {}), options=(), recommendations=())


def answer(*options: Option) -> Assessment:
    return replace(EMPTY, options=options)


def lacking(state: str, *labels: str) -> Readiness:
    return Readiness(tuple(ReadinessItem(label, label, "pathology", state) for label in labels))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "readiness", "track", "said"),
    [
        ((CAPTEM,), NOTHING_LACKING, "protocol", "CAPTEM: acceptable option, consensus."),
        (
            (replace(CAPTEM, stance="recommended", agreement="panel"),),
            NOTHING_LACKING,
            "protocol",
            "CAPTEM: recommended, panel, no vote.",
        ),
        (
            (replace(CAPTEM, agreement="panel"),),
            NOTHING_LACKING,
            "full",
            "CAPTEM, the leading treatment: acceptable option, panel, no vote.",
        ),
        (
            (replace(CAPTEM, agreement="majority"),),
            NOTHING_LACKING,
            "full",
            "CAPTEM, the leading treatment: acceptable option, majority.",
        ),
        (
            (replace(CAPTEM, stance="recommended", agreement="expert_opinion"),),
            NOTHING_LACKING,
            "full",
            "CAPTEM, the leading treatment: recommended, expert opinion.",
        ),
        (
            (CAPTEM, replace(CAPTEM, intervention_label="FOLFIRI", status="possible")),
            NOTHING_LACKING,
            "full",
            "Not settled: FOLFIRI.",
        ),
        (
            (CAPTEM, *(replace(CAPTEM, intervention_label=name, status="possible") for name in "ABCDE")),
            NOTHING_LACKING,
            "full",
            "Not settled: A, B, C and 2 more.",
        ),
        (
            (replace(CAPTEM, provided=("dpd",)),),
            NOTHING_LACKING,
            "full",
            "CAPTEM depends on what is not known yet.",
        ),
        ((), NOTHING_LACKING, "full", "No treatment that the guideline is for applies."),
        (
            (replace(CAPTEM, stance="not_recommended"),),
            NOTHING_LACKING,
            "full",
            "No treatment that the guideline is for applies.",
        ),
        (
            (replace(CAPTEM, topic="imaging"),),
            NOTHING_LACKING,
            "full",
            "No treatment that the guideline is for applies.",
        ),
        ((CAPTEM,), lacking("missing", "Ki-67", "Extent"), "full", "Missing: Ki-67, Extent."),
        ((CAPTEM,), lacking("stale", "ECOG"), "full", "Stale: ECOG."),
        ((CAPTEM, replace(CAPTEM, topic="imaging", status="possible")), NOTHING_LACKING, "protocol", ""),
    ],
)
def test_the_protocol_is_for_what_is_settled_firm_and_complete(
    options: tuple[Option, ...], readiness: Readiness, track: str, said: str
) -> None:
    proposed = proposed_track(answer(*options), readiness)
    assert proposed.track == track
    assert said in " ".join(proposed.reasons)


def test_a_statement_that_is_open_without_being_an_option_stands_against_the_protocol() -> None:
    assessment = assess(current(), {})
    possible = [one for one in assessment.recommendations if one.topic == "systemic_therapy"][:1]
    possible[0].status = "possible"
    proposed = proposed_track(
        replace(EMPTY, options=(CAPTEM,), recommendations=tuple(possible)), NOTHING_LACKING
    )
    assert (proposed.track, proposed.reasons) == ("full", ("A statement on treatment is not settled.",))


def test_nothing_known_is_discussed_in_full(board: Board, alice: User) -> None:
    proposed = proposed_track(assess(current(), {}), lacking("missing", "Differentiation"))
    assert proposed.track == "full"
    assert any(reason.startswith("Not settled: ") for reason in proposed.reasons)
