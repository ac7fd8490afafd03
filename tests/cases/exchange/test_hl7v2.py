"""A signed decision as an HL7 v2 message, read back by a foreign library, and its way to a receiver."""

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hl7
import pytest

from cases.exchange.hl7v2.message import mdm_message
from cases.exchange.hl7v2.transport import (
    END,
    START,
    Folder,
    Mllp,
    NotDelivered,
    ReceiverFault,
    receivers_of,
)
from cases.exchange.signed import NotSigned, SignedPaper
from cases.snapshot.read import read
from tests.cases.documents.contents import DRAFT, SIGNED
from tests.cases.documents.test_handout import changed

PDF = b"%PDF-1.7 of the handout" * 2_000
NUMBER = "b3f0c2d41a5e4c7d9f10"


def message_of(content: dict[str, Any], **more: Any) -> hl7.Message:
    made = mdm_message(SignedPaper(read(content), PDF, **more), receiver="EPR", control_id=NUMBER)
    return hl7.parse(made.decode())


def test_it_is_read_back_as_it_was_meant() -> None:
    message = message_of(SIGNED)
    found = {
        "segments": [str(segment[0]) for segment in message],
        "kind": str(message.segment("MSH")[9]),
        "number": str(message.segment("MSH")[10]),
        "record": message["PID.F3.R1.C1"],
        "name": (message["PID.F5.R1.C1"], message["PID.F5.R1.C2"]),
        "born": str(message.segment("PID")[7]),
        "gender": str(message.segment("PID")[8]),
        "state": (str(message.segment("TXA")[17]), str(message.segment("TXA")[19])),
        "decision": str(message.segment("TXA")[12]),
        "signed": (message["TXA.F22.R1.C2"], message["TXA.F22.R1.C15"]),
        "paper": base64.b64decode(message["OBX.F5.R1.C5"]),
    }
    assert found == {
        "segments": ["MSH", "EVN", "PID", "PV1", "TXA", "OBX"],
        "kind": "MDM^T02^MDM_T02",
        "number": NUMBER,
        "record": "T000001",
        "name": ("Fabricius", "Ada"),
        "born": "19610814",
        "gender": "F",
        "state": ("LA", "AV"),
        "decision": SIGNED["decision"]["uid"],
        "signed": ("Dora Diaz", "20261124164000+0000"),
        "paper": PDF,
    }


def test_a_correction_names_what_it_replaces_and_an_error_is_taken_back() -> None:
    earlier = "12e6ea8a-b4ec-47cc-b926-1a724eaec4a8"
    assert str(message_of(changed(SIGNED, decision__supersedes=earlier)).segment("TXA")[13]) == earlier
    taken_back = message_of(SIGNED, in_error=True)
    assert str(taken_back.segment("MSH")[9]) == "MDM^T11^MDM_T01"
    assert [str(segment[0]) for segment in taken_back] == ["MSH", "EVN", "PID", "PV1", "TXA"]
    assert str(taken_back.segment("TXA")[19]) == "CA"


def test_no_word_of_the_record_makes_a_segment_or_a_field() -> None:
    content = changed(SIGNED, patient__surname="O|Brien^\\&~\rPID|2", patient__given_names="Ada\nEve\x0b")
    message = message_of(content)
    assert len(message) == 6
    assert message["PID.F5.R1.C1"] == "O|Brien^\\&~PID|2"


def test_what_is_not_signed_does_not_leave() -> None:
    with pytest.raises(NotSigned):
        message_of(DRAFT)


# --- To a receiver ------------------------------------------------------------------------------------------


@contextmanager
def receiver(answer: bytes | None) -> Iterator[tuple[Mllp, list[bytes]]]:
    """A receiver on this machine that reads one message and answers so, or not at all."""
    got: list[bytes] = []

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            message = b""
            while not message.endswith(END):
                message += connection.recv(65_536)
            got.append(message)
            if answer is not None:
                connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = threading.Thread(target=serve)
        serving.start()
        yield Mllp("127.0.0.1", listening.getsockname()[1]), got
        serving.join(5)


def acknowledged(code: str, number: str = NUMBER, words: str = "") -> bytes:
    text = f"MSH|^~\\&|EPR||TUMORBOARD||20261124||ACK|1|P|2.5.1\rMSA|{code}|{number}|{words}\r"
    return START + text.encode() + END


@pytest.mark.parametrize("code", ["AA", "CA"])
def test_a_receiver_takes_it(code: str) -> None:
    with receiver(acknowledged(code)) as (target, got):
        target.deliver(NUMBER, b"MSH|1\r")
    assert got == [START + b"MSH|1\r" + END]


@pytest.mark.parametrize(
    ("answer", "told", "for_good"),
    [
        (acknowledged("AE", words="Database down"), "answers AE: Database down", False),
        (acknowledged("AR", words="Unknown patient"), "answers AR: Unknown patient", True),
        (acknowledged("AA", number="another"), "answered another message", False),
        (START + b"MSH|nothing\r" + END, "no acknowledgment", False),
        (None, "ended without an answer", False),
    ],
)
def test_what_a_receiver_does_not_take_is_told(answer: bytes | None, told: str, for_good: bool) -> None:
    with receiver(answer) as (target, _), pytest.raises(NotDelivered, match=told) as caught:
        target.deliver(NUMBER, b"MSH|1\r")
    assert caught.value.for_good is for_good


def test_a_receiver_that_is_not_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(NotDelivered, match="No answer"):
        Mllp("127.0.0.1", port).deliver(NUMBER, b"MSH|1\r")


def test_a_folder_gets_a_whole_file_once(tmp_path: Path) -> None:
    for _ in range(2):
        Folder(tmp_path).deliver(NUMBER, b"MSH|1\r")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [(f"{NUMBER}.hl7", b"MSH|1\r")]
    with pytest.raises(NotDelivered, match="takes no file"):
        Folder(tmp_path / "missing").deliver(NUMBER, b"MSH|1\r")


def test_receivers_are_read_from_their_addresses() -> None:
    assert receivers_of({"epr": "mllp://epr.example:2575", "spool": "file:///var/spool/board"}) == {
        "epr": Mllp("epr.example", 2575),
        "spool": Folder(Path("/var/spool/board")),
    }


@pytest.mark.parametrize(
    "address", ["", "http://epr:80", "mllp://epr", "mllp://:2575", "file://host/x", "file:x", "mllp://e:x"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ReceiverFault, match="epr: allowed are file:///folder and mllp://host:port"):
        receivers_of({"epr": address})
