"""The process that prints: `python -m cases.documents.printer` turns HTML on its input into PDF.

It holds no connection to the database, is polite to everything else on the machine, and may use so much
memory and no more. Each message is its length in eight bytes, then that many bytes; an answer has one byte
before: 1 for a document, 0 for none.
"""

from __future__ import annotations

import os
import resource
import struct
import sys
from typing import BinaryIO

from cases.documents.pdf import pdf_of

MOST_MEMORY = 1_500_000_000  # bytes of address space; a packet of forty cases takes about a fifth
LENGTH = struct.Struct(">Q")
MADE, FAILED = b"\1", b"\0"


def main(asked: BinaryIO, answered: BinaryIO) -> None:
    """Print until nobody asks any more."""
    if sys.platform == "linux":  # elsewhere the limit is not kept, or kept otherwise
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    os.nice(10)
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
