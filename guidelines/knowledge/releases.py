"""Every edition the project holds, addressed `id@edition`. Views and commands ask here, and only here."""

import re
from functools import cache
from pathlib import Path
from threading import Lock

from guidelines.knowledge.loader import load
from guidelines.knowledge.model import Guideline

RELEASES = Path(__file__).parents[1] / "releases"
CURRENT = "nanets-hgnen-2023"
"""The guideline that answers where nobody names another."""

_one_at_a_time = Lock()
_ADDRESS = re.compile(r"(?P<id>[a-z0-9-]+)(@(?P<edition>\d+\.\d+))?")


class NoSuchEdition(ValueError):
    """No edition has this address; the message names those there are."""


def editions(guideline_id: str) -> tuple[str, ...]:
    """The editions of a guideline, oldest first; none where there is no such guideline."""
    if guideline_id not in {one.name for one in RELEASES.iterdir()}:
        return ()
    folders = (RELEASES / guideline_id).glob("*.*")
    return tuple(sorted((one.name for one in folders), key=_number))


def addresses() -> tuple[str, ...]:
    """Every address: all editions of all guidelines."""
    return tuple(
        f"{folder.name}@{edition}"
        for folder in sorted(RELEASES.iterdir())
        for edition in editions(folder.name)
    )


def guideline_at(address: str = CURRENT) -> Guideline:
    """The edition at `id@edition`, or the newest of `id`. Raises `NoSuchEdition`."""
    match = _ADDRESS.fullmatch(address)
    there = editions(match["id"]) if match else ()
    edition = (match["edition"] or there[-1]) if match and there else ""
    if match is None or edition not in there:
        raise NoSuchEdition(f"{address[:60]!r}: no such guideline; allowed: {', '.join(addresses())}")
    return _loaded(RELEASES / match["id"] / edition)


def _loaded(folder: Path) -> Guideline:
    with _one_at_a_time:  # of two that load it at once each would have an object of its own
        return _kept(folder)


@cache
def _kept(folder: Path) -> Guideline:
    return load(folder)


def _number(edition: str) -> tuple[int, ...]:
    return tuple(int(part) for part in edition.split("."))


def current() -> Guideline:
    """The newest edition of the guideline that answers where nobody names another."""
    return guideline_at(CURRENT)
