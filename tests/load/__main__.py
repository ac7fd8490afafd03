"""`python -m tests.load`: fifty people on a board as in production, with PostgreSQL, on this machine.

Two workers and one job process, and the clients on the same processors: people who think three seconds for
three minutes, then the same while five PDFs are made. It says how loaded the machine was, what the door took
in the same run (the least that an answer costs), and, by kind of request, how many there were, what went
wrong, the median, what 95 of 100 stay within, and the worst. `--soak MINUTES` measures the memory of the
workers instead, and `--twice` sends every form that makes something 20 times at once. Exit status 1 for an
error, a save that was acknowledged and is lost, or memory that grows; not for a time that is missed, which
says as much of the machine as of the code.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import TYPE_CHECKING

from tests.bench.timing import grid
from tests.load import machine, serving

if TYPE_CHECKING:
    from tests.load.people import Person, Sample

WARM_UP = 20  # seconds, measured by nobody
PRINTERS = 5
MOST, MOST_BESIDE = 0.5, 0.7  # seconds for 95 of 100
# Seconds of nobody thinking before memory is measured: what a worker remembers of records and pages has its
# limits, and is at them after some 2,000 requests.
FILLED_IN = 150
WATCH_EVERY = 5  # seconds
MOST_GROWTH = 0.05  # of a worker's memory
HEAD = ("request", "count", "errors", "median", "p95", "worst")


def main() -> None:
    wanted = arguments()
    if wanted.folder and not wanted.twice:
        wanted.folder.mkdir(parents=True, exist_ok=True)
        sys.exit(run(wanted, wanted.folder.resolve()))
    with TemporaryDirectory() as folder:
        sys.exit(run(wanted, Path(folder)))


def arguments() -> argparse.Namespace:
    said = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=said)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument(
        "--think", type=float, default=3.0, help="seconds between a person's acts, on average"
    )
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--printing", type=int, default=60, help="seconds with five PDFs at a time; 0: none")
    parser.add_argument("--soak", type=float, default=0, help="minutes; instead of the above")
    parser.add_argument(
        "--twice", action="store_true", help="20 identical posts at once; instead of the above"
    )
    parser.add_argument("--folder", type=Path, help="where the database stays, so that it is made once")
    return parser.parse_args()


def run(wanted: argparse.Namespace, folder: Path) -> bool:
    """Whether anything was wrong."""
    with database(folder) as address:
        given = serving.environment(folder, address)
        if wanted.twice:
            given["SECOND_FACTOR"] = "optional"  # of those who sign here, none has one
        serving.prepare(given, folder, demonstration=not wanted.twice)
        os.environ.update(given)
        import django  # settings are read now that the environment is there

        django.setup()
        with serving.served(given, jobs=not wanted.twice) as (port, first):
            if wanted.twice:
                from tests.load.twice import sent_at_once  # needs Django set up

                return sent_at_once(port)
            people = people_of(wanted.users, port)
            if wanted.soak:
                return soak(people, wanted, first)
            return pressed(people, wanted)


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """What DATABASE_URL names, or one of our own."""
    if "DATABASE_URL" in os.environ:
        yield os.environ["DATABASE_URL"]
    else:
        with serving.postgresql(folder) as address:
            yield address


def people_of(count: int, port: int) -> list[Person]:
    from cases.models import Board  # need Django set up
    from tests.load import board
    from tests.load.people import Person

    boards = Board.objects.get(slug="gi-net")
    users = board.members(boards, count)
    places = board.places(users, boards, serving.HOST, secure=True)
    return [Person(port, place, seed) for seed, place in enumerate(places)]


def pressed(people: Sequence[Person], wanted: argparse.Namespace) -> bool:
    """Both phases, their tables, and what is stored at the end."""
    from tests.load import board  # need Django set up
    from tests.load.people import Person, Printing, at_work

    before = board.saved_before(people)
    at_work(people, WARM_UP, wanted.think)
    faults = [sample.fault for sample in taken(people) if sample.fault]  # as warm as it is by now
    began = machine.Moment.now()
    at_work(people, wanted.seconds, wanted.think)
    faults += told(f"{wanted.users} people thinking {wanted.think:g} s", taken(people), began, MOST)
    if wanted.printing:
        printing, began = Printing(), machine.Moment.now()
        with printing.by([Person(one.port, one.places, seed) for seed, one in enumerate(people[:PRINTERS])]):
            at_work(people, wanted.printing, wanted.think)
        what = f"The same while {PRINTERS} PDFs at a time are made"
        faults += told(what, taken(people), began, MOST_BESIDE)
        write(f"{len(printing.seconds)} PDFs, {max(printing.seconds, default=0.0):.1f} s the longest.")
        faults += printing.faults
    return reckoned(people, board.lost(people, before), faults)


def reckoned(people: Sequence[Person], losses: list[str], faults: list[str]) -> bool:
    """Say what is lost and what went wrong; whether anything was."""
    saves = sum(person.saves.count for person in people)
    write(f"{saves} saves acknowledged; {len(losses)} reports that lost one or have one too many.")
    write("\n".join([*losses, f"{len(faults)} errors in all. {', '.join(sorted(set(faults)))}"]))
    return bool(faults or losses)


def taken(people: Sequence[Person]) -> list[Sample]:
    """Everybody's samples so far, which then begin anew."""
    found = [sample for person in people for sample in person.samples]
    for person in people:
        person.samples.clear()
    return found


