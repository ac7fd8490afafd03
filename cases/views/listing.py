"""A case listed for a meeting, with what is said of it there."""

from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.access import boards_where, require
from cases.actions.access_log import log_read
from cases.actions.agenda import Listing, change_listing, list_case
from cases.actions.edits import StaleEdit
from cases.actions.indexing import readiness_of_listed
from cases.choices import Right, Track
from cases.forms.listing import ListingForm
from cases.models import Board, Discussion, Meeting
from cases.screens.track import proposed_track
from cases.views.arranging import back_to
from cases.views.chart import Chart, open_chart
from cases.views.entry import get_or_post
from cases.views.problems import take_errors


@get_or_post
def listing(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Meeting, question, reason, presenter, track, minutes; of a case that is listed, what is said of it."""
    chart = open_chart(request, uid)
    boards = boards_that_discuss(chart)
    ahead = meetings_of(boards)
    chosen = chosen_meeting(request, ahead)
    listed = listed_on(chart, boards, chosen)
    names = {code: one.label for code, one in chart.guideline.interventions.items()}
    form_for = partial(ListingForm, meetings=ahead, interventions=names)
    if request.method != "POST":
        log_read(by=chart.user, case=chart.case, page="listing")
        return show(request, chart, form_for(initial=said_of(chart, listed, chosen)), listed)
    form = form_for(request.POST)
    if not form.is_valid():
        return show(request, chart, form, listed, status=422)
    meeting, said = form.cleaned_data["meeting"], listing_in(form)
    try:
        stored, moved = store(chart, listed, meeting, said, form.cleaned_data["version"])
    except StaleEdit as stale:
        stored_version = stale.stored.version if stale.stored else ""
        form = form_for({**request.POST.dict(), "version": stored_version})
        return show(request, chart, form, listed, status=409, stale=stale.stored)
    except ValidationError as error:
        take_errors(form, error)
        return show(request, chart, form, listed, status=422)
    return back_to(
        request, stored, meeting, f"Put on the agenda, place {stored.place}." if moved else "Stored."
    )


def boards_that_discuss(chart: Chart) -> QuerySet[Board]:
    """The boards that have this case and on which the person may schedule; refused where there is none."""
    having = [chart.case.board_id, *chart.case.grants.current().values_list("board", flat=True)]
    boards = boards_where(chart.user, Right.SCHEDULE).filter(pk__in=having)
    if not boards:
        require(chart.user, chart.case.board, Right.SCHEDULE, chart.case)
    return boards


def meetings_of(boards: QuerySet[Board]) -> QuerySet[Meeting]:
    """Those of the boards that still take cases: to come, running, or of the past and not closed."""
    return Meeting.objects.filter(board__in=boards).taking_cases().select_related("board")


def chosen_meeting(request: HttpRequest, ahead: QuerySet[Meeting]) -> Meeting | None:
    """The one that the form or the link names."""
    named = request.POST.get("meeting") or request.GET.get("meeting", "")
    return next((one for one in ahead if str(one.uid) == named), None)


def listed_on(chart: Chart, boards: QuerySet[Board], chosen: Meeting | None) -> Discussion | None:
    """The open discussion at a meeting, of the chosen meeting's board or of any that the person may schedule
    on."""
    among = [chosen.board] if chosen else list(boards)
    found = chart.case.discussions.open().filter(board__in=among, meeting__isnull=False)  # type: ignore[attr-defined]
    return found.select_related("meeting__board", "board", "case__board").first()


def said_of(chart: Chart, listed: Discussion | None, chosen: Meeting | None) -> dict[str, Any]:
    """What the form begins with: what is said already, else what the case itself says."""
    if listed is None:
        minutes = chosen.board.minutes_per_case if chosen else None
        return {
            "meeting": chosen and chosen.uid, "question": chart.case.question, "asks": chart.case.asks,
            "track": Track.FULL, "minutes": minutes,
        }  # fmt: skip
    names = ("question", "asks", "reason", "presenter", "track", "minutes", "unready_reason", "version")
    meeting = chosen or listed.meeting
    return {"meeting": meeting and meeting.uid, **{name: getattr(listed, name) for name in names}}


def listing_in(form: ListingForm) -> Listing:
    """What a valid form says."""
    data = form.cleaned_data
    return Listing(
        question=data["question"],
        asks=tuple(data["asks"]),
        reason=data["reason"],
        presenter=data["presenter"],
        track=data["track"],
        minutes=int(data["minutes"]) if data["minutes"] else None,
        unready_reason=data["unready_reason"],
    )


def store(
    chart: Chart, listed: Discussion | None, meeting: Meeting, said: Listing, version: int | None
) -> tuple[Discussion, bool]:
    """List the case, move it from another meeting, or change what is said; whether it came to the agenda."""
    if listed is not None and listed.meeting_id == meeting.pk:
        changed = change_listing(by=chart.user, discussion=listed, listing=said, version=version or 0)
        return changed, False
    return list_case(by=chart.user, case=chart.case, meeting=meeting, listing=said), True


def show(
    request: HttpRequest,
    chart: Chart,
    form: ListingForm,
    listed: Discussion | None,
    *,
    status: int = 200,
    stale: Any = None,
) -> HttpResponse:
    """The page, with the track that the engine proposes."""
    readiness = readiness_of_listed([chart.case])[chart.case.pk]
    context = chart.page(
        "listing", form=form, listed=listed, stale=stale, readiness=readiness,
        proposed=proposed_track(chart.assessment, readiness), tracks=dict(Track.choices),
        problems=form.problems() if status == 422 else [],
    )  # fmt: skip
    return render(request, "meeting/listing.html", context, status=status)
