"""A packet of forty cases against headless Chromium, which prints the same HTML.

Ours is tagged, and WeasyPrint is pure Python: each box, style and line is an object of its own. It took 1.97
times Chromium's time with at least 18.7 million function calls. Now there are 16.5 million, forty times those
of a handout. The ratio was between 1.3 and 2.1 in some sessions and between 2.8 and 3.5 in others, whose
machine and browser were not the same. Half of the time is lines and pages, a third the writing.

In place: rare garbage collection, fonts and sheet read once a process, no flex container, the words of a
picture line by line and not letter by letter (`cases/documents/pictures.py`), the number of a case's
sheets without a second pass, no page laid out twice for its own head and foot
(`cases/documents/running.py`), no styles of notes and unused margins (`cases/documents/base.py`), the
addresses of all pages not asked for anew with every tag (`cases/documents/once.py`). Tried without gain:
parsed colors kept; no garbage collection at all (4 to 8 %, which come when the document is let go), also with
what is there before frozen; selectors of one class in place of two; nothing kept together (`break-inside`),
which saves 3 % and would tear rows; a page style for each case, so that margins and not the text count its
sheets; links to pages left out of cover and index. Laying out cases in processes of their own would use two
cores and no less time of them, and their trees of tags would have to be joined.
"""

import ctypes
import logging
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time_ns

from tests.bench.timing import MILLI, Row, shown

CASES, MOST, MOST_MEMORY = 40, 1.5, 300  # the ratio; megabytes
SUBREAPER = 36  # of prctl(2): whose parent has ended becomes a child of this process
STAGES = {
    "Step 1": "HTML and CSS read",
    "Step 3": "styles",
    "Step 4": "boxes",
    "Step 5": "lines and pages",
    "Step 6": "written as PDF, with tags and fonts",
}


class Stages(logging.Handler):
    """CPU nanoseconds of each stage, by what WeasyPrint says as it begins it."""

    def __init__(self) -> None:
        super().__init__()
        self.spent = dict.fromkeys(STAGES, 0)
        self._stage, self._since = "Step 1", process_time_ns()

    def emit(self, record: logging.LogRecord) -> None:
        """End the stage before; what is none of ours belongs to the one before."""
        now = process_time_ns()
        self.spent[self._stage] += now - self._since
        self._stage, self._since = record.msg[:6] if record.msg[:6] in STAGES else self._stage, now


def rows() -> Iterator[Row]:
    """Both print once to warm up; then each twice, in turns."""
    from cases.documents.pdf import pdf_of  # needs Django set up

    html = forty()
    pdf_of(html)
    ours, theirs = [], []
    with TemporaryDirectory() as folder:
        page = Path(folder) / "packet.html"
        sheet = Path("static/css/print.css").absolute().as_uri()
        page.write_text(html.replace("</head>", f'<link rel="stylesheet" href="{sheet}"></head>'))
        for _ in range(2):
            began = process_time_ns()
            pdf_of(html)
            ours.append(process_time_ns() - began)
            theirs.append(_chromium(page))
    baseline, ratio = min(theirs), min(ours) / min(theirs) if all(theirs) else None
    yield Row(
        f"packet of {CASES} cases; baseline: Chromium prints the same HTML",
        shown(baseline, MILLI) if baseline else "no Chromium",
        shown(min(ours), MILLI),
        ratio,
        f"≤ {MOST} ×",
        None if ratio is None else ratio <= MOST,
    )
    told = Stages()
    logger = logging.getLogger("weasyprint.progress")
    logger.setLevel(logging.INFO)
    logger.handlers = [told]
    pdf_of(html)
    logger.handlers = []
    told.emit(logging.makeLogRecord({"msg": "Step 7"}))
    for stage, name in STAGES.items():
        yield Row(
            f"  · {name}", "", shown(told.spent[stage], MILLI), told.spent[stage] / sum(told.spent.values())
        )
    peak = _memory(html)
    yield Row(
        "memory of the process that prints it",
        "",
        f"{peak:.0f} MB",
        None,
        f"≤ {MOST_MEMORY} MB",
        peak <= MOST_MEMORY,
    )


def forty() -> str:
    """The packet of the demonstration's longest agenda, its cases repeated until there are forty."""
    from dataclasses import replace  # these need Django set up

    from django.db.models import Count
    from django.template.loader import render_to_string
    from django.utils import timezone

    from cases.models import Case, Meeting
    from cases.queries import with_record
    from cases.screens.printed import KINDS, Printing, packet_of

    meeting = Meeting.objects.annotate(cases=Count("discussions")).order_by("-cases", "pk")[0]
    cases = list(with_record(Case.objects.filter(pk__in=meeting.discussions.values("case"))))
    packet = packet_of(meeting, cases, Printing(timezone.now()))
    times = range(CASES)
    lines = tuple(replace(packet.lines[at % len(packet.lines)], place=at + 1) for at in times)
    sheets = tuple(replace(packet.cases[at % len(packet.cases)], place=at + 1) for at in times)
    context = {"kind": KINDS["packet"], "packet": replace(packet, lines=lines, cases=sheets)}
    return render_to_string("documents/paper.html", context)


def _chromium(page: Path) -> int:
    """CPU nanoseconds of all its processes; 0 where there is none, or no way to count them."""
    found = subprocess.run([".ci/chromium"], capture_output=True, text=True, check=False).stdout.strip()
    if not found or sys.platform != "linux":
        return 0
    ctypes.CDLL(None).prctl(SUBREAPER, 1)  # it does not wait for its own children: they become ours
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [found, "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={page}.pdf"]
    subprocess.run([*command, page.as_uri()], check=True, capture_output=True)
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not Path(f"{page}.pdf").exists():
        raise AssertionError("Chromium has printed nothing")
    return int((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e9)


def _memory(html: str) -> float:
    """Megabytes that a process of its own holds at most while it prints the document."""
    code = "import sys; from cases.documents.pdf import pdf_of; pdf_of(sys.stdin.read()); "
    code += "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], input=html, env=environment, capture_output=True, text=True, check=True
    )
    return int(done.stdout) * 1024 / 1e6
