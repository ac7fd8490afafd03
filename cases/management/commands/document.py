"""`manage.py document KIND ID -o FILE`: any document, for whoever runs the server."""

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.actions.access_log import log_command_export
from cases.documents.pdf import render_pdf
from cases.management.naming import case_named
from cases.models import Case, Letter, Meeting
from cases.queries import with_record
from cases.screens.printed import (
    KINDS,
    DocumentKind,
    NothingToPrint,
    Printing,
    letter_of,
    papers_of,
    sheets_of,
)

NOBODY = UUID(int=0)


class Command(BaseCommand):
    help = "Write a document as a PDF: of a case, a meeting or an issued letter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", choices=KINDS, help=", ".join(KINDS))
        parser.add_argument(
            "id", metavar="ID", help="a case's id or the patient's record number; a meeting's or letter's id"
        )
        self.add_output(parser)

    def add_output(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "-o", "--output", metavar="FILE", required=True, help="file to write; - is standard output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.write(KINDS[options["kind"]], options["id"], options["output"])

    def write(self, kind: DocumentKind, named: str, output: str) -> None:
        """Make the document and leave an event for each case in it."""
        made = {"meeting": self.of_meeting, "letter": self.of_letter, "case": self.of_case}[kind.about]
        context, cases = made(kind, named, Printing(timezone.now()))
        pdf = render_pdf("documents/paper.html", {"kind": kind, **context})
        for case in cases:
            log_command_export(case=case, document=kind.code)
        if output == "-":
            sys.stdout.buffer.write(pdf)
            return
        try:
            Path(output).write_bytes(pdf)
        except OSError as error:
            raise CommandError(f"Cannot write {output}: {error.strerror}.") from error

    def of_case(
        self, kind: DocumentKind, named: str, printing: Printing
    ) -> tuple[Mapping[str, Any], list[Case]]:
        case = case_named(named)
        return {"handout": sheets_of(kind, case, None, printing), "paper": case.board.paper}, [case]

    def of_letter(
        self, kind: DocumentKind, named: str, printing: Printing
    ) -> tuple[Mapping[str, Any], list[Case]]:
        found = Letter.objects.select_related("decision__case", "decision__withdrawal", "by")
        letter = found.filter(uid=self.uid_of(named)).first()
        if letter is None:
            raise CommandError(f"No letter has the id {named!r}.")
        case = letter.decision.case
        return {"letter": letter_of(letter, printing), "paper": case.board.paper}, [case]

    def uid_of(self, named: str) -> UUID:
        """The id; for what is none, one that nothing has."""
        try:
            return UUID(named)
        except ValueError:
            return NOBODY

    def of_meeting(
        self, kind: DocumentKind, named: str, printing: Printing
    ) -> tuple[Mapping[str, Any], list[Case]]:
        meeting = Meeting.objects.select_related("board").filter(uid=self.uid_of(named)).first()
        if meeting is None:
            raise CommandError(f"No meeting has the id {named!r}.")
        cases = list(with_record(Case.objects.filter(pk__in=meeting.discussions.values("case"))))
        try:
            papers = papers_of(kind, meeting, cases, printing)
        except NothingToPrint as error:
            raise CommandError(str(error)) from error
        return {"paper": meeting.board.paper, **papers}, cases
