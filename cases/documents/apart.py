"""Printing in a process of its own, one document at a time, within limits.

A layout holds a core for a second or more; in the web process it would hold up everybody who is entering a
case. A document that takes too long or too much memory costs that process and nothing else: the next one is
printed by another.
"""

from __future__ import annotations

import atexit
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore, Lock, Timer
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.template.loader import render_to_string

from cases.documents.printer import LAID_OUT, LENGTH, MADE, read_message

SECONDS = 50  # for one document; gunicorn lets a request have sixty
SECONDS_ORDERED = (
    900  # for one that is ordered; a packet of forty cases takes a fiftieth where nobody else works
)
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

    def pdf(self, html: str, seconds: float | None = None, told: Callable[[int], object] = int) -> bytes:
        """The document, for who has a place in the line.

        `told` hears how many pages are laid out, and 0 as soon as the file is being written; what it raises
        ends the document. Raises `NotPrinted`, after `seconds` at the latest.
        """
        with self._turn:
            return self._ask(html.encode(), SECONDS if seconds is None else seconds, told)

    def _ask(self, html: bytes, seconds: float, told: Callable[[int], object]) -> bytes:
        process = self._running()
        limit = Timer(seconds, process.kill)
        limit.start()
        answer = None
        try:
            answer = exchanged(html, cast(BinaryIO, process.stdin), cast(BinaryIO, process.stdout), told)
        except OSError:  # it has ended
            pass
        finally:
            limit.cancel()
            if answer is None:  # what it would still say answers no later question
                self.close()
        if answer is None:
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


def exchanged(
    html: bytes, asked: BinaryIO, answered: BinaryIO, told: Callable[[int], object] = int
) -> bytes | None:
    """The document that the process answers with; None if it has none, or is no more."""
    asked.write(LENGTH.pack(len(html)) + html)
    asked.flush()
    while (kind := answered.read(1)) == LAID_OUT:
        if len(number := answered.read(LENGTH.size)) < LENGTH.size:
            return None
        told(LENGTH.unpack(number)[0])
    answer = read_message(answered)
    return answer if kind == MADE else None


@cache
def printer() -> Printer:
    """The one of this process."""
    made = Printer()
    atexit.register(made.close)
    return made


def print_apart(
    template: str,
    context: Mapping[str, Any],
    seconds: float | None = None,
    told: Callable[[int], object] = int,
) -> bytes:
    """The template as a PDF, printed apart; as `Printer.pdf` says. Raises `NotPrinted`."""
    return printer().pdf(render_to_string(template, dict(context)), seconds, told)
