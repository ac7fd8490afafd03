"""What became of something that a board decided, in words."""

from __future__ import annotations

from cases.choices import StepState
from cases.models import NextStep


def became_in_words(item: NextStep) -> str:
    """ "Done 05-Mar-2026", "Not done: Toxicity (fever)", "Open, due 05-Mar-2026"; its events should be
    prefetched.
    """
    if item.state == StepState.OPEN:
        return f"Open, due {item.due_now:%d-%b-%Y}" if item.due_now else "Open"
    words = str(item.get_state_display())
    if item.state == StepState.DONE and item.done_on:
        return f"{words} {item.done_on:%d-%b-%Y}"
    last = max(item.events.all(), key=lambda event: (event.at, event.pk), default=None)
    if last is None or not last.reason:
        return words
    because = f"{words}: {last.get_reason_display()}"
    return f"{because} ({last.text})" if last.text else because
