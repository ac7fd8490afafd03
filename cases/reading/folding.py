"""Record numbers, laboratory numbers and names: kept as entered, compared and searched folded.

Folded means: NFKC, no capitals, and blanks, dashes and apostrophes of no account. What is folded is a key to
compare by, never something to show.
"""

import re
from dataclasses import dataclass
from unicodedata import category, combining, normalize

from cases.reading.characters import as_it_looks, tidy
from cases.reading.written import AsWritten, Unreadable, words_of

NUMBER_ALLOWED = "letters and digits, with blanks, dashes and other signs between them"
NAME_ALLOWED = "a name as its bearer writes it, with at least one letter or digit"

# Letters that carry their mark inside: Unicode does not take these apart.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t"}
)
# Combining classes of marks that are part of a letter (Indic vowel signs, kana's voicing), not accents.
_NO_ACCENTS = frozenset({0, 7, 8, 9})


@dataclass(frozen=True, slots=True)
class FoldedName:
    """`compared`: two names of one person are the same if this is; accents count. `searched`: the words to
    search in, without accents, one blank between them."""

    compared: str
    searched: str


def fold_number(text: str) -> str:
    """The key of a record or laboratory number: MRN-777, mrn 777, Mrn777 are one. "" if nothing is left."""
    return normalize("NFC", re.sub("[ '-]", "", _small(text)))


def near_numbers(folded: str) -> frozenset[str]:
    """The folded numbers one edit away: a sign more, less or other, or two neighbors exchanged. Signs put in
    are the digits, the plain letters, and what the number has itself."""
    cuts = [(folded[:at], folded[at:]) for at in range(len(folded) + 1)]
    signs = sorted({*"0123456789abcdefghijklmnopqrstuvwxyz", *folded})
    less = {left + right[1:] for left, right in cuts if right}
    other = {left + sign + right[1:] for left, right in cuts if right for sign in signs}
    more = {left + sign + right for left, right in cuts for sign in signs}
    exchanged = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    return frozenset((less | other | more | exchanged) - {"", folded})


def fold_name(text: str) -> str:
    """The key to compare a name by: capitals, apostrophes and the kind of blank or dash do not matter,
    accents and the order of names do."""
    looks = normalize("NFC", _small(text).replace("'", ""))
    return " ".join(looks.replace("-", " ").split())


def _small(text: str) -> str:
    """The text as it looks, without capitals; folding its case may take a letter apart, so it looks twice."""
    return as_it_looks(as_it_looks(text).casefold())


def search_words(text: str) -> tuple[str, ...]:
    """The words of a name or of a search, in their order, without accents, capitals and punctuation: "Dup,
    Eins" → dup, eins. A name is found if each word of the search stands in its own."""
    apart = normalize("NFD", fold_name(text))
    bare = "".join(sign for sign in apart if combining(sign) in _NO_ACCENTS)
    bare = normalize("NFC", bare).translate(_PLAIN_LETTERS)
    return tuple("".join(sign if category(sign)[0] in "LMN" else " " for sign in bare).split())


def read_number(written: object) -> AsWritten[str]:
    """A record or laboratory number: its words tidied (a run of blanks is one, nothing invisible), its value
    folded. Raises `Unreadable` if it has neither letters nor digits."""
    words = tidy(words_of(written, NUMBER_ALLOWED))
    if not as_it_looks(words):
        return AsWritten(None, "")
    folded = fold_number(words)
    if not any(sign.isalnum() for sign in folded):
        raise Unreadable(written, "neither letters nor digits", NUMBER_ALLOWED)
    return AsWritten(folded, words)


def read_name(written: object) -> AsWritten[FoldedName]:
    """A surname, given names, or a single name: its words tidied, order, capitals and accents as entered.
    Raises `Unreadable` if it has neither letters nor digits, or is no text."""
    if not isinstance(written, str | None):
        raise Unreadable(written, "not a text", NAME_ALLOWED)
    words = tidy(words_of(written, NAME_ALLOWED))
    if not as_it_looks(words):
        return AsWritten(None, "")
    searched = " ".join(search_words(words))
    if not searched:
        raise Unreadable(written, "neither letters nor digits", NAME_ALLOWED)
    return AsWritten(FoldedName(fold_name(words), searched), words)
