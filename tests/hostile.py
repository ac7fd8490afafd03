"""What people might type to be taken for markup, and how a browser's parser tells whether it was.

Every text has a mark of its own. Whatever bears one and is not text, or the value of a box, was injected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import tinyhtml5

MARK = re.compile(r"xq\d+x")
COMPUTED = re.compile(r"xq\d+x49")  # seven times seven
CORPUS = (
    "=1+xq|'@",
    "'\"><xq onxq=1>",
    "' onxq='1",
    '" onfocus="xq" autofocus="',
    "</title></textarea></select></style></script></svg></template><xq>",
    "<img src=x onerror=xq>",
    "<svg/onload=xq><a xlink:href=javascript:xq>",
    "javascript:xq",
    "<a href=' &#x6a;avascript:xq'>xq</a>",
    "<base href=//xq/><link rel=stylesheet href=//xq/><meta http-equiv=refresh content='0;url=//xq'>",
    "<!--xq--><!xq><?xq?>]]><xq",
    "&lt;xq&gt;&#60;xq&#62;\\u003cxq\\u003e",
    "xq{{7*7}}xq{% now 'Y' %}xq${7*7}xq#{7*7}",
    "\r\nSet-Cookie: xq=1\r\nATTENDEE:mailto:xq\r\n\r\n<xq>",
)
SHORT = "'\"><xq onxq=1>xq{{7*7}}"
SHORTEST = '"><xq'
SCRIPTED = re.compile(r"on|hx-on|style$|srcdoc$")
VALUES = {"value", "alt", "title", "placeholder", "label", "aria-label", "data-text", "data-words"}


def hostile(number: int, length: int) -> str:
    """The corpus, or as much of it as so many characters hold, under the mark of this number."""
    mark = f"xq{number}x"
    for text in ("\n".join(CORPUS), SHORT, SHORTEST):
        if len(marked := text.replace("xq", mark)) <= length:
            return marked
    return mark[:length]


def injected(page: str) -> list[str]:
    """What of a page bears a mark although it is neither text nor the value of a box, or was computed."""
    found: list[str] = []
    tree = tinyhtml5.parse(page, namespace_html_elements=False)
    for element in tree.iter():
        if not isinstance(element.tag, str):  # a comment
            found += [f"comment {element.text!r}"] if MARK.search(str(element.text)) else []
            continue
        tag = element.tag.rpartition("}")[2]
        found += [f"<{tag}>"] if MARK.search(tag) else []
        if tag in ("script", "style") and MARK.search(element.text or ""):
            found.append(f"in <{tag}>")
        found += [f"<{tag} {name}={value!r}>" for name, value in _wrong(element)]
        texts = [text for text in (element.text, element.tail) if text and COMPUTED.search(text)]
        found += [f"computed: {text!r}" for text in texts]
    return found


def _wrong(element: Any) -> Iterator[tuple[str, str]]:
    """The attributes that were made by a text, or lead somewhere or do something by one."""
    for name, value in element.attrib.items():
        bare = str(name).rpartition("}")[2]
        if MARK.search(bare) or SCRIPTED.match(bare) or (MARK.search(value) and bare not in VALUES):
            yield bare, value
