"""`manage.py recommend [FILE|-] [--all] [--format json|text] [--guideline ID@EDITION]`: the answer for cases
given as JSON.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from guidelines.answer.bulk import BadInput, answers, read_cases
from guidelines.answer.processes import answer_lines
from guidelines.answer.text import as_text
from guidelines.management.choosing import add_guideline, chosen

EXIT_BAD_INPUT = 2


class Command(BaseCommand):
    help = 'Answer cases: one JSON object or JSON Lines, {"facts": {…}, "done": […], "asks": […]}.'
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="a file, or - for standard input (default)")
        parser.add_argument(
            "--all", action="store_true", help="list excluded statements too, with the reason"
        )
        parser.add_argument("--format", choices=("json", "text"), default="json")
        add_guideline(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        guideline = chosen(options)
        try:
            cases = read_cases(self._input(options["file"]), guideline)
        except BadInput as error:
            raise CommandError(str(error), returncode=EXIT_BAD_INPUT) from error
        if options["format"] == "text":
            found = answers(guideline, cases, every=options["all"])
            self.stdout.write("\n\n".join(as_text(guideline, one) for one in found))
            return
        binary: BinaryIO | None = getattr(self.stdout._out, "buffer", None)  # no re-encoding of bulk answers
        for line in answer_lines(guideline, cases, every=options["all"]):
            if binary is None:
                self.stdout.write(line.decode())
            else:
                binary.write(line + b"\n")

    def _input(self, name: str) -> str:
        try:
            data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            return data.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"{name}: {error}") from error
