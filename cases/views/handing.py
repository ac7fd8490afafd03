"""What a leaver leaves behind, and handing their open cases to somebody else in one act."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cases.access import board_or_404, boards_where, people_where, person_where
from cases.actions.access_log import log_list
from cases.actions.handing import hand_over_cases, hand_over_steps
from cases.choices import Right
from cases.models import Board
from cases.models.audit import one_act
from cases.screens.follow_lines import lines_of
from cases.screens.handing import has_to_do_with, holders_of, listed_steps, open_cases_of
from cases.views.entry import get_or_post


@get_or_post
def hand_over(request: HttpRequest) -> HttpResponse:
    """Who owns what is open on a board; of one person, the cases and steps, and the way to hand them over."""
    user = cast(User, request.user)
    asked = request.POST if request.method == "POST" else request.GET
    boards = list(boards_where(user, Right.HAND_OVER))
    if "board" not in asked:
        return render(request, "handing/people.html", {"boards": [(one, holders_of(one)) for one in boards]})
    board = board_or_404(user, asked["board"], Right.HAND_OVER)
    person = User.objects.filter(username=asked.get("person", "")).first()
    if person is None or not has_to_do_with(board, person):
        raise Http404("Nobody of that name owns anything here.")
    if request.method == "POST":
        return handed(request, user, board, person)
    return show(request, board, person)


def show(request: HttpRequest, board: Board, person: User, problem: str = "") -> HttpResponse:
    """One person's open cases and steps."""
    chosen, steps = request.POST.getlist("cases"), request.POST.getlist("steps")
    cases = open_cases_of(board, person).select_related("patient").order_by("pk")
    lines = lines_of(listed_steps(board, person))
    shown = [*cases, *(line.case for line in lines)]
    log_list(by=cast(User, request.user), page="hand-over", cases=shown, board=board)
    context = {
        "board": board,
        "person": person,
        "name": person.get_full_name() or person.get_username(),
        "cases": [(case, not chosen or str(case.uid) in chosen) for case in cases],
        "steps": [(line, not steps or str(line.item.pk) in steps) for line in lines],
        "people": [one for one in people_where(board, Right.ENTER) if one != person],
        "problems": [("id_to", problem)] if problem else [],
    }
    return render(request, "handing/person.html", context, status=422 if problem else 200)


def handed(request: HttpRequest, user: User, board: Board, person: User) -> HttpResponse:
    """Hand over the cases and steps that are ticked, and back to who owns what."""
    to = person_where(board, Right.ENTER, request.POST.get("to", ""))
    try:
        cases = {UUID(one) for one in request.POST.getlist("cases")}
        steps = {int(one) for one in request.POST.getlist("steps")}
    except ValueError:
        raise Http404("No such case.") from None
    if to is None:
        return show(request, board, person, "Choose a member of this board who may enter cases.")
    if not cases and not steps:
        return show(request, board, person, "Tick at least one case or step.")
    try:
        with one_act():
            number = hand_over_cases(by=user, board=board, owner=person, to=to, cases=cases)
            number_of_steps = hand_over_steps(by=user, board=board, holder=person, to=to, steps=steps)
    except ValidationError as error:
        return show(request, board, person, " ".join(error.messages))
    name = to.get_full_name() or to.get_username()
    messages.success(
        request, f"Handed to {name}: {counted(number, 'case')} and {counted(number_of_steps, 'step')}."
    )
    return redirect("cases:hand_over")


def counted(number: int, noun: str) -> str:
    """ "1 case", "3 cases"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
