"""What stands on top of every page, drawn once for each person and place: looking up its addresses took as
long as the rest of a page's frame.
"""

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import ResolverMatch
from django.utils.safestring import SafeString

from cases.screens.drawn_once import drawn_once, with_token

register = template.Library()

PAGES = {"cases:worklist": "worklist", "cases:meetings": "meetings", "cases:steps": "steps"}
OF_MEETINGS = ("cases:new_meeting", "cases:readiness")


@register.simple_tag(takes_context=True)
def site_header(context: Mapping[str, Any]) -> SafeString:
    """The main links, the one where the reader is marked, and the reader's own menu."""
    user, match = context["user"], context["request"].resolver_match
    section, current = section_of(match) if match else ("", "")
    shown = {
        "name": user.get_full_name() or user.get_username(),
        "initials": f"{user.first_name[:1]}{user.last_name[:1] or 'Me'}",
        "is_staff": user.is_staff,
        "section": section,
        "current": current,
    }
    return with_token(context, drawn_once("components/site_header.html", tuple(shown.values()), shown))


def section_of(match: ResolverMatch) -> tuple[str, str]:
    """The main link that an address belongs to, and what `aria-current` says of it: "page" on that page
    itself, "true" below it; both empty for what belongs to none.
    """
    if match.view_name in PAGES:
        return PAGES[match.view_name], "page"
    if "meeting" in match.kwargs or match.view_name in OF_MEETINGS:
        return "meetings", "true"
    return ("guideline", "true") if match.app_name == "guidelines" else ("", "")
