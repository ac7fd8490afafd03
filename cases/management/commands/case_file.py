"""`manage.py case_file CASE [--board SLUG]`: a stored case as a case file, for whoever runs the server."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.actions.access_log import log_command_export
from cases.filing import as_case_file
from cases.management.naming import AMBIGUOUS, case_named
from cases.record import record_of


class Command(BaseCommand):
    help = "Print a stored case as a case file; reading it back gives the same facts."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", metavar="CASE", help="the case's id, or the patient's record number")
        parser.add_argument("--board", metavar="SLUG", default="", help="the board of the patient")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            case = case_named(options["case"], options["board"])
        except CommandError as error:
            self.stderr.write(str(error))
            sys.exit(AMBIGUOUS)
        text = json.dumps(as_case_file(record_of(case)), ensure_ascii=False)
        log_command_export(case=case, document="case file")
        self.stdout.write(text)
