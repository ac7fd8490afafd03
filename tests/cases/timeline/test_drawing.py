"""The picture of a timeline: what it shows of dates, and that all of it can be read."""

import datetime
import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from cases.reading import PartialDate
from cases.timeline.drawing import (
    CHARACTER,
    EDGE,
    HEAD,
    NARROW,
    WIDE,
    TimelinePicture,
    draw_timeline,
)
from cases.timeline.model import LANES, Timeline, TimelineEvent, in_order
from cases.timeline.scale import TimeScale

TODAY = datetime.date(2026, 11, 26)
GUARANTEED = 13 / 2  # height of a letter: two lines of words this close cover each other


def event(
    kind: str = "treatments", start: str = "", end: str = "", words: str = "CAPTEM", **more: Any
) -> TimelineEvent:
    dates = [PartialDate.from_iso(text) if text else None for text in (start, end)]
    return TimelineEvent(kind, "", words, "", words, *dates, **more)


def course(start: str = "", end: str = "", **more: bool) -> TimelineEvent:
    return event(start=start, end=end, is_course=True, **more)


def drawn(*events: TimelineEvent, width: float = WIDE, until: datetime.date = TODAY) -> TimelinePicture:
    found = draw_timeline(Timeline(in_order(list(events)), until, "Today"), width)
    assert found is not None
    return found


def looks(picture: TimelinePicture) -> list[str]:
    return [shape.look for shape in picture.shapes]


def sides(d: str) -> tuple[float, float]:
    """From where to where a bar reaches."""
    first, last = re.match(r"M([\d.]+) [\d.]+H([\d.]+)", d).groups()  # type: ignore[union-attr]
    return float(first), float(last)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (event("pathology", "2026-03-05"), ["sign"]),
        (event("pathology", "2026-03"), ["pale", "hollow"]),
        (course("2024-03-05", "2024-09-01"), ["bar"]),
        (course("2024-03", "2024-09-01"), ["pale", "bar"]),
        (course("2024-03", "2024-09"), ["pale", "bar", "pale"]),
        (course("2024", "2024"), ["pale"]),
        (course("2024-03-05"), ["bar"]),
        (course("2024"), ["pale", "bar"]),
        (course("2024-03-05", is_over=True), ["pale"]),
        (course(end="2024-03-05"), ["pale"]),
    ],
)
def test_what_is_not_known_exactly_is_pale(one: TimelineEvent, expected: list[str]) -> None:
    assert looks(drawn(one)) == expected


def test_a_partial_date_is_drawn_over_the_whole_of_it() -> None:
    picture = drawn(event("imaging", "2024-03-01"), course("2024-03", "2025"))
    scale = TimeScale.around(datetime.date(2024, 3, 1), TODAY, 9.0, WIDE - 11)
    pale, bar, last = (sides(shape.d) for shape in picture.shapes if shape.kind == "treatments")
    assert pale == (scale.x(datetime.date(2024, 3, 1)), scale.x(datetime.date(2024, 3, 31)))
    assert bar == (pale[1], scale.x(datetime.date(2025, 1, 1)))
    assert last == (bar[1], scale.x(datetime.date(2026, 1, 1)))


def test_an_open_course_is_an_arrow_to_today() -> None:
    picture = drawn(course("2024-03-05"))
    (shape,) = picture.shapes
    assert picture.has_open
    assert sides(shape.d)[1] == picture.until
    assert "l7 4l-7 4" in shape.d


def test_a_course_over_whose_end_is_not_known_reaches_neither_today_nor_any_other_day() -> None:
    picture = drawn(course("2020-03-05", is_over=True))
    assert not picture.has_open
    assert sides(picture.shapes[0].d)[1] < picture.until / 2


def test_a_death_ends_what_is_open() -> None:
    picture = drawn(course("2020-03-05"), until=datetime.date(2022, 1, 1))
    assert sides(picture.shapes[0].d)[1] == picture.until


def test_the_lines_of_the_axis_leave_the_headings_free_that_they_would_cross() -> None:
    picture = drawn(event("pathology", "2024-03-05"), event("imaging", "2026-03-05"))
    headings = [line for line in picture.words if line.heading]
    gaps = [f"V{line.y - 12:g}M{picture.ticks[0].x:g} {line.y + 4:g}" for line in headings]
    assert picture.ticks[0].d == f"M{picture.ticks[0].x:g} 22{''.join(gaps)}V{picture.height:g}"
    assert {tick.d.count("M") for tick in picture.ticks if tick.x > EDGE + 9 * CHARACTER} == {1}


def test_where_the_picture_ends_is_drawn_if_it_has_a_name() -> None:
    ends = {
        words: draw_timeline(Timeline((event("imaging", "2026-03-05"),), TODAY, words))
        for words in ("", "Died")
    }
    shown = {
        words: render_to_string("timeline/_picture.html", {"picture": one}) for words, one in ends.items()
    }
    assert {words: 'class="until"' in html for words, html in shown.items()} == {"": False, "Died": True}
    assert [html.partition('viewBox="')[2].split()[1] for html in shown.values()] == ["18.0", "0.0"]


