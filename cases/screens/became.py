"""What became of something that a board decided, in words."""

from __future__ import annotations

from cases.actions.following import FollowedItem, standing_events
from cases.choices import StepState
from cases.models import FollowUpItem, NextStep
from cases.models.followed import FollowEvent


def became_in_words(item: FollowedItem) -> str:
    """ "Done 05-Mar-2026", "Done by CT of 05-Mar-2026", "Not done: Toxicity (fever)".

    The events should be prefetched, but of steps and options that are done: only follow-up is done by a
    report that is named.
    """
    if item.state == StepState.OPEN:
        due = item.due_now if isinstance(item, NextStep) else None
        return f"Open, due {due:%d-%b-%Y}" if due else "Open"
    words = str(item.get_state_display())
    if item.state == StepState.DONE and item.done_on:
        last = _last_event(item) if isinstance(item, FollowUpItem) else None
        shown = f"by {last.text} of " if last and last.shown_by and last.text else ""
        return f"{words} {shown}{item.done_on:%d-%b-%Y}"
    last = _last_event(item)
    if last is None or not last.reason:
        return words
    because = f"{words}: {last.get_reason_display()}"
    return f"{because} ({last.text})" if last.text else because


def _last_event(item: FollowedItem) -> FollowEvent | None:
    return next(reversed(standing_events(item.events.all())), None)
