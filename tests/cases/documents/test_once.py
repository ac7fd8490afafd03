"""What two libraries are spared is still what they would work out themselves."""

from xml.etree import ElementTree as ET

import pydyf
import pytest
import tinyhtml5
from tinyhtml5 import inputstream

from cases.documents.once import Patterns, work_out_once

TEXTS = (
    "<p class=a id='b' title=\"c & d\">One &amp; two<br>three &lt; four</p>",
    "<svg viewBox='0 0 1 1'><text x=1>ä 欧 \U0001f600</text></svg><!-- -- x --><script>1 < 2</script>",
    "<table><tr><td>1<td>]]>\x00 ^ - \\ [ ]</table><textarea>&</textarea><title>]^\\-</title>",
)


@pytest.mark.parametrize("text", TEXTS)
def test_html_is_read_as_before(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    trees = []
    for patterns in ({}, Patterns()):
        monkeypatch.setattr(inputstream, "characters_until_regex", patterns)
        trees.append(ET.tostring(tinyhtml5.parse(text)))
    assert trees[0] == trees[1]


def test_a_pattern_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    patterns = Patterns()
    monkeypatch.setattr(inputstream, "characters_until_regex", patterns)
    tinyhtml5.parse(TEXTS[0])
    first = dict(patterns)
    tinyhtml5.parse(TEXTS[0] * 3)
    assert first == patterns != {}


def test_the_addresses_of_pages_are_those_of_now() -> None:
    work_out_once()
    pdf, other = pydyf.PDF(), pydyf.PDF()
    assert pdf.page_references == ()
    pdf.add_page(pydyf.Dictionary())
    other.add_object(pydyf.Dictionary())
    other.add_page(pydyf.Dictionary())
    assert (pdf.page_references, other.page_references) == ((b"3 0 R",), (b"4 0 R",))
    pdf.add_page(pydyf.Dictionary())
    assert pdf.page_references == (b"3 0 R", b"4 0 R")
    assert pdf.page_references is pdf.page_references
