"""`backup`: a verified backup of the database in use, while it is used."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases import backups


class Command(BaseCommand):
    help = "Write a backup into BACKUP_DIR, verified and encrypted to BACKUP_RECIPIENT, and delete old ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.BACKUP_DIR, help="another folder")
        parser.add_argument("--keep", type=int, default=14, help="how many of the newest stay (14)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["to"]:
            raise CommandError("Name BACKUP_DIR, or --to FOLDER.")
        if options["keep"] < 1:
            raise CommandError("--keep: at least 1.")
        try:
            file = backups.write(options["to"], settings.BACKUP_RECIPIENT)
        except backups.BackupFault as fault:
            raise CommandError(str(fault)) from None
        account = backups.BackupAccount.read(file)
        if not settings.BACKUP_RECIPIENT:
            self.stderr.write("It is not encrypted: BACKUP_RECIPIENT names nobody.")
        gone = backups.prune(options["to"], options["keep"])
        self.stdout.write(
            f"{file}: {sum(account.rows.values())} rows in {len(account.rows)} tables, verified. "
            f"{len(gone)} older ones deleted."
        )
