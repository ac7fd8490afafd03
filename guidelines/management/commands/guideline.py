"""`python manage.py guideline coverage`: what of the source is encoded."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guidelines.management.choosing import add_guideline, chosen
from guidelines.show.coverage import coverage, report


class Command(BaseCommand):
    help = "Print every section of the source with the statements that encode it, or why it directs nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["coverage"])
        add_guideline(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        covered = coverage(chosen(options))
        self.stdout.write(report(covered))
        problems = [one.section.id for one in covered if one.problem]
        if problems:
            raise CommandError(f"Not in order: {', '.join(problems)}", returncode=1)
