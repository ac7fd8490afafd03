"""People at work on a board: each a browser that asks, thinks, and asks again.

A thread for each and the standard library's client: fifty people who think three seconds send some sixteen
requests a second. Each request has a connection of its own, as behind a proxy that keeps none.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.cases.pages import Fields

TOKEN = "l" * 32  # of every form, and of the cookie beside it
LONGEST = 120  # seconds until a request counts as unanswered
WORDS = ("ber", "2026", "liver", "1961", "second line", "G3")


@dataclass(frozen=True)
class Places:
    """The addresses of what one person works on, and whether their requests say that they came over TLS."""

    session: Mapping[str, str]  # cookies by name
    csrf_cookie: str
    host: str
    secure: bool
    worklist: str
    search: str
    case: str
    report: str  # the page of one stored report, which the person alone changes
    report_uid: str
    preview: str
    agenda: str
    slides: Sequence[str]
    decision: str
    steps: str
    packet: str
    handout: str
    door: str


@dataclass(frozen=True)
class Sample:
    """One answer. `fault` says what was wrong with it; "" if nothing was."""

    kind: str
    seconds: float
    fault: str = ""


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    headers: Mapping[str, str]


class Browser:
    """What one person's browser sends: cookies and the form's token. `secure`: over TLS, ended by a proxy."""

    def __init__(
        self, port: int, host: str, csrf_cookie: str, session: Mapping[str, str], *, secure: bool
    ) -> None:
        self.port, self.csrf_cookie = port, csrf_cookie
        self.cookies = {**session, csrf_cookie: TOKEN}
        self.headers = {"Host": host, "Accept": "text/html"}
        if secure:
            self.headers["X-Forwarded-Proto"] = "https"
        self.origin = f"{'https' if secure else 'http'}://{host}"

    def send(
        self,
        method: str,
        address: str,
        data: Mapping[str, Any] | bytes | None = None,
        *,
        htmx: bool = False,
        content_type: str = "application/x-www-form-urlencoded",
    ) -> Answer:
        """One request and its whole answer. Raises `OSError` and `HTTPException`."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**self.headers, "Cookie": cookies}
        body = urlencode(data, doseq=True).encode() if isinstance(data, Mapping) else data
        if body is not None:
            headers |= {"Origin": self.origin, "X-CSRFToken": TOKEN, "Content-Type": content_type}
        if htmx:
            headers["HX-Request"] = "true"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        try:
            connection.request(method, address, body, headers)
            response = connection.getresponse()
            read = response.read()
        finally:
            connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            if name != self.csrf_cookie:
                self.cookies[name] = value
        return Answer(response.status, read.decode("utf-8", "replace"), response.headers)


@dataclass
class Saves:
    """What was acknowledged of one report: how often it was saved, and what it then said."""

    count: int = 0
    last: str | None = None


