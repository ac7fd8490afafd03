"""How a decision came about, in words: dissent, vote, what was considered, quorum. For pages and paper."""

from __future__ import annotations

from collections.abc import Iterator

from cases.snapshot.frozen import (
    Frozen,
    FrozenAttendance,
    FrozenConsidered,
    FrozenDeliberation,
    FrozenDissent,
    FrozenVote,
)

Labeled = tuple[str, str]


def deliberated(block: FrozenDeliberation | None) -> tuple[Labeled, ...]:
    """What there is to say, each with its heading; nothing of what nobody stated."""
    return tuple(_said(block)) if block else ()


def _said(block: FrozenDeliberation) -> Iterator[Labeled]:
    for dissent in block.dissents:
        yield "Dissent", _dissent(dissent)
    if block.vote:
        yield "Vote", _vote(block.vote)
    if block.trial:
        yield "Trial considered", _considered(block.trial)
    if block.wishes:
        yield "Patient's wishes considered", _considered(block.wishes)
    if block.quorum:
        yield "Quorum", block.quorum
    if block.quorum_reason:
        yield "Without a quorum because", block.quorum_reason
    if block.early_reason:
        yield "Before the meeting because", block.early_reason


def _dissent(one: FrozenDissent) -> str:
    """ "Surgery first (Prof. Ny, Surgery)"."""
    who = ", ".join(part for part in (one.name, one.discipline) if part)
    return f"{one.position} ({who})" if who else one.position


def _vote(vote: FrozenVote) -> str:
    """ "6 for, 1 against, 0 abstained: Consensus"."""
    counted = f"{vote.in_favor} for, {vote.against} against, {vote.abstained} abstained"
    return f"{counted}: {vote.agreement}" if vote.agreement else counted


def _considered(one: FrozenConsidered) -> str:
    return f"{one.considered}. {one.words}" if one.words else one.considered


def present_in(frozen: Frozen) -> tuple[Labeled, ...]:
    """Who was there: name, and what they were there as. The roll call, where there was one."""
    if frozen.attendance:
        return tuple((one.name, _as(one)) for one in frozen.attendance)
    return tuple((one.name, one.role) for one in frozen.present)


def _as(one: FrozenAttendance) -> str:
    """ "Surgery, remote, for Prof. Ny"."""
    remote = one.mode.words.lower() if one.mode.code == "remote" else ""
    cover = f"for {one.cover_for}" if one.cover_for else ""
    return ", ".join(part for part in (one.discipline, remote, cover) if part)
