"""The vignettes, through the public path: what goes in as JSON and what comes out as JSON."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from guidelines.answer.bulk import BadInput, answers, as_json_line, read_cases
from guidelines.engine.boxes import Boxes, meets
from guidelines.engine.engine import EngineCase, engine_for
from guidelines.knowledge import conditions
from guidelines.knowledge.conditions import AllOf, Not, conjuncts
from guidelines.knowledge.labels import Accrual
from guidelines.knowledge.model import Guideline, Statement, Trial
from guidelines.knowledge.phrases import describe
from guidelines.knowledge.releases import current, guideline_at
from guidelines.vocabulary.facts import FACTS
from guidelines.vocabulary.parsing import parse_facts
from tests.guidelines.soundness import unsound
from tests.guidelines.vignette import (
    ANSWER_KEYS,
    ANSWERED,
    CASE_KEYS,
    ENTRY_KEYS,
    OF_EDITION_1_0,
    REFUSAL_KEYS,
    REFUSED,
    VIGNETTES,
    Answer,
    Vignette,
    question,
    wrong,
)

ROOT = Path(__file__).resolve().parents[2]
EDITION_1_0 = "nanets-hgnen-2023@1.0"


def answer_of(vignette: Vignette, guideline: Guideline) -> Answer:
    [found] = answers(guideline, read_cases(json.dumps(question(vignette)), guideline))
    answer: Answer = json.loads(as_json_line(found))
    return answer


@pytest.fixture(scope="module")
def answered() -> dict[str, Answer]:
    """The answer of every vignette by its id, in order."""
    return {vignette["id"]: answer_of(vignette, current()) for vignette in ANSWERED}


@pytest.mark.parametrize("vignette", ANSWERED, ids=lambda one: one["id"])
def test_the_answer_is_what_the_vignette_expects(vignette: Vignette, answered: dict[str, Answer]) -> None:
    answer = answered[vignette["id"]]
    assert [*wrong(vignette, answer), *unsound(question(vignette), answer)] == [], vignette["title"]


@pytest.mark.parametrize("vignette", REFUSED, ids=lambda one: one["id"])
def test_bad_input_is_refused_by_name(vignette: Vignette) -> None:
    with pytest.raises(BadInput) as refusal:
        read_cases(json.dumps(question(vignette)), current())
    message = str(refusal.value)
    named = {line.split(":")[0] for line in message.splitlines()}
    assert named == set(vignette["names"]), vignette["title"]
    assert [word for word in vignette.get("mentions", []) if word not in message] == []


def test_the_command_answers_all_of_them_at_once_and_alike(answered: dict[str, Answer]) -> None:
    assert _answered_by_the_command(ANSWERED) == list(answered.values())


def _answered_by_the_command(vignettes: list[Vignette], *options: str) -> list[Answer]:
    lines = "\n".join(json.dumps(question(vignette)) for vignette in vignettes)
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "recommend", *options, "-"],
        input=lines.encode(),
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.splitlines()]


# --- Edition 1.0, which decisions were signed with ----------------------------------------------------

DIGEST_1_0 = "sha256:35d5e2bf030841b8358d39a4150378f4926d77cbb8aeac4950e1012feeb5acbc"


@pytest.mark.parametrize("vignette", OF_EDITION_1_0, ids=lambda one: one["id"])
def test_edition_1_0_answers_as_it_did(vignette: Vignette) -> None:
    answer = answer_of(vignette, guideline_at(EDITION_1_0))
    assert list(wrong(vignette, answer)) == [], vignette["title"]
    assert (answer["guideline"]["digest"], answer["options"]) == (DIGEST_1_0, [])


def test_the_command_answers_with_the_edition_it_is_told() -> None:
    answered = _answered_by_the_command(OF_EDITION_1_0, "--guideline", EDITION_1_0)
    assert answered == [answer_of(vignette, guideline_at(EDITION_1_0)) for vignette in OF_EDITION_1_0]
    assert {one["guideline"]["digest"] for one in answered} == {DIGEST_1_0}


# --- The collection itself --------------------------------------------------------------------------


def test_there_are_enough_of_them_and_each_has_its_own_name() -> None:
    assert len(VIGNETTES) >= 750
    for key in ("id", "title"):
        names = Counter(one[key] for one in (*VIGNETTES, *OF_EDITION_1_0))
        assert [name for name, count in names.items() if count > 1] == []


def test_an_expectation_uses_only_the_keys_it_may_and_names_statements_rightly() -> None:
    statements = {statement.id: statement for statement in current().statements}
    for vignette in VIGNETTES:
        allowed = REFUSAL_KEYS if vignette.get("error") else CASE_KEYS | ANSWER_KEYS
        assert set(vignette) <= allowed, (vignette["id"], set(vignette) - allowed)
    for vignette in ANSWERED:
        assert set(vignette["facts"]) <= set(FACTS)
        asked = [one["code"] for one in vignette.get("asked", [])]
        assert set(asked) <= set(vignette.get("asks", [])), vignette["id"]
        for entry in vignette["expect"]:
            assert set(entry) <= ENTRY_KEYS, (vignette["id"], entry)
            named = entry.get("intervention", entry.get("option"))
            assert named in current().interventions, (vignette["id"], entry)
            if "statement" in entry:
                assert statements[entry["statement"]].intervention == named, (vignette["id"], entry)


def test_every_vignette_says_where_the_source_has_it() -> None:
    assert [one["id"] for one in VIGNETTES if not any(sign.isalnum() for sign in one["source_lines"])] == []


def test_every_reading_decision_is_in_some_vignette() -> None:
    words = " ".join(one["source_lines"] for one in VIGNETTES).replace(",", " ").replace(";", " ").split()
    named: set[str] = set()
    for before, word in pairwise(words):
        if word.isdigit() and (before in ("reading", "readings", "and") or before in named):
            named.add(word)
    assert [one.number for one in current().readings if str(one.number) not in named] == []


# --- Would a mistake in the data be noticed? ------------------------------------------------------------


def test_every_statement_is_expected_to_apply_somewhere_and_not_to_elsewhere() -> None:
    hit, missed = set(), set()
    for vignette in ANSWERED:
        for entry in vignette["expect"]:
            applies = entry["must"] == "present" and entry.get("status") == "applies"
            (hit if applies else missed).add(entry.get("statement"))
    everything = {statement.id for statement in current().statements}
    assert everything - hit == set(), "in no vignette these are expected to apply"
    assert everything - missed == set(), "in no vignette these are expected to be absent or open"


@pytest.fixture(scope="module")
def expected() -> Mapping[str, list[tuple[set[str], EngineCase]]]:
    """Statement → the statuses that vignettes allow it, each with the case."""
    engine, found = engine_for(current()), {}
    for vignette in ANSWERED:
        case = engine.case(parse_facts(vignette["facts"]))
        for entry in vignette["expect"]:
            if "option" not in entry and ("status" in entry or entry["must"] == "absent"):
                for statement in _meant(entry):
                    found.setdefault(statement.id, []).append((_allowed(entry), case))
    return found


def _meant(entry: dict[str, Any]) -> list[Statement]:
    """The statements that an expectation is about; none where a present one is not told from others."""
    keys = {
        "statement": "id",
        **{key: key for key in ("intervention", "setting", "stance", "agreement", "kind")},
    }
    meant = [
        one
        for one in current().statements
        if all(getattr(one, name) in _listed(entry[key]) for key, name in keys.items() if key in entry)
    ]
    return meant if entry["must"] == "absent" or len(meant) == 1 else []


def _listed(wanted: str | list[str]) -> list[str]:
    return [wanted] if isinstance(wanted, str) else wanted


def _allowed(entry: dict[str, Any]) -> set[str]:
    status = entry.get("status", ["applies", "possible"])
    named = set(_listed(status))
    return named if entry["must"] == "present" else {"applies", "possible", "blocked", "excluded"} - named


def _status(boxes: Boxes, case: EngineCase, *, blocked: bool) -> str:
    if not meets(boxes.true, case.possible):
        return "excluded"
    if blocked:
        return "blocked"
    return "possible" if meets(boxes.false, case.possible) else "applies"


def _provisos(statement: Statement) -> Any:
    return engine_for(current()).provisos[current().statements.index(statement)]


def test_leaving_out_any_condition_of_any_statement_would_be_noticed(
    expected: Mapping[str, list[tuple[set[str], EngineCase]]],
) -> None:
    """The near misses are near: for each condition some vignette fails if a statement forgets it."""
    space = engine_for(current()).space
    unnoticed = set()
    for statement in current().statements:
        provisos, parts = _provisos(statement), conjuncts(statement.when)
        for part in parts:
            others = tuple(one for one in parts if one is not part)
            rest = space.boxes(AllOf(others))
            if space.boxes(AllOf((*others, Not(part)))).true and all(
                _status(rest, case, blocked=bool(case.blocked_by(provisos))) in allowed
                for allowed, case in expected[statement.id]
            ):
                unnoticed.add((statement.id, describe(part)))
    assert {one for one in unnoticed if not _follows(*one)} == set()


def _follows(statement: str, condition: str) -> bool:
    """Follow-up settles that the disease is localized, before any statement is asked."""
    when = current().statement(statement).when
    read = {one.fact.name for one in conditions.tests_in(when)}
    return condition == "Extent Localized" and "under_surveillance" in read


def test_leaving_out_any_proviso_of_any_statement_would_be_noticed(
    expected: Mapping[str, list[tuple[set[str], EngineCase]]],
) -> None:
    space = engine_for(current()).space
    unnoticed = set()
    for statement in current().statements:
        boxes, provisos = space.boxes(statement.when), _provisos(statement)
        for proviso in provisos:
            rest = [one for one in provisos if one is not proviso]
            if all(
                _status(boxes, case, blocked=bool(case.blocked_by(rest))) in allowed
                for allowed, case in expected[statement.id]
            ):
                unnoticed.add((statement.id, proviso.name))
    assert unnoticed == set()


def test_leaving_out_any_condition_of_a_trial_would_be_noticed() -> None:
    engine, unnoticed = engine_for(current()), set()
    for trial, provisos in zip(current().trials, engine.trial_provisos, strict=True):
        seen = [
            (set(_listed(entry["status"])), engine.case(parse_facts(vignette["facts"])))
            for vignette in ANSWERED
            for entry in vignette.get("trials", [])
            if entry["nct"] == trial.nct
        ]
        for part in conjuncts(trial.when):
            others = tuple(one for one in conjuncts(trial.when) if one is not part)
            rest = engine.space.boxes(AllOf(others))
            if engine.space.boxes(AllOf((*others, Not(part)))).true and all(
                _trial_status(rest, case, provisos, trial) in allowed for allowed, case in seen
            ):
                unnoticed.add((trial.nct, describe(part)))
    assert unnoticed == set()


def _trial_status(boxes: Boxes, case: EngineCase, provisos: Any, trial: Trial) -> str:
    status = _status(boxes, case, blocked=bool(case.blocked_by(provisos)))
    if status == "applies" and trial.accrual is Accrual.COMPLETED:
        return "possible"
    return "absent" if status == "excluded" else status


def test_leaving_out_any_remark_on_what_is_not_covered_would_be_noticed(answered: dict[str, Answer]) -> None:
    unnoticed = {remark.id for remark in current().not_covered}
    for vignette in ANSWERED:
        answer = answered[vignette["id"]]
        for remark in current().not_covered:
            if remark.id in unnoticed and remark.text in answer["not_covered"]:
                rest = [text for text in answer["not_covered"] if text != remark.text]
                unnoticed -= {remark.id} if any(wrong(vignette, {**answer, "not_covered": rest})) else set()
    assert unnoticed == set()


def test_leaving_out_any_caution_with_a_condition_would_be_noticed(answered: dict[str, Answer]) -> None:
    """Of the case as a whole, and of a statement."""
    unnoticed = {("", one.text) for one in current().cautions}
    for statement in current().statements:
        unnoticed |= {
            (statement.id, one.text) for one in statement.cautions if one.when or one.unless_settled
        }
    for vignette in ANSWERED:
        answer = answered[vignette["id"]]
        shown = [("", text) for text in answer["classification"]["cautions"]]
        shown += [(one["id"], text) for one in answer["recommendations"] for text in one["cautions"]]
        for where, text in unnoticed.intersection(shown):
            if any(wrong(vignette, _without_caution(answer, where, text))):
                unnoticed -= {(where, text)}
    assert unnoticed == set()


def _without_caution(answer: Answer, where: str, text: str) -> Answer:
    def less(one: dict[str, Any]) -> dict[str, Any]:
        return {**one, "cautions": [caution for caution in one["cautions"] if caution != text]}

    if not where:
        return {**answer, "classification": less(answer["classification"])}
    said = [less(one) if one["id"] == where else one for one in answer["recommendations"]]
    return {**answer, "recommendations": said}
