"""`manage.py recall A B [--board SLUG]`: the cases that another edition answers otherwise."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from cases.guideline import check_address
from cases.management.naming import BAD_INPUT, board_named
from cases.models import Board
from cases.screens.recall import RecalledCase, recalled_in_pieces


class Command(BaseCommand):
    help = (
        "List the open and recently decided cases that edition B answers otherwise than A, with what "
        "differs. A case is named by its id only; progress goes to standard error."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("before", metavar="A", help="ID@EDITION")
        parser.add_argument("after", metavar="B", help="ID@EDITION")
        parser.add_argument("--board", metavar="SLUG", help="this board only")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("before", "after"):
            try:
                check_address(options[name])
            except ValidationError as error:
                raise CommandError(" ".join(error.messages), returncode=BAD_INPUT) from error
        boards = Board.objects.all()
        if options["board"] is not None:
            boards = boards.filter(pk=board_named(options["board"]).pk)
        found = looked_at = 0
        for looked_at, number, piece in recalled_in_pieces(boards, options["before"], options["after"]):
            self.stderr.write(f"{looked_at} of {number} cases looked at")
            found += len(piece)
            for one in piece:
                self._print(one)
        self.stdout.write(
            f"{found} of {looked_at} cases: {options['after']} answers otherwise than {options['before']}."
        )

    def _print(self, one: RecalledCase) -> None:
        self.stdout.write(f"{one.case.uid}  {one.case.board.slug}  {one.case.get_status_display()}")
        for verdict in one.verdicts:
            was, now = (
                " + ".join(held.words for held in side) or "not said"
                for side in (verdict.before, verdict.after)
            )
            asked = " (asked)" if verdict.asked else ""
            self.stdout.write(f"  {verdict.label}{asked}: {now} instead of {was}")
            for reason in verdict.reasons:
                self.stdout.write(f"    {reason}")
