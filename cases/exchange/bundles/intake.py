"""From bytes to the resources of a bundle, within limits of size, depth and number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

MOST_BYTES = 4 * 1024 * 1024
MOST_RESOURCES = 5_000
DEEPEST = 60


class BundleRefused(ValueError):
    """The file as a whole is not read; the message says why, and what is."""


@dataclass(frozen=True)
class BundleResource:
    """A resource where it stands: "entry[3] Observation/ki67". `names`: what references call it."""

    body: Mapping[str, Any]
    kind: str
    place: str
    names: frozenset[str] = field(default_factory=frozenset)


def resources_of(data: bytes) -> list[BundleResource]:
    """The resources of a bundle, contained ones with them, each once. Raises `BundleRefused`."""
    if len(data) > MOST_BYTES:
        raise BundleRefused("The file is larger than 4 MB; send the bundle without attachments.")
    raw = _parsed(data)
    if not isinstance(raw, dict) or raw.get("resourceType") != "Bundle":
        raise BundleRefused("This is no FHIR bundle: it needs an object with the resourceType Bundle.")
    entries = raw.get("entry", [])
    if not isinstance(entries, list):
        raise BundleRefused("The bundle's entry is not a list.")
    if len(entries) > MOST_RESOURCES:
        raise BundleRefused(f"The bundle has more than {MOST_RESOURCES:,} entries.")
    if not _is_shallow(raw):
        raise BundleRefused(f"The bundle is nested more than {DEEPEST} levels deep.")
    return _each_once(_listed(entries))


def _parsed(data: bytes) -> Any:
    text = data.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        raise BundleRefused("The file is empty.")
    if text.startswith(b"<"):
        raise BundleRefused("This is XML; a bundle is read as JSON.")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BundleRefused(f"This is not JSON in UTF-8 ({where}).") from None


def _is_shallow(raw: Any) -> bool:
    level = [raw]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return True
    return False


def _listed(entries: list[Any]) -> Iterator[BundleResource]:
    for number, entry in enumerate(entries):
        body = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(body, dict) or not isinstance(body.get("resourceType"), str):
            continue
        made = _resource(body, f"entry[{number}]", entry.get("fullUrl"))
        yield made
        contained = body.get("contained")
        for inner in contained if isinstance(contained, list) else ():
            if isinstance(inner, dict) and isinstance(inner.get("resourceType"), str):
                yield _resource(inner, f"{made.place}, contained", None)


def _resource(body: Mapping[str, Any], place: str, full_url: object) -> BundleResource:
    kind, own = body["resourceType"][:40], body.get("id")
    names = {full_url} if isinstance(full_url, str) else set()
    name = kind
    if isinstance(own, str) and own:
        name = f"{kind}/{own[:64]}"
        names |= {f"{kind}/{own}", f"#{own}"}
    return BundleResource(body, kind, f"{place} {name}", frozenset(names))


def _each_once(found: Iterator[BundleResource]) -> list[BundleResource]:
    """A resource that a bundle repeats word for word stands for itself once."""
    seen: set[bytes] = set()
    kept = []
    for one in found:
        same = orjson.dumps(one.body, option=orjson.OPT_SORT_KEYS)
        if not one.body.get("id") or same not in seen:
            kept.append(one)
        seen.add(same)
    return kept
