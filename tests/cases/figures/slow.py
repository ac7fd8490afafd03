"""The figures once more, slowly and plainly: from what was invented, and with none of their code."""

import datetime
from collections import Counter
from statistics import median
from typing import Any

from tests.cases.figures.invented import FIRST, LAST, TODAY, Invented, InventedCase, day_of

Told = dict[str, tuple[int, dict[str, int]]]  # code → the whole, and the counts that are not 0


def recounted(cases: tuple[InventedCase, ...], told: list[Invented]) -> tuple[Told, dict[str, float | None]]:
    """Every figure but the months and the disciplines; and the medians."""
    in_year = [one for one in told if FIRST <= day_of(one.day) <= LAST and (one.held or one.urgent)]
    firsts = [
        one
        for place, one in enumerate(told)
        if one in in_year and all(each.case != one.case for each in told[:place])
    ]
    signed = [one for one in in_year if one.decision == "signed"]
    ended = [one for one in in_year if one.outcome in ("decided", "protocol", "deferred")]
    met = [one for one in in_year if not one.urgent]
    options = [(one, each) for one in signed for each in one.options]
    due = [one for one in signed if (TODAY - signed_on(one)).days >= 90]
    steps = [each for one in due for each in one.steps if each.state != "taken_over"]
    taken = [
        each.followed
        for one in due
        for each in one.options
        if each.choice in ("accepted", "own") and each.followed.state != "taken_over"
    ]
    figures: dict[str, list[Any]] = {
        "outcomes": [one.outcome for one in in_year],
        "presented": [
            yes(
                any(
                    one.case == place and one.held and not one.urgent and day_of(one.day) <= LAST
                    for one in told
                )
            )
            for place, case in enumerate(cases)
            if FIRST <= day_of(case.entered) <= LAST
        ],
        "prospective": [yes(not treated(cases, told, one)) for one in ended if not one.urgent],
        "complete": [yes(one.complete) for one in ended if one.complete is not None],
        "minutes": ["longer" if one.minutes > 10 else "within" for one in met if one.minutes is not None],
        "quorum": [yes(one.without_quorum) for one in met],  # as invented: the minutes say so
        "without_quorum": [yes(one.without_quorum) for one in signed],
        "concordance": [one.concordance for one in signed],
        "deviations": [
            each.reason for one, each in options if one.concordance == "deviating" and each.reason
        ],
        "guideline": [
            yes(any(each.choice != "own" or each.of_guideline for each in one.options)) for one in signed
        ],
        "choices": [each.choice for _, each in options],
        "weighed": [
            yes(any(each.choice in ("rejected", "deferred") for each in one.options)) for one in signed
        ],
        "trial": [one.considered[0] for one in signed if one.considered[0] != "not_applicable"],
        "wishes": [one.considered[1] for one in signed if one.considered[1] != "not_applicable"],
        "taken": [each.state for each in taken],
        "not_taken": [each.reason for each in taken if each.state in ("partly", "not_done")],
        "steps": [each.state for each in steps],
        "not_done": [each.reason for each in steps if each.state in ("partly", "not_done")],
        "follow_up": [
            yes(known(cases[place], min(signed_on(one) for one in of_case)))
            for place in range(len(cases))
            if (of_case := [one for one in signed if one.case == place])
            and (TODAY - min(signed_on(one) for one in of_case)).days >= 90
        ],
    }
    counted: Told = {code: (len(listed), dict(Counter(listed))) for code, listed in figures.items()}
    deferred = [one.deferral for one in in_year if one.outcome == "deferred"]
    counted["deferrals"] = (len(in_year), dict(Counter(deferred)))
    medians = {
        "minutes": middle([one.minutes for one in met if one.minutes is not None]),
        "to_meeting": middle([waited(cases, one, day_of(one.day)) for one in firsts if not one.urgent]),
        "to_signing": middle([waited(cases, one, signed_on(one)) for one in firsts if one in signed]),
    }
    return counted, medians


def yes(so: bool | None) -> str:
    return "yes" if so else "no"


def middle(values: list[Any]) -> float | None:
    return median(values) if values else None


def signed_on(one: Invented) -> datetime.date:
    return day_of(one.day + one.signed_after)


def waited(cases: tuple[InventedCase, ...], one: Invented, until: datetime.date) -> int:
    return max(0, (until - day_of(cases[one.case].entered)).days)


def treated(cases: tuple[InventedCase, ...], told: list[Invented], one: Invented) -> bool:
    """Whether a treatment certainly began between the entry and the meeting; of a case that was discussed
    before, between its listing, which is as invented on the day itself, and the meeting."""
    place = next(n for n, each in enumerate(told) if each is one)
    before = any(each.case == one.case for each in told[:place])
    since = day_of(one.day) if before else day_of(cases[one.case].entered)
    spans = [SPANS.get(text, (text, text)) for text in cases[one.case].treated]
    days = [tuple(map(datetime.date.fromisoformat, span)) for span in spans]
    return any(since <= first and last < day_of(one.day) for first, last in days)


SPANS = {
    "2025-03": ("2025-03-01", "2025-03-31"),
    "2025": ("2025-01-01", "2025-12-31"),
    "2024": ("2024-01-01", "2024-12-31"),
}


def known(case: InventedCase, decided: datetime.date) -> bool:
    firsts = [datetime.date.fromisoformat(SPANS.get(text, (text,))[0]) for text in case.treated]
    return case.died or any(day > decided for day in (*firsts, *map(day_of, case.imaged)))
