"""The handout as data: the whole of it for a draft and for a signed decision."""

import copy
import datetime
from dataclasses import replace
from typing import Any

import pytest

from cases.choices import INVENTED
from cases.documents.chart import ChartEntry, PrintedFact
from cases.documents.decided import Decided, PrintedOption, Step
from cases.documents.handout import Handout, Identity, build_handout
from cases.documents.statements import (
    Guidance,
    Missing,
    PrintedBranch,
    PrintedStatement,
    PrintedTopic,
    PrintedTrial,
    Short,
)
from cases.snapshot.read import read
from cases.snapshot.timeline import timeline_of_snapshot
from cases.timeline.drawing import PAPER, draw_timeline
from tests.cases.documents.contents import DRAFT, PATHOLOGY_UID, SIGNED, statement

PRINTED = datetime.datetime(2026, 11, 22, 10, 30, tzinfo=datetime.UTC)
SOURCE = "Metastatic G3 NET › First line"


def built(content: dict[str, Any], status: str = "draft", **more: Any) -> Handout:
    return build_handout(read(content), status, printed_at=PRINTED, printed_by="Alice Albers", **more)


def changed(base: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A copy of the content in which "case.question" or "assessment.missing" is another."""
    content = copy.deepcopy(base)
    for path, value in changes.items():
        *outer, last = path.split("__")
        part = content
        for name in outer:
            part = part[name]
        part[last] = value
    return content


EXPECTED = Handout(
    status="draft",
    mark="Draft",
    standing="Not signed; for discussion",
    patient=Identity("FABRICIUS, Ada", "14-Aug-1961", 65, "T000001", "Female", ""),
    board="GI-NET board",
    meeting="24-Nov-2026 16:00, Room 2",
    referrer="Dr R. Eferrer",
    question="First-line treatment?",
    diagnosis=("G3 NET", "Pancreas (Tail)", "Extent not known", "Well differentiated", "Ki-67 45 %"),
    reasons=("Reported well differentiated.",),
    cautions=("Two reports disagree.",),
    decision=None,
    valid_decision="",
    facts=(),
    picture=draw_timeline(timeline_of_snapshot(read(DRAFT)), PAPER, low=True),
    chart=(
            ChartEntry(
                "05-Nov-2026",
                "Referral",
                (PrintedFact("Primary site", "Pancreas"), PrintedFact("Part of the pancreas", "Tail")),
            ),
            ChartEntry(
                "05-Nov-2026",
                "Pathology report H26-1182 (biopsy, liver)",
                (
                    PrintedFact("Differentiation", "Well differentiated"),
                    PrintedFact("Ki-67", "45 %"),
                    PrintedFact("Reviewed by an expert pathologist", "Yes"),
                ),
                (PrintedFact("Comment", "Seen twice."),),
            ),
            ChartEntry(
                "08-Jan-2026",
                "Systemic therapy, line 1: Capecitabine and temozolomide (CAPTEM)",
                (
                    PrintedFact("Best response", "Partial response"),
                    PrintedFact("Reason for stopping", "Progression"),
                ),
                until="08-May-2026",
            ),
    ),
    answer=None,
    guidance=Guidance(
        applies=(
            PrintedTopic(
                "Systemic therapy",
                (
                    PrintedStatement(
                        "acceptable", "Acceptable option", "Majority", "CAPTEM",
                        "CAPTEM is an appropriate first line.", (), SOURCE,
                    ),
                ),
            ),
        ),
        against=(
            PrintedTopic(
                "Systemic therapy",
                (
                    PrintedStatement(
                        "not_recommended", "Advised against", "Majority", "Platinum",
                        "No platinum first.", ("Unless it progresses fast.",), SOURCE,
                    ),
                ),
            ),
        ),
        unsettled=(),
        work_up=(
            Short("recommended", "Recommended", "Majority; Panel, no vote", "Expert center"),
            Short("recommended", "Recommended", "Majority", "Clinical trial"),
            Short("no_consensus", "No consensus", "No consensus", "Sequencing"),
        ),
        possible=(
            PrintedBranch(
                "SSTR imaging Positive",
                (Short("acceptable", "Acceptable option", "Consensus", "Somatostatin analog"),),
            ),
        ),
        missing=(Missing("SSTR imaging", 1),),
        not_covered=("Not spoken to: something.",),
        trials=(PrintedTrial("NCT00000001", "A trial", "G3 NET.", "SSTR imaging"),),
        trial_caution="Check whether it still recruits.",
    ),
    basis="The panel met in October 2019.",
    guideline="test-guideline, version 1.0.0",
    digest="sha256:abc",
    demo="",
    printed="22-Nov-2026 10:30 by Alice Albers",
)  # fmt: skip

DECIDED = Decided(
    intent="Disease control",
    taken=(
        PrintedOption("Accepted", "acceptable", "Acceptable option", "Majority", "CAPTEM", ""),
        PrintedOption("The board's own", "", "", "", "Dietician", ""),
    ),
    rejected=(
        PrintedOption(
            "Rejected",
            "recommended",
            "Recommended",
            "Panel, no vote",
            "Expert center",
            "Patient's wish: Too far.",
        ),
    ),
    deferred=(),
    rationale="Fit, and wants treatment.",
    conditions=("Platelets above 100",),
    steps=(Step("Start CAPTEM", "Bob Baker", "01-Dec-2026"),),
    present=("Dora Diaz (Chair)", "Bob Baker"),
    further=(),
    supersede_reason="",
)


def test_a_draft() -> None:
    assert built(DRAFT) == EXPECTED


def test_a_signed_decision() -> None:
    assert built(SIGNED, "signed") == replace(
        EXPECTED,
        status="signed",
        mark="Signed",
        standing="Signed by Dora Diaz on 24-Nov-2026 16:40",
        decision=DECIDED,
        picture=draw_timeline(timeline_of_snapshot(read(SIGNED)), PAPER, low=True),
    )


def test_a_superseded_decision_says_so() -> None:
    shown = built(SIGNED, "superseded")
    assert (shown.mark, shown.standing) == (
        "Corrected",
        "Signed by Dora Diaz on 24-Nov-2026 16:40; corrected by a later decision, no longer valid",
    )


def test_a_deferred_decision_says_what_it_waits_for() -> None:
    shown = built(DRAFT, "deferred", deferral="Pathology review. Awaited: report, by 21-Dec-2026")
    assert (shown.mark, shown.standing, shown.deferral) == (
        "Deferred",
        "Decision deferred",
        "Pathology review. Awaited: report, by 21-Dec-2026",
    )


def test_a_drafted_decision_is_not_a_signed_one() -> None:
    shown = built(changed(SIGNED, signed=None))
    assert (shown.mark, shown.standing) == ("Draft", "Not signed; drafted by Bob Baker")
    assert shown.decision == DECIDED


def test_the_decision_in_force_stands_on_a_new_draft() -> None:
    assert built(DRAFT, valid=read(SIGNED)).valid_decision == (
        "24-Nov-2026, signed by Dora Diaz: CAPTEM; Dietician."
    )


def test_a_snapshot_that_was_tampered_with_is_not_to_be_used() -> None:
    assert (
        built(SIGNED, "signed", intact=False)
        .cautions[0]
        .startswith("The stored copy of this decision is not")
    )


@pytest.mark.parametrize(
    ("died", "on", "age", "words"),
    [
        (None, None, 65, ""),
        (True, None, 65, "Deceased"),
        (True, "2024-08-13", 62, "Deceased 13-Aug-2024"),
        (False, None, 65, ""),
    ],
)
def test_age_and_death(died: bool | None, on: str | None, age: int, words: str) -> None:
    patient = built(changed(DRAFT, patient__deceased=died, patient__deceased_on=on)).patient
    assert (patient.age, patient.deceased) == (age, words)


def test_the_age_of_a_signed_handout_stays_that_of_the_day_of_signing() -> None:
    late = datetime.datetime(2036, 1, 1, tzinfo=datetime.UTC)
    assert build_handout(read(SIGNED), "signed", printed_at=late).patient.age == 65


def test_demonstration_data_is_marked_with_its_source() -> None:
    shown = built(changed(DRAFT, case__is_demo=True, case__citation="Somebody 2020, 12:3."))
    assert shown.demo == "Name and dates are invented. Findings as published: Somebody 2020, 12:3."
    shown = built(changed(DRAFT, case__is_demo=True, case__citation=INVENTED))
    assert shown.demo == "Invented for demonstration, no published source."


def test_what_makes_the_diagnosis_is_said_even_where_it_is_not_known() -> None:
    assert built(changed(DRAFT, facts=[])).diagnosis == (
        "G3 NET",
        "Primary site not known",
        "Extent not known",
    )


def test_a_code_that_the_vocabulary_no_longer_has_is_shown_as_it_was_written() -> None:
    content = changed(DRAFT, facts=[])
    content["record"]["pathology"][0] |= {"keratin": "retired_code", "retired_field": 3}
    assert PrintedFact("Keratin", "retired_code") in built(content).chart[0].findings


def test_an_annex_has_every_report_and_every_open_treatment() -> None:
    report = DRAFT["record"]["pathology"][0]
    newer = [{**report, "uid": f"{number}", "lab_number": f"N-{number}"} for number in range(4)]
    many = [
        statement(id=f"s{n}", intervention_label=f"Drug {n}", status="possible", question=f"Q{n % 7}")
        for n in range(50)
    ]
    shown = built(changed(DRAFT, record__pathology=[*newer, report], assessment__recommendations=many))
    assert [entry.title.split()[2] for entry in shown.chart if "report" in entry.title] == [
        "N-0", "N-1", "N-2", "N-3", "H26-1182",
    ]  # fmt: skip
    assert report["uid"] == PATHOLOGY_UID
    assert shown.guidance is not None
    assert sum(len(branch.lines) for branch in shown.guidance.possible) == 50


def test_numbers_of_decisions_on_unclear_places_are_not_for_readers() -> None:
    cautions = ["Unless it progresses fast (reading 4).", "Source unclear: read with decision 12, Ki-67."]
    content = changed(
        DRAFT,
        assessment__recommendations=[
            statement(id="platinum", stance="not_recommended", cautions=cautions),
        ],
    )
    guidance = built(content).guidance
    assert guidance is not None
    assert guidance.against[0].lines[0].cautions == ("Unless it progresses fast.",)
