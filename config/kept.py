"""What somebody typed survives the end of their session.

A form that is sent after the session has ended is not thrown away: the log-in page carries it along, signed,
and after the log-in its fields stand on a page that sends them once more. Nothing is stored on the server
meanwhile, passwords are left out, and the form then passes every check that it would have passed before.
"""

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest

SALT = "config.kept"
MAX_AGE = 12 * 3600  # seconds; a form older than a working day is no longer what its writer means to send
LEFT_OUT = ("csrfmiddlewaretoken", "password")  # also new_password1 and the like


@dataclass(frozen=True)
class KeptForm:
    """A form that was sent without a session: where it was going, and its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]

    def sealed(self) -> str:
        """Text for a hidden field; only this installation can have made it."""
        return signing.dumps({"path": self.path, "fields": self.fields}, salt=SALT, compress=True)


def kept_from(request: HttpRequest) -> KeptForm | None:
    """The form in a request, or None where there is nothing to keep."""
    if request.method != "POST":
        return None
    fields = tuple(
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if not any(word in name for word in LEFT_OUT)
    )
    return KeptForm(path=request.get_full_path(), fields=fields) if fields else None


def unsealed(text: str) -> KeptForm | None:
    """The form inside a sealed text; None when it is not ours or too old."""
    if not text:
        return None
    try:
        held = signing.loads(text, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    return KeptForm(path=held["path"], fields=tuple((name, value) for name, value in held["fields"]))
