"""`python -m tests.bench [PART …]`: every part, or those named; the parts are the keys of `PARTS`.

Exit status 0 whatever the figures: a ratio says how the code is built, but no test waits for a clock.
"""

import sys
from collections.abc import Callable

from tests.bench import (
    answers,
    chain,
    figures,
    growth,
    lists,
    meeting,
    others,
    packet,
    pages,
    recall,
    served,
    steps,
    timing,
)
from tests.bench.timing import table

PARTS: dict[str, Callable[[], str]] = {
    "answers": lambda: table(answers.rows()),
    "others": lambda: f"{table(others.rows())}\n\n{others.treatment_of_unknown()}",
    "preview": lambda: table(pages.Preview().rows()),
    "meeting": lambda: table(meeting.Projector().rows()),
    "handout": lambda: table(pages.handout_rows()),
    "served": lambda: table(served.rows()),
    "recall": lambda: table(recall.rows()),
    "steps": lambda: table(steps.rows()),
    "scale": lambda: table(list(growth.Growth().rows())),
    "lists": lambda: table(lists.rows()),
    "packet": lambda: table(list(packet.rows())),
    "chain": lambda: table(list(chain.rows())),
    "figures": lambda: table(figures.FiveYears().rows()),
}


def main(chosen: list[str]) -> None:
    """Print the table of each part as soon as it is measured."""
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        sys.exit(f"{', '.join(unknown)}: not one of {', '.join(PARTS)}")
    sys.stdout.write(f"CPU time, medians, measured in turns in this run. {timing.yardstick()}\n")
    with pages.demonstration_board():
        for name in chosen or PARTS:
            sys.stdout.write(f"\n{name.upper()}\n{PARTS[name]()}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
