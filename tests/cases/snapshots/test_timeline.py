"""The timeline of a snapshot of any format."""

import datetime

import pytest

from cases.reading import PartialDate
from cases.snapshot.frozen import FrozenEntry, FrozenFinding
from cases.snapshot.read import read
from cases.snapshot.timeline import events_of, timeline_of_snapshot
from cases.timeline.drawing import draw_timeline
from tests.cases.snapshots.golden import NAMES, snapshot


@pytest.mark.parametrize("name", NAMES)
def test_every_format_has_its_timeline(name: str) -> None:
    frozen = read(snapshot(name))
    timeline = timeline_of_snapshot(frozen)
    reports = [entry for entry in frozen.record if entry.kind not in ("referral", "assessments")]
    assert len(timeline.events) == len(reports) + 1
    signed, died = frozen.signed, frozen.patient.deceased_on
    assert signed is not None
    assert (timeline.until, timeline.until_words) == (
        (died, "Died") if died else (signed.at.date(), "Signed")
    )
    assert draw_timeline(timeline) is not None


def test_format_1_says_what_it_said() -> None:
    timeline = timeline_of_snapshot(read(snapshot("format-1-g3-net")))
    assert [(event.when, event.title, event.detail) for event in timeline.events] == [
        ("02-Nov-2026", "CT", ""),
        ("08-Nov-2026", "Pathology report H-D038 (biopsy, liver)", "Ki-67 45 %; Well differentiated"),
        ("16-Nov-2026", "SSTR imaging", "Positive"),
        (
            "26-Nov-2026",
            "Capecitabine and temozolomide (CAPTEM); Dietician",
            "Disease control",
        ),
    ]


def entry(kind: str, title: str, value: str = "", until: PartialDate | None = None) -> FrozenEntry:
    findings = (FrozenFinding("Ki-67", value),) if value else ()
    return FrozenEntry(kind, "", PartialDate(2024, 3), until, title, findings, ())


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (entry("pathology", "Pathology report H1", "20"), "Ki-67 20 %"),
        (entry("pathology", "Pathology report H1", ">90 %"), "Ki-67 >90 %"),
        (entry("pathology", "Pathology report H1"), "H1"),
        (entry("pathology", "Pathology H1"), "H1"),
        (entry("pathology", "Pathology report"), "Pathology report"),
        (entry("treatments", "Systemic therapy, line 2: CAPTEM"), "Line 2: CAPTEM"),
        (entry("treatments", "Systemic therapy: CAPTEM"), "CAPTEM"),
        (entry("treatments", "Systemic therapy"), "Systemic therapy"),
        (entry("treatments", "Surgery: Right hemicolectomy"), "Surgery: Right hemicolectomy"),
    ],
)
def test_words_in_the_picture(one: FrozenEntry, words: str) -> None:
    (event,) = events_of([one])
    assert event.words == words


def test_a_treatment_of_one_date_is_no_open_course() -> None:
    """An entry in words does not tell whether the date is its start or its end."""
    once, course = events_of(
        [entry("treatments", "Radiation"), entry("treatments", "Radiation", until=PartialDate(2024, 5))]
    )
    assert (once.is_course, once.when) == (False, "Mar 2024")
    assert (course.is_course, course.when) == (True, "Mar 2024 to May 2024")
    assert course.first == datetime.date(2024, 3, 1)


def test_entries_without_a_lane_are_left_out() -> None:
    assert events_of([entry("referral", "Referral"), entry("assessments", "Clinical assessment")]) == []
