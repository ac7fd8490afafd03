"""`manage.py handout CASE -o FILE`: short for `document handout`, with --now for `document record`."""

from argparse import ArgumentParser
from typing import Any

from cases.management.commands.document import Command as DocumentCommand
from cases.screens.printed import KINDS


class Command(DocumentCommand):
    help = "Write a case's handout as a PDF: that of the signed decision if there is one, else a draft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", metavar="CASE", help="the case's id, or the patient's record number")
        self.add_output(parser)
        parser.add_argument(
            "--now", action="store_true", help="the record as it stands, although a decision is signed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.write(KINDS["record" if options["now"] else "handout"], options["case"], options["output"])
