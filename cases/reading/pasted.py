"""What a pasted pathology report says of the boxes of the record: proposals, each with its words.

Rules only, and of the readers of this package: nothing is proposed that a reader refuses. What is not
recognized stays text. How a tumor is differentiated is proposed from those words alone, never from a grade or
a count.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cases.reading.aligned import aligned, sentences
from cases.reading.dates import readings_of
from cases.reading.grades import read_reported_grade
from cases.reading.phrases import NUMBER
from cases.reading.proliferation import read_field_area, read_ki67, read_mitoses
from cases.reading.sizes import read_size
from cases.reading.stains import stains_in
from cases.reading.written import Unreadable

LONGEST_TEXT = 20_000  # characters of a report
TUMOR_SIZE = "tumor_size"
"""The one box that is not the report's: the size of the tumor stands in the referral."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """For the box `field`, the value that it would be given, as the box takes it: a code, or words as they
    were written. The text says so from `start` to `end`.
    """

    field: str
    value: str
    start: int
    end: int


_SIGN = (
    r"(?:(?:~|>=?|<=?|≥|≤|ca\.?|circa|about|around|approximately|approx\.?|at least|at most|up to|"
    r"(?:more|greater|less|fewer|lower|higher) than|over|above|below|under|between|from) ?){0,2}"
)
_VALUE = rf"(?<![a-z0-9]-)(?<![a-z0-9.,]){_SIGN}{NUMBER}(?: ?%)?(?: ?(?:-|to|bis|and) ?{NUMBER})?"
_SAYS = r"[^0-9<>~≥≤.;\n]{0,60}?"
_MM2 = r"mm ?(?:²|\^?2)"
_PER = rf"(?:/|per|in|pro) ?{NUMBER}? ?(?:{_MM2}|hpfs?\b|high[- ]power(?:ed)? fields?)"
_FIGURES = r"(?: ?(?:mitos[ie]s|mitosen|mitotic figures?|figures?))?"

_KI67 = re.compile(
    rf"(?:ki ?-? ?67|mib ?-? ?1|proliferations?[ -]?(?:index|rate|fraction))"
    rf"(?: ?\(?(?:mib ?-? ?1|ki ?-? ?67)\)?)?+"  # its number is no result
    rf"{_SAYS}(?P<value>{_VALUE} ?(?:%|per ?cent|pct)?)(?![.,]?\d| ?(?:cells|fields))"
)
_KI67_BEHIND = re.compile(rf"(?P<value>{_VALUE} ?%) ?\((?:ki ?-? ?67|mib ?-? ?1)\b")
_MITOSES = re.compile(
    rf"(?:mitos[ie]s|mitosen|mitotic (?:count|rate|figures?|index|activity)){_SAYS}"
    rf"(?P<value>{_VALUE}{_FIGURES} ?{_PER})"
)
_MITOSES_ALONE = re.compile(rf"(?<![\w.,/-])(?P<value>{_VALUE}{_FIGURES} ?{_PER})")
_FIELD = re.compile(
    rf"(?:field(?: area| size)?|hpf(?: area)?) ?(?:of|=|:|is|area)? ?(?P<value>0[.,]\d+ ?{_MM2})"
)
_SIZE = re.compile(
    rf"(?:size|diameter|measur\w+|dimensions?){_SAYS}"
    rf"(?P<value>{_SIGN}{NUMBER}(?: ?(?:cm|mm))?(?: ?[x×] ?{NUMBER}(?: ?(?:cm|mm))?){{0,2}})(?<=[cm]m)"
)
_DIFFERENTIATION = re.compile(r"(?P<how>well|poorly)[- ]differentiated")
_CELLS = re.compile(r"(?P<how>small|large)[- ]cells?\b")
_DENIED = re.compile(
    r"\b(?:no|not|non|without|rather than|exclud\w+|against|versus|vs|or|nor|cannot|unlikely|absence of"
    r"|moderately)"
    r"[ ./-]*(?:an? |the |of |to |evidence |features |component |definite |clear )*(?:well )?$"
)
_BEFORE = 60  # signs in which a denial is looked for
_GRADE = re.compile(
    r"(?<!gleason )(?<!nuclear )(?<!fibrosis )"
    r"\b(?:(?:net|nec|nen)[ ,]{0,2})?(?:who )?(?:grad(?:e|ing)|g)[ :-]{0,2}(?:[1-3]|i{1,3})\b(?![.,/%-]?\d)"
)
_NODES = re.compile(
    r"(?P<positive>\d{1,3}) ?(?:/|of|out of|von) ?(?P<examined>\d{1,3}) "
    r"(?:\w+ ){0,2}(?:lymph ?nodes?|lymphknoten|ln\b)"
)
_NODES_BEHIND = re.compile(
    r"(?:lymph ?nodes?|lymphknoten)[^0-9.;\n]{0,25}\(?(?P<positive>\d{1,3}) ?(?:/|of) ?(?P<examined>\d{1,3})"
)
_TNM_T = r"(?P<t>y?[pcra]{0,2}T(?:is|X|[0-4][a-d]?)(?:\([a-z0-9]{1,3}\))?)"
_TNM_N = r"(?P<n>y?[pc]?N(?:X|[0-3][a-c]?)(?:\((?:sn|i[+-]|mol[+-])\))?)"
_TNM_M = r"(?P<m>y?[pc]?M(?:X|[01][a-d]?))"
_NODES_OF_N = r"(?:\((?P<positive>\d{1,3})/(?P<examined>\d{1,3})\))?"
_TNM = re.compile(
    rf"(?<![A-Za-z0-9]){_TNM_T}[\s,;/]*{_TNM_N}[\s,;/]*{_NODES_OF_N}[\s,;/]*(?:{_TNM_M})?(?![A-Za-z0-9])"
)
_ONE_OF_TNM = tuple(
    re.compile(rf"(?<![A-Za-z0-9])(?=y?[pcra]{{1,2}}[TNM]){one}(?![A-Za-z0-9])" + after)
    for one, after in ((_TNM_T, ""), (_TNM_N, rf"[\s,;/]*{_NODES_OF_N}"), (_TNM_M, ""))
)
_EDITION = re.compile(r"(?P<by>ajcc|uicc)[^.;\n0-9]{0,20}(?P<number>[6-9])(?![0-9])")
_DATE = (
    r"(?P<value>\d{4}-\d\d?-\d\d?|\d\d?[./-]\d\d?[./-]\d{4}|\d\d?[ .-]{1,2}[a-z]{3,9}[ .,-]{1,2}\d{4}|"
    r"[a-z]{3,9} \d\d?,? \d{4}|\d\d?/\d{4}|[a-z]{3,9} \d{4})"
)
_DATES: Mapping[str, re.Pattern[str]] = {
    field: re.compile(rf"\b(?:{words})[ :]{{0,3}}(?:date|on|am|of|:)?[ :]{{0,3}}{_DATE}")
    for field, words in {
        "sampled_on": "collected|sampled|collection date|procedure date|biopsy date|date taken|"
        "date (?:of )?(?:procedure|surgery|biopsy|collection|collected)|entnahme(?:datum)?",
        "reported_on": "reported|report(?:ed)? date|date (?:of )?report(?:ed)?|signed(?: out)?|"
        "finali[sz]ed|final report|befund(?:datum)?",
    }.items()
}
_STAGE_BOXES = {"t": "stage_t", "n": "stage_n", "m": "stage_m"}
_NODE_BOXES = {"positive": "nodes_positive", "examined": "nodes_examined"}


def find_in_report(text: str) -> tuple[Proposal, ...]:
    """The proposals in the order of the text; of several that say the same of a box, the first."""
    text = text[:LONGEST_TEXT]
    plain = aligned(text)
    found = [*_measured(text, plain), *_in_words(text, plain), *_staged(text, plain), *_dated(plain)]
    found += [Proposal(*one) for one in stains_in(plain)]
    found.sort(key=lambda one: (one.start, one.end, one.field, one.value))
    return tuple({(one.field, one.value): one for one in reversed(found)}.values())[::-1]


def _measured(text: str, plain: str) -> Iterator[Proposal]:
    for start, sentence in sentences(plain):
        for field, patterns, read in _MEASURES:
            for match in _of_first(patterns, sentence):
                begin, end = (start + place for place in match.span("value"))
                words = _as_read(text[begin:end])
                if _is_read(read, words):
                    stated = text[start + match.start() : end]
                    yield Proposal(
                        field, words, start + match.start(), start + match.start() + len(stated.rstrip())
                    )


def _of_first(patterns: Iterable[re.Pattern[str]], sentence: str) -> list[re.Match[str]]:
    """What a sentence states by the first of the patterns that it fits."""
    found = (list(pattern.finditer(sentence)) for pattern in patterns)
    return next(filter(None, found), [])


def _as_read(words: str) -> str:
    """The words as the readers of the boxes know them: a few of German reports are put in English."""
    for german, word in (("bis", "-"), ("pro", "per"), ("mitosen", "mitoses")):
        words = re.sub(rf"\b{german}\b", word, words, flags=re.IGNORECASE)
    return " ".join(words.split())


def _is_read(read: Callable[[object], object], words: str) -> bool:
    try:
        read(words)
    except Unreadable:
        return False
    return True


_MEASURES: tuple[tuple[str, tuple[re.Pattern[str], ...], Callable[[object], object]], ...] = (
    ("ki67", (_KI67, _KI67_BEHIND), read_ki67),
    ("mitoses", (_MITOSES, _MITOSES_ALONE), read_mitoses),
    ("hpf_field_mm2", (_FIELD,), read_field_area),
    (TUMOR_SIZE, (_SIZE,), read_size),
)


def _in_words(text: str, plain: str) -> Iterator[Proposal]:
    for start, sentence in sentences(plain):
        for field, pattern, codes in (
            ("differentiation", _DIFFERENTIATION, {"well": "well", "poorly": "poor"}),
            ("cell_type", _CELLS, {"small": "small_cell", "large": "large_cell"}),
        ):
            for match in pattern.finditer(sentence):
                if not _DENIED.search(sentence[max(0, match.start() - _BEFORE) : match.start()]):
                    yield Proposal(field, codes[match["how"]], start + match.start(), start + match.end())
        for match in _GRADE.finditer(sentence):
            if _is_read(read_reported_grade, match.group()):
                begin, end = start + match.start(), start + match.end()
                yield Proposal("reported_grade", " ".join(text[begin:end].split()), begin, end)


def _staged(text: str, plain: str) -> Iterator[Proposal]:
    for pattern in (_TNM, *_ONE_OF_TNM):
        for match in pattern.finditer(text):
            for group, field in {**_STAGE_BOXES, **_NODE_BOXES}.items():
                value = match.groupdict().get(group)
                if value:
                    yield Proposal(field, value, *_stated_at(match, group))
    for match in _EDITION.finditer(plain):
        yield Proposal(
            "stage_edition", f"{match['by'].upper()} {match['number']}", match.start(), match.end()
        )
    for pattern in (_NODES, _NODES_BEHIND):
        for match in pattern.finditer(plain):
            if int(match["positive"]) <= int(match["examined"]):
                for group, field in _NODE_BOXES.items():
                    yield Proposal(field, str(int(match[group])), match.start(), match.end())


def _stated_at(match: re.Match[str], group: str) -> tuple[int, int]:
    """Where a category stands; of the nodes, both their numbers."""
    return (match.start("positive"), match.end("examined")) if group in _NODE_BOXES else match.span(group)


def _dated(plain: str) -> Iterator[Proposal]:
    """Dates of the report; one that numbers alone leave open is proposed in each of its readings."""
    for field, pattern in _DATES.items():
        for match in pattern.finditer(plain):
            for date in readings_of(match["value"]):
                yield Proposal(field, str(date), match.start(), match.end())
