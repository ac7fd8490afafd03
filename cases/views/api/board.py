"""A board's signed decisions and its meetings, for other programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from cases.access import part_or_404
from cases.actions.api_log import log_call, log_out
from cases.actions.printing import WITHDRAWN
from cases.documents.apart import LineIsFull, NotPrinted, print_apart, printer
from cases.exchange.fhir.document import document_bundle
from cases.models import ApiToken, Board, Case, Decision, Discussion, Meeting
from cases.screens.sending import NotAsSigned, signed_paper
from cases.snapshot.write import name_of
from cases.views.api.problems import ProblemDetails, Refused
from cases.views.api.shapes import DecisionFound, MeetingFound, Moment
from cases.views.api.tokens import bearer

MOST = 200  # of a list
FAULTS = {
    400: ProblemDetails,
    401: ProblemDetails,
    403: ProblemDetails,
    404: ProblemDetails,
    422: ProblemDetails,
    429: ProblemDetails,
}
NOT_HERE = "There is no such thing, or not for this token."

decisions = Router(tags=["decisions"])
meetings = Router(tags=["meetings"])


@decisions.get("", response={200: list[DecisionFound], **FAULTS})
def list_decisions(request: HttpRequest, since: Moment | None = None) -> list[DecisionFound]:
    """The newest 200 signed decisions of the board, or the first 200 signed at `since` and later."""
    token = bearer(request, known=["since"])
    found = Decision.objects.filter(case__board=token.board, signed_at__isnull=False)
    found = found.select_related("case", "signed_by", "withdrawal")
    if since is None:
        listed = list(found.order_by("-signed_at", "-pk")[:MOST])
    else:
        listed = list(found.filter(signed_at__gte=_aware(since)).order_by("signed_at", "pk")[:MOST])
    log_call(token=token, call="decisions", cases=[one.case for one in listed])
    return [_decision(one) for one in listed]


def _aware(moment: datetime) -> datetime:
    """A moment without a zone is meant as the site's clock shows it."""
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _decision(one: Decision) -> DecisionFound:
    return DecisionFound(
        id=one.uid,
        case=one.case.uid,
        signed_at=cast(datetime, one.signed_at),
        signed_by=name_of(one.signed_by) if one.signed_by else "",
        status=WITHDRAWN if hasattr(one, "withdrawal") else one.status,
        digest=one.snapshot_digest,
    )


@decisions.get("/{decision}", response={200: dict[str, Any], **FAULTS})
def read_decision(request: HttpRequest, decision: UUID) -> dict[str, Any]:
    """What was signed: the snapshot as it was frozen."""
    token = bearer(request)
    found = _signed(token, decision)
    log_out(token=token, case=found.case, document="api decision")
    snapshot: dict[str, Any] = found.snapshot or {}
    return snapshot


@decisions.get(
    "/{decision}/fhir", response={200: dict[str, Any], 409: ProblemDetails, 503: ProblemDetails, **FAULTS}
)
def read_decision_as_fhir(request: HttpRequest, decision: UUID) -> dict[str, Any]:
    """The decision as a FHIR R4 document."""
    token = bearer(request)
    found = _signed(token, decision)
    try:
        with printer().place():
            bundle = document_bundle(signed_paper(found, print_apart))
    except (LineIsFull, NotPrinted) as error:
        raise Refused(503, str(error)) from error
    except NotAsSigned as error:
        raise Refused(409, str(error)) from error
    log_out(token=token, case=found.case, document="fhir")
    return bundle


def _signed(token: ApiToken, uid: UUID) -> Decision:
    found = part_or_404(token.user, Decision, uid)
    if found.case.board_id != token.board_id or not found.is_signed:
        raise Refused(404, NOT_HERE)
    return found


@meetings.get("", response={200: list[MeetingFound], **FAULTS})
def list_meetings(request: HttpRequest, since: Moment | None = None) -> list[MeetingFound]:
    """The meetings of the board that begin at `since` (today, unless given) or later, 200 at most."""
    token = bearer(request, known=["since"])
    start = _aware(since) if since else timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    shown = Case.objects.of_boards(Board.objects.filter(pk=token.board_id).values("pk"))
    listed = Discussion.objects.filter(case__in=shown).select_related("case").order_by("place", "pk")
    found = list(
        Meeting.objects.filter(board=token.board, starts_at__gte=start)
        .prefetch_related(Prefetch("discussions", queryset=listed))
        .order_by("starts_at", "pk")[:MOST]
    )
    cases = [discussion.case for meeting in found for discussion in meeting.discussions.all()]
    log_call(token=token, call="meetings", cases=cases)
    return [
        MeetingFound(
            id=meeting.uid,
            name=meeting.title,
            starts_at=meeting.starts_at,
            place=meeting.place,
            state=meeting.state,
            cases=[discussion.case.uid for discussion in meeting.discussions.all()],
        )
        for meeting in found
    ]
