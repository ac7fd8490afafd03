"""`manage.py print_orders`: the process that makes ordered documents, one after the other."""

import os
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from cases.actions.ordering import forget_expired
from cases.documents.printer import be_idle


class Command(BaseCommand):
    help = "Make what people order (packets, figures), until stopped. On PostgreSQL any number may run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", action="store_true", help="make what is ordered by now, and end")
        parser.add_argument(
            "--beside", action="store_true", help="end with the process that holds the standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["batch"]:
            be_idle()
        if options["beside"]:
            threading.Thread(target=end_with_input, daemon=True).start()
        forget_expired()
        call_command(
            "db_worker",
            verbosity=0,  # what is said of a job names no person; nothing is said of each
            interval=0.5,
            batch=options["batch"],
            reload=False,
            startup_delay=False,
        )


def end_with_input() -> None:
    """End this process as soon as nobody holds its standard input any more."""
    sys.stdin.buffer.read()
    os._exit(0)
