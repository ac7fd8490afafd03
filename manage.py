#!/usr/bin/env python
"""Django's command line for the tumor board."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

# They read the guideline and nothing else: no record, no secret, no server.
GUIDELINE_COMMANDS = {"recommend", "guideline", "verify_guideline"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    configured = "SECRET_KEY" in os.environ or (Path(__file__).parent / ".env").exists()
    if not configured and GUIDELINE_COMMANDS.intersection(sys.argv[1:2]):
        os.environ.setdefault("BOARD_MODE", "development")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
