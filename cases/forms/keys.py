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

CALLING: Mapping[str, PageKey] = {
    "room": PageKey("h", "In the room, next row"),
    "remote": PageKey("r", "Remote, next row"),
    "": PageKey("a", "Absent, next row"),
}
"""Of the roll call, on the radios of a row, by what they choose."""

PRESENTING: Mapping[str, PageKey] = {
    "next": PageKey("n", "Next case (→ too)"),
    "previous": PageKey("p", "Case before (← too)"),
    "decision": PageKey("d", "Decision"),
    "mask": PageKey("m", "Mask who it is, or show it"),
    "dark": PageKey("b", "White on black, or black on white"),
    "take_up": PageKey("t", "Take the case up"),
    "back": PageKey("Escape", "Back to the meeting"),
}
"""Of the projector."""

FOLLOWING: Mapping[str, PageKey] = {
    "next": PageKey("j", "Next row"),
    "before": PageKey("k", "Row before"),
    "done": PageKey("d", "Mark it done on the day shown"),
    "not_done": PageKey("n", "Not done: choose why"),
    "postpone": PageKey("p", "Postpone it"),
    "undo": PageKey("u", "Take back the last act"),
}
"""Of Follow-through, on the row under the cursor."""

CHOICE_KEYS: Mapping[str, PageKey] = {
    "accepted": PageKey("a", "Accept the option under the cursor"),
    "rejected": PageKey("r", "Reject it"),
    "deferred": PageKey("d", "Defer it"),
}
"""A choice pressed again is taken back."""

MOVES = (
    PageKey("j", "Next option"),
    PageKey("k", "Option before"),
    PageKey("1 to 9", "Go to the option of that number"),
)

HEAD_KEYS: Mapping[str, PageKey] = {
    "intent": PageKey("i", "Intent"),
    "rationale": PageKey("w", "Rationale"),
}

ROW_KEYS: Mapping[str, PageKey] = {
    "own": PageKey("o", "The board's own options"),
    "condition": PageKey("c", "Conditions"),
    "step": PageKey("n", "Next steps"),
    "dissent": PageKey("x", "Dissent"),
    "person": PageKey("h", "Who is here"),
}

LINE_KEYS: Mapping[str, PageKey] = {
    "vote": PageKey("v", "Vote"),
    "trial": PageKey("t", "Trial considered"),
    "wishes": PageKey("p", "Patient's wishes"),
}

DEFER_KEY = PageKey("f", "Defer the case")

DECIDING = (
    *MOVES,
    *CHOICE_KEYS.values(),
    *HEAD_KEYS.values(),
    *ROW_KEYS.values(),
    *LINE_KEYS.values(),
    DEFER_KEY,
    PageKey("s", "Save, and go to signing"),
)
