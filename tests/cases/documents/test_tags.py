"""PDF/UA-1 as far as a program can tell: the structure tree of every kind of document, walked whole.

What needs a person stays with one: whether the order of reading makes sense, whether an alternative says
what its picture shows, whether what is marked as an artifact is none of the content.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from cases.actions.leading import close_meeting, start_meeting
from cases.actions.letters import issue_letter
from cases.models import Board, Meeting
from cases.screens.printed import KINDS
from tests.cases.documents.working import fetched, ordered_figures, ordered_packet
from tests.cases.pages import logged_in, sign

pytestmark = pytest.mark.django_db

SHOWS = {"Tj", "TJ", "'", '"', "Do", "sh", "f", "F", "f*", "S", "s", "B", "b", "B*", "b*"}


@dataclass
class Tree:
    """The elements of a structure tree in their order, by kind."""

    elements: list[tuple[str, Any]] = field(default_factory=list)

    def of(self, *kinds: str) -> Iterator[Any]:
        return (element for kind, element in self.elements if kind in kinds)


def walked(node: Any, tree: Tree) -> Tree:
    if isinstance(node, pikepdf.Array):
        for kid in node:
            walked(kid, tree)
    elif isinstance(node, pikepdf.Dictionary) and node.get("/S") is not None:
        tree.elements.append((str(node.S)[1:], node))
        walked(node.get("/K"), tree)
    return tree


def untagged(pdf: pikepdf.Pdf) -> list[tuple[int, str]]:
    """What is painted outside of any tag and is no artifact: the page and the operator."""
    found = []
    for number, page in enumerate(pdf.pages, 1):
        depth = 0
        for _, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            depth += (name in ("BMC", "BDC")) - (name == "EMC")
            if name in SHOWS and depth == 0:
                found.append((number, name))
    return found


def faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Each condition of the Matterhorn protocol that is not met, of those that this walk can see."""
    root = pdf.Root
    with pdf.open_metadata() as metadata:
        if metadata.get("pdfuaid:part") != "1" or not metadata.get("dc:title"):
            yield "no PDF/UA mark or no title"
    if str(root.get("/Lang", "")) != "en-GB" or not root.MarkInfo.Marked:
        yield "no language, or not marked"
    if not root.ViewerPreferences.DisplayDocTitle:
        yield "the title is not shown"
    tree = walked(root.StructTreeRoot.K, Tree())
    headings = [int(kind[1]) for kind, _ in tree.elements if kind in ("H1", "H2", "H3", "H4")]
    if headings[:1] != [1] or any(after - before > 1 for before, after in pairwise(headings)):
        yield f"headings skip a level: {headings}"
    yield from (f"a figure without words: {one}" for one in tree.of("Figure") if not str(one.get("/Alt", "")))
    for one in tree.of("L"):
        kids = {str(kid.S) for kid in one.K}
        if kids != {"/LI"}:
            yield f"a list of {kids}"
    yield from table_faults(root.StructTreeRoot, tree)
    for page in pdf.pages:
        for note in page.get("/Annots", []):
            if note.Subtype == "/Link" and not str(note.get("/Contents", "")):
                yield "a link without words"
            if "/StructParent" not in note:
                yield "an annotation outside of the tree"
    yield from (
        f"{operator} on page {number} is neither tagged nor an artifact" for number, operator in untagged(pdf)
    )


def table_faults(root: Any, tree: Tree) -> Iterator[str]:
    """Header cells that a reader cannot find, and cells tied to none."""
    names = list(root.IDTree.Names) if "/IDTree" in root else []
    known = {str(names[place]) for place in range(0, len(names), 2)}
    if sorted(known) != [str(names[place]) for place in range(0, len(names), 2)]:
        yield "the ids are not in their order"
    for header in tree.of("TH"):
        if str(header.get("/ID", "")) not in known or str(header.A.get("/Scope", "")) not in (
            "/Row",
            "/Column",
        ):
            yield f"a header cell without id or scope: {header.get('/ID')}"
    for cell in tree.of("TD"):
        ids = {str(one) for one in cell.A.get("/Headers", [])}
        if not ids or not ids <= known:
            yield f"a cell tied to {ids or 'no header'}"


@pytest.fixture
def papers(meeting: Meeting, alice: User, dora: User) -> dict[str, bytes]:
    """Every kind of document, of a board in America."""
    Board.objects.update(paper="letter")
    meeting.refresh_from_db()
    first = meeting.discussions.order_by("place")[0]
    decision = sign(first.case, dora)
    letter = issue_letter(by=alice, decision=decision, kind="patient", text="Dear Ada,\n\nwe wait.")
    packet = fetched(alice, ordered_packet(alice, meeting))
    close_meeting(by=dora, meeting=start_meeting(by=dora, meeting=meeting))
    return {
        "packet": packet,
        "minutes": got(alice, "minutes", meeting.uid),
        "letter": got(alice, "letter", letter.uid),
        "figures": fetched(alice, ordered_figures(alice, meeting.board)),
        **{kind: got(alice, kind, first.case.uid) for kind in ("handout", "record", "annex")},
    }


def got(user: User, kind: str, uid: object) -> bytes:
    return bytes(logged_in(user).get(reverse("cases:document", args=[kind, uid])).content)


def test_the_structure_of_every_document_is_whole(papers: dict[str, bytes]) -> None:
    assert set(papers) == set(KINDS)
    found, sizes = {}, set()
    for kind, paper in papers.items():
        with pikepdf.open(io.BytesIO(paper)) as pdf:
            found[kind] = list(dict.fromkeys(faults(pdf)))
            sizes |= {tuple(map(float, page.mediabox)) for page in pdf.pages}
    assert found == {kind: [] for kind in KINDS}
    assert sizes == {(0, 0, 612, 792)}, "US Letter"
