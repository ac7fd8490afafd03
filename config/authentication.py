"""Who may log in, and with what."""

from hashlib import sha256

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import QuerySet
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.module_loading import import_string

DEMO_GROUP = "demo"
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def demo_users() -> QuerySet[User]:
    """Accounts that came with the demonstration data; their passwords are published."""
    return User.objects.filter(groups__name=DEMO_GROUP)


def lacks_second_factor(user: User) -> bool:
    """Whether the person must have one (`SECOND_FACTOR`) and has none; recovery codes alone are none."""
    if not settings.SECOND_FACTOR_REQUIRED or is_mfa_enabled(user, FACTORS):
        return False
    concerned = settings.SECOND_FACTOR_OF_ALL or user.is_staff
    return concerned or bool(import_string(settings.SECOND_FACTOR_FOR)(user))


@transaction.atomic
def spend(held: Authenticator, code: str) -> bool:
    """Whether an app's code is used for the first time, in whichever process: the next is good only when this
    one's 30 seconds are over. Recovery codes see to it themselves.
    """
    if held.type != Authenticator.Type.TOTP:
        return True
    row = Authenticator.objects.select_for_update().get(pk=held.pk)
    mark = sha256(code.strip().encode()).hexdigest()
    if row.data.get("spent") == mark:
        return False
    row.data["spent"] = mark
    row.save(update_fields=["data"])
    return True


def key_of(person: User) -> str:
    """What a link to a new password carries: good once, for `PASSWORD_RESET_TIMEOUT`, until a log-in."""
    return f"{urlsafe_base64_encode(force_bytes(person.pk))}.{default_token_generator.make_token(person)}"


def person_of_key(key: str) -> User | None:
    """Whose password the link may set; None when it is no longer good, or was never."""
    who, _, token = key.partition(".")
    try:
        person = User.objects.filter(pk=int(urlsafe_base64_decode(who)), is_active=True).first()
    except ValueError:
        return None
    return person if person and default_token_generator.check_token(person, token) else None


class BoardBackend(ModelBackend):
    """Django's own accounts, but for demonstration accounts, which exist for nobody in production.

    Asked at log-in and again at every request, so that a session made elsewhere is no way in either.
    """

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        if not super().user_can_authenticate(user):
            return False
        return (
            settings.DEMO or user is None or user.pk is None or not demo_users().filter(pk=user.pk).exists()
        )

    def get_user(self, user_id: int) -> User | None:
        """The person of one request, whose rights on a board are looked up once while it lasts."""
        user = super().get_user(user_id)
        if user is not None:
            user.rights_by_board = {}  # type: ignore[attr-defined]  # read by cases.access
        return user
