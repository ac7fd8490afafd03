"""`manage.py record_facts [FILE|-] [--today YYYY-MM-DD]`: the facts of case files, with the answer for them.

Reads one case file or JSON Lines, prints one answer a line, and writes nothing to the database.
"""

import argparse
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cases.course.answering import BadCaseFiles, answers

EXIT_BAD_INPUT = 2


class Command(BaseCommand):
    help = "Read case files, one or as JSON Lines; print the facts that follow, and the guideline's answer."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="a file, or - for standard input (default)")
        parser.add_argument(
            "--today",
            type=_day,
            metavar="YYYY-MM-DD",
            help="the day to count from; by default the day it is",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["today"] or timezone.localdate()
        try:
            lines = answers(_input(options["file"]), today)
        except BadCaseFiles as error:
            self.stderr.write(str(error))  # without the name of an exception before its first line
            sys.exit(EXIT_BAD_INPUT)
        for line in lines:
            self.stdout.write(line.decode())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; allowed: YYYY-MM-DD") from error


def _input(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadCaseFiles(f"{name}: {error}") from error
