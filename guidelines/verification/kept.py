"""The last report on an edition, kept in a file by the digest of what it proves.

Proving takes many seconds; a page shows what the command has kept, and since when. Another digest has another
file, so that a report is never shown for what it did not prove.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from guidelines.knowledge.model import Guideline
from guidelines.verification.report import Check, Report


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report and when it was made."""

    made: datetime
    report: Report


def keep(folder: Path, guideline: Guideline, report: Report, made: datetime) -> Path:
    """Write the report, whole or not at all. Raises `OSError` where the folder cannot be written to."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _path(folder, guideline)
    content = {
        "guideline": guideline.address,
        "version": guideline.version,
        "digest": guideline.digest,
        "made": made.isoformat(),
        "checks": [asdict(check) for check in report.checks],
    }
    with NamedTemporaryFile("w", dir=folder, suffix=".part", encoding="utf-8", delete=False) as part:
        json.dump(content, part, ensure_ascii=False, indent=1)
    written = Path(part.name)
    written.chmod(0o644)  # the site may run as somebody else than the command
    written.replace(path)
    return path


def kept(folder: Path, guideline: Guideline) -> KeptReport | None:
    """The report kept for exactly this encoding, or None where there is none that can be read."""
    try:
        content = json.loads(_path(folder, guideline).read_text(encoding="utf-8"))
        checks = [Check(**{**one, "detail": tuple(one["detail"])}) for one in content["checks"]]
        made = datetime.fromisoformat(content["made"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return KeptReport(made, Report(tuple(checks)))


def _path(folder: Path, guideline: Guideline) -> Path:
    return folder / f"{guideline.id}-{guideline.edition}-{guideline.digest.removeprefix('sha256:')}.json"
