"""How a form is laid out for its case: a table of arrangements, and where each field then stands."""

from collections.abc import Iterable
from typing import Any

import pytest
from crispy_forms.layout import Fieldset, LayoutObject

from cases.facts import Provenance
from cases.forms.arranging import AS_DECLARED, Arrangement, Fold, KnownBox, KnownReading, arranged
from cases.reading import PartialDate
from cases.screens.asking import source_in_words

SECTIONS = (("Patient", ("day",)), ("Disease", ("grows", "early", "burden")), ("Next", ("line",)))
LINE = KnownReading("Line", "2", "CAPTEM was line 1")
BURDEN = "the disease is metastatic"
Told = list[tuple[str, Any]]


def told(blocks: Iterable[LayoutObject]) -> Told:
    """Titles with what stands under them; a box behind a reading as "line?", opened as "line!"."""
    found: Told = []
    for block in blocks:
        if isinstance(block, Fold):
            found.append((f"{block.title} ({block.number})", told(block.fields)))
        else:
            found.append((block.legend, [shown(box) for box in block.fields]))
    return found


def shown(box: str | KnownBox) -> str:
    return box if isinstance(box, str) else f"{box.fields[0]}{'!' if box.is_open else '?'}"


@pytest.mark.parametrize(
    ("arrangement", "held", "expected"),
    [
        (
            AS_DECLARED,
            set(),
            [("Patient", ["day"]), ("Disease", ["grows", "early", "burden"]), ("Next", ["line"])],
        ),
        (
            Arrangement(known={"line": LINE}, foreign={"burden": BURDEN}),
            set(),
            [
                ("Patient", ["day"]),
                ("Disease", ["grows", "early"]),
                ("Next", ["line?"]),
                ("Not for this case (1)", [("Only where the disease is metastatic", ["burden"])]),
            ],
        ),
        (
            Arrangement(known={"line": LINE}, foreign={"burden": BURDEN}),
            {"line", "burden"},
            [("Patient", ["day"]), ("Disease", ["grows", "early", "burden"]), ("Next", ["line!"])],
        ),
        (
            Arrangement({"line": LINE}, {"burden": BURDEN}, ("early",), frozenset({"grows", "burden"})),
            set(),
            [
                ("Patient", ["day"]),
                ("Open, most decisive first", ["early"]),
                ("Next", ["line?"]),
                ("Would not change the answer (1)", [("Disease", ["grows"])]),
                ("Not for this case (1)", [("Only where the disease is metastatic", ["burden"])]),
            ],
        ),
        (
            Arrangement(asked=("early",), idle=frozenset({"grows", "burden", "line"})),
            {"grows", "early"},
            [
                ("Patient", ["day"]),
                ("Open, most decisive first", ["early"]),
                ("Disease", ["grows"]),
                ("Would not change the answer (2)", [("Disease", ["burden"]), ("Next", ["line"])]),
            ],
        ),
        (
            Arrangement(asked=(), idle=frozenset({"grows", "early", "burden", "line"})),
            set(),
            [
                ("Patient", ["day"]),
                ("Nothing that is open would change the answer", []),
                (
                    "Would not change the answer (4)",
                    [("Disease", ["grows", "early", "burden"]), ("Next", ["line"])],
                ),
            ],
        ),
    ],
)
def test_where_each_field_stands(arrangement: Arrangement, held: set[str], expected: Told) -> None:
    blocks = list(arranged(SECTIONS, arrangement, held, lambda title, boxes: Fieldset(title, *boxes)))
    assert told(blocks) == expected


FEBRUARY = PartialDate(2026, 2, 8)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Provenance("CT", FEBRUARY, detail='sites "liver"'), "CT, 08-Feb-2026"),
        (Provenance("CT", FEBRUARY, detail='sites "liver"', derived=True), 'CT, 08-Feb-2026: sites "liver"'),
        (
            Provenance("CAPTEM", FEBRUARY, detail="progression 08-Feb-2026", derived=True),
            "CAPTEM: progression 08-Feb-2026",
        ),
        (
            Provenance("Treatments", FEBRUARY, detail="CAPTEM was line 1", derived=True),
            "CAPTEM was line 1",
        ),
        (Provenance("Clinical assessment", None), "Clinical assessment, undated"),
    ],
)
def test_a_source_is_said_once(source: Provenance, expected: str) -> None:
    assert source_in_words(source) == expected
