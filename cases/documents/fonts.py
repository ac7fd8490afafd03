"""The fonts that documents embed, and what none of them has.

A document depends on no font of the machine: Latin, Greek, Cyrillic and Vietnamese are set in Plex, Arabic,
Hebrew, Hangul, Han and Kana in Noto. What is left prints as its name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

FOLDER = "vendor/fonts"
# In the order in which the sheet tries them (static/css/print.css).
FILES = (
    "IBMPlexSans_400Regular.ttf",
    "NotoSansArabic_400Regular.ttf",
    "NotoSansHebrew_400Regular.ttf",
    "NotoSansKR_400Regular.otf",
    "NotoSansSC_400Regular.otf",
)
# What is laid out and has no shape of its own: blanks, line breaks, joiners, marks of direction, variants.
WITHOUT_SHAPE = frozenset("\t\n\r\u00ad\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\ufeff").union(
    map(chr, range(0xFE00, 0xFE10))
)
AROUND = 20  # characters
_noticed: ContextVar[dict[str, str] | None] = ContextVar("noticed", default=None)
FIRST_UNSURE = 0x0180  # all letters before it are Plex's; nearly every text ends here


def printable_text(text: str) -> str:
    """The text with each character that no font has as its name: "[Linear B Syllable B008 A]"."""
    if not any(ord(character) >= FIRST_UNSURE for character in text):
        return text
    composed = unicodedata.normalize("NFC", text)
    odd = dict.fromkeys(one for one in composed if not is_printable(one))
    found = _noticed.get()
    if odd and found is not None:
        found.update({f"{one} {name_of(one)}": _around(composed, one) for one in odd})
    return "".join(name_of(one) if one in odd else one for one in composed)


@contextmanager
def unprintable_noticed() -> Iterator[dict[str, str]]:
    """What this block names instead of printing: each character with its name, and where it stands."""
    found: dict[str, str] = {}
    token = _noticed.set(found)
    try:
        yield found
    finally:
        _noticed.reset(token)


def _around(text: str, character: str) -> str:
    """The text from a little before the character to a little after it."""
    place = text.index(character)
    return text[max(0, place - AROUND) : place + AROUND].strip()


def is_printable(character: str) -> bool:
    """Whether one of the fonts has the character, or it needs no shape."""
    code = ord(character)
    return code < FIRST_UNSURE or character in WITHOUT_SHAPE or any(code in font for font in coverage())


def name_of(character: str) -> str:
    """Its name in brackets, or its number where it has none."""
    named = unicodedata.name(character, "")
    return f"[{named.capitalize() if named else f'U+{ord(character):04X}'}]"


@lru_cache(maxsize=1)
def coverage() -> tuple[frozenset[int], ...]:
    """For each font the characters it has; read once a process, since a file takes some milliseconds."""
    folder = Path(settings.STATICFILES_DIRS[0]) / FOLDER
    found = []
    for name in FILES:
        with TTFont(folder / name, lazy=True) as font:
            found.append(frozenset(font.getBestCmap()))
    return tuple(found)
