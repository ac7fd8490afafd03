"""Names in other scripts: with their language where the script alone decides it, else without one.

Hangul, Kana, Hebrew and Greek letters each belong to one language. Han, Arabic and Cyrillic are shared by
many, and none is made up for them. What runs from right to left is kept apart from the numbers beside it.
"""

import re
from collections.abc import Iterator

from django import template
from django.utils.html import format_html, format_html_join

register = template.Library()

HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
KANA = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
GREEK = "\u0370-\u03ff\u1f00-\u1fff\u0300-\u036f"
HEBREW = "\u0590-\u05ff\ufb1d-\ufb4f"
ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
BETWEEN = r" ,.\-\u00b7\u30fb\uff0c\u3001"


def _run(letters: str, least: int = 1) -> str:
    """Letters, at least so many, with what stands between them."""
    return f"[{letters}]{{{least},}}(?:[{letters}{BETWEEN}]*[{letters}])?"


RUNS = re.compile(
    f"(?P<ko>(?:[{HAN}][{HAN}{BETWEEN}]*)?{_run(HANGUL)}(?:[{HAN}{HANGUL}{BETWEEN}]*[{HAN}{HANGUL}])?)"
    f"|(?P<ja>(?:[{HAN}][{HAN}{BETWEEN}]*)?{_run(KANA)}(?:[{HAN}{KANA}{BETWEEN}]*[{HAN}{KANA}])?)"
    f"|(?P<el>{_run(GREEK, least=2)})|(?P<he>{_run(HEBREW)})|(?P<rtl>{_run(ARABIC)})"
)
MARKED = {
    "ko": '<span lang="ko">{}</span>',
    "ja": '<span lang="ja">{}</span>',
    "el": '<span lang="el">{}</span>',
    "he": '<span lang="he" dir="auto">{}</span>',
    "rtl": '<span dir="auto">{}</span>',
}


@register.filter
def named(text: str) -> str:
    """The name, each run of another script marked up."""
    return text if text.isascii() else format_html_join("", "{}", _pieces(text))


def _pieces(text: str) -> Iterator[tuple[str]]:
    begins = 0
    for run in RUNS.finditer(text):
        yield (text[begins : run.start()],)
        # nosemgrep: markup-is-escaped (of three constants)
        yield (format_html(MARKED[run.lastgroup or ""], run[0]),)
        begins = run.end()
    yield (text[begins:],)
