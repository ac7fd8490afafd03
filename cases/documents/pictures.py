"""How the words of a drawn picture get onto paper.

WeasyPrint lays the text of an SVG out letter by letter, so that each could be moved or turned for itself.
Arabic is then not joined, Hebrew runs backwards, and a handout's timeline costs a fifth of the handout. Our
pictures place whole lines and turn none, so a line is laid out as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint import images
from weasyprint.svg import SVG


class WholeLine(str):
    """A text that is one piece for who goes through it letter by letter."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


class PictureOfLines(SVG):
    """An SVG each of whose texts is laid out in one piece."""

    def draw_node(self, node: Any, font_size: float, *more: Any, **named: Any) -> None:
        """Draw a node; of one with text its letters are not parted."""
        if node.tag == "text" and node.text:
            node._etree_node.text = WholeLine(node.text)
        super().draw_node(node, font_size, *more, **named)


def draw_whole_lines() -> None:
    """From here on, in this process."""
    images.SVG = PictureOfLines
