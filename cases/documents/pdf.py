"""From a template to a tagged PDF, with nothing but our own static files within reach."""

from __future__ import annotations

import atexit
import gc
import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from cases.documents.base import PaperHTML
from cases.documents.once import work_out_once
from cases.documents.pictures import draw_whole_lines
from cases.documents.running import lay_out_once
from cases.documents.tags import finish_tags, write_languages

SHEET = "css/print.css"

# Pango's font map belongs to one thread at a time.
_lock = Lock()


class NotOurs(ValueError):
    """A document asked for something that is not one of our static files."""


class StaticFilesOnly(URLFetcher):
    """Reads files inside the folders of static files; refuses every other address, whatever its scheme.

    A path is judged after `..` and links in it are followed.
    """

    def __init__(self, *folders: Path) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False)
        self.folders = tuple(folder.resolve() for folder in folders)

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The file's content; raises `NotOurs`."""
        path = self.allowed(url)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    def allowed(self, url: str) -> Path:
        """The path that a file address names, if it lies in one of the folders."""
        try:
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
        except (ValueError, OSError) as error:
            raise NotOurs("not an address of a file") from error
        if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
            raise NotOurs("not an address of a file")
        if not any(path.is_relative_to(folder) for folder in self.folders) or not path.is_file():
            raise NotOurs("not one of our static files")
        return path


class Press:
    """What every document shares: fetcher, fonts, parsed sheet. One a process: making it is slow."""

    def __init__(self) -> None:
        draw_whole_lines()
        lay_out_once()
        work_out_once()
        write_languages()
        source = Path(settings.STATICFILES_DIRS[0])
        self.fetcher = StaticFilesOnly(*map(Path, settings.STATICFILES_DIRS))
        self.fonts = FontConfiguration()
        self.sheet = CSS(
            filename=str(source / SHEET),
            base_url=(source / SHEET).as_uri(),
            url_fetcher=self.fetcher,
            font_config=self.fonts,
            media_type="print",
        )
        self.images: dict[str, Any] = {}

    def pdf(self, html: str) -> bytes:
        """The document as PDF/UA-1: tagged, with its fonts inside."""
        return self.written(PaperHTML(string=html, url_fetcher=self.fetcher, media_type="print"))

    def written(self, document: HTML) -> bytes:
        """The same for HTML that was read."""
        made: bytes = document.write_pdf(
            finisher=finish_tags,
            stylesheets=[self.sheet],
            font_config=self.fonts,
            cache=self.images,
            pdf_variant="pdf/ua-1",
        )
        return made


@cache
def press() -> Press:
    """The process's one press."""
    return Press()


# The fonts lie in a temporary folder that goes with the press; at the very end it could no longer be removed.
atexit.register(press.cache_clear)


def render_pdf(template: str, context: Mapping[str, Any]) -> bytes:
    """The template as a PDF, made in this process. Pages print apart (`cases.documents.apart`)."""
    return pdf_of(render_to_string(template, dict(context)))


def pdf_of(html: str) -> bytes:
    """The HTML as a PDF."""
    with _lock, _rare_collection():
        return press().pdf(html)


@contextmanager
def _rare_collection() -> Iterator[None]:
    """A layout's many small objects all live until its end: looking for garbage among them is wasted."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
