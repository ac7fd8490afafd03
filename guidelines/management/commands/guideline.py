"""`python manage.py guideline coverage`: what of the source is encoded. `guideline trace SOURCE`: what the
source prints in the lines that the encoding names. `guideline compare A B`: what one edition says otherwise.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guidelines.knowledge.model import Guideline
from guidelines.knowledge.releases import RELEASES
from guidelines.management.choosing import EXIT_BAD_INPUT, add_guideline, chosen
from guidelines.show.coverage import coverage, report
from guidelines.show.editions import comparison_of
from guidelines.verification.trace import FILE, read_trace, write_trace
from guidelines.vocabulary.yamlfile import ContentError

NAMES = {"coverage": 0, "trace": 1, "compare": 2}
"""How many names each takes."""


class Command(BaseCommand):
    help = (
        "coverage: print every section of the source with the statements that encode it, or why it directs "
        "nothing. trace SOURCE: read the text of the source once, and keep of each stretch of lines that the "
        "encoding names its numbers, citations and hash. compare A B: print the statements that are new, "
        "gone or changed in the edition B against A, by intervention."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["coverage", "trace", "compare"])
        parser.add_argument(
            "names",
            nargs="*",
            metavar="SOURCE | A B",
            help="trace: the transcribed text of the source; compare: two editions, ID@EDITION",
        )
        add_guideline(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        what, names = options["what"], options["names"]
        if len(names) != NAMES[what]:
            raise CommandError(
                "trace needs the SOURCE; compare needs two editions, ID@EDITION; coverage takes none.",
                returncode=EXIT_BAD_INPUT,
            )
        if what == "compare":
            before, after = (chosen({"guideline": name}) for name in names)
            self.stdout.write(comparison_of(before, after))
        elif what == "trace":
            self._trace(chosen(options), Path(names[0]))
        else:
            self._coverage(chosen(options))

    def _coverage(self, guideline: Guideline) -> None:
        covered = coverage(guideline)
        self.stdout.write(report(covered))
        problems = [one.section.id for one in covered if one.problem]
        if problems:
            raise CommandError(f"Not in order: {', '.join(problems)}", returncode=1)

    def _trace(self, guideline: Guideline, source: Path) -> None:
        folder = RELEASES / guideline.id / guideline.edition
        before = read_trace(folder) if (folder / FILE).exists() else {}
        try:
            write_trace(folder, source)
        except (ContentError, OSError) as error:
            raise CommandError(str(error), returncode=1) from error
        after = read_trace(folder)
        changed = [
            lines for lines in after if lines in before and after[lines].sha256 != before[lines].sha256
        ]
        self.stdout.write(
            f"{FILE} of {guideline.address}: {len(after)} stretches of lines, "
            f"{len(after.keys() - before.keys())} of them new, {len(changed)} with another text than before."
        )
        if changed:
            self.stdout.write(
                f"Another text: {'; '.join(changed)}. What was read from them must be read again."
            )
