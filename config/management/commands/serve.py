"""`manage.py serve`: what `make run` does once everything is installed."""

import os
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """All in one process, but for ordered documents, which another makes.

    Starting Python three times more would take longer than the work itself.
    """

    help = "Bring the database up to date, load the demonstration board into an empty one, and serve it here."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("port", type=int, nargs="?", default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This serves one person's machine; README.md says how to serve in production.")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_demo", if_empty=True, stdout=self.stdout)
        self.stdout.write(f"\nServing on http://127.0.0.1:{options['port']}/   (Ctrl-C stops it)\n")
        self.stdout.flush()
        os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
        command = [sys.executable, "manage.py", "print_orders", "--beside"]
        with subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE):
            call_command("runserver", f"127.0.0.1:{options['port']}", use_reloader=False, skip_checks=True)
