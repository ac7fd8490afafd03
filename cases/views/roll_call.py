"""Who is at a meeting: one page with everybody of the board, and guests by name."""

import uuid
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from cases.actions.edits import StaleEdit
from cases.actions.roll_call import Present, Stay, call_roll, correct_stays
from cases.choices import Right
from cases.forms.keys import CALLING
from cases.forms.roll_call import GuestForm, PresentForm, StayForm
from cases.models import Attendance, Meeting
from cases.screens.meeting import there_now
from cases.screens.roll_call import RollRow, roll_of
from cases.views.entry import get_or_post
from cases.views.leading import open_one

MORE_GUESTS = 3  # empty rows
MOST_GUESTS = 60

Rows = list[tuple[RollRow, PresentForm]]


@get_or_post
def roll_call(request: HttpRequest, meeting: uuid.UUID) -> HttpResponse:
    """Call the roll: who is named is there, who was and no longer is has left."""
    user = cast(User, request.user)
    found = open_one(user, meeting, Right.SCRIBE)
    data = request.POST if request.method == "POST" else None
    members, guests, left = roll_of(found)
    if "correct" in request.POST:
        return correct(request, found, left)
    stays = stays_of(found, left, None)
    rows = rows_of(found, members, data)
    guest_forms = guests_of(found, guests, data)
    if data is None:
        return show(request, found, rows, guest_forms, stays)
    wrong = [form for form in (*(form for _, form in rows), *guest_forms) if not form.is_valid()]
    if wrong:
        return show(request, found, rows, guest_forms, stays, status=422)
    try:
        call_roll(by=user, meeting=found, present=named_in(rows, guest_forms), seen=seen_in(data))
    except StaleEdit:
        there = ", ".join(one.name for one in there_now(found)[0]) or "nobody"
        text = f"Somebody else has called the roll meanwhile; there now: {there}. Save again to replace that."
        return show(request, found, rows, guest_forms, stays, status=409, refused=[text])
    except ValidationError as error:
        return show(request, found, rows, guest_forms, stays, status=422, refused=error.messages)
    _, quorum = there_now(found)
    messages.success(request, f"The roll is called. {quorum.words}.")
    return redirect("cases:meeting", meeting=found.uid)


def correct(request: HttpRequest, meeting: Meeting, left: list[Attendance]) -> HttpResponse:
    """Set right when somebody came and left; the roll itself is not called."""
    stays = stays_of(meeting, left, request.POST)
    refused: list[str] = []
    if not [form for form in stays if not form.is_valid()]:  # each of them is looked at
        said = [Stay(form.stay.uid, *form.times, not form.cleaned_data["absent"]) for form in stays]
        try:
            changed = correct_stays(by=cast(User, request.user), meeting=meeting, stays=said)
        except ValidationError as error:
            refused = error.messages
        else:
            messages.success(request, "Corrected." if changed else "Nothing was changed.")
            return redirect("cases:roll_call", meeting=meeting.uid)
    members, guests, _ = roll_of(meeting)
    shown = rows_of(meeting, members, None), guests_of(meeting, guests, None)
    return show(request, meeting, *shown, stays, status=422, refused=refused)


def stays_of(meeting: Meeting, left: list[Attendance], data: QueryDict | None) -> list[StayForm]:
    """A form for each stay that has ended."""
    return [StayForm(data, meeting=meeting, stay=stay) for stay in left]


def rows_of(meeting: Meeting, members: list[RollRow], data: QueryDict | None) -> Rows:
    """A form for each member of the board."""
    return [
        (
            row,
            PresentForm(
                data, prefix=f"member-{row.person.pk}", meeting=meeting, there=row.there, usually=row.usually
            ),
        )
        for row in members
    ]


def guests_of(meeting: Meeting, guests: list[Attendance], data: QueryDict | None) -> list[GuestForm]:
    """A form for each guest who is there, and some empty ones; as many as were sent."""
    number = len(guests) + MORE_GUESTS
    if data is not None:
        sent = data.get("guests", "")
        number = (
            min(int(sent), MOST_GUESTS) if sent.isascii() and sent.isdecimal() and len(sent) < 4 else number
        )
    padded: list[Attendance | None] = [*guests, *[None] * number]
    return [
        GuestForm(data, prefix=f"guest-{count}", meeting=meeting, there=there)
        for count, there in enumerate(padded[:number])
    ]


def named_in(rows: Rows, guests: list[GuestForm]) -> list[Present]:
    """Everybody whom valid forms say to be there."""
    said: list[tuple[str, User | None, PresentForm]] = [
        (row.name, row.person, form) for row, form in rows if form.is_there
    ]
    said += [(form.cleaned_data["name"], None, form) for form in guests if form.is_there]
    return [
        Present(
            name=name,
            person=person,
            discipline=form.cleaned_data["discipline"],
            mode=form.cleaned_data["mode"],
            cover_for=form.cleaned_data["cover_for"],
            since=form.cleaned_data["came"],
            until=form.cleaned_data["left"],
        )
        for name, person, form in said
    ]


def seen_in(data: QueryDict) -> list[UUID]:
    """The entries that the page was shown with; what is none counts as none."""
    found = []
    for text in data.get("seen", "").split():
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def show(
    request: HttpRequest,
    meeting: Meeting,
    rows: Rows,
    guests: list[GuestForm],
    stays: list[StayForm],
    *,
    status: int = 200,
    refused: list[str] | None = None,
) -> HttpResponse:
    """The page, with who is there as it stands."""
    present, quorum = there_now(meeting)
    problems = [("", text) for text in refused or []]
    if status == 422:
        named = [*((row.name, form) for row, form in rows), *(("Guest", form) for form in guests)]
        for name, form in [*named, *((form.stay.name, form) for form in stays)]:
            problems += [(id, f"{name}, {text}") for id, text in form.problems()]
    context = {
        "meeting": meeting, "rows": rows, "guests": guests, "present": present, "quorum": quorum,
        "seen": " ".join(str(one.uid) for one in present), "problems": problems, "keys": CALLING,
        "stays": stays,
    }  # fmt: skip
    return render(request, "meeting/roll_call.html", context, status=status)
