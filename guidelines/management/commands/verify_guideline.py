"""`python manage.py verify_guideline`: prove the encoded guideline over every consistent case."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from guidelines.knowledge.model import Guideline
from guidelines.management.choosing import add_guideline, chosen
from guidelines.verification import Check, Report, solver_installed, verify
from guidelines.verification.kept import keep


class Command(BaseCommand):
    help = (
        "Prove the encoded guideline over every consistent case, and keep the report for its page. "
        "Exit 1 on any failure."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_guideline(parser)
        parser.add_argument(
            "--without-solver",
            action="store_true",
            help="do without the second reading where z3-solver (requirements-dev.txt) is not installed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["without_solver"] or solver_installed()):
            raise CommandError(
                "z3-solver is not installed: install requirements-dev.txt, or say --without-solver.",
                returncode=1,
            )
        guideline = chosen(options)
        self.stdout.write(f"{guideline.id} {guideline.version} {guideline.digest}\n")
        report = verify(guideline)
        for check in report.checks:
            self._print(check)
        self._keep(guideline, report)
        failed = [check.name for check in report.checks if not check.passed]
        if failed:
            raise CommandError(f"Failed: {'; '.join(failed)}.", returncode=1)
        took = sum(check.seconds for check in report.checks)
        self.stdout.write(f"\nAll {len(report.checks)} checks passed in {took:.1f} s.")

    def _keep(self, guideline: Guideline, report: Report) -> None:
        """Keep the report for the page; that it cannot be kept is no failure of what was proven."""
        folder = settings.GUIDELINE_REPORTS
        try:
            keep(folder, guideline, report, timezone.now())
        except OSError as error:
            self.stderr.write(f"Not kept for the page, GUIDELINE_REPORTS is {folder}: {error}")

    def _print(self, check: Check) -> None:
        verdict = "passed" if check.passed else "FAILED"
        self.stdout.write(f"\n{verdict}  {check.name} ({check.seconds:.2f} s)")
        for line in check.detail:
            self.stdout.write(f"        {line}")
