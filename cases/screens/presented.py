"""What the projector shows of one discussion, and that from what was frozen: by a signature, or by closing.

Nothing of today. `cases.screens.presenting` shows the same of a discussion that goes on.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cases.screens.last_time import LastTime
from cases.screens.signed import SignedGroup, SignedRow, signed_answer
from cases.snapshot.awaited import awaited_in_words
from cases.snapshot.frozen import Frozen, FrozenDecision, FrozenFact, FrozenPatient
from cases.snapshot.frozen_answer import FrozenAsked, FrozenRecommendation
from cases.snapshot.key_facts import PLACE, key_facts_in
from cases.snapshot.timeline import timeline_of_snapshot
from cases.timeline.drawing import TimelinePicture, draw_timeline

MOST_FACTS, MOST_DECISIVE = 6, 3
FEWEST_OPTIONS, MOST_OPTIONS = 3, 6
# Characters of a question that fit two lines of the projector in the largest type, and in the next one.
LARGE, MIDDLE = 110, 140
# Units of the timeline across half a projector: letters, 13 units high, are then as large as all others.
HALF_A_PROJECTOR = 400.0
TAKEN = ("accepted", "own")
MINUTE = 60  # seconds


@dataclass(frozen=True, slots=True)
class SlidePerson:
    """Who it is; the age in completed years. `died`: with the day, "" for the living."""

    name: str
    initials: str
    born: date | None
    age: int | None
    record_number: str
    died: str = ""


@dataclass(frozen=True, slots=True)
class KeyFact:
    """A fact in words, with the day of its finding; `day` is "" where none is known."""

    label: str
    shown: str
    day: str


@dataclass(frozen=True, slots=True)
class SlideOption:
    """An option, or what is asked about, with its verdict in words, or with the reason why it has none.

    `stance` and `status` are codes that pick shape and edge, "" where there is no verdict.
    """

    name: str
    stance: str
    status: str
    strength: str
    line: str

    @property
    def look(self) -> str:
        """The classes that draw it: "s-recommended possible"; "" without a verdict."""
        stance = f"s-{self.stance}" if self.stance else ""
        return f"{stance} {self.status}" if self.status in ("possible", "blocked") else stance


@dataclass(frozen=True, slots=True)
class SlideDecision:
    """How the discussion stands. `code` is that of the stamp; `signed`: by whom and when, "" while it is not;
    `version`: of the draft, 0 where there is none.
    """

    code: str
    stamp: str
    lines: tuple[str, ...] = ()
    signed: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class SlideTime:
    """Minutes; `used` is None before the discussion began. `quorum` in words, "" where it is not known."""

    used: int | None
    planned: int
    quorum: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class Slide:
    """Everything the projector shows of one discussion. `options`: those that are not asked about; `more`:
    how many of them apply and have no room; `decisive`: facts not known that would change the answer most.

    `frozen` says since when nothing of it changes, "" for a discussion that goes on; only such a one has a
    `last_time`.
    """

    person: SlidePerson
    question: str
    diagnosis: str
    facts: tuple[KeyFact, ...]
    asked: tuple[SlideOption, ...]
    options: tuple[SlideOption, ...]
    more: int
    decisive: tuple[str, ...]
    picture: TimelinePicture | None
    decision: SlideDecision
    time: SlideTime
    frozen: str = ""
    last_time: LastTime | None = None

    @property
    def size(self) -> str:
        """Of the question's type: as large as lets it stand on two lines."""
        length = len(self.question)
        return "large" if length <= LARGE else "middle" if length <= MIDDLE else "small"


def three_to_six(
    applies: Sequence[SlideOption], possible: Sequence[SlideOption], others: Sequence[SlideOption]
) -> tuple[tuple[SlideOption, ...], int]:
    """What applies; where that is little, what open facts decide, then work-up. And how many had no room."""
    lines = list(applies[:MOST_OPTIONS])
    for further in (possible, others):
        lines += further[: max(0, FEWEST_OPTIONS - len(lines))]
    return tuple(lines), max(0, len(applies) - MOST_OPTIONS)


def minutes_between(began: datetime | None, ended: datetime | None) -> int | None:
    """Whole minutes; None where it did not begin."""
    if began is None or ended is None:
        return None
    return max(0, int((ended - began).total_seconds())) // MINUTE


