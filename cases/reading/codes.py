"""Coded values: one of a list, in any case."""

from collections.abc import Iterable

from cases.reading.characters import as_it_looks
from cases.reading.written import AsWritten, Unreadable, words_of


def read_code(written: object, codes: Iterable[str]) -> AsWritten[str]:
    """The one of `codes` that was written, in whatever case, as it stands in `codes`; "" is null. Raises
    `Unreadable`, naming the codes."""
    known = {code.casefold(): code for code in codes}
    allowed = ", ".join(known.values())
    words = words_of(written, allowed)
    text = as_it_looks(words).casefold()
    if not text:
        return AsWritten(None, "")
    if text not in known:
        raise Unreadable(written, "no such value", allowed)
    return AsWritten(known[text], words)
