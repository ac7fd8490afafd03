"""The handout on paper, read back from the PDF."""

import datetime
import io
import logging
import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from pypdf import PdfReader
from weasyprint import HTML

from cases.actions.printing import printable
from cases.documents.handout import Handout, build_handout
from cases.documents.letter import LetterSheet
from cases.documents.minutes import Minutes, MinutesCase, MinutesPerson
from cases.documents.packet import Packet, PacketCase, PacketLine, RollLine, index_of
from cases.documents.pdf import press, render_pdf
from cases.documents.printer import LAYING_OUT, PROGRESS
from cases.models import Case
from cases.screens.printed import KINDS
from cases.snapshot.read import read
from tests.cases.documents.contents import DRAFT, SIGNED, statement
from tests.cases.documents.test_handout import changed

PRINTED = datetime.datetime(2026, 11, 22, 10, 30, tzinfo=datetime.UTC)


def built(content: dict[str, Any], status: str = "draft") -> Handout:
    return build_handout(read(content), status, printed_at=PRINTED, printed_by="Alice Albers")


def pdf_of(handout: Handout) -> bytes:
    return render_pdf("documents/paper.html", {"kind": KINDS["handout"], "handout": handout})


@pytest.fixture(scope="module")
def draft_pdf() -> bytes:
    """The draft on paper."""
    return pdf_of(built(DRAFT))


