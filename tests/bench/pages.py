"""The preview of a case being entered, and the handout, on a demonstration board of their own."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from tests.bench.timing import MILLI, Row, against_the_door, each, in_turns, shown, within

PART = "pathology"
OPTION = "platinum_etoposide"
MOST_OF_PAGE, MOST_OF_FRAGMENT = 8, 3  # times the door
TYPED = range(5, 95)  # what the person types as Ki-67, one number after the other


@contextmanager
def demonstration_board() -> Iterator[None]:
    """Django, set up with the demonstration board in a database that is thrown away, or in the empty one that
    DATABASE_URL names."""
    with TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django  # settings are read now that the database is named

        django.setup()
        from django.core.management import call_command  # needs the settings

        call_command("migrate", verbosity=0)
        call_command("load_demo", stdout=StringIO())
        yield


class Preview:
    """A person at the pathology form of a demonstration case, and the door of that case."""

    def __init__(self) -> None:
        # All of this needs Django set up.
        from django.contrib.auth.models import User
        from django.test import Client, override_settings
        from django.urls import reverse

        from cases.models import Case
        from tests.cases.pages import form_of

        override_settings(ROOT_URLCONF="tests.bench.urls").enable()
        self.user = User.objects.get(username="coordinator")
        reports = Case.objects.filter(pathology_reports__ki67__gt="")
        self.case = reports.filter(entity="nec", extent="metastatic").order_by("pk")[0]
        self.client = Client()
        self.client.force_login(self.user, "config.authentication.BoardBackend")
        keys = {"uid": self.case.uid, "part": PART}
        self.form = form_of(self.client, reverse("cases:part", kwargs=keys))
        self.preview_url = reverse("cases:preview", kwargs=keys)
        self.door_url = reverse("door", kwargs={"uid": self.case.uid})
        self.part_url = reverse("cases:part", kwargs=keys)
        self.option_url = reverse("cases:option", args=[self.case.uid, OPTION])
        self.case_url = reverse("cases:case", kwargs={"uid": self.case.uid})
        self.handout_url = reverse("cases:document", args=["handout", self.case.uid])
        self._typed = count()

    def typed(self) -> dict[str, Any]:
        """The form with another Ki-67 each time."""
        return self.form | {"ki67": str(TYPED[next(self._typed) % len(TYPED)])}

    def post(self, url: str) -> bytes:
        """What the browser gets."""
        body = urlencode(self.typed(), doseq=True)
        response = self.client.post(
            url, body, "application/x-www-form-urlencoded", headers={"HX-Request": "true"}
        )
        if response.status_code != 200:
            raise AssertionError(f"{url} answered {response.status_code}")
        return bytes(response.content)

    def rows(self) -> list[Row]:
        """The whole preview, its record in memory as while typing, against the door; how much it sends."""
        if b"Ki-67 immunohistochemistry" not in self.post(self.preview_url):
            raise AssertionError("the preview shows nothing of the case")
        posts = {
            "door": lambda _: self.post(self.door_url),
            "preview": lambda _: self.post(self.preview_url),
        }
        in_turns(posts, range(30), 1)
        return [
            *against_the_door(f"preview, POST ({PART})", posts, range(10), 15, 2.5),
            *self.compared_with_the_door(),
            sized("preview of a case, HTML", len(self.post(self.preview_url)), 20_000),
            sized("page of a case, HTML", len(self.client.get(self.case_url).content), 60_000),
            *self.breakdown(),
        ]

    def compared_with_the_door(self) -> list[Row]:
        """Whole pages with forms, and fragments of them."""
        asked: dict[str, tuple[str, float, dict[str, str]]] = {
            f"page with a form ({PART})": (self.part_url, MOST_OF_PAGE, {}),
            "page with a form (referral)": (self.case_url, MOST_OF_PAGE, {}),
            "fragment: what stands behind an option": (
                self.option_url,
                MOST_OF_FRAGMENT,
                {"HX-Request": "true"},
            ),
        }
        rows: list[Row] = []
        for what, (url, most, headers) in asked.items():
            pages = {
                "door": lambda _: self.post(self.door_url),
                "page": lambda _, url=url, headers=headers: self.client.get(url, headers=headers),
            }
            rows += against_the_door(what, pages, range(10), 9, most)
        return rows

    def breakdown(self) -> list[Row]:
        """Where the preview's time goes, step by step."""
        from django.http import QueryDict
        from django.template.loader import render_to_string
        from django.test import RequestFactory

        from cases.facts import facts_of
        from cases.queries import with_record
        from cases.views.chart import PARTS, Chart
        from cases.views.entry import posted_item
        from guidelines.answer.assessment import assess
        from guidelines.knowledge.releases import current

        def posted() -> QueryDict:
            data = QueryDict(mutable=True)
            for name, value in self.typed().items():
                data.setlist(name, value if isinstance(value, list) else [value])
            return data

        def opened() -> Chart:
            return Chart(self.user, with_record(type(self.case).objects.all()).get(pk=self.case.pk))

        chart, request = opened(), RequestFactory().post(self.preview_url)

        def validated() -> Any:
            data = posted()
            request.POST = data
            form = PARTS[PART].form(data, instance=posted_item(request, chart, PARTS[PART]))
            form.is_valid()
            return form

        records = [chart.record.with_part(validated().valid_part()) for _ in TYPED]
        values = [facts_of(record).values for record in records]
        panels = [chart.panel(record, []) for record in records]
        assessed: list[Any] = [assess(current(), one) for one in values]
        steps = {
            "open the case": each(lambda _: opened(), range(30), 3),
            "form and validation": each(lambda _: validated(), range(30), 3),
            "record to facts": each(facts_of, records, 3),
            "assess": each(lambda one: assess(current(), one), values, 3),
            "facts, assess and panel": each(lambda one: chart.panel(one, []), records, 3),
            "template": each(lambda one: render_to_string("panel/_body.html", {"panel": one}), panels, 3),
        }
        rows = [Row(f"  · {name}", "", shown(median(spent), MILLI)) for name, spent in steps.items()]
        size = median(len(one.recommendations) for one in assessed)
        return [*rows, Row("  · statements behind them", "", f"{size:.0f}")]


