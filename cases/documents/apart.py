"""Printing in a process of its own, one document at a time, within limits.

A layout holds a core for a second or more; in the web process it would hold up everybody who is entering a
case. A document that takes too long or too much memory costs that process and nothing else: the next one is
printed by another.
"""

from __future__ import annotations

import atexit
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore, Lock, Timer
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.template.loader import render_to_string

from cases.documents.printer import LENGTH, MADE, read_message

SECONDS = 50  # for one document; gunicorn lets a request have sixty
IN_LINE = 2  # one is printed, one waits; more would hold threads that others need to enter a case


class NotPrinted(Exception):
    """There is no document; the message says why, for the person who asked. Nothing else has happened."""


class LineIsFull(NotPrinted):
    """Others come first: ask again in some seconds."""

    def __init__(self) -> None:
        super().__init__("Other documents are being made just now. Ask again in some seconds.")


class Printer:
    """The process that prints for this one; it is started when it is needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._line, self._turn = BoundedSemaphore(IN_LINE), Lock()

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place in the line, to be taken before anything is read for the document. Raises `LineIsFull`."""
        if not self._line.acquire(blocking=False):
            raise LineIsFull
        try:
            yield
        finally:
            self._line.release()

    def pdf(self, html: str) -> bytes:
        """The document, for who has a place in the line. Raises `NotPrinted`."""
        with self._turn:
            return self._ask(html.encode())

    def _ask(self, html: bytes) -> bytes:
        process = self._running()
        limit = Timer(SECONDS, process.kill)
        limit.start()
        try:
            answer = exchanged(html, cast(BinaryIO, process.stdin), cast(BinaryIO, process.stdout))
        except OSError:  # it has ended
            answer = None
        finally:
            limit.cancel()
        if answer is None:
            self.close()
            raise NotPrinted("The document could not be made: too long, or too much memory. Try again.")
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cases.documents.printer"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # what WeasyPrint says of a document quotes it
                cwd=settings.BASE_DIR,
            )
        return self._process

    def close(self) -> None:
        """End the process; the next document starts another."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    stream.close()
            self._process = None


def exchanged(html: bytes, asked: BinaryIO, answered: BinaryIO) -> bytes | None:
    """The document that the process answers with; None if it has none, or is no more."""
    asked.write(LENGTH.pack(len(html)) + html)
    asked.flush()
    made = answered.read(1)
    answer = read_message(answered)
    return answer if made == MADE else None


@cache
def printer() -> Printer:
    """The one of this process."""
    made = Printer()
    atexit.register(made.close)
    return made


def print_apart(template: str, context: Mapping[str, Any]) -> bytes:
    """The template as a PDF, printed apart. Raises `NotPrinted`."""
    return printer().pdf(render_to_string(template, dict(context)))
