"""What a deferred decision waits for, in the one form that pages and documents use."""

from __future__ import annotations

from datetime import date


def awaited_in_words(awaited: str, awaited_from: str, awaited_by: date | None) -> str:
    """ "Second opinion, from Dr Path, by 21-Dec-2026"; "" where nothing was named."""
    said = [awaited, f"from {awaited_from}" if awaited_from else ""]
    said += [f"by {awaited_by:%d-%b-%Y}"] if awaited_by else []
    return ", ".join(filter(None, said))
