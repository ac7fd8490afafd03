"""`manage.py load_demo`: the demonstration board, where it is allowed and the database is empty."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from cases.demo.accounts import GROUP, in_words
from cases.demo.loading import is_empty, load


class Command(BaseCommand):
    help = "Load the demonstration board with cases from published reports. Existing data is never touched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing, and do not fail, if the database is in use"
        )
        parser.add_argument(
            "--year",
            action="store_true",
            help="with an invented year of meetings, decisions and what became of them; takes a minute",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration data has published passwords and is refused in production.")
        if is_empty():
            self.stdout.write(f"Loaded {load(year=options['year'])} demonstration cases.")
        elif not options["if_empty"]:
            raise CommandError("The database is in use; demonstration data goes into an empty one only.")
        if User.objects.filter(groups__name=GROUP).exists():
            self.stdout.write(in_words())