def moment(at: datetime) -> str:
    """ "26-Nov-2026 16:12", as the clock of this place says."""
    return f"{timezone.localtime(at):%d-%b-%Y %H:%M}"


# --- A signed decision --------------------------------------------------------------------------------------


def slide_of_snapshot(frozen: Frozen, *, planned: int, withdrawn: str = "") -> Slide:
    """A signed decision. `planned`: minutes; `withdrawn`: why it was entered in error, "" if it stands."""
    answer = signed_answer(frozen)
    asked = {one.option.id for one in answer.asked if one.option}
    options, more = three_to_six(*_options(answer.groups, asked))
    said = {one.id: one for one in frozen.answer.recommendations}
    discussion, deliberation = frozen.discussion, frozen.deliberation
    return Slide(
        person=_person(frozen.patient, frozen),
        question=discussion.question if discussion else frozen.case.question,
        diagnosis=", ".join([answer.classification.words, *_place(frozen.facts)]),
        facts=tuple(_facts(frozen)),
        asked=tuple(_asked(one, said) for one in answer.asked),
        options=options,
        more=more,
        decisive=tuple(one.fact.words for one in answer.decisive[:MOST_DECISIVE]),
        picture=draw_timeline(timeline_of_snapshot(frozen), HALF_A_PROJECTOR),
        decision=_signed(frozen, withdrawn),
        time=SlideTime(
            minutes_between(discussion.started_at, discussion.ended_at) if discussion else None,
            planned,
            deliberation.quorum if deliberation else "",
            deliberation is None or deliberation.quorum_met is not False,
        ),
        frozen=f"As signed on {moment(frozen.signed.at)}" if frozen.signed else "",
    )


def _person(patient: FrozenPatient, frozen: Frozen) -> SlidePerson:
    day = timezone.localtime(frozen.signed.at).date() if frozen.signed else patient.birth_date
    return SlidePerson(
        patient.name,
        initials_of(patient.surname, patient.given_names),
        patient.birth_date,
        patient.age_on(day),
        patient.record_number,
        died_in_words(patient.deceased, patient.deceased_on),
    )


def initials_of(*names: str) -> str:
    """ "Q. A.": the first letter of each name that there is."""
    return " ".join(f"{name.strip()[0]}." for name in names if name.strip())


def died_in_words(deceased: bool | None, day: date | None) -> str:
    """ "Deceased 20-Nov-2026"; "" for the living."""
    if not deceased:
        return ""
    return f"Deceased {day:%d-%b-%Y}" if day else "Deceased"


def _place(facts: Mapping[str, FrozenFact]) -> list[str]:
    return [facts[name].shown for name in PLACE if name in facts]


def _facts(frozen: Frozen) -> Iterable[KeyFact]:
    found = key_facts_in(frozen, MOST_FACTS)
    return (KeyFact(fact.label, fact.shown, str(fact.date or "")) for fact in found)


def _options(
    groups: Sequence[SignedGroup], asked: Container[str]
) -> tuple[list[SlideOption], list[SlideOption], list[SlideOption]]:
    """Treatments that applied, with what settled the entity before them; what was possible; all else."""
    treating = [place for place, group in enumerate(groups) if any(map(_treats, _rows(group)))]
    applies: list[SlideOption] = []
    possible: list[SlideOption] = []
    others: list[SlideOption] = []
    for place, group in enumerate(groups):
        for row in _rows(group):
            if row.id in asked or row.stance.direction != "for" or row.done or row.status == "blocked":
                continue
            first = bool(treating) and place < treating[0]
            if not (_treats(row) or first):
                others.append(_option(row))
            else:
                (possible if row.possible else applies).append(_option(row))
    return applies, possible, others


def _rows(group: SignedGroup) -> tuple[SignedRow, ...]:
    return (*group.settled, *group.possible)


def _treats(row: SignedRow) -> bool:
    return row.statements[0].treats


def _option(row: SignedRow) -> SlideOption:
    return SlideOption(
        row.title,
        row.stance.code,
        row.status,
        _strength(row.stance.words, row.agreement),
        f"if {row.question}" if row.possible and row.question else "",
    )


