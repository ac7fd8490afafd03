"""`manage.py create_board NAME SLUG --administrator USERNAME`: how a real board begins."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from cases.actions.membership import found_board


class Command(BaseCommand):
    help = "Create a board with its first administrator, who then makes accounts for its people at /boards/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help='as shown, for example "GI-NET board"')
        parser.add_argument("slug", help="short name of letters, digits and hyphens")
        parser.add_argument("--administrator", required=True, help="username of an existing account")
        parser.add_argument("--guideline", default="", help="id or id@edition; the current one if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["administrator"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active account {options['administrator']!r}.")
        try:
            board = found_board(
                by=user, name=options["name"], slug=options["slug"], guideline=options["guideline"]
            )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(f"{board} has {user.get_username()} as its administrator.")
