"""What came in to a board and went out of it, waits, or failed, without anything of a patient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Count, Min
from django.utils import timezone

from cases.actions.proposed import ACCEPTED
from cases.choices import AuditAction
from cases.models import ApiToken, AuditEvent, Board, Delivery, DocumentOrder, ListImport, PostedBundle
from cases.models.delivery import DeliveryState
from cases.models.order import LIVE, OrderKind, OrderState

LOOKED_THROUGH = 20_000  # events of a board's chain, at most, for one page
EVENTS = 200  # of them on a page, like ones in one line
FIRST = 10  # of what failed or waits
RECENT = timedelta(days=30)

IN_BUNDLES = {
    ACCEPTED: "Findings of a bundle taken over",
    "posted bundle": "Bundle of another program",
}
OUT = {
    "hl7v2": "Decision as HL7 v2",
    "fhir": "Decision as FHIR",
    "case file": "Case file",
    "case table": "Case in a table",
    "decision table": "Decision in a table",
}
BY_PROGRAMS = {
    "api find": "Looked for a case",
    "api case file": "Read a case file",
    "api decisions": "Listed decisions",
    "api decision": "Read a decision",
    "api meetings": "Listed meetings",
    "api recommend": "Asked the guideline",
    "api try": "Tried a case file",
    "api store": "Sent a case file",
    "api bundle": "Posted a bundle",
}
RESULTS = {
    "create": "new case", "change": "case changed", "unchanged": "nothing new", "refused": "refused",
    "new": "waits at its case",
}  # fmt: skip
_ACTS = (
    AuditAction.EXPORTED,
    AuditAction.READ,
    AuditAction.CREATED,
    AuditAction.CHANGED,
    AuditAction.REMOVED,
)


@dataclass(frozen=True, slots=True)
class ExchangedLine:
    """Like events one after the other: from `since` until `at`, `times` of them, about so many `cases`.

    `who`: a person, a program, or a receiver; `case`: its id, where it is one and the reader may open it.
    """

    at: datetime
    since: datetime
    what: str
    who: str
    result: str
    times: int
    cases: int
    case: UUID | None = None


@dataclass(frozen=True, slots=True)
class ExchangedPage:
    """`next`: the number in the board's chain before which the page after begins; None on the last."""

    lines: tuple[ExchangedLine, ...]
    next: int | None
    is_later: bool


def exchanged(
    board: Board, kinds: Mapping[str, str], before: int | None, *, reads: bool, only: str = ""
) -> ExchangedPage:
    """The newest events of these kinds, or those before a number. A board has millions of others: so many of
    them are looked through for a page, and no more. `only` those with that result; `reads`: whether the
    reader may open a case.
    """
    top = before if before is not None else AuditEvent.objects.head(board.pk).seq + 1
    found = AuditEvent.objects.filter(
        chain=board.pk, seq__lt=top, seq__gte=top - LOOKED_THROUGH, kind__in=list(kinds), action__in=_ACTS
    )
    if only:
        found = found.filter(detail__result=only)
    events = list(found.select_related("user", "case").order_by("-seq")[: EVENTS + 1])
    following = events[EVENTS - 1].seq if len(events) > EVENTS else top - LOOKED_THROUGH
    shown = events[:EVENTS]
    tokens = _tokens(board, shown)
    lines = [
        _line(list(alike), kinds, tokens, reads=reads)
        for _, alike in groupby(shown, key=lambda one: (one.at.date(), one.kind, *_who(one, tokens)))
    ]
    return ExchangedPage(tuple(lines), following if following > 1 else None, before is not None)


def _tokens(board: Board, events: Iterable[AuditEvent]) -> dict[str, str]:
    named = {one.detail["token"] for one in events if "token" in one.detail}
    found = ApiToken.objects.filter(board=board, uid__in=named) if named else ()
    return {str(one.uid): one.name for one in found}


def _who(event: AuditEvent, tokens: Mapping[str, str]) -> tuple[str, str, str]:
    """Who, of whom, and what came of it."""
    person = name_in_full(event.user) if event.user else ""
    program = tokens.get(event.detail.get("token", ""), "")
    said = program or event.detail.get("to", "") or person or "A command on the server"
    result = RESULTS.get(event.detail.get("result", ""), "")
    if event.kind == "posted bundle":
        result = "closed" if event.action == AuditAction.REMOVED else "posted"
    return said, person if program else "", result


