"""The vignettes, through the public path: what goes in as JSON and what comes out as JSON."""

import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from guidelines.answer.bulk import BadInput, answers, as_json_line, read_cases
from guidelines.engine.boxes import Boxes, meets
from guidelines.engine.engine import engine_for
from guidelines.knowledge import conditions
from guidelines.knowledge.conditions import AllOf, conjuncts
from guidelines.knowledge.phrases import describe
from guidelines.knowledge.releases import current
from guidelines.vocabulary.facts import FACTS
from guidelines.vocabulary.parsing import parse_facts
from tests.guidelines.vignette import ANSWERED, ENTRY_KEYS, REFUSED, VIGNETTES, Answer, Vignette, wrong

ROOT = Path(__file__).resolve().parents[2]


def answer_of(vignette: Vignette) -> Answer:
    [found] = answers(current(), read_cases(json.dumps({"facts": vignette["facts"]})))
    answer: Answer = json.loads(as_json_line(found))
    return answer


@pytest.fixture(scope="module")
def answered() -> dict[str, Answer]:
    """The answer of every vignette by its id, in order."""
    return {vignette["id"]: answer_of(vignette) for vignette in ANSWERED}


@pytest.mark.parametrize("vignette", ANSWERED, ids=lambda one: one["id"])
def test_the_answer_is_what_the_vignette_expects(vignette: Vignette, answered: dict[str, Answer]) -> None:
    assert list(wrong(vignette, answered[vignette["id"]])) == [], vignette["title"]


@pytest.mark.parametrize("vignette", REFUSED, ids=lambda one: one["id"])
def test_bad_input_is_refused_by_name(vignette: Vignette) -> None:
    with pytest.raises(BadInput) as refusal:
        read_cases(json.dumps({"facts": vignette["facts"]}))
    message = str(refusal.value)
    named = {line.split(":")[0] for line in message.splitlines()}
    assert named == set(vignette["names"]), vignette["title"]
    assert [word for word in vignette.get("mentions", []) if word not in message] == []


def test_the_command_answers_all_of_them_at_once_and_alike(answered: dict[str, Answer]) -> None:
    lines = "\n".join(json.dumps({"facts": vignette["facts"]}) for vignette in ANSWERED)
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "recommend", "-"],
        input=lines.encode(),
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert [json.loads(line) for line in done.stdout.splitlines()] == list(answered.values())


# --- The collection itself --------------------------------------------------------------------------


def test_there_are_enough_of_them_and_each_has_its_own_name() -> None:
    assert len(VIGNETTES) >= 170
    for key in ("id", "title"):
        assert [name for name, count in Counter(one[key] for one in VIGNETTES).items() if count > 1] == []


def test_an_expectation_uses_only_the_keys_it_may_and_names_statements_rightly() -> None:
    statements = {statement.id: statement for statement in current().statements}
    for vignette in ANSWERED:
        assert set(vignette["facts"]) <= set(FACTS)
        for entry in vignette["expect"]:
            assert set(entry) <= ENTRY_KEYS, (vignette["id"], entry)
            if "statement" in entry:
                assert statements[entry["statement"]].intervention == entry["intervention"], entry


def test_every_vignette_says_where_the_source_has_it() -> None:
    assert [one["id"] for one in VIGNETTES if not any(sign.isalnum() for sign in one["source_lines"])] == []


def test_every_reading_decision_is_in_some_vignette() -> None:
    words = " ".join(one["source_lines"] for one in VIGNETTES).replace(",", " ").replace(";", " ").split()
    named: set[str] = set()
    for before, word in pairwise(words):
        if before in ("reading", "readings", "and") and word.isdigit():
            named.add(word)
    assert [one.number for one in current().readings if str(one.number) not in named] == []


def test_every_statement_is_expected_to_apply_somewhere_and_not_to_elsewhere() -> None:
    hit, missed = set(), set()
    for vignette in ANSWERED:
        for entry in vignette["expect"]:
            applies = entry["must"] == "present" and entry.get("status") == "applies"
            (hit if applies else missed).add(entry.get("statement"))
    everything = {statement.id for statement in current().statements}
    assert everything - hit == set(), "in no vignette these are expected to apply"
    assert everything - missed == set(), "in no vignette these are expected to be absent or open"


def test_leaving_out_any_condition_of_any_statement_would_be_noticed() -> None:
    """The near misses are near: for each condition some vignette fails if a statement forgets it."""
    engine = engine_for(current())
    expected: dict[str, list[tuple[str, list[int]]]] = {}
    for vignette in ANSWERED:
        possible = engine.space.possible(parse_facts(vignette["facts"]))
        for entry in vignette["expect"]:
            status = "excluded" if entry["must"] == "absent" else entry.get("status", "")
            expected.setdefault(entry.get("statement", ""), []).append((status, possible))
    unnoticed = set()
    for statement in current().statements:
        parts = conjuncts(statement.when)
        for part in parts:
            rest = engine.space.boxes(AllOf(tuple(one for one in parts if one is not part)))
            if all(_status(rest, possible) == status for status, possible in expected[statement.id]):
                unnoticed.add((statement.id, describe(part)))
    assert {one for one in unnoticed if not _implied(*one)} == JUDGED_BY_SECTION


JUDGED_BY_SECTION = {
    ("met-nec-liver-directed", "Primary in not a gynecologic organ"),
    ("met-nec-debulking", "Primary in not a gynecologic organ"),
}
"""Conditions taken from the heading of the section alone; no vignette speaks of them."""


def _status(boxes: Boxes, possible: list[int]) -> str:
    if not meets(boxes.true, possible):
        return "excluded"
    return "possible" if meets(boxes.false, possible) else "applies"


IMPLIED = {"Primary site Cervix": "figo_stage", "Extent Metastatic": "metastatic_sites"}
"""Conditions that follow, by the rules between facts, from any condition on the fact beside them."""


def _implied(statement: str, condition: str) -> bool:
    when = next(one.when for one in current().statements if one.id == statement)
    return IMPLIED.get(condition) in {test.fact.name for test in conditions.tests_in(when)}


def test_every_statement_does_apply_somewhere_and_does_not_elsewhere(answered: dict[str, Answer]) -> None:
    everything = {statement.id for statement in current().statements}
    hit: set[str] = set()
    in_all = set(everything)
    for answer in answered.values():
        applying = {one["id"] for one in answer["recommendations"] if one["status"] == "applies"}
        hit |= applying
        in_all &= applying
    assert everything - hit == set()
    assert in_all == set()
