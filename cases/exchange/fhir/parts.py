"""The small things that FHIR resources are made of."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from cases.exchange.fhir.codes import CODES
from cases.reading import PartialDate

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ResourceAddresses:
    """Gives each resource of one decision its address: the same decision, the same addresses, always."""

    decision: str

    def address(self, name: str) -> str:
        """`name` says what it is within the decision: "patient", "observation/ki67"."""
        return f"urn:uuid:{self.uid(name)}"

    def uid(self, name: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"{CODES.ours['decision']}:{self.decision}/{name}")

    def reference(self, name: str, display: str = "") -> Resource:
        found = {"reference": self.address(name)}
        return {**found, "display": display} if display else found


def our_coding(kind: str, code: str, display: str) -> Resource:
    """A code of ours; `kind` is one of `ours` in the file of codes."""
    return {"system": CODES.ours[kind], "code": code, "display": display}


def concept(text: str, *codings: Resource) -> Resource:
    """What is meant in words, and the codes for it, if there are any."""
    return {"coding": list(codings), "text": text} if codings else {"text": text}


def identifier(kind: str, value: str) -> Resource:
    return {"system": CODES.ours[kind], "value": value}


def instant(moment: datetime.datetime) -> str:
    """With seconds and zone, as FHIR wants it."""
    return moment.replace(microsecond=0).isoformat()


def day(date: PartialDate | datetime.date | None) -> str:
    """As much of the day as is known: "2026", "2026-03", "2026-03-05"; "" for none."""
    if date is None:
        return ""
    return date.iso() if isinstance(date, PartialDate) else date.isoformat()


def filled(resource: Resource) -> Resource:
    """Without the keys that have nothing in them, which FHIR does not allow."""
    return {key: value for key, value in resource.items() if value not in (None, "", [], {})}


def narrative(*paragraphs: str) -> Resource:
    """What a section says to a reader, as XHTML."""
    inner = "".join(f"<p>{escape(_drawable(text), quote=False)}</p>" for text in paragraphs if text)
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{inner or "<p>-</p>"}</div>',
    }


def notes(*texts: str) -> list[Resource]:
    return [{"text": text} for text in texts if text]


def _drawable(text: str) -> str:
    """Without the characters that XML does not have."""
    return "".join(one if one >= " " or one in "\n\t" else " " for one in text)
