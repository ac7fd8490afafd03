"""Whose page a form came from. Asked when nobody, or somebody else, is logged in by the time it arrives.

Every log-in begins a new CSRF secret, and every form carries that secret, masked. So each page of somebody
who is logged in leaves a signed note in the browser: this secret was theirs. The session's own cookie cannot
tell: the first answer after the end takes it away, and the next log-in replaces it. Pages that are shown to
nobody get a secret of their own, so that nothing sent from them counts as somebody's.
"""

from hashlib import sha256

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import (  # type: ignore[attr-defined]  # Django has no public way to the secret
    CSRF_TOKEN_LENGTH,
    InvalidTokenFormat,
    _check_token_format,
    _unmask_cipher_token,
    rotate_token,
)

SALT = "config.owner"
MOST = 10  # log-ins that a browser remembers; of an older one's page the owner is no longer known

Note = tuple[str, int]  # the digest of a log-in's secret, and whose log-in it was


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Note on the browser that this page's forms belong to who is logged in; nothing where it is noted."""
    secret = request.META.get("CSRF_COOKIE")
    if not secret or not request.user.is_authenticated:
        return
    notes = _notes(request)
    note = (_digest(secret), request.user.pk)
    if note in notes:
        return
    response.set_cookie(
        settings.PAGE_OWNERS_COOKIE_NAME,
        signing.dumps([*notes, note][-MOST:], salt=SALT),
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def part_from_owner(request: HttpRequest) -> None:
    """Begin a new secret where nobody is logged in any more and the browser's is noted as somebody's."""
    secret = request.META.get("CSRF_COOKIE", "")
    if not request.user.is_authenticated and any(digest == _digest(secret) for digest, _ in _notes(request)):
        rotate_token(request)
        request.COOKIES.pop(settings.CSRF_COOKIE_NAME, None)  # Django's log-in view would read it once more


def owner_of(request: HttpRequest) -> User | None:
    """The person whose page a form was on whose token is in order: it masks the browser's own secret."""
    return _noted(request, request.META.get("CSRF_COOKIE", ""))


def owner_of_stale(request: HttpRequest) -> User | None:
    """The person whose page a form was on whose token is an older log-in's."""
    return _noted(request, _secret(request.POST.get("csrfmiddlewaretoken", "")))


def _noted(request: HttpRequest, secret: str) -> User | None:
    """Whose secret it is; None when it is nobody's, or cannot be told."""
    owners = {owner for digest, owner in _notes(request) if digest == _digest(secret)}
    if len(owners) != 1:
        return None
    return User.objects.filter(pk=owners.pop(), is_active=True).first()


def _notes(request: HttpRequest) -> list[Note]:
    try:
        noted = request.COOKIES.get(settings.PAGE_OWNERS_COOKIE_NAME, "")
        return [(digest, owner) for digest, owner in signing.loads(noted, salt=SALT)]
    except signing.BadSignature:
        return []


def _secret(token: str) -> str:
    """The secret under a form's token; "" for what is no token."""
    try:
        _check_token_format(token)
    except InvalidTokenFormat:
        return ""
    unmasked: str = _unmask_cipher_token(token) if len(token) == CSRF_TOKEN_LENGTH else token
    return unmasked


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()[:32]
