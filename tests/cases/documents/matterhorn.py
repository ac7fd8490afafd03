"""The Matterhorn protocol 1.1 (PDF/UA-1), as far as a program can tell: each fault begins with its condition.

Three groups: what is looked at here; what our documents have no occasion for, which is looked at as a whole
(`_nothing_else`); and what needs a person.
"""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont

SHOWS = {"Tj", "TJ", "'", '"', "Do", "sh", "f", "F", "f*", "S", "s", "B", "b", "B*", "b*"}
HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
# What each kind of element may stand in, for tables and lists.
WITHIN = {
    "THead": {"Table"}, "TBody": {"Table"}, "TFoot": {"Table"}, "TR": {"Table", "THead", "TBody", "TFoot"},
    "TH": {"TR"}, "TD": {"TR"}, "LI": {"L"}, "Lbl": {"LI"}, "LBody": {"LI"},
}  # fmt: skip
HOLDS = {
    "Table": {"THead", "TBody", "TFoot", "TR", "Caption"}, "THead": {"TR"}, "TBody": {"TR"},
    "TFoot": {"TR"}, "TR": {"TH", "TD"}, "L": {"LI", "Caption"}, "LI": {"Lbl", "LBody"},
}  # fmt: skip
WRITTEN = {
    "Document", "Art", "Sect", "Div", "NonStruct", "P", "Span", "Link", "Figure", *HEADINGS, *WITHIN, *HOLDS,
}  # fmt: skip

TESTED = {
    "01": "003–005, 007: all that is painted is tagged or an artifact, neither within the other; no suspects",
    "02": "001, 003, 004: only standard types, so that nothing is mapped",
    "06": "001–003: metadata with the mark of PDF/UA-1 and a title",
    "07": "001, 002: the title is shown",
    "09": "004, 005: tables and lists hold what they may hold",
    "10": "001: every character that is shown has its Unicode",
    "11": "001–006: one language for all; where a part has its own, it is one that exists",
    "13": "004: every figure has words",
    "14": "002, 003, 006, 007: headings begin with the first level, skip none, and are numbered",
    "15": "003: every header cell has a scope, every cell its headers, found by id",
    "28": "002, 004, 008, 009, 011, 012: links lie in their elements and have words; order of tabs",
    "30": "002: what is painted twice holds no tagged content",
    "31": "001–006, 009–030: fonts whole, embedded, with the widths and the Unicode of what is shown",
}
NO_OCCASION = {
    "09": "006–008: no table of contents, ruby or warichu",
    "17": "002, 003: no formula",
    "19": "003, 004: no note",
    "20": "001–003: no optional content",
    "21": "001: no embedded file",
    "25": "001: no form",
    "26": "001, 002: not encrypted",
    "28": "005–007, 010, 014–018: no annotation but links",
    "30": "001: no content by reference",
    "31": "007, 008: no character map of its own",
}
FOR_A_PERSON = {
    "01": "001, 002, 006: what is an artifact, what is content, whether the kind of element is apt",
    "03": "nothing flickers: nothing moves",
    "04": "color and contrast carry no meaning alone: print it in black and white",
    "05": "no sound",
    "06": "004: the title says what it is",
    "08": "nothing was scanned",
    "09": "001–003: the order of reading makes sense",
    "11": "007: the language is apt",
    "12": "no stretched characters",
    "13": "001–003, 005–008: a picture is one figure, and its words say what it shows",
    "14": "001, 004, 005: headings are headings",
    "15": "001, 002, 004, 005: rows and columns are those that a reader takes for them",
    "16": "lists are lists",
    "17": "001: formulas",
    "18": "heads and feet of pages are artifacts",
    "19": "001, 002: notes and references",
    "22": "article threads",
    "23": "no signature in the file",
    "24": "forms to fill in by hand",
    "27": "bookmarks lead where they say",
    "28": "001, 003, 013: annotations make sense",
    "29": "no scripts",
}


