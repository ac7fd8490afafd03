"""`manage.py recommend [FILE|-] [--all] [--format json|text]`: the guideline's answer for cases given as
JSON.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from guidelines.answer.bulk import BadInput, answers, as_json_line, read_cases
from guidelines.answer.text import as_text
from guidelines.knowledge.loader import current

EXIT_BAD_INPUT = 2


class Command(BaseCommand):
    help = 'Answer cases: one JSON object or JSON Lines, {"facts": {…}}, from a file or standard input.'
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="a file, or - for standard input (default)")
        parser.add_argument(
            "--all", action="store_true", help="list excluded statements too, with the reason"
        )
        parser.add_argument("--format", choices=("json", "text"), default="json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cases = read_cases(self._input(options["file"]))
        except BadInput as error:
            raise CommandError(str(error), returncode=EXIT_BAD_INPUT) from error
        found = answers(current(), cases, every=options["all"])
        if options["format"] == "text":
            self.stdout.write("\n\n".join(as_text(one) for one in found))
            return
        binary: BinaryIO | None = getattr(self.stdout._out, "buffer", None)  # no re-encoding of bulk answers
        for one in found:
            if binary is None:
                self.stdout.write(as_json_line(one).decode())
            else:
                binary.write(as_json_line(one) + b"\n")

    def _input(self, name: str) -> str:
        try:
            data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            return data.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"{name}: {error}") from error
