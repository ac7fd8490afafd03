"""Snapshots as they were signed once, and the words that their page and their handout must keep for ever.

`format-1-*.json` are the stored bytes of decisions signed by the program that wrote format 1, with edition
1.0 of the guideline: a G3 NET, a NEC and a cervix of the demonstration, and a case that fills every field. No
code writes them any more: nobody can make them again, and nothing may change them. `format-2-*.json` is the
same G3 NET, signed with edition 1.1 and its options.
"""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("format-*.json"))
LINE_ENDS = ("p", "li", "tr", "h1", "h2", "h3", "dt", "dd", "div", "ul", "table", "section", "summary")
UNSEEN = ("script", "style", "svg", "form", "title", "nav")  # what came after the signature is a way on


def stored(name: str) -> str:
    """The bytes of the snapshot as the database holds them."""
    return (FOLDER / f"{name}.json").read_text()


def snapshot(name: str) -> dict[str, Any]:
    """The snapshot."""
    found: dict[str, Any] = json.loads(stored(name))
    return found


def expected(name: str, shown: str) -> str:
    """What `shown`, the page or the handout, said of it when it was signed."""
    return (FOLDER / f"{name}.{shown}.txt").read_text()


class _Text(HTMLParser):
    """What a reader sees below the element with one of the ids or classes wanted."""

    def __init__(self, wanted: set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.wanted, self.open, self.unseen = wanted, 0, 0
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.text.append(" ")
        if tag in ("input", "br", "meta", "link", "img", "use", "hr", "path", "circle"):
            return
        given = dict(attrs)
        names = {given.get("id") or "", *(given.get("class") or "").split()}
        self.open += bool(self.open or names & self.wanted)
        self.unseen += bool(self.unseen or tag in UNSEEN)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("use", "path", "circle"):
            return
        self.open -= bool(self.open)
        self.unseen -= bool(self.unseen)
        self.text.append("\n" if tag in LINE_ENDS else " ")

    def handle_data(self, data: str) -> None:
        if self.open and not self.unseen:
            self.text.append(data.replace("\n", " "))


def text_of(html: str, *wanted: str) -> str:
    """The words of the elements with these ids or classes, a line for each block of text."""
    reader = _Text(set(wanted))
    reader.feed(html)
    lines = (" ".join(line.split()) for line in "".join(reader.text).split("\n"))
    return "".join(f"{line}\n" for line in lines if line)
