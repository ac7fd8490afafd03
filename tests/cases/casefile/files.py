"""Case files for the tests of reading them."""

import datetime
from typing import Any

from cases.casefile import CaseFile, CaseFileInvalid, Surroundings, read_case_file

TODAY = datetime.date(2026, 4, 1)
AROUND = Surroundings(
    TODAY, {"ki67": (20, 55), "mitotic_count": (20,), "tumor_size_cm": (2, 4)}, ("prrt", "captem", "fdg_pet")
)


def read(**parts: Any) -> CaseFile:
    """A case file of these parts, as JSON would give them."""
    return read_case_file(parts, AROUND)


def faults(**parts: Any) -> list[str]:
    """The lines that refuse a case file of these parts; none if it is read."""
    try:
        read(**parts)
    except CaseFileInvalid as invalid:
        return [str(error) for error in invalid.errors]
    return []
