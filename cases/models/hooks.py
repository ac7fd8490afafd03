"""Which tokens of other systems have been used, so that none is used twice."""

from __future__ import annotations

from django.db import models


class UsedHookToken(models.Model):
    """`digest`: the SHA-256 of issuer and jti. The row goes once the token has run out at `until`."""

    digest = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:8]
