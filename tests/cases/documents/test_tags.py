"""PDF/UA-1 as far as a program can tell (`matterhorn`), for every kind of document."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from cases.actions.leading import close_meeting, start_meeting
from cases.actions.letters import issue_letter
from cases.models import Board, Meeting
from cases.screens.printed import KINDS
from tests.cases.documents.contents import SIGNED
from tests.cases.documents.matterhorn import GROUPS, faults
from tests.cases.documents.test_pdf import built, pdf_of
from tests.cases.documents.working import fetched, ordered_figures, ordered_packet
from tests.cases.pages import logged_in, sign

pytestmark = pytest.mark.django_db


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
            found[kind] = faults(pdf)
            sizes |= {tuple(map(float, page.mediabox)) for page in pdf.pages}
    assert found == {kind: [] for kind in KINDS}
    assert sizes == {(0, 0, 612, 792)}, "US Letter"


def test_every_checkpoint_of_the_protocol_is_in_a_group() -> None:
    assert {place for group in GROUPS for place in group} == {f"{place:02}" for place in range(1, 32)}


@pytest.fixture(scope="module")
def whole() -> bytes:
    return pdf_of(built(SIGNED, "signed"))


def changed_first(kind: str, change: Callable[[Any], object]) -> Callable[[pikepdf.Pdf], None]:
    """Change the first structure element of a kind."""

    def done(pdf: pikepdf.Pdf) -> None:
        change(
            next(one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == kind)
        )

    return done


def changed_font(change: Callable[[Any], object]) -> Callable[[pikepdf.Pdf], None]:
    """Change the first font."""

    def done(pdf: pikepdf.Pdf) -> None:
        change(next(iter(pdf.pages[0].Resources.Font.values())))

    return done


def untitled(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        del metadata["dc:title"]


DAMAGES: dict[str, Callable[[pikepdf.Pdf], object]] = {
    "01-005": lambda pdf: pdf.pages[0].contents_add(b"0 0 9 9 re f"),
    "01-007": lambda pdf: pdf.Root.MarkInfo.update({"/Suspects": True}),
    "02-001": changed_first("/P", lambda one: one.update({"/S": pikepdf.Name.Quip})),
    "02-004": lambda pdf: pdf.Root.StructTreeRoot.update({"/RoleMap": pikepdf.Dictionary(P="/H1")}),
    "06-003": untitled,
    "07-001": lambda pdf: pdf.Root.__delitem__("/ViewerPreferences"),
    "09-004": changed_first("/TR", lambda one: one.update({"/S": pikepdf.Name.P})),
    "10-001": changed_font(lambda one: one.ToUnicode.write(b"<0003> <0020>\n")),
    "11-001": lambda pdf: pdf.Root.__delitem__("/Lang"),
    "13-004": changed_first("/P", lambda one: one.update({"/S": pikepdf.Name.Figure})),
    "14-002": changed_first("/H1", lambda one: one.update({"/S": pikepdf.Name.H2})),
    "14-003": changed_first("/H2", lambda one: one.update({"/S": pikepdf.Name.H4})),
    "15-003": lambda pdf: pdf.Root.StructTreeRoot.__delitem__("/IDTree"),
    "21-001": lambda pdf: pdf.attachments.update({"x": b"x"}),
    "31-004": changed_font(lambda one: one.DescendantFonts[0].__delitem__("/CIDToGIDMap")),
    "31-009": changed_font(lambda one: one.DescendantFonts[0].FontDescriptor.__delitem__("/FontFile2")),
    "31-012": changed_font(lambda one: one.DescendantFonts[0].__setitem__("/W", pikepdf.Array([]))),
    "31-027": changed_font(lambda one: one.__delitem__("/ToUnicode")),
}


@pytest.mark.parametrize("condition", DAMAGES)
def test_what_is_damaged_is_found(whole: bytes, condition: str) -> None:
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        assert faults(pdf) == []
        DAMAGES[condition](pdf)
        assert condition in {fault.partition(" ")[0] for fault in faults(pdf)}
