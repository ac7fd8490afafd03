"""How a message reaches its receiver: as a file in a folder, or over MLLP with an answer."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

START, END = b"\x0b", b"\x1c\r"  # what MLLP puts around a message
ACCEPTED = ("AA", "CA")
LONGEST_ANSWER = 65_536  # bytes
SECONDS = 20  # to connect, to send, and to wait for an answer


class NotDelivered(Exception):
    """The receiver has not taken it; the message says why. `for_good`: asking again would not help."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


class Receiver(Protocol):
    """Where messages go."""

    def deliver(self, name: str, message: bytes) -> None:
        """Hand the message over under this name. Raises `NotDelivered`."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A file for each message, there whole or not at all; the same name is the same message."""

    path: Path

    def deliver(self, name: str, message: bytes) -> None:
        unfinished = self.path / f".{name}.part"
        try:
            with unfinished.open("wb") as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.path / f"{name}.hl7")
        except OSError as error:
            raise NotDelivered(f"The folder takes no file: {error.strerror}.") from error


@dataclass(frozen=True, slots=True)
class Mllp:
    """A receiver that answers each message (minimal lower layer protocol)."""

    host: str
    port: int

    def deliver(self, name: str, message: bytes) -> None:
        try:
            with socket.create_connection((self.host, self.port), timeout=SECONDS) as connection:
                connection.sendall(START + message + END)
                answer = _answer(connection)
        except OSError as error:
            raise NotDelivered(f"No answer from the receiver: {error}.") from error
        code, words = _acknowledged(answer, name)
        if code not in ACCEPTED:
            # AR and CR: as it is, it will never be taken. AE and CE: the receiver is in trouble.
            raise NotDelivered(f"The receiver answers {code}: {words}", for_good=code in ("AR", "CR"))


def _answer(connection: socket.socket) -> bytes:
    answer = b""
    while END not in answer:
        part = connection.recv(4096)
        if not part or len(answer) > LONGEST_ANSWER:
            raise NotDelivered("The receiver ended without an answer.")
        answer += part
    return answer


def _acknowledged(answer: bytes, name: str) -> tuple[str, str]:
    """Code and words of the answer's MSA segment. Raises `NotDelivered` for an answer to another message."""
    text = answer.strip(START + END).decode("utf-8", "replace")
    for segment in text.split("\r"):
        fields = segment.split("|")
        if fields[0] == "MSA" and len(fields) > 2:
            if fields[2] != name:
                raise NotDelivered("The receiver answered another message.")
            return fields[1], fields[3] if len(fields) > 3 else "no reason given"
    raise NotDelivered("The receiver's answer is no acknowledgment.")


class ReceiverFault(ValueError):
    """An address of a receiver that is none; the message says what is allowed."""


def receivers_of(addresses: Mapping[str, str]) -> dict[str, Receiver]:
    """The receivers by name. Addresses: `file:///a/folder` and `mllp://host:port`. Raises `ReceiverFault`."""
    return {name: _receiver(name, address) for name, address in addresses.items()}


def _receiver(name: str, address: str) -> Receiver:
    try:
        parts = urlsplit(address)
        if parts.scheme == "file" and parts.path.startswith("/") and not parts.netloc:
            return Folder(Path(parts.path))
        if parts.scheme == "mllp" and parts.hostname and parts.port:
            return Mllp(parts.hostname, parts.port)
    except ValueError:
        pass
    raise ReceiverFault(f"{name}: allowed are file:///folder and mllp://host:port.")
