"""What two libraries work out anew each time, and is the same each time.

The parser of HTML means to keep the pattern for each set of characters, but keeps it under the wrong key and
so finds none: 3 % of a handout. WeasyPrint asks pydyf for the addresses of all pages to take the one of a
tag or a link, for each of these: 9 % of a packet of forty cases, more than twice as much for twice as many.
"""

from __future__ import annotations

import re
from typing import Any

import pydyf
from tinyhtml5 import inputstream

_all_references = pydyf.PDF.page_references.fget


class Patterns(dict[tuple[Any, bool], re.Pattern[str]]):
    """For some characters, and whether these are wanted or all others: the pattern of a run of them."""

    def __missing__(self, key: tuple[Any, bool]) -> re.Pattern[str]:
        characters, wanted = key
        listed = "".join(f"\\x{ord(character):02x}" for character in characters)
        made = self[key] = re.compile(f"[{'' if wanted else '^'}{listed}]+")
        return made


def work_out_once() -> None:
    """From here on, in this process."""
    inputstream.characters_until_regex = Patterns()
    pydyf.PDF.page_references = property(_page_references)


def _page_references(pdf: Any) -> tuple[bytes, ...]:
    """The addresses of its pages, kept with the document as long as no page is added."""
    count, found = vars(pdf).get("page_addresses", (None, ()))
    if count != pdf.pages["Count"]:
        count, found = pdf.page_addresses = pdf.pages["Count"], _all_references(pdf)
    return found