def _line(
    alike: list[AuditEvent], kinds: Mapping[str, str], tokens: Mapping[str, str], *, reads: bool
) -> ExchangedLine:
    newest = alike[0]
    who, person, result = _who(newest, tokens)
    known = {str(one.case.uid) for one in alike if one.case is not None}
    known |= {uid for one in alike for uid in one.detail.get("cases", ()) if isinstance(uid, str)}
    only = UUID(next(iter(known))) if len(known) == 1 and reads else None
    return ExchangedLine(
        newest.at, alike[-1].at, kinds[newest.kind], f"{who} ({person})" if person else who, result,
        len(alike), len(known), only,
    )  # fmt: skip


def name_in_full(user: User) -> str:
    """A person's name, else that of the account."""
    return user.get_full_name() or user.get_username()


# --- What failed, and what waits --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RefusedList:
    """A list of which rows were refused. `token`: of its kept file, where the reader has it still."""

    taken: ListImport
    token: UUID | None
    until: datetime

    @property
    def is_gone(self) -> bool:
        """Whether nobody has its rows any more."""
        return self.until <= timezone.now()


@dataclass(frozen=True, slots=True)
class Troubles:
    """What failed and what waits, the first of each; `counts` says how many there are."""

    given_up: tuple[Delivery, ...]
    refused: tuple[RefusedList, ...]
    sent_in_vain: tuple[ExchangedLine, ...]
    not_made: tuple[DocumentOrder, ...]
    counts: Mapping[str, int]
    due: datetime | None
    bundles: tuple[PostedBundle, ...]
    ordered: tuple[DocumentOrder, ...]

    @property
    def nothing_failed(self) -> bool:
        return not (self.given_up or self.refused or self.sent_in_vain or self.not_made)


def troubles_of(board: Board, kept: Mapping[str, UUID], kept_for: timedelta, *, reads: bool) -> Troubles:
    """Of a board. `kept`: id of an import → token of its file, of the reader's own lists; `kept_for`: how
    long a file is kept after it was brought.
    """
    of_board = Delivery.objects.filter(decision__case__board=board)
    states = {
        state: (count, due)
        for state, count, due in of_board.values_list("state")
        .annotate(Count("pk"), Min("due_at"))
        .order_by()
        .values_list("state", "pk__count", "due_at__min")
    }
    recent = timezone.now() - RECENT
    lists = ListImport.objects.filter(board=board, undoes=None, undone_by=None, refused__gt=0, at__gt=recent)
    tables = DocumentOrder.objects.filter(board=board, kind=OrderKind.TABLE).select_related("by")
    tables = tables.defer("file", "shows", "wanted")
    bundles = PostedBundle.objects.filter(case__board=board, closed_at=None).defer("content")
    waiting, due = states.get(DeliveryState.WAITING, (0, None))
    listed = _first(lists.select_related("by"), "-at", "-pk")
    return Troubles(
        given_up=_first(
            of_board.filter(state=DeliveryState.GIVEN_UP).select_related("decision__case"), "-pk"
        ),
        refused=tuple(RefusedList(one, kept.get(str(one.uid)), one.at + kept_for) for one in listed),
        sent_in_vain=exchanged(board, BY_PROGRAMS, None, reads=reads, only="refused").lines[:FIRST],
        not_made=_first(tables.filter(state=OrderState.FAILED, at__gt=recent), "-at", "-pk"),
        counts={
            "given_up": states.get(DeliveryState.GIVEN_UP, (0, None))[0],
            "waiting": waiting,
            "bundles": bundles.count(),
        },
        due=due,
        bundles=_first(bundles.select_related("case", "by"), "at", "pk"),
        ordered=_first(tables.filter(state__in=LIVE), "at", "pk"),
    )


def _first(found: Any, *order: str) -> tuple[Any, ...]:
    return tuple(found.order_by(*order)[:FIRST])
