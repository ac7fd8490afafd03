"""Answers from several processes: the lines of one process, in its order, and none without the others."""

import json
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from guidelines.answer import processes
from guidelines.answer.bulk import AskedCase, answers, answers_as_lines, as_json_line, read_cases
from guidelines.answer.processes import answer_lines
from guidelines.knowledge.releases import current

CASES = [{"facts": {"differentiation": "well", "ki67": ki67}, "asks": ["captem"]} for ki67 in range(21, 60)]


@pytest.fixture
def cases(monkeypatch: pytest.MonkeyPatch) -> list[AskedCase]:
    """More than one process would answer alone, and not a round number of them."""
    monkeypatch.setattr(processes, "MOST_ALONE", 10)
    return read_cases("\n".join(map(json.dumps, CASES)), current())


@pytest.fixture
def alone_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no thread of the test runner's were about."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of the processes that are forked from here on."""
    pids: list[int] = []
    fork = os.fork

    def noted() -> int:
        pid = fork()
        if pid:
            pids.append(pid)
        return pid

    monkeypatch.setattr(os, "fork", noted)
    return pids


def alone(cases: list[AskedCase], *, every: bool = False) -> list[bytes]:
    return [as_json_line(one) for one in answers(current(), cases, every=every)]


@pytest.mark.parametrize("cores", [2, 3])
@pytest.mark.parametrize("every", [False, True])
@pytest.mark.usefixtures("alone_here")
def test_lines_are_those_of_one_process_in_its_order(
    cases: list[AskedCase], forked: list[int], cores: int, every: bool
) -> None:
    assert list(answer_lines(current(), cases, every=every, cores=cores)) == alone(cases, every=every)
    assert len(forked) == cores


@pytest.mark.usefixtures("alone_here")
def test_few_cases_stay_in_one_process(cases: list[AskedCase], forked: list[int]) -> None:
    assert list(answer_lines(current(), cases[:10], cores=2)) == alone(cases[:10])
    assert list(answer_lines(current(), cases, cores=1)) == alone(cases)
    assert forked == []


def test_beside_another_thread_nothing_is_forked(cases: list[AskedCase], forked: list[int]) -> None:
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()
    try:
        assert list(answer_lines(current(), cases, cores=2)) == alone(cases)
    finally:
        over.set()
        other.join()
    assert forked == []


@pytest.mark.usefixtures("alone_here")
def test_who_reads_no_further_leaves_no_process_behind(cases: list[AskedCase], forked: list[int]) -> None:
    lines = answer_lines(current(), cases, cores=2)
    assert isinstance(lines, Iterator)
    next(lines)
    lines.close()  # type: ignore[attr-defined]
    for pid in forked:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert len(forked) == 2


@pytest.mark.usefixtures("alone_here")
def test_process_that_ends_early_is_an_error_and_not_a_short_answer(
    cases: list[AskedCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, here = os.getpid(), answers_as_lines

    def ends(*args: Any, **options: Any) -> Iterator[bytes]:
        return here(*args, **options) if os.getpid() == first else os._exit(1)

    monkeypatch.setattr(processes, "answers_as_lines", ends)
    with pytest.raises(ChildProcessError, match="ended before its time"):
        list(answer_lines(current(), cases, cores=2))
