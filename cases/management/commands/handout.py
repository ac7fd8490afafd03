"""`manage.py handout CASE -o FILE`: the handout of a case, for whoever runs the server."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.actions.access_log import log_command_export
from cases.actions.printing import printable
from cases.documents.handout import build_handout
from cases.documents.pdf import render_pdf
from cases.management.naming import case_named


class Command(BaseCommand):
    help = "Write a case's handout as a PDF: that of the signed decision if there is one, else a draft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", metavar="CASE", help="the case's id, or the patient's record number")
        parser.add_argument(
            "-o", "--output", metavar="FILE", required=True, help="file to write; - is standard output"
        )
        parser.add_argument(
            "--now", action="store_true", help="the record as it stands, although a decision is signed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        case = case_named(options["case"])
        found = printable(case, now=options["now"])
        handout = build_handout(
            found.content,
            found.status,
            printed_at=timezone.now(),
            intact=found.intact,
            valid=found.valid,
            withdrawn=found.withdrawn,
        )
        pdf = render_pdf("documents/handout.html", {"handout": handout})
        log_command_export(case=case, document="handout")
        if options["output"] == "-":
            sys.stdout.buffer.write(pdf)
            return
        try:
            Path(options["output"]).write_bytes(pdf)
        except OSError as error:
            raise CommandError(f"Cannot write {options['output']}: {error.strerror}.") from error
