"""What the next page tells: in a cookie of the name that our cookies have."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class NoticesInCookie(CookieStorage):
    """Django's, whose cookie has one name everywhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cookie_name = settings.MESSAGES_COOKIE_NAME


class Notices(FallbackStorage):
    """Those that are too long for a cookie are kept in the session."""

    storage_classes = (NoticesInCookie, SessionStorage)
