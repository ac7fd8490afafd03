"""Who may log in."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet

DEMO_GROUP = "demo"


def demo_users() -> QuerySet[User]:
    """Accounts that came with the demonstration data; their passwords are published."""
    return User.objects.filter(groups__name=DEMO_GROUP)


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
