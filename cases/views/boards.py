"""Boards for their people: what each has set, who belongs to it; changed by its administrators."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, dumps, loads
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from cases.access import board_or_404, may, rights_of
from cases.actions.boards import BoardChanged, change_board, settings_of
from cases.actions.membership import remove_membership, set_membership
from cases.choices import Right, Role
from cases.forms.base import Column
from cases.forms.boards import PersonForm, SettingsForm
from cases.models import Board, Membership
from cases.views.accounts import ask_who_it_is
from cases.views.entry import get_or_post
from cases.views.problems import take_errors

SALT = "board settings as shown"


@require_GET
def boards(request: HttpRequest) -> HttpResponse:
    """The person's boards, with their roles there, and the ways to what they may do for the board as such."""
    user = cast(User, request.user)
    mine = Membership.objects.filter(user=user).select_related("board").order_by("board__name")
    lines = [(one.board, labels_of(one), rights_of(one)) for one in mine]
    others = Board.objects.filter(shows_figures=True).exclude(memberships__user=user) if lines else ()
    return render(request, "board/boards.html", {"lines": lines, "others": others})


def labels_of(membership: Membership) -> list[str]:
    """The roles in words."""
    labels = [Role(role).label for role in membership.roles]
    return [*labels, "may sign"] if membership.may_sign else labels


@get_or_post
def board_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Disciplines, quorum, limits and guideline of a board."""
    user = cast(User, request.user)
    board = board_or_404(user, slug, Right.ADMINISTER)
    stored = settings_of(board)
    if request.method != "POST":
        return show_settings(request, board, SettingsForm(initial=stored), stored)
    form = SettingsForm(request.POST, initial=stored)
    shown = shown_in(request)
    if shown is None:
        form.add_error(
            None, "This page does not know what it showed; the settings stand below as they are now."
        )
    if not form.is_valid() or shown is None:
        return show_settings(request, board, form, shown or stored, status=422)
    try:
        change_board(by=user, board=board, wanted=form.cleaned_data, shown=shown)
    except BoardChanged as changed:
        return show_settings(
            request, board, form, settings_of(changed.stored), status=409, both=changed.names
        )
    except ValidationError as error:
        take_errors(form, error)
        return show_settings(request, board, form, shown, status=422)
    messages.success(request, "The settings are stored.")
    return redirect("cases:board_settings", slug=board.slug)


def shown_in(request: HttpRequest) -> dict[str, Any] | None:
    """The settings that the form began with, as the page itself signed them."""
    try:
        told: dict[str, Any] = loads(request.POST.get("shown", ""), salt=SALT)
    except BadSignature:
        return None
    return {name: _typed(name, value) for name, value in told.items()}


def _typed(name: str, value: Any) -> Any:
    return cast(Column, Board._meta.get_field(name)).to_python(value)


def show_settings(
    request: HttpRequest,
    board: Board,
    form: SettingsForm,
    shown: dict[str, Any],
    *,
    status: int = 200,
    both: tuple[str, ...] = (),
) -> HttpResponse:
    """The page. `both`: settings that somebody else changed meanwhile; `shown` has what they are now."""
    told = {
        name: value if isinstance(value, list | int | str | None) else str(value)
        for name, value in shown.items()
    }
    context = {
        "board": board, "form": form, "shown": dumps(told, salt=SALT),
        "theirs": [(form[name].label, in_words(shown[name])) for name in both],
        "problems": form.problems() if status == 422 else [],
        "may_enter": may(cast(User, request.user), board, Right.ENTER),
    }  # fmt: skip
    return render(request, "board/settings.html", context, status=status)


def in_words(value: Any) -> str:
    """A setting as it reads."""
    return (
        ", ".join(value) if isinstance(value, list) else str(value) if value not in (None, "") else "not set"
    )


@get_or_post
def board_people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who belongs to a board and as what; one of them, or somebody new, in the form."""
    user = cast(User, request.user)
    board = board_or_404(user, slug, Right.ADMINISTER)
    if request.method != "POST":
        return show_people(request, board, PersonForm(initial=said_of(board, request.GET.get("person", ""))))
    ask_who_it_is(request)
    form = PersonForm(request.POST)
    if "remove" in request.POST:
        form.fields["role"].required = False
    if not form.is_valid():
        return show_people(request, board, form, status=422)
    person = form.cleaned_data["username"]
    try:
        said = store(user, board, person, form, remove="remove" in request.POST)
    except ValidationError as error:
        take_errors(form, error)
        return show_people(request, board, form, status=422)
    messages.success(request, said)
    if person == user:  # who gives up administering has no way back to this page
        return redirect("cases:boards")
    return redirect("cases:board_people", slug=board.slug)


def store(user: User, board: Board, person: User, form: PersonForm, *, remove: bool) -> str:
    """Set or remove the membership; what was done, in words."""
    name = person.get_full_name() or person.get_username()
    if remove:
        remove_membership(by=user, board=board, user=person)
        return f"{name} is no longer on this board."
    data = form.cleaned_data
    stored = set_membership(
        by=user,
        board=board,
        user=person,
        role=data["role"],
        may_sign=data["may_sign"],
        further_roles=data["further_roles"],
    )
    return f"{name}: {', '.join(labels_of(stored)).lower()}."


def said_of(board: Board, username: str) -> dict[str, Any]:
    """What the form begins with: what the person named is on the board; nothing for anybody else."""
    found = Membership.objects.filter(board=board, user__username=username).first()
    if found is None:
        return {}
    return {
        "username": username, "role": found.role, "further_roles": found.further_roles,
        "may_sign": found.may_sign,
    }  # fmt: skip


def show_people(request: HttpRequest, board: Board, form: PersonForm, *, status: int = 200) -> HttpResponse:
    """The members by name, and the form."""
    members = Membership.objects.filter(board=board).select_related("user")
    members = members.order_by("user__last_name", "user__first_name", "user__username")
    context = {
        "board": board, "form": form, "lines": [(one.user, labels_of(one)) for one in members],
        "chosen": form["username"].value(),
        "problems": form.problems() if form.is_bound else [],
    }  # fmt: skip
    return render(request, "board/people.html", context, status=status)
