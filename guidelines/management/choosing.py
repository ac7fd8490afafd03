"""Which guideline a command speaks of: the one place where commands ask."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from guidelines.knowledge.model import Guideline
from guidelines.knowledge.releases import CURRENT, NoSuchEdition, guideline_at

EXIT_BAD_INPUT = 2


def add_guideline(parser: ArgumentParser) -> None:
    """Give a command its option."""
    parser.add_argument(
        "--guideline",
        metavar="ID@EDITION",
        default=CURRENT,
        help="the edition that answers; by default the newest of the current guideline",
    )


def chosen(options: Mapping[str, Any]) -> Guideline:
    """The edition that the option names."""
    try:
        return guideline_at(options["guideline"])
    except NoSuchEdition as error:
        raise CommandError(str(error), returncode=EXIT_BAD_INPUT) from error
