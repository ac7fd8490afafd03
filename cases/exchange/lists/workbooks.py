"""An XLSX file looked through before any reader gets it: what it unpacks to, and how far its cells reach.

A small file can unpack to gigabytes, and one cell at the far corner of a sheet makes a reader fill all that
lies before it. Sizes that a file declares of itself are believed by nobody: what counts is what comes out.
"""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from cases.exchange.lists.formats import column_number

MOST_UNPACKED = 40 * 1024 * 1024
"""Bytes of a whole workbook: 10,000 rows of 60 columns take 30 million."""
MOST_MEMBERS = 1000
PIECE = 64 * 1024

MOST_CELLS = 2_000_000

STORED, DEFLATED, ENCRYPTED = 0, 8, 0x1
LOCAL_HEADER = 30  # bytes before the name of a member
_CELL = re.compile(rb"""(?<=\s)r\s*=\s*["']\s*([A-Za-z]+)\$?([0-9]+)\s*["']""")
_ROW = re.compile(rb"""[<:]row\s[^<>]{0,400}?(?<=\s)r\s*=\s*["']\s*()([0-9]+)""")
_BEGINS = re.compile(rb"[<:]c[\s/>]")
_TOO_LONG = re.compile(rb"""(?<=\s)r\s*=\s*["'][^"'<>]{30}""")
_NO_RESULT = re.compile(
    rb"""[<:]c(?![^<>]*\st\s*=\s*["']str)[^<>]*>\s*<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<>]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</|</(?:\w+:)?c>)"""
)
_NO_XML = (".bin", ".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".vml")
_OVERLAP = 500  # bytes that a reference, or a formula of usual length, may span


class Unfit(ValueError):
    """The file is not given to a reader; the message says why, and what is allowed."""


def check_workbook(data: bytes, most_rows: int, most_columns: int) -> None:
    """Raise `Unfit` unless it is a workbook that unpacks and reaches no further than allowed."""
    try:
        with ZipFile(BytesIO(data)) as packed:
            members = packed.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unfit("This is no XLSX file, or it is damaged.") from error
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        raise Unfit("This is a packed file of another kind; allowed: XLSX, CSV.")
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Unfit(f"The file unpacks to more than {MOST_UNPACKED // 1024**2} MB.")
    unpacked = 0
    for member in members:  # any of them may be named as a sheet
        reach = _Reach(most_rows, most_columns)
        for piece in _unpacked(data, member):
            unpacked += len(piece)
            if unpacked > MOST_UNPACKED:
                raise Unfit(f"The file unpacks to more than {MOST_UNPACKED // 1024**2} MB.")
            if not member.filename.casefold().endswith(_NO_XML):
                reach.look(piece)


def _unpacked(data: bytes, member: ZipInfo) -> Iterator[bytes]:
    """What really comes out of a member, in pieces: not only as much as it declares."""
    if member.flag_bits & ENCRYPTED or member.compress_type not in (STORED, DEFLATED):
        raise Unfit("The file is protected or packed in an unusual way; save it as a plain XLSX.")
    head = data[member.header_offset : member.header_offset + LOCAL_HEADER]
    if len(head) < LOCAL_HEADER or head[:4] != b"PK\x03\x04":
        raise Unfit("This is no XLSX file, or it is damaged.")
    start = member.header_offset + LOCAL_HEADER
    start += int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    packed = memoryview(data)[start : start + member.compress_size]
    if member.compress_type == STORED:
        yield bytes(packed)
        return
    stream, rest = zlib.decompressobj(-zlib.MAX_WBITS), bytes(packed)
    try:
        while rest and not stream.eof:
            yield stream.decompress(rest, PIECE)
            rest = stream.unconsumed_tail
        yield stream.flush()
    except zlib.error as error:
        raise Unfit("This is no XLSX file, or it is damaged.") from error


class _Reach:
    """How far the cells of a sheet reach, and how many they are, read off piece by piece."""

    def __init__(self, most_rows: int, most_columns: int) -> None:
        self.most_rows, self.most_columns = most_rows, most_columns
        self.tail, self.cells = b"", 0

    def look(self, piece: bytes) -> None:
        text = self.tail + piece
        self.cells += len(_BEGINS.findall(piece))
        if b"\0" in text or _TOO_LONG.search(text):
            raise Unfit("A sheet is written in an unusual way; save it anew as XLSX.")
        if _NO_RESULT.search(text):
            raise Unfit(
                "A formula stands there without its result: open the workbook, save it, and bring it again."
            )
        if self.cells > MOST_CELLS:
            raise Unfit(f"A sheet has more than {MOST_CELLS:,} cells.")
        for letters, number in (*_CELL.findall(text), *_ROW.findall(text)):
            if int(number) > self.most_rows or column_number(letters) > self.most_columns:
                raise Unfit(
                    f"The sheet reaches to {(letters + number).decode()}; allowed: "
                    f"{self.most_rows:,} rows and {self.most_columns} columns."
                )
        self.tail = text[-_OVERLAP:]