class Person(Browser):
    """Does one thing after the other, and writes down how long each took."""

    def __init__(self, port: int, places: Places, seed: int) -> None:
        host, cookie = places.host, places.csrf_cookie
        super().__init__(port, host, cookie, places.session, secure=places.secure)
        self.places, self.random, self.saves = places, random.Random(seed), Saves()
        self.samples: list[Sample] = []
        self.form: dict[str, Any] = {}
        self.slide = seed

    def ask(
        self, kind: str, method: str, address: str, data: Mapping[str, Any] | None = None, **more: Any
    ) -> Answer | None:
        """A request, timed, with the page it leads to; None where it was not answered as it should be."""
        began, fault, answer = time.perf_counter(), "", None
        try:
            answer = self.send(method, address, data, **more)
            if answer.status == 302:
                answer = self.send("GET", urlsplit(answer.headers["Location"]).path)
            if answer.status != 200:
                fault = str(answer.status)
        except (OSError, HTTPException) as error:
            fault = type(error).__name__
        self.samples.append(Sample(kind, time.perf_counter() - began, fault))
        return None if fault else answer

    # What a person does

    def worklist(self) -> None:
        self.ask("worklist", "GET", self.places.worklist)

    def search(self) -> None:
        self.ask("search", "POST", self.places.search, {"words": self.random.choice(WORDS)})
        self.cleared()

    def cleared(self) -> None:
        """No words end the search."""
        self.ask("search", "POST", self.places.search, {"words": ""})

    def case(self) -> None:
        self.ask("case", "GET", self.places.case)

    def form_page(self) -> None:
        answer = self.ask("form page", "GET", self.places.report)
        if answer:
            fields = Fields("")
            fields.feed(answer.body)
            self.form = fields.data

    def preview(self) -> None:
        if not self.form:
            self.form_page()
        changed = {**self.form, "ki67": str(self.random.randint(5, 95))}
        self.ask("preview", "POST", self.places.preview, changed, htmx=True)

    def save(self) -> None:
        """Another value each time, so that each save that is acknowledged is one version of the record."""
        self.form_page()
        said = self.form["ki67"][0]
        value = str(self.random.choice([each for each in range(60, 90) if str(each) != said]))
        answer = self.ask("save", "POST", self.places.report, {**self.form, "ki67": value})
        if answer:
            self.saves.count += 1
            self.saves.last = value

    def agenda(self) -> None:
        self.ask("agenda", "GET", self.places.agenda)

    def next_slide(self) -> None:
        self.slide += 1
        self.ask("presentation, next", "GET", self.places.slides[self.slide % len(self.places.slides)])

    def decision(self) -> None:
        self.ask("decision", "GET", self.places.decision)

    def steps(self) -> None:
        self.ask("steps", "GET", self.places.steps)

    def order(self) -> None:
        self.ask("packet ordered", "POST", self.places.packet, {})

    def door(self) -> None:
        self.ask("door", "POST", self.places.door, {})


# How often of a hundred times a person does what: most of entering is typing, which is previews.
MIX: Mapping[Callable[[Person], None], float] = {
    Person.worklist: 11,
    Person.search: 4,
    Person.case: 14,
    Person.form_page: 10,
    Person.preview: 30,
    Person.save: 7,
    Person.agenda: 6,
    Person.next_slide: 6,
    Person.decision: 5,
    Person.steps: 3,
    Person.order: 0.2,
    Person.door: 4,
}


def at_work(people: Sequence[Person], seconds: float, think: float) -> None:
    """Everybody at work for so long, a thread each, thinking `think` seconds on average before each act."""
    until = time.monotonic() + seconds

    def work(person: Person) -> None:
        acts, weights = list(MIX), list(MIX.values())
        time.sleep(person.random.uniform(0, think))
        while time.monotonic() < until:
            person.random.choices(acts, weights)[0](person)
            time.sleep(max(0.0, min(person.random.uniform(0.5, 1.5) * think, until - time.monotonic())))

    in_threads([lambda person=person: work(person) for person in people])


def in_threads(calls: Sequence[Callable[[], None]]) -> None:
    """Run all at once; raise the first error that one of them ended with."""
    errors: list[BaseException] = []

    def run(call: Callable[[], None]) -> None:
        try:
            call()
        except BaseException as error:
            errors.append(error)

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@dataclass
class Printing:
    """People who ask for a PDF again and again, until it is enough."""

    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    enough: Event = field(default_factory=Event)

    @contextmanager
    def by(self, people: Sequence[Person]) -> Iterator[None]:
        threads = [Thread(target=self._ask, args=(person,)) for person in people]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.enough.set()
            for thread in threads:
                thread.join()

    def _ask(self, person: Person) -> None:
        while not self.enough.is_set():
            began = time.perf_counter()
            fault = self._made(person)
            if fault:
                self.faults.append(fault)
            else:
                self.seconds.append(time.perf_counter() - began)

    def _made(self, person: Person) -> str:
        """One PDF, in its turn; what was wrong with the answer, or ""."""
        while True:
            try:
                answer = person.send("GET", person.places.handout)
            except (OSError, HTTPException) as error:
                return f"PDF: {type(error).__name__}"
            if answer.status == 503 and "Refresh" in answer.headers:  # others come first
                time.sleep(float(answer.headers["Refresh"]))
                continue
            return "" if answer.body.startswith("%PDF-") else f"PDF: {answer.status}"
