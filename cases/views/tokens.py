"""Tokens for other programs: one's own, and for an administrator those of the board."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cases.access import absent, boards_where
from cases.actions.showing import new_showing
from cases.actions.tokens import make_token, revoke_token
from cases.choices import Right
from cases.forms.tokens import TokenForm
from cases.models import ApiToken
from cases.views.entry import get_or_post
from cases.views.problems import problems_of, take_errors


@get_or_post
def tokens(request: HttpRequest) -> HttpResponse:
    """My tokens; a post makes one, whose secret stands on the page that answers and nowhere else."""
    user = cast(User, request.user)
    if request.method != "POST":
        return show_tokens(request, user, empty_form(user))
    form = TokenForm(request.POST, by=user)
    if not form.is_valid():
        return show_tokens(request, user, form, status=422)
    wanted = form.cleaned_data
    try:
        made, secret = make_token(
            by=user,
            board=wanted["board"],
            name=wanted["name"],
            rights=wanted["rights"],
            days=wanted["days"],
            showing=wanted["showing"],
        )
    except ValidationError as error:
        take_errors(form, error)
        return show_tokens(request, user, form, status=422)
    return show_tokens(request, user, empty_form(user), made=made, secret=secret)


def empty_form(user: User) -> TokenForm:
    """For one more token; sent twice, it makes one."""
    return TokenForm(by=user, initial={"showing": new_showing()})


def show_tokens(
    request: HttpRequest,
    user: User,
    form: TokenForm,
    *,
    status: int = 200,
    made: ApiToken | None = None,
    secret: str = "",
) -> HttpResponse:
    """The page."""
    every = ApiToken.objects.select_related("board", "user", "revoked_by")
    administered = boards_where(user, Right.ADMINISTER)
    context = {
        "form": form,
        "problems": problems_of(form),
        "made": made,
        "secret": secret,
        "mine": every.filter(user=user),
        "others": every.filter(board__in=administered).exclude(user=user),
    }
    return render(request, "exchange/tokens.html", context, status=status)


@require_POST
def revoke(request: HttpRequest, api_token: UUID) -> HttpResponse:
    """End a token."""
    # nosemgrep: a-view-asks-the-door (the action asks whose it is)
    found = ApiToken.objects.select_related("board").filter(uid=api_token).first()
    if found is None:
        absent(request.user, Right.ADMINISTER, of_case=False)
    try:
        revoke_token(by=cast(User, request.user), token=found)
    except PermissionDenied as error:
        raise Http404("No such token.") from error
    messages.success(request, f"The token {found.name} is revoked: it opens nothing any more.")
    return redirect("cases:tokens")
