"""How much work it is to lead a meeting: keys and seconds, counted in the browser.

`CHROMIUM=$(.ci/chromium) .venv/bin/python -m tests.browser.measure_meeting` runs the test of the meeting of
twelve cases and prints what each of its acts took; it is no part of the suite. Every press of a key counts,
also Tab and each letter. The seconds are those of the pages and of a hand that never rests; to read and to
talk comes on top.
"""

from __future__ import annotations

import sys

import pytest

from tests.bench.timing import grid

TEST = "tests/browser/test_meeting.py"
MOST_SECONDS = {
    "roll call of 12 people": 60,
    "a case that follows the guideline, from its page to signed": 60,
    "next case, to be seen": 1,
    "next case on the projector": 1,
}


class Listener:
    """Hears what the test says of itself: act → keys and seconds, act → the most keys it may take."""

    def __init__(self) -> None:
        self.took: dict[str, tuple[int, float]] = {}
        self.most_keys: dict[str, int] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties:
            setattr(self, name, value)


def main() -> int:
    """Run the test and print its acts; the test's exit status."""
    heard = Listener()
    status = pytest.main(["-q", "-k", "twelve_cases", TEST], plugins=[heard])
    lines = [
        (act, str(keys), str(heard.most_keys.get(act, "")), f"{seconds:.1f}", str(MOST_SECONDS.get(act, "")))
        for act, (keys, seconds) in heard.took.items()
    ]
    sys.stdout.write(f"{grid(('act', 'keys', 'at most', 'seconds', 'at most'), lines)}\n")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
