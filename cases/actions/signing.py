"""What stands against signing a draft, how it relates to the guideline, and what is frozen with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cases.actions.roll_call import present_at
from cases.choices import AttendanceMode, Considered, OptionChoice, Outcome, Track
from cases.clock import now
from cases.concordance import (
    BoardChoice,
    Concordance,
    Standing,
    concordance_of,
    not_addressed,
    overall,
    standing_of,
    verdict_on,
)
from cases.models import Attendance, Decision, DecisionOption, Discussion
from cases.quorum import Quorum, quorum_of
from cases.snapshot.blocks import Blocks
from cases.snapshot.frozen import (
    FrozenAttendance,
    FrozenChoiceConcordance,
    FrozenConcordance,
    FrozenConsidered,
    FrozenDeliberation,
    FrozenDiscussion,
    FrozenDissent,
    FrozenOutcome,
    FrozenVote,
)
from cases.snapshot.frozen_answer import FrozenTerm
from cases.snapshot.write import Seen
from cases.vote import agreement_of
from guidelines.answer.options import verdicts_of
from guidelines.answer.parts import Option

LEFT = (OptionChoice.REJECTED, OptionChoice.DEFERRED)  # not taken


@dataclass(frozen=True, slots=True)
class Related:
    """A stored option with the verdict it is on, and what the two make; None where there is nothing."""

    option: DecisionOption
    choice: BoardChoice
    verdict: Option | None
    concordance: Concordance | None


def related(decision: Decision, seen: Seen) -> list[Related]:
    """Every choice of a decision, held against the answer seen."""
    found, verdicts = [], verdicts_of(seen.assessment)
    for option in decision.options.all():
        choice = BoardChoice(option.choice, option.statement_id, option.intervention)
        verdict = verdict_on(choice, verdicts, seen.family)
        found.append(Related(option, choice, verdict, concordance_of(choice, verdict)))
    return found


def concordance_with(decision: Decision, seen: Seen) -> FrozenConcordance:
    """What the snapshot keeps of it."""
    found = related(decision, seen)
    return FrozenConcordance(
        _term(overall((one.choice, one.concordance) for one in found)),
        tuple(
            FrozenChoiceConcordance(
                title=one.option.title,
                statement_id=one.verdict.id if one.verdict else "",
                concordance=_term(one.concordance),
                because=_because(one, seen),
            )
            for one in found
            if one.concordance is not None
        ),
    )


def _because(one: Related, seen: Seen) -> str:
    """On which open fact it depends; what is advised against if a fact is so is in line unless it is so."""
    if one.verdict is None or one.concordance is not Concordance.CONDITIONAL:
        return ""
    question = next(each.question for each in seen.assessment.recommendations if each.id == one.verdict.id)
    word = "unless" if standing_of(one.verdict) is Standing.AGAINST_IF else "if"
    return f"{word} {question}"


def _term(concordance: Concordance) -> FrozenTerm:
    return FrozenTerm(concordance.value, concordance.label, list(Concordance).index(concordance))


def left_unsaid(decision: Decision, seen: Seen) -> list[str]:
    """Treatments that the guideline recommends and that the draft says nothing on, by name."""
    choices = [one.choice for one in related(decision, seen)]
    silent_on = not_addressed(verdicts_of(seen.assessment), choices, seen.family)
    return [verdict.intervention_label for verdict in silent_on]


def unsigned_because(decision: Decision, seen: Seen) -> list[str]:
    """Every reason why the draft cannot be signed as it is; empty if it can."""
    return list(_reasons_against(decision, seen))


def _reasons_against(decision: Decision, seen: Seen) -> Iterator[str]:
    found = related(decision, seen)
    if not decision.intent:
        yield "State the intent of treatment."
    taken = any(one.option.choice not in LEFT for one in found)
    if not taken and not decision.rationale.strip():
        yield "Accept an option, add one of your own, or say in the rationale why there is none."
    for one in found:
        yield from _against_choice(one)
    yield from _against_time(decision)


def _against_time(decision: Decision) -> Iterator[str]:
    for name, why in reasons_needed(decision).items():
        if not getattr(decision, name):
            yield why


def reasons_needed(decision: Decision) -> dict[str, str]:
    """The reasons that the signer has to give, by column, each with why it is asked."""
    needed, meeting = {}, decision.discussion.meeting
    if meeting is not None and not meeting.has_begun:
        needed["early_reason"] = "The meeting has not begun: say why the decision is signed before."
    quorum = quorum_at(decision.discussion, now())
    if quorum is not None and not quorum.is_met:
        needed["quorum_reason"] = f"{quorum.words}. Say why the decision is signed without a quorum."
    return needed


def _against_choice(one: Related) -> Iterator[str]:
    option, verdict = one.option, one.verdict
    if option.choice != OptionChoice.OWN:
        if verdict is None:
            yield f"“{option.title}”: the verdict chosen on no longer stands on the case; look at it again."
            return
        if (option.stance, option.agreement) != (verdict.stance, verdict.agreement):
            yield f"“{option.title}”: the strength of the verdict has changed; look at it again."
            return
    if one.concordance is Concordance.DEVIATING and not option.reason_code:
        yield f"“{option.title}”: give the reason for deviating from the guideline."


# --- What is frozen with a decision -------------------------------------------------------------------------


def attending(discussion: Discussion, at: datetime | None = None) -> list[Attendance]:
    """Who was there while the case was discussed; nobody where no meeting did."""
    meeting = discussion.meeting
    if meeting is None:
        return []
    since = discussion.started_at or meeting.started_at or meeting.starts_at
    until = discussion.ended_at or meeting.closed_at or at or since
    return present_at(meeting, since, max(since, until))


def quorum_at(discussion: Discussion, at: datetime | None = None) -> Quorum | None:
    """The quorum of the discussion; None for one that no meeting leads."""
    if discussion.meeting is None:
        return None
    return quorum_of(discussion.board, attending(discussion, at))


def blocks_of(decision: Decision, seen: Seen, at: datetime) -> Blocks:
    """Everything that a snapshot holds beside the record, the answer and the decision."""
    return Blocks(
        attendance=tuple(_attendance(one) for one in attending(decision.discussion, at)),
        outcome=_outcome(decision.discussion),
        concordance=concordance_with(decision, seen),
        discussion=_discussion(decision.discussion, seen),
        deliberation=deliberation_of(decision, at),
    )


def _attendance(one: Attendance) -> FrozenAttendance:
    mode = AttendanceMode(one.mode)
    term = FrozenTerm(mode.value, str(mode.label), list(AttendanceMode).index(mode))
    return FrozenAttendance(one.name, one.discipline, term, one.cover_for, one.since, one.until)


def _outcome(discussion: Discussion) -> FrozenOutcome:
    code = Outcome(discussion.outcome)
    term = FrozenTerm(code.value, str(code.label), list(Outcome).index(code))
    return FrozenOutcome(term, None, "", "", None, "")


def _discussion(discussion: Discussion, seen: Seen) -> FrozenDiscussion:
    track = Track(discussion.track)
    names = seen.guideline.interventions
    return FrozenDiscussion(
        uid=str(discussion.uid),
        question=discussion.question,
        asks=tuple(
            FrozenTerm(code, names[code].label if code in names else code) for code in discussion.asks
        ),
        reason=discussion.get_reason_display() if discussion.reason else "",
        track=FrozenTerm(track.value, str(track.label), list(Track).index(track)),
        presenter=discussion.presenter,
        started_at=discussion.started_at,
        ended_at=discussion.ended_at,
        follows=str(discussion.follows.uid) if discussion.follows else "",
        urgent_reason=discussion.urgent_reason,
    )


def deliberation_of(decision: Decision, at: datetime) -> FrozenDeliberation:
    """How the board came to the decision, as far as it says so at that moment."""
    quorum = quorum_at(decision.discussion, at)
    return FrozenDeliberation(
        dissents=tuple(
            FrozenDissent(one.position, one.name, one.discipline) for one in decision.dissents.all()
        ),
        vote=_vote(decision),
        trial=_considered(decision.trial_considered, decision.trial_words),
        wishes=_considered(decision.wishes_considered, decision.wishes_words),
        quorum=quorum.words if quorum else "",
        quorum_met=quorum.is_met if quorum else None,
        quorum_reason=decision.quorum_reason,
        early_reason=decision.early_reason,
    )


def _vote(decision: Decision) -> FrozenVote | None:
    if decision.votes_for is None:
        return None
    against, abstained = decision.votes_against or 0, decision.votes_abstained or 0
    return FrozenVote(decision.votes_for, against, abstained, agreement_of(decision.votes_for, against))


def _considered(code: str, words: str) -> FrozenConsidered | None:
    return FrozenConsidered(str(Considered(code).label), words) if code or words else None
