"""From what happened to what is counted: pure functions, one for each figure, named as in `definitions`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta

from cases.choices import (
    DECIDED_OUTCOMES,
    Considered,
    DeferralReason,
    DeviationReason,
    NotDoneReason,
    OptionChoice,
    Outcome,
    StepState,
)
from cases.concordance import Concordance
from cases.figures.definitions import AFTER_DAYS, GROUPS
from cases.figures.history import BoardHistory, DecisionRow, DiscussionRow, FollowedRow
from cases.figures.report import BoardFigure, FigureCount, FigureGroup, FiguresReport, Spread
from cases.models.option import TAKEN
from cases.reading import PartialDate
from cases.reading.partial_dates import MONTHS

ENDED = (*DECIDED_OUTCOMES, Outcome.DEFERRED.value)
GOES_ON = frozenset((StepState.TAKEN_OVER.value, StepState.REPLACED.value))  # as another
Tally = Iterable[tuple[str, int | None]]  # code and case; None where there is no case


def report_of(history: BoardHistory, boards: Iterable[str]) -> FiguresReport:
    """Every figure of the boards of these names."""
    groups = tuple(
        FigureGroup(title, tuple(FIGURES[code](history) for code in codes)) for title, codes in GROUPS
    )
    return FiguresReport(tuple(boards), history.first, history.last, history.today, groups)


def _counts(tally: Tally, labels: Mapping[str, str]) -> tuple[FigureCount, ...]:
    """A count for each label, in their order, zeros too."""
    cases: dict[str, list[int | None]] = {code: [] for code in labels}
    for code, case in tally:
        cases[code].append(case)
    return tuple(
        FigureCount(code, label, len(cases[code]), _cases(cases[code])) for code, label in labels.items()
    )


def _cases(listed: Iterable[int | None]) -> frozenset[int]:
    found = frozenset(listed)
    return found - {None} if None in found else found  # type: ignore[return-value]  # less the None


def _figure(code: str, tally: Tally, labels: Mapping[str, str], *counted: str) -> BoardFigure:
    """A figure out of everything that is tallied; `counted`: its numerator."""
    counts = _counts(tally, labels)
    behind = frozenset[int]().union(*[one.cases for one in counts])
    return BoardFigure(code, sum(one.number for one in counts), counts, counted, cases=behind)


def _yes_or_no(code: str, told: Iterable[tuple[bool, int | None]], yes: str, no: str) -> BoardFigure:
    """A share: of those asked about, the ones of which it is so."""
    tally = (("yes" if so else "no", case) for so, case in told)
    return _figure(code, tally, {"yes": yes, "no": no}, "yes")


# --- Cases and meetings -------------------------------------------------------------------------------------


def outcomes(history: BoardHistory) -> BoardFigure:
    labels = {code: str(label) for code, label in Outcome.choices}
    return _figure("outcomes", ((one.outcome, one.case) for one in history.discussions), labels)


def months(history: BoardHistory) -> BoardFigure:
    labels = {_month(day): f"{MONTHS[day.month - 1][:3]} {day.year}" for day in _months(history)}
    return _figure("months", ((_month(one.day), one.case) for one in history.discussions), labels)


def _month(day: date) -> str:
    """ "2026-03"; without `strftime`, which takes ten times as long."""
    return f"{day.year}-{day.month:02}"


def _months(history: BoardHistory) -> Iterator[date]:
    """The first of each month of the period."""
    day = history.first.replace(day=1)
    while day <= history.last:
        yield day
        day = (day + timedelta(days=31)).replace(day=1)


def presented(history: BoardHistory) -> BoardFigure:
    told = ((one.discussed, one.case) for one in history.entered)
    return _yes_or_no("presented", told, "Discussed", "Not discussed")


def prospective(history: BoardHistory) -> BoardFigure:
    ended = [one for one in history.discussions if one.meeting is not None and one.outcome in ENDED]
    told = ((not _treated_meanwhile(one, history.treated.get(one.case, ())), one.case) for one in ended)
    return _yes_or_no("prospective", told, "Before treatment", "Treatment had begun")


def _treated_meanwhile(one: DiscussionRow, begun: Iterable[str]) -> bool:
    """Whether one of these certainly began from the day it is counted from until before the meeting."""
    if not begun:
        return False
    since, day = one.since.isoformat(), one.day.isoformat()
    near = [text for text in begun if since[: len(text)] <= text < day]
    return any(_surely_within(PartialDate.from_iso(text), one.since, one.day) for text in near)


def _surely_within(begun: PartialDate, since: date, day: date) -> bool:
    return since <= begun.first and begun.last < day


def complete(history: BoardHistory) -> BoardFigure:
    kept = [one for one in history.discussions if one.total is not None and one.outcome in ENDED]
    told = ((one.present == one.total, one.case) for one in kept)
    return _yes_or_no("complete", told, "Complete", "Something was missing or stale")


def minutes(history: BoardHistory) -> BoardFigure:
    taken = [one for one in history.discussions if one.minutes is not None]
    told = (("longer" if one.minutes and one.minutes > one.planned else "within", one.case) for one in taken)
    labels = {"within": "Within the minutes planned", "longer": "Longer than planned"}
    figure = _figure("minutes", told, labels)
    spread = Spread.over([one.minutes for one in taken if one.minutes is not None], "min")
    return BoardFigure("minutes", figure.of, figure.counts, spread=spread, cases=figure.cases)


def deferrals(history: BoardHistory) -> BoardFigure:
    deferred = ((one.deferral, one.case) for one in history.discussions if one.outcome == Outcome.DEFERRED)
    labels = {code: str(label) for code, label in DeferralReason.choices}
    behind = frozenset(one.case for one in history.discussions)
    return BoardFigure(
        "deferrals", len(history.discussions), _counts(deferred, labels), tuple(labels), cases=behind
    )


# --- People -------------------------------------------------------------------------------------------------


def disciplines(history: BoardHistory) -> BoardFigure:
    there = ((name, None) for one in history.meetings for name in one.disciplines)
    labels = {name: name for name in history.disciplines}
    counts = _counts(((name, None) for name, _ in there if name in labels), labels)
    return BoardFigure("disciplines", len(history.meetings), counts)


def quorum(history: BoardHistory) -> BoardFigure:
    told = ((one.quorum, None) for one in history.meetings)
    return _yes_or_no("quorum", told, "Quorum there", "No quorum")


def without_quorum(history: BoardHistory) -> BoardFigure:
    told = ((one.without_quorum, history.case_of[one.key]) for one in history.decisions)
    return _yes_or_no("without_quorum", told, "Signed without a quorum", "With it, or none was needed")


# --- Decisions and the guideline ----------------------------------------------------------------------------


def concordance(history: BoardHistory) -> BoardFigure:
    """What was signed before there was a concordance counts as not held against the guideline."""
    labels = {**{one.value: one.label for one in Concordance}, "": "Not held against it"}
    told = (history.discussion_of[one.key] for one in history.decisions)
    tally = ((one.concordance, one.case) for one in told)
    return _figure("concordance", tally, labels, Concordance.CONCORDANT, Concordance.CONDITIONAL)


def deviations(history: BoardHistory) -> BoardFigure:
    labels = {code: str(label) for code, label in DeviationReason.choices}
    deviating = {
        decision: one.case
        for decision, one in history.discussion_of.items()
        if one.concordance == Concordance.DEVIATING
    }
    tally = (
        (reason, deviating[decision])
        for _, decision, _, _, _, _, reason in history.options
        if reason and decision in deviating
    )
    return _figure("deviations", tally, labels)


def guideline(history: BoardHistory) -> BoardFigure:
    # An option of the guideline's answer, or the name of an intervention that may be in it.
    spoken_to = {decision for _, decision, _, _, statement, named, _ in history.options if statement or named}
    told = ((one.key in spoken_to, history.case_of[one.key]) for one in history.decisions)
    return _yes_or_no("guideline", told, "Considered", "No choice on the guideline’s options")


def choices(history: BoardHistory) -> BoardFigure:
    labels = {code: str(label) for code, label in OptionChoice.choices}
    tally = ((choice, history.case_of[decision]) for _, decision, _, choice, *_ in history.options)
    return _figure("choices", tally, labels)


def weighed(history: BoardHistory) -> BoardFigure:
    weighed_up = {OptionChoice.REJECTED.value, OptionChoice.DEFERRED.value}
    left = {decision for _, decision, _, choice, *_ in history.options if choice in weighed_up}
    told = ((one.key in left, history.case_of[one.key]) for one in history.decisions)
    return _yes_or_no("weighed", told, "Alternatives recorded", "Only what was taken")


def trial(history: BoardHistory) -> BoardFigure:
    return _considered("trial", history, lambda one: one.trial)


def wishes(history: BoardHistory) -> BoardFigure:
    return _considered("wishes", history, lambda one: one.wishes)


def _considered(code: str, history: BoardHistory, said: Callable[[DecisionRow], str]) -> BoardFigure:
    asked = [one for one in history.decisions if said(one) != Considered.NOT_APPLICABLE]
    labels = {
        Considered.YES.value: "Considered", Considered.NO.value: "Not considered",
        Considered.NOT_STATED.value: "Not stated",
    }  # fmt: skip
    return _figure(code, ((said(one), history.case_of[one.key]) for one in asked), labels, Considered.YES)


# --- Time ---------------------------------------------------------------------------------------------------


def to_meeting(history: BoardHistory) -> BoardFigure:
    firsts = [one for one in history.discussions if one.first and one.meeting is not None]
    return _days("to_meeting", ((one.case, (one.day - one.since).days) for one in firsts))


def to_signing(history: BoardHistory) -> BoardFigure:
    signed = ((history.discussion_of[one.key], one.day) for one in history.decisions)
    return _days("to_signing", ((one.case, (day - one.since).days) for one, day in signed if one.first))


def _days(code: str, told: Iterable[tuple[int, int]]) -> BoardFigure:
    """What was entered only after its meeting took no days."""
    listed = [(case, max(0, days)) for case, days in told]
    spread = Spread.over([days for _, days in listed], "days")
    return BoardFigure(code, len(listed), spread=spread, cases=frozenset(case for case, _ in listed))


# --- What became of it --------------------------------------------------------------------------------------


def taken(history: BoardHistory) -> BoardFigure:
    return _carried_out("taken", history, _options_taken(history))


def not_taken(history: BoardHistory) -> BoardFigure:
    return _not_carried_out("not_taken", history, _options_taken(history), history.options_why)


def steps(history: BoardHistory) -> BoardFigure:
    return _carried_out("steps", history, history.steps)


def not_done(history: BoardHistory) -> BoardFigure:
    return _not_carried_out("not_done", history, history.steps, history.steps_why)


def _options_taken(history: BoardHistory) -> Iterator[FollowedRow]:
    for key, decision, state, choice, *_ in history.options:
        if choice in TAKEN:
            yield key, decision, state


def _carried_out(code: str, history: BoardHistory, items: Iterable[FollowedRow]) -> BoardFigure:
    """By what is recorded of each that should have been carried out by now."""
    labels = {state: str(label) for state, label in StepState.choices if state not in GOES_ON}
    tally = ((state, case) for _, state, case in _due(history, items))
    return _figure(code, tally, labels, StepState.DONE)


def _not_carried_out(
    code: str, history: BoardHistory, items: Iterable[FollowedRow], why: Mapping[int, str]
) -> BoardFigure:
    labels = {**{reason: str(label) for reason, label in NotDoneReason.choices}, "": "No reason stated"}
    ended = (StepState.NOT_DONE, StepState.PARTLY)
    tally = ((why.get(key, ""), case) for key, state, case in _due(history, items) if state in ended)
    return _figure(code, tally, labels)


def _due(history: BoardHistory, items: Iterable[FollowedRow]) -> Iterator[tuple[int, str, int]]:
    """What should have been carried out by now: key, state and case; not what goes on elsewhere."""
    by = history.today - timedelta(days=AFTER_DAYS)
    due = {one.key: history.case_of[one.key] for one in history.decisions if one.day <= by}
    for key, decision, state in items:
        if state not in GOES_ON and decision in due:
            yield key, state, due[decision]


def follow_up(history: BoardHistory) -> BoardFigure:
    by = history.today - timedelta(days=AFTER_DAYS)
    decided: dict[int, list[date]] = defaultdict(list)
    for one in history.decisions:
        decided[history.case_of[one.key]].append(one.day)
    told = (
        (case in history.died or _first_day(history.seen.get(case, "")) > min(days).isoformat(), case)
        for case, days in decided.items()
        if min(days) <= by
    )
    return _yes_or_no("follow_up", told, "Known", "Nothing recorded since")


def _first_day(text: str) -> str:
    """The earliest day that a date in ISO's form may be; "" of none, which is before all."""
    return f"{text}-01-01"[:10] if text else ""


FIGURES: Mapping[str, Callable[[BoardHistory], BoardFigure]] = {
    one.__name__: one
    for one in (
        outcomes, months, presented, prospective, complete, minutes, deferrals, disciplines, quorum,
        without_quorum, concordance, deviations, guideline, choices, weighed, trial, wishes, to_meeting,
        to_signing, taken, not_taken, steps, not_done, follow_up,
    )
}  # fmt: skip
