"""The process that prints: `python -m cases.documents.printer` turns HTML on its input into PDF.

It holds no connection to the database, is polite to everything else on the machine, and may use so much
memory and no more. Each message is its length in eight bytes, then that many bytes; an answer has one byte
before: 1 for a document, 0 for none. Before the answer come, each after a byte 2, the numbers of pages laid
out so far, and 0 as soon as the file is being written.
"""

from __future__ import annotations

import logging
import os
import resource
import struct
import sys
from typing import BinaryIO, cast

MOST_MEMORY = 1_500_000_000  # bytes of address space; a packet of forty cases takes about a fifth
LENGTH = struct.Struct(">Q")
MADE, FAILED, LAID_OUT = b"\1", b"\0", b"\2"
PROGRESS = "weasyprint.progress"
LAYING_OUT, WRITING = "Step 5 - Creating layout - Page %d", "Step 6 - Creating PDF"


class PagesTold(logging.Handler):
    """Passes on how far WeasyPrint says it is, and nothing else that it says."""

    def __init__(self, answered: BinaryIO) -> None:
        super().__init__()
        self._answered = answered

    def emit(self, record: logging.LogRecord) -> None:
        """Write the number of the page, or 0."""
        if record.msg in (LAYING_OUT, WRITING):
            number = cast(int, record.args[0]) if isinstance(record.args, tuple) and record.args else 0
            self._answered.write(LAID_OUT + LENGTH.pack(number))
            self._answered.flush()


def be_idle() -> None:
    """Leave the processor to whoever else wants it: people are entering cases meanwhile."""
    os.nice(10)
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def main(asked: BinaryIO, answered: BinaryIO) -> None:
    """Print until nobody asks any more."""
    be_idle()
    if sys.platform == "linux":  # elsewhere the limit is not kept, or kept otherwise
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    from cases.documents.pdf import pdf_of  # only now: to read it and its libraries takes a core for a second

    progress = logging.getLogger(PROGRESS)
    progress.setLevel(logging.INFO)
    progress.handlers = [PagesTold(answered)]
    while (html := read_message(asked)) is not None:
        try:
            answer = MADE, pdf_of(html.decode())
        except Exception:  # whatever it was: the one who asked is told that there is no document
            answer = FAILED, b""
        answered.write(answer[0] + LENGTH.pack(len(answer[1])) + answer[1])
        answered.flush()


def read_message(stream: BinaryIO) -> bytes | None:
    """The next message, whole; None where the stream has ended before or within it."""
    length = stream.read(LENGTH.size)
    if len(length) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(length)
    message = stream.read(size)
    return message if len(message) == size else None


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
