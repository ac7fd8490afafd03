"""Results of stains in the sentences of a report: "positive for synaptophysin and INSM1, Rb lost"."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from cases.reading.aligned import sentences

_STAINS: Mapping[str, str] = {
    "synaptophysin": r"synaptophysin|syn\b",
    "chromogranin_a": r"chromogranin(?:[- ]?a\b)?|cga\b",
    "insm1": r"insm-?1",
    "keratin": r"(?:pan-?|broad[- ]spectrum )?(?:cyto)?keratins?(?! ?\d)(?:[- ]?ae1 ?/ ?ae3)?"
    r"|pan-?ck\b|ae1 ?/ ?ae3|cam ?5\.2",
    "p53": r"p53|tp53",
    "rb": r"rb-?1?(?: protein)?\b|retinoblastoma(?: protein)?",
    "sstr2a": r"sstr-?2a?|somatostatin receptor (?:type )?2a?",
    "cxcr4": r"cxcr-?4",
}
_STAIN = re.compile("|".join(rf"(?P<{name}>(?<![a-z0-9])(?:{words}))" for name, words in _STAINS.items()))

_DEGREE = r"(?:diffuse|strong|weak|focal|patchy)(?:ly)?"
_HOW = r"(?:(?:diffuse|strong|weak|focal|patchy|moderate)(?:ly)?(?:,| and| to|/|-)? ?){0,3}"
# Read in this order. What is left open is no result, and stands here so that no part of it is read as one.
_RESULTS: Mapping[str, str] = {
    "open": r"not (?:done|performed|assessed|tested|available|evaluable|positive|negative|retained)"
    r"|pending|equivocal|inconclusive|indeterminate|non-?contributory|aberrant|abnormal",
    "retained": r"(?:no|without) loss|not lost|retained|intact|preserved|erhalten",
    "absent": r"(?:no|without|lacks?|lacking) (?:\w+ )?(?:expression|staining|reactivity|immunoreactivity)"
    r"|not expressed|non-?reactive",
    "lost": r"lost|loss(?= of|\b)|verlust",
    "wild_type": r"wild[- ]?type",
    "missense": r"missense|overexpress(?:ion|ed)",
    "null": r"null(?:[- ](?:pattern|type|phenotype))?|complete(?:ly)? (?:absent|absence)",
    "negative": r"negativ\w*|neg\b\.?|absent",
    "positive": rf"{_HOW}(?:positiv\w*|pos\b\.?|immuno(?:re|posi)\w*|express(?:es|ed|ion|ing)?\b)"
    r"|\(?\+{1,3}\)?",
    "how": rf"{_DEGREE}(?:(?:,| and|/|-)? ?{_DEGREE}){{0,2}}",
}
_RESULT = re.compile("|".join(rf"(?P<{kind}>(?<![a-z]){words})" for kind, words in _RESULTS.items()))
_FORWARD = re.compile(r" ?(?:immuno)?(?:(?:staining|stain|reactivity|expression) )?(?:for|of|with)\b")
_LISTED = re.compile(r"(?:[\s,/&+()-]|and|und|the|as well as|for|also)*")
_FARTHEST = 45  # signs between a stain and what is said of it

# What each stain's results are called in the record; a word that is not here leaves the box as it is.
_BINARY = {"positive": "positive", "negative": "negative", "absent": "negative"}
CODES: Mapping[str, Mapping[str, str]] = {
    "synaptophysin": _BINARY,
    "chromogranin_a": _BINARY,
    "insm1": _BINARY,
    "keratin": _BINARY,
    "p53": {"wild_type": "wild_type", "missense": "missense", "null": "null"},
    "rb": {"retained": "retained", "lost": "lost", "absent": "lost"},
    "sstr2a": {
        "strong": "diffuse_strong", "weak": "weak_or_focal", "negative": "negative", "absent": "negative"
    },
    "cxcr4": {"strong": "diffuse_strong"},
}  # fmt: skip

Found = tuple[str, str, int, int]
"""The stain's box, its code, and where the sentence says so."""


Place = tuple[str, int, int]
"""A stain, and where the sentence names it."""


def stains_in(text: str) -> Iterator[Found]:
    """The results that a plain text states, in its order."""
    for start, sentence in sentences(text):
        for name, code, begin, end in _in_sentence(sentence):
            yield name, code, start + begin, start + end


def _in_sentence(sentence: str) -> Iterator[Found]:
    stains = [(one.lastgroup or "", one.start(), one.end()) for one in _STAIN.finditer(sentence)]
    results = [
        one for one in _RESULT.finditer(sentence) if not any(s <= one.start() < e for _, s, e in stains)
    ]
    taken: set[int] = set()
    for place, result in enumerate(results):
        ahead = results[place + 1].start() if place + 1 < len(results) else len(sentence)
        behind = results[place - 1].end() if place else 0
        if _is_forward(result, sentence):
            group = _run([one for one in stains if result.end() <= one[1] < ahead], sentence)
            near = group and group[0][1] - result.end() <= _FARTHEST
            if near and _is_taken_back(results[place + 1 : place + 2], group, stains, sentence):
                continue
        else:
            before = [one for one in stains if behind <= one[1] and one[2] <= result.start()]
            group = _run(before[::-1], sentence)[::-1]
            near = group and result.start() - group[-1][2] <= _FARTHEST
        for name, begin, end in group if near else []:
            code = _code(name, result)
            if code and begin not in taken:
                taken.add(begin)
                yield name, code, min(begin, result.start()), max(end, result.end())


def _is_forward(result: re.Match[str], sentence: str) -> bool:
    """Whether the result speaks of the stains that follow: "positive for …", "they express …"."""
    acts = re.search(r"express(?:es|ing)?$", result.group())
    return bool(acts or _FORWARD.match(sentence, result.end()))


def _is_taken_back(later: list[re.Match[str]], group: list[Place], stains: list[Place], text: str) -> bool:
    """Whether what follows says of the same stains that it is otherwise: "expression of INSM1 is lost"."""
    for result in later:
        between = [one for one in stains if group[-1][2] <= one[1] < result.start()]
        denies = result.lastgroup in ("open", "absent", "lost", "negative")
        return denies and not between and not _is_forward(result, text)
    return False


def _run(stains: list[Place], sentence: str) -> list[Place]:
    """The first of the stains with those that are listed beside it: "synaptophysin, CgA and INSM1"."""
    group = stains[:1]
    for one, other in pairwise(stains):
        first, second = sorted((one, other), key=lambda stain: stain[1])
        if not _LISTED.fullmatch(sentence, first[2], second[1]):
            break
        group.append(other)
    return group


def _code(name: str, result: re.Match[str]) -> str:
    """The record's code for a result, "" where its words mean none of them."""
    kind, codes = result.lastgroup or "", CODES[name]
    words = result.group()
    if "strong" in codes and kind in ("positive", "how"):
        if "diffuse" in words and "strong" in words:
            kind = "strong"
        elif re.search("weak|focal|patchy", words):
            kind = "weak"
    return codes.get(kind, "")
