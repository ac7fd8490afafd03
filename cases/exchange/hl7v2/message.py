"""A signed decision as an HL7 v2.5.1 message of documents (MDM), with its handout inside.

T02 brings the document; T11 takes one back that was entered in error.
"""

from __future__ import annotations

import base64
import datetime

from cases.exchange.fhir.codes import CODES
from cases.exchange.signed import NotSigned, SignedPaper
from cases.snapshot.frozen import FrozenDecision, FrozenStamp

SENDER = "TUMORBOARD"
GENDERS = {"female": "F", "male": "M", "other": "O"}
# What separates the parts of a message, and how each is written where it is only a character.
ESCAPES = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\n": "\\.br\\", "\r": ""}
LEGAL = "LA"  # the document is legally authenticated
AVAILABLE, CANCELED = "AV", "CA"


def mdm_message(paper: SignedPaper, *, receiver: str, control_id: str) -> bytes:
    """The message, in UTF-8, a segment a line ended by a carriage return, as HL7 v2 has it.

    `control_id` names this message to the receiver, 1 to 20 characters: one that comes twice is the same.
    Raises `NotSigned`.
    """
    frozen, decision, signed = paper.frozen, paper.frozen.decision, paper.frozen.signed
    if decision is None or signed is None:
        raise NotSigned("The decision is not signed.")
    at = moment(signed.at)
    event, structure = ("T11", "MDM_T01") if paper.in_error else ("T02", "MDM_T02")
    addressed = (SENDER, escaped(frozen.case.board), escaped(receiver), "", at, "")
    kind = (f"MDM^{event}^{structure}", escaped(control_id), "P", "2.5.1")
    segments = [
        _segment("MSH", "^~\\&", *addressed, *kind, "", "", "AL", "NE", "", "UNICODE UTF-8"),
        _segment("EVN", event, at),
        _patient(paper),
        _segment("PV1", "1", "N"),
        _document(paper, decision, signed),
    ]
    if not paper.in_error:
        segments.append(_content(paper))
    return "".join(f"{segment}\r" for segment in segments).encode()


def _patient(paper: SignedPaper) -> str:
    patient = paper.frozen.patient
    number = f"{escaped(patient.record_number)}^^^{escaped(paper.frozen.case.board)}^MR"
    name = f"{escaped(patient.surname)}^{escaped(patient.given_names)}"
    born, gender = f"{patient.birth_date:%Y%m%d}", GENDERS.get(patient.sex.code, "U")
    return _segment("PID", "1", "", number, "", name, "", born, gender)


def _document(paper: SignedPaper, decision: FrozenDecision, signed: FrozenStamp) -> str:
    """TXA: what it is, by whom, under which number, in whose place, who signed."""
    at, by = moment(signed.at), f"^{escaped(signed.by)}"
    written = ("1", "CN", "AP", at, "", at, at, "", by, "", "")
    numbers = (decision.uid, decision.supersedes, "", "", "")
    states = (LEGAL, "", CANCELED if paper.in_error else AVAILABLE, "", "")
    return _segment("TXA", *written, *numbers, *states, f"{by}{'^' * 13}{at}")


def _content(paper: SignedPaper) -> str:
    code = f"{CODES.document.code}^{CODES.document.display}^LN"
    data = f"^application^pdf^Base64^{base64.b64encode(paper.pdf).decode()}"
    return _segment("OBX", "1", "ED", code, "", data, "", "", "", "", "", "F")


def _segment(*fields: str) -> str:
    return "|".join(fields).rstrip("|")


def escaped(text: str) -> str:
    """The text, with what would separate parts written as HL7 has it; control characters are left out."""
    return "".join(ESCAPES.get(one, one if one >= " " else "") for one in text)


def moment(at: datetime.datetime) -> str:
    """20261124164000+0000."""
    return f"{at:%Y%m%d%H%M%S%z}"
