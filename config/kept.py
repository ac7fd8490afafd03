"""What somebody typed survives the end of their session, for them and for nobody else.

A form that arrives after its session has ended is kept as an encrypted row. The log-in page around it knows a
token and nothing more. Once its writer has logged in again, the form is shown to them; sent on, the token is
exchanged for the fields, once, and the form passes every check that it would have passed before. Whoever else
logs in on that page gets nothing: the form is dropped, and its writer is told at their next log-in.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import user_logged_in
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest, QueryDict
from django.urls import ResolverMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format

from config.models import KEPT_FOR, KeptFile, KeptForm
from config.sealing import seal, unseal

FIELD = "kept"  # the field that carries the token
APP = "cases"  # whose forms are kept; those of accounts and of the administration stand elsewhere
NEVER = {"cases:sign"}  # a signature is given now, or not at all
LEFT_OUT = {"csrfmiddlewaretoken", FIELD}
UNSEEN = {"item", "version", "then", "fill", "take_back", "find", "take"}  # fields that nobody types
NO_TOKEN = UUID(int=0)
MOST = 10  # rows of one person; the oldest make room

WORDS = {
    "case": "referral",
    "discard": "discarding the draft",
    "item": "entry",
    "new_item": "new entry",
    "part": "newest entry",
    "remove": "removal",
    "schedule": "agenda",
    "step": "next step",
    "supersede": "new decision",
}  # for addresses whose own name does not say what is typed there


@dataclass(frozen=True)
class Typed:
    """What was typed: where it was going, its fields in order, and the page of the case that it is about."""

    path: str
    fields: tuple[tuple[str, str], ...]
    case: str = ""

    def posted(self) -> QueryDict:
        """The fields as they would have arrived."""
        return QueryDict(urlencode(self.fields))

    def lines(self) -> Iterator[tuple[str, str]]:
        """What somebody recognizes it by: the fields that say something, with words for their names."""
        for name, value in self.fields:
            if value.strip() and name not in UNSEEN:
                yield name.replace("_", " ").replace("-", " ").capitalize(), value


# --- What is kept -----------------------------------------------------------------------------------


def may_be_kept(match: ResolverMatch | None) -> bool:
    """Whether forms of this address are kept at all."""
    return match is not None and match.app_name == APP and match.view_name not in NEVER


def typed_in(request: HttpRequest) -> Typed | None:
    """What was typed into the form of a request; None where there is nothing that may be kept."""
    match = request.resolver_match
    if request.method != "POST" or match is None or not may_be_kept(match):
        return None
    if request.FILES or any("password" in name for name in request.POST):
        return None
    fields = tuple(
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if name not in LEFT_OUT
    )
    case = reverse(f"{APP}:case", args=[match.kwargs["uid"]]) if "uid" in match.kwargs else ""
    return Typed(request.get_full_path(), fields, case) if fields else None


def words_of(match: ResolverMatch) -> str:
    """What a form is, said by its address."""
    name = match.url_name or ""
    words = WORDS.get(name, name.replace("_", " "))
    part = match.kwargs.get("part")
    return f"{part}: {words}".capitalize() if part else words.capitalize()


# --- Rows -------------------------------------------------------------------------------------------


def keep(request: HttpRequest, typed: Typed, owner: User) -> KeptForm:
    """Keep a form for its writer; sent twice, it is kept once."""
    KeptForm.objects.outdated().delete()
    same = [row.pk for row, held in offers_to(owner) if held == typed]
    KeptForm.objects.filter(pk__in=same).delete()
    row = KeptForm(owner=owner, what=_what(request))
    row.sealed = seal(json.dumps([owner.pk, str(row.token), typed.path, typed.fields, typed.case]))
    row.save()
    _make_room(owner)
    return row


def leave_note(request: HttpRequest, owner: User) -> None:
    """A form that somebody else has sent is not kept; its writer is told so."""
    KeptForm.objects.create(owner=owner, what=_what(request), dropped=True)
    _make_room(owner)


def opened(row: KeptForm) -> Typed | None:
    """What a row holds; None when it is too old, or was sealed by no key of ours for this very row."""
    text = unseal(row.sealed, KEPT_FOR)
    if text is None:
        return None
    owner, token, path, fields, case = json.loads(text)
    if (owner, token) != (row.owner_id, str(row.token)):
        return None
    return Typed(path, tuple((name, value) for name, value in fields), case)


def is_kept(token: str) -> bool:
    """Whether a form waits under this token."""
    return KeptForm.objects.readable().filter(token=_parsed(token)).exists()


def has_kept(user: User) -> bool:
    """Whether a form waits for this person."""
    return KeptForm.objects.readable().filter(owner=user).exists()


def offers_to(user: User) -> list[tuple[KeptForm, Typed]]:
    """The forms kept for this person, the newest first."""
    rows = KeptForm.objects.readable().filter(owner=user)
    return [(row, typed) for row in rows if (typed := opened(row))]


def claim(user: User, token: str, path: str) -> Typed | None:
    """Take a form out, for the address that it was going to; None when it is not there, or no longer."""
    mine = KeptForm.objects.readable().filter(owner=user, token=_parsed(token))
    row = mine.first()
    typed = opened(row) if row else None
    if typed is None or typed.path != path or not mine.delete()[0]:
        return None
    return typed


def discard(user: User, token: str) -> None:
    """The writer does not want it any more."""
    KeptForm.objects.filter(owner=user, token=_parsed(token)).delete()


@receiver(user_logged_in)
def settle(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """At a log-in: drop what is too old, and what this page held for somebody else; tell what was dropped."""
    KeptForm.objects.outdated().delete()
    KeptFile.objects.outdated().delete()
    token = _parsed(request.POST.get(FIELD, "") or request.session.pop(FIELD, ""))
    KeptForm.objects.readable().filter(token=token).exclude(owner=user).drop()
    if not hasattr(request, "_messages"):  # no page follows that could say it
        return
    for note in KeptForm.objects.notes_for(user):
        when = date_format(timezone.localtime(note.kept_at), "d-M-Y, H:i")
        messages.warning(
            request,
            f"{note.what}, {when}: what you typed after your session had ended was not saved and is deleted, "
            "because somebody else was logged in at that screen. Please enter it again.",
        )
        note.delete()


def hold_token(request: HttpRequest) -> None:
    """Remember across the steps of a log-in which form the page was about."""
    if request.POST.get(FIELD):
        request.session[FIELD] = request.POST[FIELD]


def _what(request: HttpRequest) -> str:
    match = request.resolver_match
    return words_of(match)[:100] if match else ""


def _make_room(owner: User) -> None:
    surplus = KeptForm.objects.filter(owner=owner).values_list("pk", flat=True)[MOST:]
    KeptForm.objects.filter(pk__in=list(surplus)).delete()


def _parsed(token: str) -> UUID:
    try:
        return UUID(token)
    except ValueError:
        return NO_TOKEN
