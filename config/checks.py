"""System checks for a deployment."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from config.authentication import demo_users


@register(Tags.security, deploy=True)
def no_demo_accounts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An error where production's database holds accounts whose passwords are published."""
    if settings.DEMO:
        return []
    try:
        count = demo_users().count()
    except DatabaseError:  # not migrated, or out of reach: nothing there to find yet
        return []
    if not count:
        return []
    return [
        Error(
            f"{count} demonstration account(s) exist in a production database.",
            hint="Their passwords are published. Start production with an empty database, or delete the "
            "members of the group 'demo'. Until then their log-in is refused.",
            id="config.E001",
        )
    ]
