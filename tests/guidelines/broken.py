"""A copy of the knowledge folder with one thing in it changed on purpose."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from guidelines.knowledge.loader import load
from guidelines.knowledge.releases import RELEASES, current
from guidelines.verification import Check, verify
from guidelines.verification.expectations import load_expectations
from guidelines.vocabulary.yamlfile import read_yaml

Change = Callable[[Path], None]


_PARSED: dict[bytes, Any] = {}


def read_once(path: Path) -> Any:
    """Like `read_yaml`, each content once."""
    content = path.read_bytes() if path.exists() else b""
    if not content:
        return read_yaml(path)
    if content not in _PARSED:
        _PARSED[content] = read_yaml(path)
    return _PARSED[content]


def copy_of_knowledge(folder: Path, *changes: Change) -> Path:
    """A fresh copy of the current edition below `folder`, with the changes made."""
    copy = folder / current().edition
    shutil.copytree(RELEASES / current().id / current().edition, copy)
    for change in changes:
        change(copy)
    return copy


def instead(file: str, old: str, new: str) -> Change:
    """Replace a text that stands in the file once."""

    def change(folder: Path) -> None:
        path = folder / file
        content = path.read_text(encoding="utf-8")
        assert content.count(old) == 1, f"{file} holds {old!r} {content.count(old)} times"
        path.write_text(content.replace(old, new), encoding="utf-8")

    return change


def in_entry(entry: str, old: str, new: str, file: str = "statements/*.yaml") -> Change:
    """Replace a text inside one entry ("- id: …" up to the next entry)."""

    def change(folder: Path) -> None:
        path, start, end = _entry(folder, file, entry)
        content = path.read_text(encoding="utf-8")
        assert content[start:end].count(old) == 1, (
            f"{entry} holds {old!r} {content[start:end].count(old)} times"
        )
        path.write_text(
            content[:start] + content[start:end].replace(old, new) + content[end:], encoding="utf-8"
        )

    return change


def without_entry(entry: str, file: str = "statements/*.yaml", key: str = "id") -> Change:
    """Take one entry out; `key` is the one that entries of the file begin with."""

    def change(folder: Path) -> None:
        path, start, end = _entry(folder, file, entry, key)
        content = path.read_text(encoding="utf-8")
        path.write_text(content[:start] + content[end:], encoding="utf-8")

    return change


def whole(file: str, content: str) -> Change:
    """Write a file anew."""
    return lambda folder: (folder / file).write_text(content, encoding="utf-8") and None


def added(file: str, content: str) -> Change:
    """Add to the end of a file."""

    def change(folder: Path) -> None:
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8") + content, encoding="utf-8")

    return change


def _entry(folder: Path, pattern: str, entry: str, key: str = "id") -> tuple[Path, int, int]:
    for path in sorted(folder.glob(pattern)):
        content = "\n" + path.read_text(encoding="utf-8")
        start = content.find(f"\n- {key}: {entry}\n")
        if start >= 0:
            following = content.find(f"\n- {key}: ", start + 1)
            return path, start, len(content) - 1 if following < 0 else following
    raise AssertionError(f"no entry {entry} in {pattern}")


def checked(folder: Path, name: str, *changes: Change) -> Check:
    """One check of the verification, on a copy of the knowledge with the changes made."""
    copy = copy_of_knowledge(folder, *changes)
    (check,) = verify(load(copy), load_expectations(copy), only=[name]).checks
    return check
