"""Fonts: every script that names come in is set in a font that the document brings along."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from django.utils.html import conditional_escape

from cases.documents.fonts import printable_text
from cases.documents.pdf import pdf_of
from cases.templatetags.names import named

NAMES = {
    "latin": "Łukasiewicz-Öztürk, Çağlar",
    "greek": "Παπαδόπουλος, Γεώργιος",
    "cyrillic": "Щербакова, Ольга",
    "vietnamese": "Nguyễn, Thị Hồng",
    "arabic": "الحسيني, فاطمة",
    "hebrew": "כהן, שרה",
    "han": "欧阳, 晓梅",
    "kana": "たなか, ハナコ",
    "hangul": "김, 서연",
}
OURS = {"Plex", "Plex-Semi-Bold", "Noto-Arabic", "Noto-Hebrew", "Noto-Hangul", "Noto-Han"}
MADE = """
import copy, datetime, io, json, sys
import django
django.setup()
from pypdf import PdfReader
from cases.documents.handout import build_handout
from cases.documents.pdf import render_pdf
from cases.screens.printed import KINDS
from cases.snapshot.read import read
from tests.cases.documents.contents import DRAFT

found = {}
for script, name in json.load(sys.stdin).items():
    content = copy.deepcopy(DRAFT)
    content["patient"]["name"] = name
    handout = build_handout(read(content), "draft", printed_at=datetime.datetime.now(datetime.UTC))
    made = render_pdf("documents/paper.html", {"kind": KINDS["handout"], "handout": handout})
    listed = [page["/Resources"]["/Font"].values() for page in PdfReader(io.BytesIO(made)).pages]
    fonts = {str(font.get_object()["/BaseFont"]) for page in listed for font in page}
    found[script] = sorted(font.split("+")[-1] for font in fonts)
json.dump(found, sys.stdout)
"""


def test_every_script_is_set_in_our_fonts_where_the_machine_has_none(tmp_path: Path) -> None:
    """With the system's fonts hidden: what is not in our files could not be drawn at all."""
    hidden = tmp_path / "fonts.conf"
    hidden.write_text(f"<fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>")
    made = subprocess.run(
        [sys.executable, "-c", MADE],
        input=json.dumps(NAMES),
        env={**os.environ, "FONTCONFIG_FILE": str(hidden), "DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(made.stdout)
    assert {script: set(fonts) - OURS for script, fonts in found.items()} == {
        script: set() for script in NAMES
    }
    wanted = {
        "arabic": "Noto-Arabic",
        "hebrew": "Noto-Hebrew",
        "han": "Noto-Han",
        "kana": "Noto-Han",
        "hangul": "Noto-Hangul",
    }
    assert {script for script, font in wanted.items() if font not in found[script]} == set()


@pytest.mark.parametrize("name", NAMES.values())
def test_what_a_font_has_is_printed_as_it_is(name: str) -> None:
    assert printable_text(name) == name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ki-67 ≥ 55 %, 3 × 2 cm → CT", "Ki-67 ≥ 55 %, 3 × 2 cm → CT"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("𐀀", "[Linear b syllable b008 a]"),
        ("Ada 😀", "Ada [Grinning face]"),
        ("\U000f0000", "[U+F0000]"),
        ("نا\u200cم", "نا\u200cم"),
    ],
)
def test_what_no_font_has_is_named(text: str, shown: str) -> None:
    assert printable_text(text) == shown


MARKED = {
    "greek": '<span lang="el">Παπαδόπουλος, Γεώργιος</span>',
    "arabic": '<span dir="auto">الحسيني, فاطمة</span>',
    "hebrew": '<span lang="he" dir="auto">כהן, שרה</span>',
    "kana": '<span lang="ja">たなか, ハナコ</span>',
    "hangul": '<span lang="ko">김, 서연</span>',
}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        *((name, MARKED.get(script, name)) for script, name in NAMES.items()),
        ("山田, はな子", '<span lang="ja">山田, はな子</span>'),
        ("金 서연", '<span lang="ko">金 서연</span>'),
        ("Kim <b> (김서연), 4711", 'Kim &lt;b&gt; (<span lang="ko">김서연</span>), 4711'),
        ("Team β", "Team β"),
    ],
)
def test_a_name_has_the_language_that_its_script_decides_and_no_other(name: str, shown: str) -> None:
    assert conditional_escape(named(name)) == shown


@pytest.mark.parametrize(("script", "languages"), [("hangul", {"ko"}), ("hebrew", {"he"}), ("arabic", set())])
def test_the_language_of_a_name_stands_in_the_tags(script: str, languages: set[str]) -> None:
    name = named(NAMES[script])
    made = pdf_of(f'<!doctype html><html lang="en"><title>T</title><h1>{name}</h1><p>Text</p></html>')
    with pikepdf.open(io.BytesIO(made)) as pdf:
        spans = [
            one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Span"
        ]
        assert {str(one.Lang) for one in spans if "/Lang" in one} == languages
        assert str(pdf.Root.Lang) == "en"


FAMILY = "Plex, Noto Arabic, Noto Hebrew"
TWICE = f"""<!doctype html><html lang="en"><title>T</title><p style="font: 13px {FAMILY}">{{0}}</p>
<svg viewBox="0 0 200 20" width="200" height="20" font-size="13" font-family="{FAMILY}">
<title>T</title><text x="2" y="14">{{0}}</text></svg></html>"""


@pytest.mark.parametrize("words", ["AVATAR Tofu", NAMES["arabic"], NAMES["hebrew"]])
def test_the_words_of_a_picture_are_joined_and_ordered_as_in_a_line(words: str) -> None:
    shown: list[bytes] = []
    with pikepdf.open(io.BytesIO(pdf_of(TWICE.format(words)))) as pdf:
        for operands, operator in pikepdf.parse_content_stream(pdf.pages[0]):
            if str(operator) == "BT":
                shown.append(b"")
            elif str(operator) == "TJ":
                parts = [part for part in operands[0] if isinstance(part, pikepdf.String)]
                shown[-1] += b"".join(map(bytes, parts))
    in_line, in_picture, _page = shown
    assert in_picture == in_line != b""
