"""What the site itself stores: forms sent after their writer's session had ended, and wrong passwords."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

KEPT_FOR = timedelta(hours=12)  # older than a working day, a form is no longer what its writer means to send


class KeptFormQuerySet(models.QuerySet["KeptForm"]):
    def readable(self) -> Self:
        """Forms that their writer may still have back."""
        return self.filter(dropped=False, kept_at__gt=timezone.now() - KEPT_FOR)

    def outdated(self) -> Self:
        """Forms that nobody may have back any more; notes of dropped ones wait for their reader."""
        return self.filter(dropped=False, kept_at__lte=timezone.now() - KEPT_FOR)

    def notes_for(self, user: User) -> Self:
        """What remains of this person's dropped forms."""
        return self.filter(owner=user, dropped=True)

    def drop(self) -> int:
        """Forget what was typed and leave a note for its writer; answers how many."""
        return self.update(sealed="", dropped=True)


class KeptForm(models.Model):
    """A form of `owner`'s, encrypted in `sealed`; dropped, nothing of it is left but the note that it was.

    `token` is all that a page knows of it. `what` names the form by its address, and holds nothing typed.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=100)
    kept_at = models.DateTimeField(default=timezone.now, db_index=True)
    sealed = models.TextField(blank=True, default="")
    dropped = models.BooleanField(default=False)

    objects = KeptFormQuerySet.as_manager()

    class Meta:
        ordering = ["-kept_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="kept_form_sealed_or_dropped",
                condition=Q(dropped=True, sealed="") | (Q(dropped=False) & ~Q(sealed="")),
                violation_error_message="A dropped form holds nothing, and any other is encrypted.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what}, {self.kept_at:%Y-%m-%d %H:%M}"

    @property
    def until(self) -> datetime:
        """When it is deleted."""
        return self.kept_at + KEPT_FOR


FILE_KEPT_FOR = timedelta(hours=2)  # from looking at a list to taking it over


class KeptFileQuerySet(models.QuerySet["KeptFile"]):
    def readable(self) -> Self:
        """Files that who brought them may still have back."""
        return self.filter(kept_at__gt=timezone.now() - FILE_KEPT_FOR)

    def outdated(self) -> Self:
        """Files that nobody may have back any more."""
        return self.filter(kept_at__lte=timezone.now() - FILE_KEPT_FOR)


class KeptFile(models.Model):
    """A file of `owner`'s between looking at it and taking it over, encrypted with its name in `sealed`.

    `purpose` says what it was brought for, so that it serves for nothing else; `notes` what was chosen for it
    since, encrypted too. A page knows it by its token.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=100)
    kept_at = models.DateTimeField(default=timezone.now, db_index=True)
    sealed = models.BinaryField()
    notes = models.TextField(blank=True, default="")

    objects = KeptFileQuerySet.as_manager()

    class Meta:
        ordering = ["-kept_at", "-pk"]

    def __str__(self) -> str:
        return f"File, {self.kept_at:%Y-%m-%d %H:%M}"

    @property
    def until(self) -> datetime:
        """When it is deleted."""
        return self.kept_at + FILE_KEPT_FOR


LOCKED_FOR = timedelta(minutes=15)


class Way(models.TextChoices):
    """Where somebody says who they are; each is counted for itself."""

    LOGIN = "login", "At the log-in: password"
    CODE = "code", "At the log-in: code of the second factor"
    AGAIN = "again", "In a session: signing, and changing accounts, roles or factors"
    PASSWORD = "password", "In a session: changing the password"


class WrongTries(models.Model):
    """How often one way was tried in vain. `name` is a digest, `place` an address or a digest."""

    way = models.CharField(max_length=10, choices=Way.choices)
    name = models.CharField(max_length=64)
    place = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name_plural = "wrong tries"
        constraints = [
            models.UniqueConstraint(
                name="wrong_tries_once_a_place",
                fields=["way", "name", "place"],
                violation_error_message="This place has its counter already.",
            ),
            models.CheckConstraint(
                name="wrong_tries_coded",
                condition=Q(way__in=Way.values),
                violation_error_message="There is no such way.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tries} wrong, {self.last_at:%Y-%m-%d %H:%M}"

    @property
    def until(self) -> datetime:
        """When the way opens by itself, if it is closed."""
        return self.last_at + LOCKED_FOR
