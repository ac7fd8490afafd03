"""Many answers on every core of the machine: the same lines in the same order as one process writes them.

The processes are forked, which hands them the guideline and the cases as they are; that is safe while nothing
else runs in this process, and not done otherwise. Each answers every so many-th few cases and sends them down
a pipe of its own, which holds it up while it is ahead of the others: beside the cases themselves a few
answers are in memory at a time, however many there are.
"""

import fcntl
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection

from guidelines.answer.bulk import AskedCase, answers_as_lines
from guidelines.knowledge.model import Guideline

Answering = Callable[[Sequence[AskedCase]], Iterator[bytes]]

MOST_ALONE = 200  # cases that one process answers before others would have begun
AT_ONCE = 4  # cases that a process answers before it is the next one's turn
PIPE = 1_048_576  # bytes: Linux lets anybody have as much; about 14 answers


def answer_lines(
    guideline: Guideline, cases: Sequence[AskedCase], *, every: bool = False, cores: int | None = None
) -> Iterator[bytes]:
    """The answers as lines of JSON, without the line feed. `every` lists excluded statements too.

    `cores`: how many processes answer; unless given, one for each core that this process may use. Raises
    `ChildProcessError` if one of them ends before its time.
    """
    cores = _cores() if cores is None else cores

    def answered(some: Sequence[AskedCase]) -> Iterator[bytes]:
        return answers_as_lines(guideline, some, every=every)

    if cores < 2 or len(cases) <= MOST_ALONE or not _may_fork():
        return answered(cases)
    return _in_turn(answered, cases, cores)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def _may_fork() -> bool:
    """A forked process has none of the other threads, but every lock that one of them holds."""
    return sys.platform == "linux" and threading.active_count() == 1


def _in_turn(answered: Answering, cases: Sequence[AskedCase], cores: int) -> Iterator[bytes]:
    """What the processes send, in the order of the cases."""
    for _ in answered(cases[:1]):  # so that the engine is made once, and not in each of them
        gc.freeze()
    forked, readers, started = get_context("fork"), [], []
    try:
        for turn in range(cores):
            reader, writer = forked.Pipe(duplex=False)
            fcntl.fcntl(writer.fileno(), fcntl.F_SETPIPE_SZ, PIPE)
            readers.append(reader)
            starts = range(turn * AT_ONCE, len(cases), cores * AT_ONCE)
            process = forked.Process(target=_send, args=(answered, cases, starts, writer, list(readers)))
            process.start()
            writer.close()
            started.append(process)
        for number in range(len(cases)):
            yield readers[number // AT_ONCE % cores].recv_bytes()
    except EOFError as error:
        raise ChildProcessError("a process that answers cases ended before its time") from error
    finally:
        gc.unfreeze()
        for process in started:
            process.terminate()
            process.join()
        for reader in readers:
            reader.close()


def _send(
    answered: Answering,
    cases: Sequence[AskedCase],
    starts: range,
    writer: Connection,
    readers: list[Connection],
) -> None:
    """In a process of its own: the answers that begin there, until nobody reads them any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process is asked to end, and ends this one
    for reader in readers:
        reader.close()
    with closing(writer), suppress(BrokenPipeError):
        for start in starts:
            for line in answered(cases[start : start + AT_ONCE]):
                writer.send_bytes(line)