@dataclass
class Paper:
    """A document, its elements in their order with what each lies in, and the text that each font shows."""

    pdf: pikepdf.Pdf
    elements: list[tuple[str, Any, str]] = field(default_factory=list)
    links: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._walk(self.pdf.Root.StructTreeRoot.K, "")

    def _walk(self, node: Any, within: str) -> None:
        if isinstance(node, pikepdf.Array):
            for kid in node:
                self._walk(kid, within)
        elif isinstance(node, pikepdf.Dictionary) and node.get("/S") is not None:
            kind = str(node.S)[1:]
            self.elements.append((kind, node, within))
            self._walk(node.get("/K"), within if kind == "NonStruct" else kind)
        elif isinstance(node, pikepdf.Dictionary) and node.get("/Type") == "/OBJR" and within == "Link":
            self.links.add(node.Obj.objgen)

    def of(self, *kinds: str) -> Iterator[Any]:
        return (element for kind, element, _ in self.elements if kind in kinds)

    @cached_property
    def painted(self) -> list[tuple[int, str, str]]:
        """Page, operator, and what it lies in: "tag", "artifact", "both" or ""."""
        found = []
        for number, page in enumerate(self.pdf.pages, 1):
            stack: list[str] = []
            for operands, operator in pikepdf.parse_content_stream(page):
                name = str(operator)
                if name in ("BMC", "BDC"):
                    stack.append("artifact" if str(operands[0]) == "/Artifact" else "tag")
                elif name == "EMC":
                    stack.pop()
                elif name in SHOWS:
                    within = set(stack)
                    found.append((number, name, "both" if len(within) > 1 else "".join(within)))
        return found

    @cached_property
    def shown(self) -> dict[tuple[int, int], tuple[Any, set[int]]]:
        """The codes that each font shows, anywhere."""
        found: dict[tuple[int, int], tuple[Any, set[int]]] = {}
        seen: set[tuple[int, int]] = set()
        for page in self.pdf.pages:
            self._read(page.obj, page.obj.Resources, found, seen)
        return found

    def _read(self, stream: Any, resources: Any, found: Any, seen: set[tuple[int, int]]) -> None:
        font = None
        for operands, operator in pikepdf.parse_content_stream(stream):
            name = str(operator)
            if name == "Tf":
                font = resources.Font[str(operands[0])]
                found.setdefault(font.objgen, (font, set()))
            elif name in ("Tj", "TJ") and font is not None:
                texts = operands[0] if name == "TJ" else [operands[0]]
                for text in texts:
                    if isinstance(text, pikepdf.String):
                        raw = bytes(text)
                        codes = (int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2))
                        found[font.objgen][1].update(codes)
            elif name == "Do":
                kid = resources.XObject[str(operands[0])]
                if kid.get("/Subtype") == "/Form" and kid.objgen not in seen:
                    seen.add(kid.objgen)
                    self._read(kid, kid.get("/Resources", resources), found, seen)


def faults(pdf: pikepdf.Pdf) -> list[str]:
    """Every condition that is not met, each once."""
    paper = Paper(pdf)
    return list(dict.fromkeys(fault for check in CHECKS for fault in check(paper)))


def _content(paper: Paper) -> Iterator[str]:
    words = {"": "01-005 neither tagged nor an artifact", "both": "01-003 an artifact within a tag"}
    yield from (f"{words[within]}: {what}" for _, what, within in paper.painted if within in words)
    if paper.pdf.Root.MarkInfo.get("/Suspects", False):
        yield "01-007 suspects"
    if not paper.pdf.Root.MarkInfo.get("/Marked", False):
        yield "01-005 not marked as tagged"


def _document(paper: Paper) -> Iterator[str]:
    root = paper.pdf.Root
    with paper.pdf.open_metadata() as metadata:
        if not list(metadata):
            yield "06-001 no metadata"
        if metadata.get("pdfuaid:part") != "1":
            yield "06-002 no mark of PDF/UA-1"
        if not metadata.get("dc:title"):
            yield "06-003 no title"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "07-001 the title is not shown"
    if str(root.get("/Lang", "")) != "en-GB":
        yield "11-001 no language"
    for _, element, _ in paper.elements:
        own = str(element.get("/Lang", "en"))
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?", own):
            yield f"11-001 no language that exists: {own}"


def _structure(paper: Paper) -> Iterator[str]:
    headings = [int(kind[1]) for kind, _, _ in paper.elements if kind in HEADINGS]
    if headings[:1] != [1]:
        yield "14-002 the first heading is none of the first level"
    if any(after - before > 1 for before, after in pairwise(headings)):
        yield f"14-003 headings skip a level: {headings}"
    for kind, element, within in paper.elements:
        if kind not in WRITTEN:
            yield f"02-001 an element of another kind: {kind}"
        if kind in WITHIN and within not in WITHIN[kind]:
            yield f"09-004 {kind} in {within}"
        if within in HOLDS and kind not in HOLDS[within] and kind != "NonStruct":
            yield f"09-005 {within} holds {kind}"
        if kind == "Figure" and not str(element.get("/Alt", "")):
            yield "13-004 a figure without words"


def _tables(paper: Paper) -> Iterator[str]:
    root = paper.pdf.Root.StructTreeRoot
    names = list(root.IDTree.Names) if "/IDTree" in root else []
    listed = [str(names[place]) for place in range(0, len(names), 2)]
    known = set(listed)
    if sorted(known) != listed:
        yield "15-003 the ids are not in their order"
    for header in paper.of("TH"):
        scope = str(header.get("/A", {}).get("/Scope", ""))
        if str(header.get("/ID", "")) not in known or scope not in ("/Row", "/Column"):
            yield "15-003 a header cell without id or scope"
    for cell in paper.of("TD"):
        ids = {str(one) for one in cell.A.get("/Headers", [])}
        if not ids or not ids <= known:
            yield f"15-003 a cell tied to {ids or 'no header'}"