def told(what: str, samples: Sequence[Sample], began: machine.Moment, most: float) -> list[str]:
    """Print the table of a phase, and give back what went wrong in it."""
    seconds = time.monotonic() - began.at
    write(f"\n{what}: {len(samples)} requests in {seconds:.0f} s, {len(samples) / seconds:.1f}/s")
    write(began.words())
    by_kind = {sample.kind: [each for each in samples if each.kind == sample.kind] for sample in samples}
    door = by_kind.pop("door", [])
    lines = [line(kind, found) for kind, found in sorted(by_kind.items())]
    every = [sample for found in by_kind.values() for sample in found]
    write(grid(HEAD, [*lines, line("all", every), *([line("the door, beside them", door)] if door else [])]))
    within = p95([sample.seconds for sample in every])
    write(
        f"p95 {within * 1000:.0f} ms; at most {most * 1000:.0f} ms: {'met' if within <= most else 'NOT met'}"
    )
    return [f"{sample.kind}: {sample.fault}" for sample in samples if sample.fault]


def line(kind: str, samples: Sequence[Sample]) -> tuple[str, ...]:
    seconds = [sample.seconds for sample in samples]
    times = (median(seconds), p95(seconds), max(seconds))
    errors = sum(bool(sample.fault) for sample in samples)
    return kind, str(len(samples)), str(errors), *(f"{time_ * 1000:.0f} ms" for time_ in times)


def p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20, method="inclusive")[18] if len(seconds) > 1 else seconds[0]


def soak(people: Sequence[Person], wanted: argparse.Namespace, first: int) -> bool:
    """Everybody at work for so many minutes, once what is remembered is full: how memory grew."""
    from tests.load import board  # need Django set up
    from tests.load.people import at_work

    before = board.saved_before(people)
    at_work(people, FILLED_IN, 0)
    faults = [sample.fault for sample in taken(people) if sample.fault]
    began = machine.Moment.now()
    pids = machine.workers(first)
    held: dict[int, list[int]] = {pid: [] for pid in pids}
    enough = Event()

    def watch() -> None:
        while not enough.wait(WATCH_EVERY):
            for pid in pids:
                held[pid].append(machine.resident(pid))

    watcher = Thread(target=watch)
    watcher.start()
    try:
        at_work(people, wanted.soak * 60, wanted.think)
    finally:
        enough.set()
        watcher.join()
    faults += told(f"{wanted.users} people for {wanted.soak:g} minutes", taken(people), began, MOST)
    grown = [growth(sizes) for sizes in held.values()]
    write("\n".join(f"worker {pid}: {said(sizes)}" for pid, sizes in held.items()))
    met = "met" if max(grown) < MOST_GROWTH else "NOT met"
    write(f"grown by at most {max(grown):+.1%}; below {MOST_GROWTH:.0%}: {met}")
    return reckoned(people, board.lost(people, before), faults) or max(grown) >= MOST_GROWTH


def growth(sizes: Sequence[int]) -> float:
    """From the first fifth of the time to the last."""
    fifth = max(1, len(sizes) // 5)
    return median(sizes[-fifth:]) / median(sizes[:fifth]) - 1


def said(sizes: Sequence[int]) -> str:
    """Megabytes by and by."""
    step = max(1, len(sizes) // 15)
    return f"{', '.join(f'{size / 2**20:.0f}' for size in sizes[::step])} MB, {growth(sizes):+.1%}"


def write(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
