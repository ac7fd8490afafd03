"""What small forms carry."""

from django.http import HttpRequest

LONGEST_VERSION = 9  # digits


def posted_version(request: HttpRequest) -> int | None:
    """The version of what was shown; None where there was nothing yet, or what was sent is no version."""
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) <= LONGEST_VERSION else None
