"""Who did what, when. Rows are added, each to the chain of its board, and never touched again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from cases import anchors, chain, choices
from cases.clock import now
from cases.composed import Composed
from cases.models.base import AppendOnly, AppendOnlyQuerySet
from cases.models.board import Board
from cases.models.case import Case

_pending: ContextVar[list[AuditEvent] | None] = ContextVar("pending", default=None)


@contextmanager
def one_act() -> Iterator[None]:
    """One transaction, at whose end its events are written.

    The lock on a chain is so the last that a transaction takes: no two wait for each other.
    An act within an act is a part of it.
    """
    outer = _pending.get()
    if outer is not None:
        before = len(outer)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del outer[before:]
            raise
        return
    events: list[AuditEvent] = []
    token = _pending.set(events)
    try:
        with transaction.atomic():
            yield
            _write(events)
    finally:
        _pending.reset(token)


def _write(events: Sequence[AuditEvent]) -> None:
    """Add events to the end of their chains, within a transaction."""
    chains: dict[int, list[AuditEvent]] = defaultdict(list)
    for event in events:
        event.chain = event.board_id or chain.NO_BOARD
        chains[event.chain].append(event)
    chain.lock(connection, chains)
    for number, added in sorted(chains.items()):
        head = chain.Head(*next(iter(_end_of(number=number)), ()))
        for event in added:
            event.seq, event.key = head.seq + 1, chain.current_key()
            event.code = chain.code_of(head.code, event.covered())
            head = chain.Head(event.seq, event.code)
        AuditEvent.objects.bulk_create(added)
        if any(event.seal for event in added):
            transaction.on_commit(partial(anchors.keep, {number: head}), robust=True)


class AuditQuerySet(AppendOnlyQuerySet["AuditEvent"]):
    def record(
        self,
        *,
        user: User | None,
        action: str,
        case: Case | None = None,
        board: Board | None = None,
        kind: str = "",
        uid: UUID | None = None,
        detail: dict[str, Any] | None = None,
        seal: str = "",
    ) -> AuditEvent:
        """Write one event, at the end of the act that it is part of. The board is the case's, unless the
        event concerns a board alone. `seal` is that of what the event signs (`cases.seals`).
        """
        event = AuditEvent(
            at=now(),
            user=user,
            action=action,
            case=case,
            board=case.board if case is not None else board,
            kind=kind,
            uid=uid,
            detail=detail or {},
            seal=seal,
        )
        pending = _pending.get()
        if pending is not None:
            pending.append(event)
            return event
        with transaction.atomic():
            _write([event])
        return event

    def record_once(
        self, *, within: timedelta, user: User, case: Case, action: str, kind: str, uid: UUID
    ) -> AuditEvent:
        """Write one event, unless there is the same of so short a time ago: then that one is returned.

        The lock on the chain comes first, so that of several processes one writes it. Not within an act,
        which takes that lock last.
        """
        with transaction.atomic():
            chain.lock(connection, [case.board_id])
            same = self.filter(user=user, case=case, action=action, kind=kind, at__gt=now() - within)
            return same.order_by("at").last() or self.record(
                user=user, case=case, action=action, kind=kind, uid=uid
            )

    def head(self, number: int) -> chain.Head:
        """The end of a chain."""
        return chain.Head(*next(iter(self.end_of(number)), ()))

    def end_of(self, number: Any) -> QuerySet[Any, tuple[int, str]]:
        """The same as a row of number and code; none of a chain that has not begun."""
        return self.filter(chain=number).order_by("-seq").values_list("seq", "code")[:1]


class AuditEvent(AppendOnly):
    """`kind` and `uid` name the object; `detail` holds codes and field names, never a patient's data.

    `chain` is the board's id, or 0; `seq` counts from 1 without gaps; `key` names the key of `code`.
    """

    what = "An audit event"

    at = models.DateTimeField(default=timezone.now, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=12, choices=choices.AuditAction.choices)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="audit_events")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, related_name="audit_events")
    kind = models.CharField(max_length=40, blank=True, default="")
    uid = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    chain = models.BigIntegerField(default=chain.NO_BOARD, editable=False)
    seq = models.BigIntegerField(default=0, editable=False)
    seal = models.CharField(max_length=110, blank=True, default="", editable=False)
    key = models.CharField(max_length=16, default="", editable=False)
    code = models.CharField(max_length=64, default="", editable=False)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(name="audit_by_case", fields=["case", "at"]),
            models.Index(name="audit_by_user", fields=["user", "at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="audit_action_coded",
                condition=Q(action__in=choices.AuditAction.values),
                violation_error_message="This kind of event does not exist.",
            ),
            models.UniqueConstraint(
                name="audit_once_in_its_chain",
                fields=["chain", "seq"],
                violation_error_message="This number of the chain is taken.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.kind}"

    def covered(self) -> dict[str, Any]:
        """What its code covers, by column."""
        return {name: getattr(self, name) for name in chain.COVERED}


_end_of = Composed(lambda *, number: AuditEvent.objects.end_of(number))
