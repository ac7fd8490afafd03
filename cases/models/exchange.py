"""Lists that came in: how each is read, which were taken over by whom, and what became of their rows."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.clock import now
from cases.models.base import AppendOnly, AppendOnlyQuerySet
from cases.models.board import Board
from cases.models.case import Case

LONGEST_NAME = 80
LONGEST_LIST = 120


class ListReading(AppendOnly):
    """How the board's lists of one kind are read, by its name; changed, it is a new version. `content` is
    what `cases.exchange.lists.mapping` reads.
    """

    what = "How a list is read"

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="list_readings")
    name = models.CharField("Name", max_length=LONGEST_NAME)
    version = models.PositiveIntegerField()
    content: models.JSONField[Any, Any] = models.JSONField()
    at = models.DateTimeField(default=now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["board", "name", "version"]
        constraints = [
            models.UniqueConstraint(
                name="list_reading_version_once",
                fields=["board", "name", "version"],
                violation_error_message="This version is there already.",
            ),
            models.CheckConstraint(
                name="list_reading_named",
                condition=~Q(name=""),
                violation_error_message="Name: how a list is read has a name.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"


class ListImport(AppendOnly):
    """A list that was taken over, with what its rows were; or, with `undoes`, the undo of one. `digest` is
    the SHA-256 of the file.
    """

    what = "A list that was taken over"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="list_imports")
    name = models.CharField("List", max_length=LONGEST_LIST)
    digest = models.CharField(max_length=64, blank=True, default="")
    reading = models.ForeignKey(ListReading, on_delete=models.PROTECT, null=True, related_name="imports")
    created = models.PositiveIntegerField("New", default=0)
    changed = models.PositiveIntegerField("Changed", default=0)
    unchanged = models.PositiveIntegerField("Unchanged", default=0)
    refused = models.PositiveIntegerField("Refused", default=0)
    at = models.DateTimeField(default=now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"Import {self.uid}"


class ImportedRow(AppendOnly):
    """A row that made or changed a case. `row`: its number in the sheet; `saves`: ids of the `RecordVersion`s
    that it made, in their order; `created`: whether the case was new.
    """

    what = "A row of a list"

    list_import = models.ForeignKey(ListImport, on_delete=models.PROTECT, related_name="rows")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="imported_rows")
    row = models.PositiveIntegerField()
    created = models.BooleanField()
    saves: models.JSONField[Any, Any] = models.JSONField(default=list)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["list_import", "row"]
        constraints = [
            models.UniqueConstraint(
                name="imported_row_once",
                fields=["list_import", "row"],
                violation_error_message="This row is there already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Row {self.row} of import {self.list_import_id}"
