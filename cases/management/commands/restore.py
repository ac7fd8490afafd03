"""`restore`: a backup put into an empty database, and verified there."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases import backups


class Command(BaseCommand):
    help = "Put a backup into an empty database; nothing is overwritten, and what stands there is verified."
    requires_system_checks: list[str] = []  # the database in use may be gone

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--into", required=True, help="sqlite:///PATH of a new file, or postgres://… ")
        parser.add_argument(
            "--identity", type=Path, help="the file with the secret key of an encrypted backup"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            account = backups.restore(options["file"], options["into"], options["identity"])
        except (backups.BackupFault, OSError) as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(
            f"Restored as of {account.at}: {sum(account.rows.values())} rows, chains and seals as written."
        )
