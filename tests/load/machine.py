"""What the machine does meanwhile: its load, how much of it is ours, and the memory of processes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

PROC = Path("/proc")
PARTS = {
    "documents": ("printer", "print_orders"),
    "pages": ("gunicorn",),
    "database": ("postgres",),
}
TICKS, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")


def fields(pid: int) -> list[str]:
    """What /proc/PID/stat says after the name: state, parent …; nothing of a process that has ended."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def family(first: int) -> set[int]:
    """A process and all that come from it."""
    parents = {pid: int(said[1]) for pid in running() if (said := fields(pid))}
    found, newest = {first}, {first}
    while newest:
        newest = {pid for pid, parent in parents.items() if parent in newest}
        found |= newest
    return found


def running() -> Iterable[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def workers(first: int) -> list[int]:
    """gunicorn's workers, by the id of its first process."""
    return sorted(pid for pid in running() if (said := fields(pid)) and int(said[1]) == first)


def resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    return int((PROC / str(pid) / "statm").read_text().split()[1]) * PAGE


def spent(pids: Iterable[int]) -> dict[str, float]:
    """Seconds of processor of these, and of those of theirs that have ended, by what they do."""
    found = dict.fromkeys((*PARTS, "clients"), 0.0)
    for pid in pids:
        if said := fields(pid):
            found[part_of(pid)] += sum(map(int, said[11:15])) / TICKS
    return found


def part_of(pid: int) -> str:
    """What a process does; ours else are the clients."""
    try:
        command = (PROC / str(pid) / "cmdline").read_bytes().decode("utf-8", "replace")
    except OSError:
        command = ""
    return next((part for part, words in PARTS.items() if any(word in command for word in words)), "clients")


def busy() -> tuple[float, float]:
    """Seconds that all processors worked, and in which they could have worked, since the start."""
    said = [int(number) for number in (PROC / "stat").read_text().splitlines()[0].split()[1:9]]
    idle = said[3] + said[4]
    return (sum(said) - idle) / TICKS, sum(said) / TICKS


@dataclass(frozen=True)
class Moment:
    """Where the clocks stand."""

    at: float
    worked: float
    could: float
    ours: dict[str, float]

    @classmethod
    def now(cls) -> Moment:
        return cls(monotonic(), *busy(), spent(family(os.getpid())))

    def words(self) -> str:
        """What the machine did from here to now."""
        later = Moment.now()
        could = later.could - self.could
        both = (later.worked - self.worked) / could
        parts = {part: (seconds - self.ours[part]) / could for part, seconds in later.ours.items()}
        ours = sum(parts.values())
        each = ", ".join(f"{part} {share:.0%}" for part, share in parts.items())
        one, five, _ = os.getloadavg()
        return (
            f"Load {one:.1f} (5 min: {five:.1f}) on {os.cpu_count()} processors; busy {both:.0%}: "
            f"ours {ours:.0%} ({each}), others {max(0.0, both - ours):.0%}."
        )
