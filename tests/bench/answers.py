"""The engine: verdicts against the floor written by hand, reasons, the full answer, answers in bulk."""

import json
import os
import subprocess
import sys
from functools import lru_cache
from itertools import compress
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from guidelines.answer.assessment import assess
from guidelines.engine.engine import Engine, Proviso, engine_for
from guidelines.knowledge.loader import load
from guidelines.knowledge.releases import RELEASES, current
from guidelines.vocabulary.facts import Value
from tests.bench.cases import invented, parsed, vignettes
from tests.bench.floor import Verdicts, floor
from tests.bench.timing import MICRO, Row, compared, each, in_turns, within

Facts = dict[str, Value]

BULK_CASES = 3000
ASKED = ("platinum_etoposide", "captem", "prrt")
FASTEST = 1800  # cases a second


def verdicts(engine: Engine, facts: Facts) -> Verdicts:
    """What the statements are for a case, in the form of the floor."""
    case = engine.case(facts)
    ids, with_provisos = _statements(engine)
    standing = compress(zip(ids, case.may_fail_at, strict=False), case.can_hold_at)
    found = {name: "possible" if may_fail else "applies" for name, may_fail in standing}
    if case.against:
        for name, provisos in with_provisos:
            if name in found and case.blocked_by(provisos):
                found[name] = "blocked"
    return found


@lru_cache(maxsize=8)
def _statements(engine: Engine) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[Proviso, ...]], ...]]:
    """The ids of the statements, and those that have provisos with them."""
    ids = tuple(statement.id for statement in engine.guideline.statements)
    return ids, tuple(one for one in zip(ids, engine.provisos, strict=True) if one[1])


def wrong_in_the_floor(engine: Engine, cases: list[Facts]) -> int:
    """How many cases the floor answers differently, because of what is unknown."""
    written = floor(engine.guideline)
    return sum(verdicts(engine, facts) != written(facts) for facts in cases)


def rows() -> list[Row]:
    """The engine on every vignette, and on invented cases that do not repeat."""
    guideline = current()
    engine = engine_for(guideline)
    known, fresh = parsed(vignettes()), parsed(list(invented(1500)))
    both = {"floor": floor(guideline), "engine": lambda facts: verdicts(engine, facts)}
    for facts in fresh:
        assess(guideline, facts)
    wrong = wrong_in_the_floor(engine, known)
    return [
        compared(
            f"verdicts of {len(engine.statements)} statements, vignettes", in_turns(both, known, 25), 1.0
        ),
        compared("verdicts, invented cases", in_turns(both, fresh, 9), 1.0),
        Row("vignettes answered wrongly (unknown facts)", f"{wrong} of {len(known)}", "0 (proven)"),
        *_times(
            "full answer with options, asked and missing",
            each(lambda facts: assess(guideline, facts, asks=ASKED), known, 9),
            0.6,
            5,
        ),
        *_times("full answer, first time seen", _first_seen(known), 4, None),
        *in_bulk(),
    ]


def _times(what: str, spent: list[float], limit: float, worst: float | None) -> list[Row]:
    found = [within(f"{what}, median", median(spent), limit)]
    return found if worst is None else [*found, within(f"{what}, worst", max(spent), worst)]


def _first_seen(cases: list[Facts], rounds: int = 5) -> list[float]:
    """Nanoseconds for each case as the first of its kind, in an engine that has answered other cases before.

    Each round loads the guideline anew, so that nothing is remembered, and goes through the cases in
    another order.
    """
    random = Random(7)
    spent: list[list[float]] = [[] for _ in cases]
    for _ in range(rounds):
        guideline = load(RELEASES / current().id / current().edition)
        order = random.sample(range(len(cases)), len(cases))
        assess(guideline, {})
        for position in order:
            spent[position] += each(lambda facts, one=guideline: assess(one, facts), [cases[position]], 1)
    return [median(times) for times in spent]


IN_BULK = """
import json, sys
from time import perf_counter, process_time
from guidelines.answer import bulk
from guidelines.answer.processes import answer_lines
from guidelines.knowledge.releases import current

text = open(sys.argv[1]).read()
guideline = current()
for warm in answer_lines(guideline, bulk.read_cases(text, guideline)[:100]):
    pass
begun = perf_counter()
for line in answer_lines(guideline, bulk.read_cases(text, guideline)):
    pass
every_core = perf_counter() - begun
begun = process_time()
sample = []
for number, line in enumerate(answer_lines(guideline, bulk.read_cases(text, guideline), cores=1)):
    if number % 10 == 0:
        sample.append(line)
one_core = process_time() - begun
begun = process_time()
for line in sample:
    json.dumps(json.loads(line))
print(json.dumps([one_core, 10 * (process_time() - begun), every_core]))
"""


def in_bulk() -> list[Row]:
    """JSON Lines in, answers out, in a process of its own: on every core it may use by the clock, which other
    work on the machine slows down; on one core in CPU time.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cases.jsonl"
        path.write_text("\n".join(json.dumps({"facts": one}) for one in invented(BULK_CASES, seed=15)))
        busy = os.getloadavg()[0]
        runs = [
            json.loads(
                subprocess.run(
                    [sys.executable, "-c", IN_BULK, str(path)], capture_output=True, text=True, check=True
                ).stdout
            )
            for _ in range(3)
        ]
    one_core, standard, every_core = (median(times) for times in zip(*runs, strict=True))
    rate = BULK_CASES / every_core
    return [
        Row(
            f"{BULK_CASES} cases in bulk, per second, every core of {os.cpu_count()}, load {busy:.1f} before",
            "",
            f"{rate:.0f}/s",
            None,
            f"≥ {FASTEST}/s",
            rate >= FASTEST,
        ),
        Row("the same on one core, CPU time", "", f"{BULK_CASES / one_core:.0f}/s"),
        compared(
            "the same on one core, against json.loads and dumps of the answers",
            {"json": standard / BULK_CASES * 1e9, "ours": one_core / BULK_CASES * 1e9},
            0.6,
            MICRO,
        ),
    ]
