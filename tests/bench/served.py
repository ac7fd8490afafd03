"""Door and preview as gunicorn serves them to eight connections at once: rate, median, 95th percentile.

`python -m tests.bench served` takes workers and threads from the environment (WEB_CONCURRENCY, WEB_THREADS),
as config/gunicorn.py does. The client is this process: it needs a part of the same processors.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import quantiles
from threading import Event, Thread
from time import monotonic, sleep
from urllib.parse import urlencode

from tests.bench.pages import TYPED, Preview
from tests.bench.timing import MILLI, Row, shown

CONNECTIONS, SECONDS, LEAST = 8, 5, 0.4
PRINTING, TURNS, MOST_BESIDE, IN_LINE = 5, 4, 1.3, 503
TOKEN = "b" * 32  # of the form and of its cookie alike


def rows() -> list[Row]:
    """Both in one run; the ratio is that of the rates."""
    person = Preview()
    cookies = f"sessionid={person.client.cookies['sessionid'].value}; csrftoken={TOKEN}"
    bodies = [urlencode(person.form | {"ki67": str(number)}, doseq=True) for number in TYPED]
    with served() as port:
        found = {}
        for name, url in {"door": person.door_url, "preview": person.preview_url}.items():
            load(port, url, cookies, bodies, 1)
            found[name] = load(port, url, cookies, bodies, SECONDS)
        beside = beside_printing(port, person, cookies, bodies)
    rates = {name: len(times) / SECONDS for name, times in found.items()}
    ratio = rates["preview"] / rates["door"]
    lines = [Row(f"{name}, {CONNECTIONS} connections", "", said(times)) for name, times in found.items()]
    rate = Row("rate of the preview to that of the door", "", "", ratio, f"≥ {LEAST} ×", ratio >= LEAST)
    return [*lines, rate, beside]


def beside_printing(port: int, person: Preview, cookies: str, bodies: list[str]) -> Row:
    """What printing costs somebody who is entering a case: alone and beside it in turns, since the machine's
    speed changes meanwhile.
    """
    alone: list[int] = []
    beside: list[int] = []
    for turn in range(1 + TURNS):
        before = load(port, person.preview_url, cookies, bodies, SECONDS, connections=1)
        with printed(port, person.handout_url, cookies):
            meanwhile = load(port, person.preview_url, cookies, bodies, SECONDS, connections=1)
        if turn:  # the first starts the processes that print
            alone += before
            beside += meanwhile
    first, second = quantiles(alone, n=20)[18], quantiles(beside, n=20)[18]
    what, ratio = f"preview of one person while {PRINTING} print, p95", second / first
    return Row(
        what, shown(first, MILLI), shown(second, MILLI), ratio, f"≤ {MOST_BESIDE} ×", ratio <= MOST_BESIDE
    )


@contextmanager
def printed(port: int, url: str, cookies: str) -> Iterator[None]:
    """People who ask for one handout after the other, until it is enough."""
    enough = Event()

    def ask() -> None:
        while not enough.is_set():
            connection = HTTPConnection("127.0.0.1", port, timeout=120)
            connection.request("GET", url, headers={"Cookie": cookies})
            answer = connection.getresponse()
            if not answer.read().startswith(b"%PDF-") and answer.status != IN_LINE:
                raise AssertionError(f"{url} answered {answer.status}")
            if answer.status == IN_LINE:
                enough.wait(float(answer.headers["Refresh"]))
            connection.close()

    people = [Thread(target=ask) for _ in range(PRINTING)]
    for one in people:
        one.start()
    try:
        yield
    finally:
        enough.set()
        for one in people:
            one.join()


def said(times: list[int]) -> str:
    """ "61/s, median 118 ms, p95 240 ms"."""
    parts = quantiles(times, n=20)
    rate = len(times) / SECONDS
    return f"{rate:.0f}/s, median {shown(parts[9], MILLI)}, p95 {shown(parts[18], MILLI)}"


@contextmanager
def served() -> Iterator[int]:
    """gunicorn with the settings of production on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = {**os.environ, "BIND": f"127.0.0.1:{port}"}
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "tests.bench.wsgi"]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def wait_for(port: int) -> None:
    """Until somebody answers there."""
    for _ in range(600):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.1)
    raise AssertionError("gunicorn did not start")


def load(
    port: int, url: str, cookies: str, bodies: list[str], seconds: float, connections: int = CONNECTIONS
) -> list[int]:
    """Nanoseconds of each request that was answered within the time."""
    times: list[int] = []
    end = monotonic() + seconds
    headers = {
        "Cookie": cookies,
        "X-CSRFToken": TOKEN,
        "HX-Request": "true",
        "Content-Type": "application/x-www-form-urlencoded",
    }

    def one_connection(first: int) -> None:
        connection, turn = HTTPConnection("127.0.0.1", port, timeout=30), first
        while monotonic() < end:
            begun = monotonic()
            connection.request("POST", url, bodies[turn % len(bodies)], headers)
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise AssertionError(f"{url} answered {response.status}")
            times.append(int((monotonic() - begun) * 1e9))
            turn += 1

    threads = [Thread(target=one_connection, args=(number * 7,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times
