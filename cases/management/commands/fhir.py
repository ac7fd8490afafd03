"""`manage.py fhir DECISION -o FILE`: a signed decision as a FHIR R4 document, for whoever runs the server."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from cases.actions.access_log import log_command_export
from cases.choices import DecisionStatus
from cases.documents.pdf import render_pdf
from cases.exchange.fhir.document import as_json, document_bundle
from cases.management.naming import case_named
from cases.models import Decision
from cases.screens.sending import NotAsSigned, signed_paper


class Command(BaseCommand):
    help = "Write a signed decision as a FHIR R4 document (a Bundle in JSON), the same each time."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "decision",
            metavar="DECISION",
            help="a signed decision's id; or a case's id or record number, for its valid decision",
        )
        parser.add_argument(
            "-o", "--output", metavar="FILE", default="-", help="file to write; - is standard output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        decision = decision_named(options["decision"])
        try:
            made = as_json(document_bundle(signed_paper(decision, render_pdf)))
        except NotAsSigned as error:
            raise CommandError(str(error)) from error
        log_command_export(case=decision.case, document="fhir")
        if options["output"] == "-":
            sys.stdout.buffer.write(made)
            return
        try:
            Path(options["output"]).write_bytes(made)
        except OSError as error:
            raise CommandError(f"Cannot write {options['output']}: {error.strerror}.") from error


def decision_named(name: str) -> Decision:
    """The decision of that id, or the valid one of the case so named. Raises `CommandError`."""
    decisions = Decision.objects.select_related("case__board", "case__patient")
    try:
        found = decisions.filter(uid=UUID(name)).first()
    except ValueError:
        found = None
    if found is None:
        valid = decisions.filter(case=case_named(name), status=DecisionStatus.SIGNED, withdrawal=None)
        found = valid.order_by("signed_at").last()
    if found is None:
        raise CommandError(f"The case {name!r} has no signed decision that is valid.")
    return found