def _strength(stance: str, agreement: str) -> str:
    """ "Recommended, consensus"; what would say the same twice is said once."""
    if not agreement or agreement == stance:
        return stance
    return f"{stance}, {agreement[:1].lower()}{agreement[1:]}"


def _asked(one: FrozenAsked, said: Mapping[str, FrozenRecommendation]) -> SlideOption:
    option = one.option
    if option is None:
        reasons = [text for text in (one.principle, one.not_covered) if text]
        reasons += [each.reason for each in one.excluded]
        strength = "Does not apply" if one.excluded else "No verdict"
        return SlideOption(one.intervention.words, "", "", strength, first_of(reasons))
    question = said[option.id].open_question
    return SlideOption(
        one.intervention.words,
        option.stance.code,
        option.status.code,
        _strength(option.stance.words, option.agreement.words),
        f"if {question}" if question and option.status.code == "possible" else "",
    )


def first_of(reasons: Sequence[str]) -> str:
    """The first of several reasons, and how many there are besides."""
    different = list(dict.fromkeys(reasons))
    further = len(different) - 1
    if further < 1:
        return "".join(different)
    return f"{different[0]} And {further} more reason{'s' if further > 1 else ''}."


def _signed(frozen: Frozen, withdrawn: str) -> SlideDecision:
    lines = _lines(frozen.decision) if frozen.decision else ()
    relation = (frozen.concordance.overall.words,) if frozen.concordance else ()
    stamp = frozen.signed
    by = f"Signed by {stamp.by}, {moment(stamp.at)}" if stamp else ""
    if withdrawn:
        return SlideDecision("withdrawn", "Entered in error", lines, f"{by}; withdrawn: {withdrawn}")
    return SlideDecision("signed", "Signed", (*lines, *relation), by)


def _lines(decision: FrozenDecision) -> tuple[str, ...]:
    taken = [one.title for one in decision.choices if one.choice.code in TAKEN]
    return decision_lines(decision.intent.words, taken, decision.conditions, decision.rationale)


def decision_lines(
    intent: str, taken: Sequence[str], conditions: Sequence[str], rationale: str
) -> tuple[str, ...]:
    """ "Palliative: CAPTEM; second opinion", then each condition; the rationale where nothing is taken."""
    first = ": ".join(part for part in (intent, "; ".join(taken)) if part)
    return tuple(line for line in (first, *conditions, "" if taken else rationale) if line)


# --- The minutes of a closed meeting ------------------------------------------------------------------------


def slide_of_minutes(minutes: Mapping[str, Any], discussion: str) -> Slide | None:
    """A discussion of a closed meeting that has no signature: what the minutes keep of it, which is little.

    None where the minutes do not know it.
    """
    said = next((line for line in minutes["agenda"] if line["discussion"] == discussion), None)
    if said is None:
        return None
    began, ended = _moment(said["started_at"]), _moment(said["ended_at"])
    closed = _moment(minutes["closed_at"])
    quorum = minutes["quorum"]
    return Slide(
        person=SlidePerson(
            said["patient"]["name"],
            initials_of(*said["patient"]["name"].split(",")),
            None,
            None,
            said["patient"]["record_number"],
        ),
        question=said["question"],
        diagnosis="",
        facts=(),
        asked=(),
        options=(),
        more=0,
        decisive=(),
        picture=None,
        decision=_ended(said),
        time=SlideTime(minutes_between(began, ended), said["minutes"], quorum["words"], quorum["met"]),
        frozen=f"As the minutes have it, closed on {moment(closed)}" if closed else "",
    )


def _ended(said: Mapping[str, Any]) -> SlideDecision:
    if said["deferral"]:
        by = said["deferral"]["awaited_by"]
        return deferral_line(**{**said["deferral"], "awaited_by": date.fromisoformat(by) if by else None})
    if said["outcome"]["code"] == "open":
        return SlideDecision("draft", "Noted, not signed")
    return SlideDecision(said["outcome"]["code"], said["outcome"]["words"])


def deferral_line(reason: str, awaited: str, awaited_from: str, awaited_by: date | None) -> SlideDecision:
    """Why the board could not decide, what it waits for, from whom, by when."""
    line = f"Awaited: {awaited_in_words(awaited, awaited_from, awaited_by)}"
    return SlideDecision("deferred", "Deferred", (reason, line))


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
