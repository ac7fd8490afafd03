"""A file between looking at it and taking it over: an encrypted row, for its owner, for two hours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from config.models import FILE_KEPT_FOR, KeptFile
from config.sealing import seal, seal_bytes, unseal, unseal_bytes

MOST = 5  # files of one person; the oldest make room
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A kept file: its name as its owner's machine had it, its content, and what was chosen for it."""

    row: KeptFile
    name: str
    data: bytes
    notes: dict[str, Any]


@transaction.atomic
def keep_file(owner: User, purpose: str, name: str, data: bytes) -> KeptFile:
    """Keep a file, in place of the oldest where there are many. None is kept twice."""
    KeptFile.objects.outdated().delete()
    User.objects.select_for_update().get(pk=owner.pk)  # who sends twice at once waits here for themselves
    for known in waiting(owner, purpose):
        if (known.name, known.data) == (name[-LONGEST_NAME:], data):
            return known.row
    row = KeptFile(owner=owner, purpose=purpose)
    head = json.dumps([owner.pk, str(row.token), purpose, name[-LONGEST_NAME:]]).encode()
    row.sealed = seal_bytes(head + b"\n" + data)
    row.save()
    surplus = KeptFile.objects.filter(owner=owner).values_list("pk", flat=True)[MOST:]
    KeptFile.objects.filter(pk__in=list(surplus)).delete()
    return row


def file_of(owner: User, purpose: str, token: UUID) -> OpenedFile | None:
    """The file behind a token; None where it is not there any more, or not this person's for this purpose."""
    row = KeptFile.objects.readable().filter(owner=owner, purpose=purpose, token=token).first()
    return opened(row) if row else None


def opened(row: KeptFile) -> OpenedFile | None:
    """What a row holds; None when it is too old, or was sealed by no key of ours for this very row."""
    content = unseal_bytes(bytes(row.sealed), FILE_KEPT_FOR)
    if content is None:
        return None
    head, _, data = content.partition(b"\n")
    owner, token, purpose, name = json.loads(head)
    if (owner, token, purpose) != (row.owner_id, str(row.token), row.purpose):
        return None
    notes = unseal(row.notes, FILE_KEPT_FOR) if row.notes else None
    return OpenedFile(row, name, data, json.loads(notes) if notes else {})


def waiting(owner: User, purpose: str) -> Iterator[OpenedFile]:
    """The files kept for a person, the newest first."""
    for row in KeptFile.objects.readable().filter(owner=owner, purpose=purpose):
        if found := opened(row):
            yield found


def of_everybody(purpose: str) -> QuerySet[KeptFile]:
    """The files kept for a purpose, whoever brought them, without what they hold."""
    rows = KeptFile.objects.readable().filter(purpose=purpose)
    return rows.defer("sealed", "notes").select_related("owner")


def note(row: KeptFile, notes: dict[str, Any]) -> None:
    """Keep with a file what was chosen for it."""
    row.notes = seal(json.dumps(notes))
    row.save(update_fields=["notes"])


def discard_file(owner: User, purpose: str, token: UUID) -> None:
    """Its owner does not want it any more."""
    KeptFile.objects.filter(owner=owner, purpose=purpose, token=token).delete()
