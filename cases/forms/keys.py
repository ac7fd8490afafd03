"""The keys of the pages of a case: one list, from which the pages and the list under "?" are made.

A key presses the control of the page that names it (`aria-keyshortcuts`), while nobody is typing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageKey:
    """One key, as it is pressed, and what it does."""

    key: str
    does: str

    def __str__(self) -> str:
        return self.key


PLACES = "12345678"
"""Of the parts of a case, in their order, and of its decision."""

BLOCKS = "xyz"
"""Of the first, second and third block of a page that one act answers."""

ACTS: Mapping[str, PageKey] = {
    "save": PageKey("s", "Save this entry"),
    "next": PageKey("n", "Save, next part"),
    "another": PageKey("a", "Save and another entry"),
    "add": PageKey("e", "Add an entry of this part"),
    "copy": PageKey("c", "Copy an entry as a start"),
    "take": PageKey("t", "Take the next proposal from a pasted report"),
    "undo": PageKey("u", "Undo the save just made"),
    "keys": PageKey("?", "Show these keys"),
}

ANSWERING = tuple(
    PageKey(key, f"{nth} of the page’s “all negative”, “none of these”")
    for key, nth in zip(BLOCKS, ("First", "Second", "Third"), strict=True)
)
