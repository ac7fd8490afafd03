"""`python -m tests.full_disk`: PostgreSQL on a disk that is full, and what people notice of it. Needs root.

A disk in memory holds the database alone. When it is full, pages are read, previews answered, and what is
saved is refused with what happened and all that was typed; when there is room again, it is saved, nothing
that was acknowledged is lost, and the chains are whole. Exit status 1 where that is not so.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.load import serving

if TYPE_CHECKING:
    from tests.load.people import Answer, Person

MEGABYTES = 200
SMALL = ("-c", "max_wal_size=48MB", "-c", "min_wal_size=32MB")  # as the disk is
MOST_SAVES = 500  # before it must be full
REFUSED_AFTER = 20  # saves and readings on the full disk
FULL = "The disk of the database is full. Nothing was saved."


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk in memory, which PostgreSQL's account may reach."""
    folder.parent.chmod(0o755)
    folder.mkdir()
    size = ["-o", f"size={MEGABYTES}m"]
    subprocess.run(["mount", "-t", "tmpfs", *size, "tmpfs", folder], check=True)  # noqa: S607
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)  # noqa: S607


def fill(folder: Path) -> Path:
    """Write until nothing fits any more."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    file.write(b"0" * size)
            except OSError:
                continue
    return filler


def saved(person: Person, text: str) -> Answer:
    """The question of the case as it is now, with another text."""
    from tests.cases.pages import Fields  # needs Django set up

    fields = Fields()
    fields.feed(person.send("GET", person.places.case).body)
    return person.send("POST", person.places.case, {**fields.data, "question": text})


def read(person: Person) -> list[str]:
    """What was wrong with the pages that a person reads."""
    person.samples.clear()
    for act in (
        person.worklist, person.case, person.form_page, person.preview, person.agenda, person.next_slide,
        person.decision, person.steps,
    ):  # fmt: skip
        act()
    return [f"{sample.kind}: {sample.fault}" for sample in person.samples if sample.fault]


def typed() -> str:
    """Long, and of letters that no compression makes shorter."""
    return secrets.token_hex(700)


def tried(person: Person, disk: Path) -> list[str]:
    """What was wrong from before the disk is full until it is free again."""
    from cases.integrity import verified  # need Django set up
    from cases.models import Case

    wrong, filler, kept = read(person), fill(disk), ""
    for _ in range(MOST_SAVES):
        text = typed()
        answer = saved(person, text)
        if answer.status != 302:
            break
        kept = text
    if answer.status != 503 or FULL not in answer.body or text not in answer.body:
        wrong.append(
            f"what was refused was answered with {answer.status}, without its words or without the reason"
        )
    for _ in range(REFUSED_AFTER):
        text = typed()
        answer = saved(person, text)
        kept = text if answer.status == 302 else kept
        if answer.status not in (302, 503) or (answer.status == 503 and text not in answer.body):
            wrong.append(f"later: {answer.status}")
        wrong += read(person)
    filler.unlink()
    if kept and Case.objects.get().question != kept:
        wrong.append("what was acknowledged is lost")
    if saved(person, "Room again?").status != 302 or Case.objects.get().question != "Room again?":
        wrong.append("nothing is saved although there is room again")
    return [*wrong, *read(person), *map(str, verified().faults)]


def main() -> None:
    if os.geteuid() != 0:
        sys.exit("Only root may mount a disk.")
    with (
        TemporaryDirectory() as folder,
        small_disk(Path(folder) / "disk") as disk,
        serving.postgresql(disk, *SMALL) as address,
    ):
        given = serving.environment(Path(folder), address)
        serving.prepare(given, Path(folder), demonstration=False)
        os.environ.update(given)
        import django  # settings are read now that the environment is there

        django.setup()
        from tests.load.board import person_alone  # needs Django set up

        with serving.served(given, jobs=False) as (port, _):
            wrong = tried(person_alone(port), disk)
    sys.stdout.writelines(f"{each}\n" for each in dict.fromkeys(wrong))
    sys.stdout.write(f"{len(wrong)} things wrong around a full disk.\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
