"""Stains with their results as people list them: "CDX2+, TTF-1-; serotonin: focal"."""

import re
from collections.abc import Iterator

from cases.reading.characters import as_it_looks

_SIGNS = {"+": "positive", "-": "negative"}
_SHORT = {"pos": "positive", "neg": "negative"}
_HOW = r"(?:(?:diffuse|strong|weak|focal|patchy)(?:ly)? )*"
_RESULT = r"positive|negative|pos\.?|neg\.?|focal|patchy|weak|lost|retained|equivocal|not done"
_SAID = re.compile(rf"(?P<name>.*?\w) (?P<said>{_HOW}(?:{_RESULT}))", re.IGNORECASE)
# A sign says something of a name that could end there: the dash in "TTF-1" stands before its end.
_SIGNED = re.compile(r"(?P<name>.*\w) ?(?P<said>\+{1,3}|\(\+\)|-)")


def named_results(line: str) -> Iterator[tuple[str, str]]:
    """Each name with its result, "" for none: after semicolons or lines, and after commas where every name
    has its result. "+" and "pos" become positive, "-" and "neg" negative; other words stay.
    """
    for text in filter(None, map(as_it_looks, re.split(r"[;\n]", line))):
        listed = [_with_result(one.strip()) for one in text.split(",")]
        yield from listed if all(said for _, said in listed) else [_with_result(text)]


def _with_result(text: str) -> tuple[str, str]:
    name, colon, said = text.partition(":")
    if colon:
        return name.strip(), _in_full(said.strip())
    found = _SAID.fullmatch(text) or _SIGNED.fullmatch(text)
    return (found["name"], _in_full(found["said"])) if found else (text, "")


def _in_full(said: str) -> str:
    return _SIGNS.get(said) or _SHORT.get(said.casefold().removesuffix("."), said)