def _annotations(paper: Paper) -> Iterator[str]:
    for page in paper.pdf.pages:
        notes = page.get("/Annots", [])
        if len(notes) and page.get("/Tabs") != "/S":
            yield "28-009 the order of tabs is not that of the structure"
        for note in notes:
            if note.Subtype != "/Link":
                yield f"28-006 an annotation of another kind: {note.Subtype}"
            if note.objgen not in paper.links or "/StructParent" not in note:
                yield "28-011 a link outside of its element"
            if not re.search(r"[a-z] |[A-Z]", str(note.get("/Contents", ""))):
                yield f"28-012 a link without words: {note.get('/Contents')}"


def _nothing_else(paper: Paper) -> Iterator[str]:
    root = paper.pdf.Root
    if paper.pdf.is_encrypted:
        yield "26-001 encrypted"
    for name, condition in (("/OCProperties", "20-001"), ("/AcroForm", "25-001"), ("/AF", "21-001")):
        if name in root:
            yield f"{condition} {name}"
    names = root.get("/Names", {})
    yield from (f"21-001 {name}" for name in ("/EmbeddedFiles", "/JavaScript") if name in names)
    if "/RoleMap" in root.StructTreeRoot:
        yield "02-004 types are mapped"
    for thing in paper.pdf.objects:
        if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Form":
            if "/Ref" in thing:
                yield "30-001 content by reference"
            if b"/MCID" in thing.read_bytes():
                yield "30-002 tagged content that may be painted twice"


def _fonts(paper: Paper) -> Iterator[str]:
    for font, codes in paper.shown.values():
        name = str(font.BaseFont)
        if font.Subtype != "/Type0" or font.Encoding != "/Identity-H":
            yield f"31-006 {name}: no composite font by its glyphs"
            continue
        (kid,) = font.DescendantFonts
        system = kid.CIDSystemInfo
        if (str(system.Registry), str(system.Ordering)) != ("Adobe", "Identity"):
            yield f"31-001 {name}: another character collection"
        if kid.Subtype == "/CIDFontType2" and kid.get("/CIDToGIDMap") != "/Identity":
            yield f"31-004 {name}: no map from codes to glyphs"
        files = [kid.FontDescriptor[key] for key in ("/FontFile2", "/FontFile3") if key in kid.FontDescriptor]
        if len(files) != 1:
            yield f"31-009 {name}: not embedded"
            continue
        yield from _glyphs(name, kid, files[0], codes)
        yield from _meanings(name, font, codes)


def _glyphs(name: str, kid: Any, file: Any, codes: set[int]) -> Iterator[str]:
    """Glyphs that are missing, and widths that are not those of the file."""
    if 0 in codes:
        yield f"31-030 {name}: a glyph for what it has not"
    if kid.Subtype != "/CIDFontType2":
        return  # a bare CFF table, whose widths are in its charstrings
    with TTFont(io.BytesIO(file.read_bytes())) as read:
        widths = {}
        entries = list(kid.W)
        while entries:
            first, run = int(entries.pop(0)), entries.pop(0)
            widths |= {first + offset: float(width) for offset, width in enumerate(run)}
        order, scale = read.getGlyphOrder(), 1000 / read["head"].unitsPerEm
        for code in codes:
            if code >= len(order):
                yield f"31-011 {name}: glyph {code} is missing"
            elif abs(widths.get(code, 0) - read["hmtx"][order[code]][0] * scale) > 1:
                yield f"31-012 {name}: glyph {code} has another width"


def _meanings(name: str, font: Any, codes: set[int]) -> Iterator[str]:
    """Codes without Unicode, or with one that means nothing."""
    if "/ToUnicode" not in font:
        yield f"31-027 {name}: no Unicode"
        return
    lines = re.findall(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>\s*\n", font.ToUnicode.read_bytes())
    meant = {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in lines}
    if missing := sorted(code for code in codes if not meant.get(code)):
        yield f"10-001 {name}: codes without Unicode: {missing}"
    if any(set(meant.get(code, "")) & {"\0", "\ufeff", "\ufffe"} for code in codes):
        yield f"31-028 {name}: a Unicode that is none"


CHECKS: tuple[Callable[[Paper], Iterator[str]], ...] = (
    _content,
    _document,
    _structure,
    _tables,
    _annotations,
    _nothing_else,
    _fonts,
)
GROUPS: tuple[Mapping[str, str], ...] = (TESTED, NO_OCCASION, FOR_A_PERSON)
