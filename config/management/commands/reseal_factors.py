"""Encrypts the secrets of second factors under the present SECRET_KEY, before a former one is forgotten."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config.sealing import seal, unseal

SEALED = ("secret", "seed")  # of an app, and of recovery codes; a key has no secret here


class Command(BaseCommand):
    help = "Run once after SECRET_KEY was replaced, while the former one stands in SECRET_KEY_FALLBACKS."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        lost = 0
        held = Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN)
        for row in held:
            for name in SEALED:
                if name not in row.data:
                    continue
                plain = unseal(row.data[name])
                if plain is None:
                    lost += 1
                else:
                    row.data[name] = seal(plain)
            row.save(update_fields=["data"])
        self.stdout.write(f"{len(held) - lost} sealed anew.")
        if lost:
            raise CommandError(f"{lost} could not be opened by any key that is configured.")