def sized(what: str, size: int, most: int) -> Row:
    """How many bytes the browser gets."""
    return Row(what, "", f"{size / 1000:.1f} kB", None, f"≤ {most / 1000:.0f} kB", size <= most)


def handout_rows() -> list[Row]:
    """The handout of a signed case: in a running server, and by a command that starts from nothing."""
    from django.utils import timezone  # needs Django set up

    from cases.actions.printing import printable
    from cases.documents.handout import build_handout
    from cases.documents.pdf import render_pdf
    from cases.models import Case
    from cases.screens.printed import KINDS

    case = Case.objects.filter(decisions__status="signed").order_by("pk")[0]

    def handout(_: int) -> bytes:
        found = printable(case)
        content = build_handout(
            found.content, found.status, printed_at=timezone.now(), intact=found.intact, valid=found.valid
        )
        return render_pdf("documents/paper.html", {"kind": KINDS["handout"], "handout": content})

    each(handout, range(3), 1)
    spent = each(handout, range(11), 1)
    warm, cold = median(spent), median([_cold(str(case.uid)) for _ in range(3)])
    row = within("handout, PDF warm; baseline: cold, in a new process", warm, 200, shown(cold, MILLI))
    return [replace(row, ratio=warm / cold), Row("  · fastest of 11", "", shown(min(spent), MILLI))]


def _cold(case: str) -> float:
    """CPU nanoseconds of `manage.py handout` from start to end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with TemporaryDirectory() as folder:
        command = [sys.executable, "manage.py", "handout", case, "-o", str(Path(folder) / "handout.pdf")]
        subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e9