def test_nothing_dated_is_no_picture() -> None:
    assert draw_timeline(Timeline((event("imaging"),), TODAY, "Today")) is None


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_forty_treatments_over_twelve_years_keep_all_their_words(width: float) -> None:
    names = [f"Line {n}: a regimen of several drugs, number {n}" for n in range(40)]
    begin = datetime.date(2014, 3, 2)
    treatments = [
        event(
            start=(begin + datetime.timedelta(days=110 * n)).isoformat(),
            end=(begin + datetime.timedelta(days=110 * n + 90)).isoformat(),
            words=name,
            is_course=True,
        )
        for n, name in enumerate(names)
    ]
    picture = drawn(*treatments, width=width)
    said = " ".join(line.text for line in picture.words)
    assert [name for name in names if not all(word in said for word in name.split())] == []
    assert picture.wordless == 0
    low = draw_timeline(Timeline(in_order(treatments), TODAY, "Today"), width, low=True)
    assert low is not None
    assert len(low.shapes) == 40
    assert [line.y for line in low.words if line.heading] == [HEAD + 12], "beside its lane"
    assert (low.wordless > 20, low.height < picture.height / 2) == (True, True)
    years = [tick.text for tick in picture.ticks if tick.strong]
    assert (years[0], years[-1]) == ("2014", "2026" if width == WIDE else "2024")
    assert picture.summary.startswith("Timeline, 2014 to 2026: 40 in treatment.")


def test_reports_without_room_keep_their_sign_and_are_counted_and_the_newest_keep_their_words() -> None:
    begin = datetime.date(2014, 3, 2)
    values = [
        event("markers", (begin + datetime.timedelta(days=30 * n)).isoformat(), words=f"Value {n}")
        for n in range(140)
    ]
    picture = drawn(*values)
    said = {line.text for line in picture.words}
    assert looks(picture) == ["sign"] * 140
    assert picture.wordless == 140 - len(said - {"Markers"}) > 0
    assert {"Value 139", "Value 138", "Value 137"} <= said


def test_what_is_planned_is_drawn_for_as_long_as_the_case_is_old_and_the_next_keeps_its_words() -> None:
    planned = [
        event("follow_up", f"{year}-03-01", f"{year}-06-01", f"CT {year}", is_course=True, mark="open")
        for year in range(2027, 2037)
    ]
    done = event("agreed", "2022-11-26", words="Biopsy", mark="done")
    picture = drawn(done, *planned)
    assert looks(picture) == ["sign", *["planned"] * 4]
    assert (picture.later, picture.has_planned, picture.has_marks, picture.has_open) == (6, True, True, False)
    assert [line.text for line in picture.words][3] == "CT 2027"


DATES = st.one_of(
    st.dates(datetime.date(1990, 1, 1), datetime.date(2027, 12, 31)).map(PartialDate.of),
    st.builds(PartialDate, st.integers(1990, 2027), st.none() | st.integers(1, 12)),
)
WORDS = st.text("abc ÄΩ<&", min_size=1, max_size=120).filter(str.strip)


@st.composite
def events(draw: st.DrawFn) -> TimelineEvent:
    kind = draw(st.sampled_from(list(LANES)))
    start = draw(st.none() | DATES)
    end = draw(st.none() | DATES) if kind == "treatments" else None
    if start and end and end.last < start.first:
        start, end = end, start
    words = draw(WORDS)
    is_course = (
        kind == "treatments" and bool(start or end) and (start is None or draw(st.booleans()) or bool(end))
    )
    followed = kind in ("agreed", "follow_up")
    mark = draw(st.sampled_from(["open", "done", "left"])) if followed else ""
    return TimelineEvent(kind, "", words, "", words, start, end, is_course, draw(st.booleans()), mark)


def test_where_all_is_planned_for_far_ahead_today_alone_is_drawn() -> None:
    far = TimelineEvent("agreed", "", "CT", "", "CT", PartialDate(TODAY.year + 9), None, mark="open")
    picture = draw_timeline(Timeline((far,), TODAY, "Today"), WIDE)
    assert picture is not None
    assert "CT" not in [line.text for line in picture.words]


@given(st.lists(events(), min_size=1, max_size=25), st.sampled_from([WIDE, NARROW]))
def test_no_words_lie_on_others_and_none_leave_the_picture(found: list[TimelineEvent], width: float) -> None:
    picture = draw_timeline(Timeline(in_order(found), TODAY, "Today"), width)
    if picture is None:
        assert not any(one.start or one.end for one in found)
        return
    boxes = []
    for line in picture.words:
        long = len(line.text) * CHARACTER
        left = line.x - long if line.anchor == "end" else line.x
        boxes.append((left, left + long, line.y))
        assert 0 < line.y <= picture.height
        assert 0 <= left < left + long <= width
    for n, (left, right, y) in enumerate(boxes):
        for left2, right2, y2 in boxes[n + 1 :]:
            assert abs(y - y2) > GUARANTEED or right <= left2 or right2 <= left
    dated = [one for one in found if one.start or one.end]
    assert len(picture.shapes) >= len(dated) - picture.later
    assert all(
        float(number) <= picture.height
        for shape in picture.shapes
        for number in re.findall(r"^M[\d.-]+ ([\d.]+)", shape.d)
    )


@pytest.mark.parametrize("years", [0, 1, 3, 12, 40, 120])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_words_of_the_axis_do_not_touch(years: int, width: float) -> None:
    scale = TimeScale.around(datetime.date(TODAY.year - years, 11, 2), TODAY, 9, width - 11)
    places = sorted((tick.x, len(tick.text)) for tick in scale.ticks())
    assert places
    ends = [x + 3 + long * CHARACTER for x, long in places]
    assert all(end <= after for end, (after, _) in zip(ends, places[1:], strict=False))
    assert ends[-1] <= width


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (event("imaging", "2026-03-05"), "05-Mar-2026"),
        (course("2024-03", "2025"), "Mar 2024 to 2025"),
        (course("2024-03"), "since Mar 2024, no end stated"),
        (course("2024-03", is_over=True), "from Mar 2024, end not known"),
        (course(end="2019"), "until 2019, start not known"),
        (event("imaging"), "not dated"),
    ],
)
def test_dates_in_words(one: TimelineEvent, words: str) -> None:
    assert one.when == words