def pages(pdf: bytes) -> list[str]:
    """The text of each page on one line, as a reader would search it."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    """Without blanks: a line may end after a hyphen."""
    return "".join(text.split())


def test_a_draft_holds_everything_in_order(draft_pdf: bytes) -> None:
    (text,) = pages(draft_pdf)
    places = [
        text.index(words)
        for words in (
            "FABRICIUS, Ada",
            "Born 14-Aug-1961 (65) · Record T000001",
            "First-line treatment?",
            "G3 NET · Pancreas (Tail)",
            "Caution: Two reports disagree.",
            "Treatment: what applies",
            "CAPTEM CAPTEM is an appropriate first line. Metastatic G3 NET › First line",
            "Not known, and would change the answer",
            "SSTR imaging: decides 1 statement",
            "Decision of the board",
            "Treatment advised against",
            "Not covered by the guideline",
            "Work-up, follow-up and organization",
            "Trials the guideline names",
            "The panel met in October 2019.",
            "test-guideline, version 1.0.0 · sha256:abc",
        )
    ]
    assert places == sorted(places)
    assert "DRAFT" in text.upper()
    assert "Acceptable option" in text
    assert "Page 1 of 1" in text


def test_a_signed_decision_stands_with_who_and_when() -> None:
    (text,) = pages(pdf_of(built(SIGNED, "signed")))
    for words in (
        "Signed by Dora Diaz on 24-Nov-2026 16:40",
        "Disease control",
        "CAPTEM (Accepted; guideline: Acceptable option, Majority)",
        "Dietician (The board's own)",
        "Expert center (guideline: Recommended, Panel, no vote). Patient's wish: Too far.",
        "Fit, and wants treatment.",
        "Platelets above 100",
        "Start CAPTEM · Bob Baker, by 01-Dec-2026",
        "Dora Diaz (Chair), Bob Baker",
    ):
        assert words in text
    assert "DRAFT" not in text.upper()
    assert "Decision of the board" not in text


def test_the_file_is_tagged_titled_and_carries_its_fonts(draft_pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(draft_pdf)) as pdf:
        root = pdf.Root
        assert str(root.Lang) == "en-GB"
        assert bool(root.MarkInfo.Marked)
        assert "/StructTreeRoot" in root
        assert "/JavaScript" not in root.get("/Names", {})
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "Tumor board handout"
            assert metadata["pdfuaid:part"] == "1"
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
            assert "Plex" in str(descriptor.FontName)


def test_nothing_of_the_patient_stands_in_the_metadata(draft_pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(draft_pdf))
    told = f"{reader.metadata} {reader.xmp_metadata and reader.xmp_metadata.stream.get_data()!r}".lower()
    assert not [word for word in ("fabricius", "t000001", "1961", "pancreas") if word in told]


# --- Hostile fields: characters; markup in test_hostile -----------------------------------------------------

HOSTILE = {
    "right to left": "שלום עולם مرحبا",
    "emoji": "😀👩‍⚕️🏴‍☠️",
    "nul": "a\x00b\x01c",
    "surrogate": "a\ud800b",
    "entities": "&lt;b&gt; &amp; &#0; &nbsp;",
    "long word": "x" * 3000,
    "empty lines": "\n" * 5000 + "end",
    "combining": "a" + "\u0301" * 500,
}


def poisoned(text: str, base: dict[str, Any]) -> dict[str, Any]:
    """The content with `text` in every field that somebody types."""
    record = {
        **base["record"],
        "pathology": [{**base["record"]["pathology"][0], "comment": text, "specimen_site": text[:80]}],
        "treatments": [{**base["record"]["treatments"][0], "regimen_text": text[:200], "comment": text}],
        "assessments": [{"uid": "x", "comorbidity": text, "patient_wishes": text, "symptoms": text}],
        "imaging": [{"uid": "y", "modality": "ct", "findings": text}],
        "molecular": [{"uid": "z", "method": text[:120], "other": text}],
    }
    content = changed(
        base,
        patient__name=text[:200],
        patient__record_number=text[:40],
        case__question=text,
        case__referrer=text[:120],
        case__board=text[:100],
        case__is_demo=True,
        case__citation=text,
        meeting__place=text[:120],
        cautions=[text],
        record=record,
    )
    if content["decision"]:
        content["decision"] |= {
            "rationale": text,
            "conditions": [text[:500]],
            "next_steps": [{"text": text[:500], "owner_name": text[:120], "due_on": None}],
            "supersede_reason": text,
        }
        content["decision"]["options"][1]["title"] = text[:300]
        content["attendees"] = [{"name": text[:100], "role": text}]
    return content


# A character that no font of the machine has leaves pypdf, though not other readers, without the text.
UNREADABLE = {"right to left", "emoji", "combining"}


@pytest.mark.usefixtures("draft_pdf")  # the symbols are read once a process
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_field_changes_nothing_but_the_text_shown(
    kind: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    read: list[Path] = []
    monkeypatch.setattr(Path, "read_bytes", lambda self: read.append(self) or b"")
    content = poisoned(HOSTILE[kind], SIGNED)
    pdf = pdf_of(built(content, "signed"))
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) <= 10
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert "/EmbeddedFiles" not in reader.trailer["/Root"].get("/Names", {})
    assert [path for path in read if "static/img/stance" not in str(path)] == []
    assert capfd.readouterr() == ("", ""), "the log quotes the document"
    if kind not in UNREADABLE:
        text = " ".join(pages(pdf))
        assert "Signed by Dora Diaz" in text
        assert "sha256:abc" in text
        assert "root:" not in text
        assert "49" not in text


def test_markup_is_shown_as_it_was_typed() -> None:
    html = render_to_string(
        "documents/paper.html",
        {
            "kind": KINDS["handout"],
            "handout": built(poisoned("<script>{{ 7*7 }}</script>", SIGNED), "signed"),
        },
    )
    assert "<script" not in html
    assert "&lt;script&gt;{{ 7*7 }}&lt;/script&gt;" in html


def test_a_word_longer_than_a_line_is_broken_in_letter_minutes_and_packet() -> None:
    word = "Donaudampfschifffahrtsgesellschaft" * 9
    patient = built(DRAFT).patient
    letter = LetterSheet("T", word, patient, "", word, "signed", "", "", word, word)
    person = MinutesPerson(word, word, word, "16:00", "17:00")
    case = MinutesCase(1, word, word, word, word, word, word, word)
    minutes = Minutes(word, word, word, "", word, True, (person,), (case,), (), "", word)
    line = PacketLine(1, "16:00", word, word, word, word, 7, word)
    index = index_of([(word, 1)])
    roll = RollLine(word, word, word)
    cases = (PacketCase(1, built(DRAFT)),)
    packet = Packet(word, word, word, word, (line,), (roll,), cases, index, index, (), word)
    for kind, context in (("letter", letter), ("minutes", minutes), ("packet", packet)):
        pdf = render_pdf("documents/paper.html", {"kind": KINDS[kind], kind: context})
        lines = [
            line for page in PdfReader(io.BytesIO(pdf)).pages for line in page.extract_text().splitlines()
        ]
        assert max(len(part) for line in lines for part in line.split()) < 150, kind


def test_a_packet_lays_each_case_out_once(caplog: pytest.LogCaptureFixture) -> None:
    """Only the sheets that name pages of others, cover and index, are laid out until they do not change."""
    cases = tuple(PacketCase(place, built(DRAFT)) for place in (1, 2, 3))
    lines = tuple(PacketLine(place, "16:00", "Ada", "Born", "And?", "Full", 7, "") for place in (1, 2, 3))
    packet = Packet("Board", "Today", "", "", lines, (), cases, index_of([("Ada", 1)]), (), (), "")
    with caplog.at_level(logging.INFO, PROGRESS):
        render_pdf("documents/paper.html", {"kind": KINDS["packet"], "packet": packet})
    numbers = [record.args for record in caplog.records if record.msg == LAYING_OUT]
    assert [numbers.count((place,)) for place in (2, 3, 4, 5)] == [1, 1, 1, 1]


def test_what_the_base_sheet_leaves_out_changes_no_document() -> None:
    """Byte for byte what WeasyPrint makes of it with the whole sheet of its own."""
    handout, minutes = built(SIGNED, "signed"), Minutes("M", "B", "", "", "", True, (), (), (), "", "")
    cases, index = (PacketCase(1, built(DRAFT)), PacketCase(2, handout)), index_of([("Ada", 1)])
    lines = tuple(PacketLine(place, "16:00", "Ada", "Born", "And?", "Full", 7, "") for place in (1, 2))
    packet = Packet("Board", "Today", "", "", lines, (), cases, index, index, (), "")
    letter = LetterSheet("T", "Board", handout.patient, "", "D", "signed", "", "", "Text", "")
    contents = {"handout": handout, "annex": handout, "packet": packet, "minutes": minutes, "letter": letter}
    ours = press()
    for kind, content in contents.items():
        name = "handout" if kind == "annex" else kind
        html = render_to_string("documents/paper.html", {"kind": KINDS[kind], name: content})
        whole = HTML(string=html, url_fetcher=ours.fetcher, media_type="print")
        assert ours.pdf(html) == ours.written(whole), kind


def test_a_megabyte_of_text_is_shortened_and_says_so() -> None:
    text = ("All work and no play. " * 50_000)[:1_000_000]
    pdf = pdf_of(built(poisoned(text, DRAFT)))
    shown = pages(pdf)
    assert len(shown) <= 4
    assert "[shortened; the record has the whole text of 1,000,000 characters]" in " ".join(shown)


def test_a_long_rationale_of_a_signed_decision_flows_on() -> None:
    content = changed(SIGNED, decision__rationale="A careful sentence about it. " * 130)
    shown = pages(pdf_of(built(content, "signed")))
    assert "shortened" not in " ".join(shown)
    assert " ".join(shown).count("A careful sentence about it.") == 130


def test_identity_and_number_stand_on_each_of_many_pages() -> None:
    many = [statement(id=f"s{n}", statement=f"Statement {n}. " + "More. " * 40) for n in range(60)]
    shown = pages(pdf_of(built(changed(DRAFT, assessment__recommendations=many))))
    assert len(shown) > 2
    for number, text in enumerate(shown, 1):
        assert f"Page {number} of {len(shown)}" in text
        assert "FABRICIUS, Ada" in text
        assert "14-Aug-1961" in text
        assert "T000001" in text
        assert "DRAFT" in text.upper()


@pytest.mark.parametrize("many", [4, 5, 8])
def test_what_is_advised_against_and_all_after_it_stand_on_one_sheet(many: int) -> None:
    """There is no last sheet with a few lines of it."""
    applying = [statement(id=f"s{n}", statement=f"Statement {n}. " + "More. " * 40) for n in range(many)]
    content = changed(DRAFT, assessment__recommendations=[*applying, *DRAFT["assessment"]["recommendations"]])
    shown = pages(pdf_of(built(content)))
    last = ("Treatment advised against", "Trials the guideline names", "The panel met in October 2019.")
    assert [[words in text for words in last] for text in shown] == [[False] * 3] * (len(shown) - 1) + [
        [True] * 3
    ]
    assert len(shown) == (1 if many == 4 else 2)


POINTS = 72 / 25.4  # of a millimeter


@pytest.mark.parametrize("letter", ["W", "欧"])
def test_head_and_foot_of_a_sheet_stay_in_their_margins_whatever_somebody_is_called(letter: str) -> None:
    many = [statement(id=f"s{n}", statement=f"Statement {n}. " + "More. " * 40) for n in range(20)]
    content = changed(
        DRAFT,
        patient__name=letter * 300,
        patient__record_number="4711-" * 8,
        case__board=letter * 100,
        assessment__recommendations=many,
    )
    handout = build_handout(read(content), "draft", printed_at=PRINTED, printed_by=letter * 150)
    pages = PdfReader(io.BytesIO(pdf_of(handout))).pages
    heights: set[float] = set()

    def keep(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            heights.add(round(cm[3] * tm[5] + cm[5], 1))

    pages[1].extract_text(visitor_text=keep)
    top = float(pages[1].mediabox.top)
    head = [height for height in heights if height > top - 18 * POINTS]
    foot = [height for height in heights if height < 14 * POINTS]
    assert max(head) < top - 3 * POINTS
    assert min(foot) > 2 * POINTS
    assert min(head) - max(heights - set(head)) > 3 * POINTS, "the text keeps its distance"


# --- Every published case -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_demonstration_case_fits_on_two_pages(demonstration_boards: None) -> None:
    """The pages of all are counted; one of each kind, draft or signed, on so many pages, is read back."""
    cases = Case.objects.select_related("patient")
    assert len(cases) == 50
    read_back = set()
    for case in cases:
        found = printable(case)
        handout = build_handout(found.content, found.status, printed_at=timezone.now())
        pdf = pdf_of(handout)
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            number = len(opened.pages)
        assert number <= 2, case.citation
        html = render_to_string("documents/paper.html", {"kind": KINDS["handout"], "handout": handout})
        text = squeezed(re.sub(r"<[^>]+>", " ", html))
        assert text.index(squeezed(escape(case.question))) < text.lower().index("whatapplies"), case.citation
        if (found.status, number) not in read_back:
            read_back.add((found.status, number))
            _check_pages(case, found.status, pages(pdf))
    assert {status for status, _ in read_back} == {"draft", "deferred", "signed"}
    assert {number for _, number in read_back} == {1, 2}


def _check_pages(case: Case, status: str, shown: list[str]) -> None:
    for number, text in enumerate(shown, 1):
        for words in (
            case.patient.full_name,
            f"{case.patient.birth_date:%d-%b-%Y}",
            case.patient.record_number,
        ):
            assert squeezed(words) in squeezed(text)
        assert f"Page {number} of {len(shown)}" in text
        assert ("DRAFT" in text.upper()) == (status == "draft")
    assert "Demonstration data" in shown[0]
    whole = squeezed(" ".join(shown))
    assert whole.index(squeezed(case.question)) < whole.lower().index("whatapplies")
    assert squeezed(case.question) in squeezed(shown[0])
    assert "the panel met in October 2019" in " ".join(shown)
