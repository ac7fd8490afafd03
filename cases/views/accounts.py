"""The accounts of a board's people, for its administrator: made, closed, helped when locked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cases.access import ROLE_RIGHTS, board_or_404
from cases.actions.accounts import Act, change_account, make_account, out_of_reach
from cases.choices import Right, Role
from cases.forms.boards import NewPersonForm
from cases.models import Board, Membership
from cases.views.entry import get_or_post
from cases.views.problems import take_errors
from config.authentication import FACTORS, key_of
from config.limits import closed
from config.models import WrongTries
from config.reauthentication import proven_until
from config.sessions import end_sessions_of

SAID = {
    Act.CLOSED: "The account is closed, and every session of it has ended.",
    Act.OPENED: "The account is open again.",
    Act.FACTORS: "The second factors are removed. Who they were of is asked for none until they set one up.",
    Act.SESSIONS: "Every session of this person has ended.",
    Act.LIFTED: "The lock is lifted.",
}


def ask_who_it_is(request: HttpRequest) -> None:
    """Before a change of roles or accounts its author says once more who they are; the form then goes on."""
    if request.method == "POST" and proven_until(request) is None:
        raise ReauthenticationRequired


@get_or_post
def new_person(request: HttpRequest, slug: str) -> HttpResponse:
    """Make an account for somebody of the board; show the link with which they set their password."""
    user = cast(User, request.user)
    board = board_or_404(user, slug, Right.ADMINISTER)
    ask_who_it_is(request)
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            person = make_account(by=user, board=board, **form.cleaned_data)
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, "The account is made. Give its person the link below.")
            return show_person(request, board, person, link=link_for(request, person))
    context = {"board": board, "form": form, "problems": form.problems() if form.is_bound else []}
    return render(request, "board/new_person.html", context, status=422 if form.errors else 200)


@get_or_post
def account(request: HttpRequest, slug: str, person: int) -> HttpResponse:
    """The account of one of the board's people, and what its administrator may do to it."""
    user = cast(User, request.user)
    board = board_or_404(user, slug, Right.ADMINISTER)
    found = Membership.objects.filter(board=board, user=person).select_related("user").first()
    if found is None:
        raise Http404("No such person on this board.")
    if request.method != "POST":
        return show_person(request, board, found.user)
    ask_who_it_is(request)
    if request.POST.get("act") not in set(Act):
        return show_person(request, board, found.user, problem="Choose what to do.")
    act = Act(request.POST["act"])
    try:
        done = change_account(
            by=user, board=board, user=found.user, act=act, effect=effect_of(act, found.user, request)
        )
    except ValidationError as error:
        return show_person(request, board, found.user, problem=" ".join(error.messages))
    if act is Act.LINK:
        return show_person(request, board, found.user, link=done)
    messages.success(request, SAID[act])
    return redirect("cases:account", slug=board.slug, person=found.user.pk)


def effect_of(act: Act, person: User, request: HttpRequest) -> Callable[[], Any]:
    """What is done to the account itself."""
    effects: Mapping[Act, Callable[[], Any]] = {
        Act.LINK: lambda: link_for(request, person),
        Act.CLOSED: lambda: switch(person, active=False),
        Act.OPENED: lambda: switch(person, active=True),
        Act.FACTORS: lambda: (Authenticator.objects.filter(user=person).delete(), end_sessions_of(person)),
        Act.SESSIONS: lambda: end_sessions_of(person),
        Act.LIFTED: lambda: WrongTries.objects.filter(user=person).delete(),
    }
    return effects[act]


def switch(person: User, *, active: bool) -> None:
    """Closing ends every session, as config.sessions sees to."""
    person.is_active = active
    person.save(update_fields=["is_active"])


def link_for(request: HttpRequest, person: User) -> str:
    """Where the person sets a password, once and within a day. No log holds the secret in its query."""
    return request.build_absolute_uri(f"{reverse('first_password')}?key={key_of(person)}")


def show_person(
    request: HttpRequest, board: Board, person: User, *, link: str = "", problem: str = ""
) -> HttpResponse:
    """`link`: the one that has just been made; `problem`: why nothing was done."""
    factors = Authenticator.objects.filter(user=person, type__in=FACTORS)
    context = {
        "board": board, "person": person, "link": link, "problem": problem,
        "out_of_reach": out_of_reach(cast(User, request.user), person),
        "factors": [str(held) for held in factors],
        "sessions": len(UserSession.objects.purge_and_list(person)),
        "locks": closed().filter(user=person),
        "acts": {act.name: act.value for act in Act},
    }  # fmt: skip
    return render(request, "board/account.html", context, status=422 if problem else 200)


@require_GET
def locks(request: HttpRequest, slug: str) -> HttpResponse:
    """Who of the board is locked out somewhere by wrong passwords or codes, where and until when."""
    board = board_or_404(cast(User, request.user), slug, Right.ADMINISTER)
    rows = closed().filter(user__memberships__board=board).select_related("user").order_by("-last_at")
    return render(request, "board/locks.html", {"board": board, "locks": rows})


@require_GET
def rights(request: HttpRequest, slug: str) -> HttpResponse:
    """What each role may do on a board."""
    board = board_or_404(cast(User, request.user), slug, Right.ADMINISTER)
    roles = [(role.label, [(right.label, right in ROLE_RIGHTS[role]) for right in Right]) for role in Role]
    return render(request, "board/rights.html", {"board": board, "roles": roles})
