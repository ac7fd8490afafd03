"""What PDF/UA-1 asks of the structure tree and WeasyPrint does not write (its issues 2482 and 2508).

WeasyPrint ties the cells of a table to their header cells by ids, but leaves out the tree in which a reader
finds an id, and the scope of a header cell; and it names a link by its target. This is mended after the
layout, before the file is written. Nor does it write the language that an element has for itself, which is
added as its tags are made.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import pydyf
from weasyprint.formatting_structure.boxes import TableCellBox
from weasyprint.pdf import tags

SCOPES = {"row": "/Row", "col": "/Column"}
_tags_of = tags._build_box_tree


def write_languages() -> None:
    """From here on, in this process."""
    tags._build_box_tree = _with_language


def _with_language(box: Any, parent: Any, *more: Any) -> Iterator[Any]:
    """The tags of a box, with the language of its element; WeasyPrint comes back here for its children."""
    language = "" if box.element is None else box.element.attrib.get("lang", "")
    for tag in _tags_of(box, parent, *more):
        if language:
            tag["Lang"] = pydyf.String(language)
        yield tag


def finish_tags(document: Any, pdf: Any) -> None:
    """Complete the tags of a document that WeasyPrint has laid out; `pdf` is changed in place."""
    named = []
    for page in document.pages:
        for box in page._page_box.descendants():  # which page a cell is on is known to the layout alone
            mark: Any = getattr(box, "mark", {})
            if box.link_annotation is not None:
                box.link_annotation["Contents"] = pydyf.String(box.element.attrib["title"])
            if isinstance(box, TableCellBox) and "ID" in mark:
                mark["A"]["Scope"] = SCOPES[box.element.attrib["scope"]]
                named.append((mark["ID"].string, mark))
    if not named:
        return
    tree = pydyf.Array(
        value for _, mark in sorted(named, key=itemgetter(0)) for value in (mark["ID"], mark.reference)
    )
    names = pydyf.Dictionary({"Names": tree})
    pdf.add_object(names)
    root = next(
        one
        for one in pdf.objects
        if isinstance(one, pydyf.Dictionary) and one.get("Type") == "/StructTreeRoot"
    )
    root["IDTree"] = names.reference
