"""How much work it is to enter a case: page loads, clicks and keystrokes, counted in the browser.

`CHROMIUM=$(.ci/chromium) .venv/bin/python -m tests.browser.measure_entry` prints a table; it is no part of
the suite. A coordinator who knows the pages enters ten of the published cases of the demonstration, the first
ones whose patient lives, into a board of a new database, beginning at the worklist:

* A box is reached with the Tab key where that takes two presses at most, otherwise with a click. A choice is
  clicked; a list is clicked, and the first letters of the answer are typed.
* Every character typed is a keystroke, and so are Tab, Enter and a shortcut. People write as briefly as is
  read: "5mar2026", "CD56+;EMA+", as much of an intervention's name as tells it from
  the others. What a report says in words of its own is pasted, two keystrokes; our own remarks (`comment`)
  and invented laboratory numbers are left out.
* A page load is a page that the server answers, redirects not counted.

At the end the facts of the case, as the guideline gets them, are held against those of the same case as the
demonstration loads it. A fact is stated twice if two boxes were given the same place, extent or size.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Locator, Page, Response, sync_playwright

from guidelines.knowledge.releases import current
from guidelines.vocabulary.yamlfile import read_yaml
from tests.bench.pages import demonstration_board
from tests.bench.served import wait_for
from tests.bench.timing import grid

CASES = Path(__file__).resolve().parents[2] / "cases/demo/published_cases.yaml"
MOST_CASES = 10
MOST = {"page loads": 8, "clicks": 30, "keystrokes": 250}
PORT = 8199
NEAR = 2  # presses of Tab that are quicker than the mouse
# Part → its section in the file, and the box of its day.
PARTS = {
    "pathology": ("pathology", "reported_on"),
    "imaging": ("imaging", "performed_on"),
    "molecular": ("molecular", "reported_on"),
    "marker": ("markers", "measured_on"),
    "treatment": ("treatments", "started_on"),
    "assessment": ("assessments", "assessed_on"),
}
SLUGS = ("", *PARTS)
OURS = {"comment", "lab_number"}
PROSE = {
    "comorbidity", "findings", "other", "procedure", "regimen_text", "resectability", "symptoms", "toxicity",
}  # fmt: skip
SAME = ({"metastatic_sites", "sites"}, {"tumor_size", "largest"})  # boxes that may say one thing
TYPED = "textarea, select, input:not([type=radio], [type=checkbox])"


def today() -> date:
    """The day on which the demonstration is loaded."""
    return datetime.now(UTC).date()


def typed(day: date) -> str:
    """The shortest way to write a day that says its month in letters."""
    return f"{day:{day.day}%b%Y}".lower()


class Hand:
    """Somebody at the keyboard and the mouse, and what they do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count: Counter[str] = Counter()
        page.on("response", self._answered)

    def _answered(self, response: Response) -> None:
        request = response.request
        if request.is_navigation_request() and response.status // 100 != 3:
            self.count["page loads"] += 1

    def rest(self) -> None:
        """What the page loads from here on is another case's."""
        self.page.remove_listener("response", self._answered)

    def click(self, target: Locator) -> None:
        """One click; what is folded is opened with another."""
        for fold in target.locator("xpath=ancestor::details[not(@open)]").all():
            self.count["clicks"] += 1
            fold.locator("summary").first.click()
        self.count["clicks"] += 1
        target.click()

    def press(self, key: str) -> None:
        self.count["keystrokes"] += 1
        self.page.keyboard.press(key)

    def reach(self, target: Locator) -> None:
        """Put the focus there."""
        stops = target.evaluate(
            """(element) => {
                const inputs = "a[href], button, input:not([type=hidden]), select, textarea, summary";
                const inSight = (one) => one.getClientRects().length && !one.disabled && one.tabIndex >= 0;
                const stops = [...document.querySelectorAll(inputs)]
                    .filter((one) => inSight(one) && (one.type !== "radio" || one.checked));
                return stops.indexOf(element) - stops.indexOf(document.activeElement);
            }"""
        )
        on_page = self.page.evaluate("document.activeElement !== document.body")
        if stops == 0 and on_page:
            return
        if on_page and 0 < stops <= NEAR:
            for _ in range(stops):
                self.press("Tab")
        if not target.evaluate("(element) => element === document.activeElement"):
            self.click(target)

    def type(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.count["keystrokes"] += len(text)
        self.page.keyboard.type(text)

    def paste(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.count["keystrokes"] += 2
        self.page.keyboard.insert_text(text)

    def choose(self, target: Locator, value: str) -> None:
        """An answer of a list: as many letters of its words as tell it from those before it."""
        labels = target.locator("option").all_inner_texts()
        label = target.locator(f'option[value="{value}"]').inner_text()
        before = [one.casefold() for one in labels[: labels.index(label)]]
        letters = next(
            label[:length]
            for length in range(1, len(label) + 1)
            if not any(one.startswith(label[:length].casefold()) for one in before)
        )
        clicks = self.count["clicks"]
        self.type(target, letters)
        if self.count["clicks"] > clicks:  # a click opens the list
            self.press("Enter")
        if target.input_value() != value:
            raise AssertionError(f"{label} is not reached by {letters}")

    def go(self, key: str, button: Locator) -> None:
        """By the key, where nobody is typing; the page that follows is waited for."""
        with self.page.expect_navigation():
            if self.page.evaluate(f"document.activeElement.matches('{TYPED}')"):
                self.click(button)
            else:
                self.press(key)


def shortest(code: str) -> str:
    """As much of an intervention's name, from the beginning of a word on, as no other name has."""
    names = {one: known.label.casefold() for one, known in current().interventions.items()}
    name, others = names[code], [label for other, label in names.items() if other != code]
    starts = [0, *(place + 1 for place, letter in enumerate(name) if letter == " ")]
    ends = [(end, start) for start in starts for end in range(start + 1, len(name) + 1)]
    parts = [name[start:end] for end, start in sorted(ends, key=lambda one: one[0] - one[1])]
    return next((part for part in parts if not any(part in other for other in others)), name)


class Typist:
    """One case as it is entered, from the worklist to its last part."""

    def __init__(self, page: Page, data: Mapping[str, Any], number: int) -> None:
        self.page, self.data, self.number = page, data, number
        self.hand = Hand(page)
        self.said: Counter[tuple[int, str]] = Counter()

    def enter(self) -> None:
        """Everything, in the order of the parts."""
        self._new_case()
        self._fill("", self._referral())
        parts = [
            (slug, self._part(entry, day))
            for slug, (section, day) in PARTS.items()
            for entry in self.data.get(section, ())
        ]
        here = ""
        for slug, fields in parts:
            self._go_on(here, slug)
            self._fill(slug, fields)
            here = slug
        self.hand.go("s", self.page.locator(".save-bar button.btn-primary"))
        self._check_saved()
        self.hand.rest()

    def _new_case(self) -> None:
        patient, page, hand = self.data["patient"], self.page, self.hand
        with page.expect_navigation():
            hand.click(page.get_by_role("link", name="New case", exact=True).first)
        born = today() - timedelta(days=round(patient["age"] * 365.25) + 100)
        values = {
            "record_number": f"M{self.number * 137}",
            "surname": patient["surname"],
            "given_names": patient["given_names"],
            "birth_date": typed(born),
        }
        for name, text in values.items():
            hand.type(page.locator(f"[name={name}]"), text)
        if "sex" in patient:
            hand.click(page.locator(f'[name=sex][value="{patient["sex"]}"]'))
        hand.type(page.locator("[name=question]"), self.data["case"]["question"])
        with page.expect_navigation():
            hand.click(page.get_by_role("button", name="Create case"))

    def _referral(self) -> dict[str, Any]:
        """Without what a report says: the record knows the sites of an imaging study."""
        fields = {name: value for name, value in self.data["case"].items() if name != "question"}
        seen = [one.get("sites") for one in self.data.get("imaging", ())]
        if fields.get("metastatic_sites") and fields["metastatic_sites"] in seen:
            del fields["metastatic_sites"]
        return fields

    def _part(self, entry: Mapping[str, Any], day: str) -> dict[str, Any]:
        """Its fields, with each `ago` as a day."""
        fields: dict[str, Any] = {}
        for name, value in entry.items():
            if name == "ago" or name.endswith("_ago"):
                known = day if name == "ago" else f"{name.removesuffix('_ago')}_on"
                fields[known] = typed(today() - timedelta(days=value))
            elif name not in OURS:
                fields[name] = value
        return fields

    def _fill(self, slug: str, fields: Mapping[str, Any]) -> None:
        """Every box, in the order in which the page has them."""
        named = self.page.locator("form[data-part] [name]").evaluate_all(
            "(items) => items.map((item) => item.name)"
        )
        order = {name.removesuffix("_0"): place for place, name in reversed(list(enumerate(named)))}
        for name in sorted(fields, key=lambda one: order.get(one, 0)):
            self._answer(name, fields[name])
            for place, same in enumerate(SAME):
                if name in same and fields[name]:
                    self.said[place, str(fields[name])] += slug != "treatment"

    def _answer(self, name: str, value: Any) -> None:
        hand, box = self.hand, self.page.locator(f"form[data-part] [name={name}]")
        if isinstance(value, list) and (ticks := self.page.locator(f"[name={name}_1]")).count():
            if not value:
                hand.click(self.page.locator(f'[name={name}_0][value="none"]'))
            for one in value:
                hand.click(ticks.and_(self.page.locator(f'[value="{one}"]')))
        elif not box.count():
            raise AssertionError(f"{self.data['id']}: no box for {name} at {self.page.url}")
        elif box.first.get_attribute("type") == "radio":
            coded = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
            hand.click(self.page.locator(f'[name={name}][value="{coded}"]'))
        elif box.evaluate("(element) => element.localName") == "select":
            hand.choose(box, str(value))
        elif name in PROSE:
            hand.paste(box, str(value))
        else:
            hand.type(box, self._written(name, value))

    def _written(self, name: str, value: Any) -> str:
        """As a person writes it: pairs as "CD56+;CDX2: focal"."""
        if name == "asks":
            return ";".join(shortest(one) for one in value)
        if isinstance(value, list):
            pairs = ";".join(":".join(map(str, one.values())) for one in value)
            return pairs.replace(":positive", "+").replace(":negative", "-")
        return str(value)

    def _go_on(self, here: str, there: str) -> None:
        """Save, and come to an empty form of the part."""
        hand, page = self.hand, self.page
        between = SLUGS.index(there) - SLUGS.index(here)
        if here == there:
            hand.go("a", page.locator("button[name=then][value=another]"))
        elif between == 1:
            hand.go("n", page.locator("button[name=then][value=next]"))
        else:
            with page.expect_navigation():
                hand.click(page.locator(f"button[name=then][value={there}]"))
        self._check_saved()

    def _check_saved(self) -> None:
        summary = self.page.locator(".error-summary")
        if summary.count():
            raise AssertionError(f"{self.data['id']}: {summary.inner_text()}")


def facts_of_newest(surname: str, *, is_demo: bool) -> dict[str, Any]:
    """What the guideline gets of a case."""
    from cases.facts import facts_of  # all of this needs Django set up
    from cases.models import Case
    from cases.queries import with_record
    from cases.record import record_of

    found = with_record(Case.objects.filter(patient__surname=surname, is_demo=is_demo))
    return dict(facts_of(record_of(found.order_by("-pk")[0])).values)


@contextmanager
def browser_page() -> Iterator[Page]:
    """The demonstration in a server of its own, somebody logged in, at the worklist."""
    command = [sys.executable, "manage.py", "runserver", f"127.0.0.1:{PORT}", "--noreload"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(PORT)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox"]
            )
            page = chromium.new_page(viewport={"width": 1440, "height": 1000})
            page.goto(f"http://127.0.0.1:{PORT}/")
            page.fill("[name=username]", "coordinator")
            page.fill("[name=password]", "tumor-board-demo")
            page.click("button[type=submit]")
            page.wait_for_url(f"http://127.0.0.1:{PORT}/")
            yield page
            chromium.close()
    finally:
        server.terminate()
        server.wait(20)


def main() -> None:
    """Enter the cases and print what it took."""
    alive = [one for one in read_yaml(CASES) if "deceased_ago" not in one["patient"]]
    lines, counts = [], []
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # one thread, which looks at the database in between
    with demonstration_board(), browser_page() as page:
        for number, data in enumerate(alive[:MOST_CASES], 1):
            page.goto(f"http://127.0.0.1:{PORT}/")
            typist = Typist(page, data, number)
            typist.enter()
            surname = data["patient"]["surname"]
            facts = [facts_of_newest(surname, is_demo=is_demo) for is_demo in (False, True)]
            other = sorted(
                name for name in {*facts[0], *facts[1]} if facts[0].get(name) != facts[1].get(name)
            )
            twice = sum(times > 1 for times in typist.said.values())
            counts.append(typist.hand.count)
            numbers = [str(typist.hand.count[name]) for name in MOST]
            lines.append((data["id"], *numbers, str(twice), ", ".join(other) or "the same"))
    medians = [f"{median(one[name] for one in counts):g}" for name in MOST]
    lines.append(("median", *medians, "", ""))
    lines.append(("at most", *map(str, MOST.values()), "0", ""))
    sys.stdout.write(f"{grid(('case', *MOST, 'twice', 'facts'), lines)}\n")


if __name__ == "__main__":
    main()
