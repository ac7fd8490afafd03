"""What a bundle proposes: facts of the case file with their places in it; and what was not read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

import orjson

from cases.exchange.bundles.intake import BundleResource

NOBODYS = "Several tumors stand in this bundle, and this finding does not say which one it is of."
CONTRADICTS = "The bundle says this more than once, and differently."
ANOTHERS = "It is of another tumor, which is not neuroendocrine."
NONE_HERE = "No neuroendocrine neoplasm in this bundle."
NONE_NAMED = f"{NONE_HERE} It names no tumor at all."


@dataclass(frozen=True, slots=True)
class FoundFact:
    """What a resource says: a part and key of the case file with its value, as it is written there. `told`:
    keys that tell the entry from others of its part; `element`: where in the resource; `words`: what stands
    there; `of_patient`: it is of no tumor, but of the patient.
    """

    part: str
    key: str
    value: Any
    element: str
    words: str
    told: Mapping[str, Any] = field(default_factory=dict)
    of_patient: bool = False


@dataclass(frozen=True, slots=True)
class UnreadFact:
    """What was not read: what it is in words, its place in the bundle, and the reason."""

    what: str
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class BundleTumor:
    """A primary tumor. `name`: by which proposals name it; `label`: in words."""

    name: str
    label: str
    is_neuroendocrine: bool
    place: str


@dataclass(frozen=True, slots=True)
class BundleProposal:
    """A fact that a person may accept. `tumor`: the name of its tumor, "" where it is of the patient or the
    bundle does not say; `question`: what a person has to settle first, "" for nothing; `offered`: whether it
    is one for a neuroendocrine neoplasm at all.
    """

    name: str
    fact: FoundFact
    place: str
    tumor: str
    question: str
    offered: bool

    @property
    def source(self) -> str:
        """Where it stands in the bundle."""
        return f"{self.place}, {self.fact.element}"

    def as_json(self) -> dict[str, Any]:
        """By the names of the case file."""
        fact = self.fact
        return {
            "id": self.name, "part": fact.part, "key": fact.key, "value": fact.value,
            "entry": dict(fact.told),
            "tumor": self.tumor or None, "question": self.question or None, "offered": self.offered,
            "source": self.source, "words": fact.words,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class BundlePatient:
    """Who the bundle is of; "" for what it does not say."""

    surname: str = ""
    given_names: str = ""
    birth_date: str = ""
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class BundleReading:
    """A bundle as it was read."""

    patient: BundlePatient
    tumors: tuple[BundleTumor, ...]
    proposals: tuple[BundleProposal, ...]
    unread: tuple[UnreadFact, ...]

    @cached_property
    def neoplasms(self) -> tuple[BundleTumor, ...]:
        """The neuroendocrine ones."""
        return tuple(tumor for tumor in self.tumors if tumor.is_neuroendocrine)

    @property
    def message(self) -> str:
        """What is to be said of the bundle as a whole; "" for nothing."""
        if self.neoplasms:
            return ""
        return NONE_HERE if self.tumors else NONE_NAMED

    def as_json(self) -> dict[str, Any]:
        """What `read_fhir` prints."""
        return {
            "neuroendocrine_neoplasm": bool(self.neoplasms),
            "message": self.message or None,
            "tumors": [
                {
                    "name": one.name,
                    "label": one.label,
                    "neuroendocrine": one.is_neuroendocrine,
                    "source": one.place,
                }
                for one in self.tumors
            ],
            "proposals": [one.as_json() for one in self.proposals],
            "not_read": [
                {"what": one.what, "source": one.place, "reason": one.reason} for one in self.unread
            ],
        }

    def case_file(self, tumor: str) -> dict[str, Any]:
        """What the proposals for one tumor come to as a case file, without those that leave a question."""
        file: dict[str, Any] = {}
        entries: dict[bytes, dict[str, Any]] = {}
        for proposal in self.proposals:
            fact = proposal.fact
            if proposal.question or not proposal.offered or proposal.tumor not in ("", tumor):
                continue
            if fact.part == "case":
                entry = file.setdefault("case", {})
            else:
                told = orjson.dumps([fact.part, dict(fact.told)], option=orjson.OPT_SORT_KEYS)
                if told not in entries:
                    entries[told] = dict(fact.told)
                    file.setdefault(fact.part, []).append(entries[told])
                entry = entries[told]
            place_in(entry, fact.key, fact.value)
        return file


def place_in(entry: dict[str, Any], key: str, value: Any) -> None:
    """Put a value at its key: a site to the others, all else where nothing is."""
    head, _, rest = key.partition(".")
    if rest:
        entry.setdefault(head, {}).setdefault(rest, value)
    elif isinstance(value, list):
        entry[key] = list(dict.fromkeys([*entry.get(key, []), *value]))
    else:
        entry.setdefault(key, value)


def name_of(fact: FoundFact, resource: BundleResource) -> str:
    """A name that stays the same as long as the bundle does."""
    said = [fact.part, fact.key, fact.value, dict(fact.told), fact.element, resource.place]
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
