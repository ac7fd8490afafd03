"""`manage.py export_cases --board SLUG [-o FILE]`: a board's cases as case files, one a line."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.actions.access_log import log_command_export
from cases.filing import as_case_file
from cases.models import Board, Case
from cases.queries import with_record
from cases.record import record_of

AT_ONCE = 100  # cases read together
BAD_INPUT = 2


class Command(BaseCommand):
    help = (
        "Write the cases of a board as case files in JSON Lines, in the order they were entered. "
        "import_cases reads them back to the same facts. Each case gets an event that it went out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--board", metavar="SLUG", required=True, help="whose cases they are")
        parser.add_argument("-o", "--output", metavar="FILE", default="-", help="else standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        board = Board.objects.filter(slug=options["board"]).first()
        if board is None:
            allowed = ", ".join(Board.objects.values_list("slug", flat=True)) or "none are set up"
            raise CommandError(
                f"There is no board {options['board']!r}; allowed: {allowed}.", returncode=BAD_INPUT
            )
        cases = with_record(Case.objects.filter(board=board)).order_by("created_at", "pk")
        if options["output"] == "-":
            self._write(cases, self.stdout)
            return
        with Path(options["output"]).open("w", encoding="utf-8") as file:
            self._write(cases, file)

    def _write(self, cases: Any, out: Any) -> None:
        for case in cases.iterator(AT_ONCE):
            line = json.dumps(as_case_file(record_of(case)), ensure_ascii=False)
            log_command_export(case=case, document="case file")
            out.write(f"{line}\n")
