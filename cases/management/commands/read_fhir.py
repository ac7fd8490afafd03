"""`manage.py read_fhir FILE`: what a FHIR bundle proposes for the record, and what of it was not read.

Prints one object of JSON and writes nothing to the database.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand
from django.utils import timezone

from cases.course.answering import surroundings
from cases.exchange.bundles.intake import MOST_BYTES, BundleRefused
from cases.exchange.bundles.reading import read_bundle
from cases.guideline import guidelines_of

EXIT_BAD_INPUT = 2


class Command(BaseCommand):
    help = "Print what a FHIR R4 bundle proposes for the record, each fact with its place in the bundle."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", default="-", help="a bundle in JSON; - is standard input (default)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        (guideline,) = guidelines_of(())
        try:
            reading = read_bundle(_input(options["file"]), surroundings(guideline, timezone.localdate()))
        except (OSError, BundleRefused) as error:
            self.stderr.write(f"{options['file']}: {error}")
            sys.exit(EXIT_BAD_INPUT)
        self.stdout.write(orjson.dumps(reading.as_json(), option=orjson.OPT_INDENT_2).decode())


def _input(name: str) -> bytes:
    """The file, as far as it may be read."""
    if name == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(MOST_BYTES + 1)
