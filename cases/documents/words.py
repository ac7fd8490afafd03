"""Text as a document may show it: harmless characters, bounded length, dates in one form."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils import timezone

from cases.documents.fonts import printable_text
from cases.reading import PartialDate

# What typesetting trips over or a reader is misled by: controls, and marks that reverse the text after them.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_BLANKS = re.compile(r"[ \t]+")
_EMPTY_LINES = re.compile(r"\n\s*\n\s*(\n\s*)*")


def clean(text: str, limit: int = 600) -> str:
    """`text` without harmful characters, at most `limit` of it, and a note where some was left out.

    A character that no font has is named.
    """
    read = text[: 4 * limit].replace("\r\n", "\n").replace("\r", "\n")
    shown = printable_text(_EMPTY_LINES.sub("\n\n", _BLANKS.sub(" ", _HARMFUL.sub("", read))).strip())
    if len(shown) <= limit and len(text) <= 4 * limit:
        return shown
    cut = shown[:limit].rsplit(" ", 1)[0] if " " in shown[limit // 2 : limit] else shown[:limit]
    return f"{cut.rstrip()} … [shortened; the record has the whole text of {len(text):,} characters]"


def in_line(text: str, limit: int = 300) -> str:
    """The same without line breaks."""
    return " ".join(clean(text, limit).split())


def day_of(value: date | PartialDate | None) -> str:
    """ "05-Mar-2026", or "Mar 2026" of a day that is not known; "" if there is none."""
    return str(PartialDate.of(value) if isinstance(value, date) else value or "")


def moment(at: datetime) -> str:
    """A moment in the board's time."""
    return f"{timezone.localtime(at):%d-%b-%Y %H:%M}"


def joined(*parts: str, by: str = ", ") -> str:
    """The parts that say something."""
    return by.join(part for part in parts if part)
