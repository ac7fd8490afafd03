"""`manage.py export_decisions --board SLUG [-o FILE]`: a board's signed decisions as a table."""

import argparse
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.actions.access_log import log_command_export
from cases.choices import DecisionStatus
from cases.exchange.decisions import DECISION_COLUMNS, decision_rows
from cases.exchange.lists.tables import TABLE_FORMATS, as_csv, as_workbook
from cases.management.naming import BAD_INPUT, board_named, write_out
from cases.models import Board, Decision
from cases.screens.taking_out import status_in_words
from cases.snapshot.frozen import Frozen
from cases.snapshot.read import read
from guidelines.show.exports import guarded


class Command(BaseCommand):
    help = (
        "Write the signed decisions of a board as a table, in the order they were signed, from what was "
        "frozen. Each leaves an event that it went out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--board", metavar="SLUG", required=True, help="whose decisions they are")
        parser.add_argument("--since", type=_day, metavar="YYYY-MM-DD", help="signed on that day or later")
        parser.add_argument("--format", choices=TABLE_FORMATS, default="csv", help="csv unless given")
        parser.add_argument(
            "--columns",
            metavar="A,B,…",
            default=",".join(DECISION_COLUMNS),
            help=f"some of {', '.join(DECISION_COLUMNS)}; all unless given",
        )
        parser.add_argument("-o", "--output", metavar="FILE", default="-", help="else standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        board = board_named(options["board"])
        columns = options["columns"].split(",")
        if unknown := [name for name in columns if name not in DECISION_COLUMNS]:
            allowed = ", ".join(DECISION_COLUMNS)
            raise CommandError(
                f"There is no column {unknown[0]!r}; allowed: {allowed}.", returncode=BAD_INPUT
            )
        rows = decision_rows(signed_of(board, options["since"]), columns)
        made = as_csv(rows, guarded) if options["format"] == "csv" else as_workbook(rows, "Decisions")
        write_out(options["output"], [made])


def signed_of(board: Board, since: date | None) -> Iterator[tuple[Frozen, str]]:
    """Each signed decision with its status in words; it leaves its event as it goes out."""
    found = Decision.objects.filter(case__board=board).exclude(status=DecisionStatus.DRAFT)
    if since is not None:
        found = found.filter(signed_at__date__gte=since)
    for decision in found.select_related("case__board", "withdrawal").order_by("signed_at", "pk"):
        log_command_export(case=decision.case, document="decision table")
        yield read(decision.snapshot or {}), status_in_words(decision)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; allowed: YYYY-MM-DD") from error
