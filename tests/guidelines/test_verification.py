"""The verification passes, and every one of its checks bites when the encoding is broken on purpose."""

import time
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from guidelines import verification
from guidelines.knowledge.loader import load
from guidelines.knowledge.model import Order
from guidelines.knowledge.releases import RELEASES, current, guideline_at
from guidelines.management.commands import verify_guideline
from guidelines.verification import (
    CHECKS,
    SECOND_READING,
    SINCE_OPTIONS,
    Check,
    Report,
    checks_of,
    verify,
)
from guidelines.verification.answers import place_in
from guidelines.verification.expectations import load_expectations
from guidelines.verification.kept import keep, kept
from guidelines.verification.orders import misordered
from guidelines.verification.proof import Proof
from guidelines.verification.report import Finding
from guidelines.vocabulary.yamlfile import ContentError
from tests.guidelines.breaks import ASKING, BROKEN, LEARNING, MATTERS, OPPOSITE, SETTLED, THRESHOLDS
from tests.guidelines.broken import (
    added,
    checked,
    copy_of_knowledge,
    read_once,
    whole,
)


def test_the_guideline_is_proven_in_time() -> None:
    started = time.process_time()
    out = StringIO()
    call_command("verify_guideline", stdout=out)
    text = out.getvalue()
    assert text.startswith(f"{current().id} {current().version} {current().digest}")
    assert [name for name in CHECKS if f"passed  {name} (" not in text] == []
    assert f"All {len(CHECKS)} checks passed" in text
    assert time.process_time() - started < 60


@pytest.fixture(autouse=True)
def _kept_apart(settings: Any, tmp_path: Path) -> None:
    """What a test has proven is not kept for the pages."""
    settings.GUIDELINE_REPORTS = tmp_path / "reports"


@pytest.fixture(autouse=True)
def _files_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most files of a copy are as they were: each content is parsed once for all tests."""
    for module in ("knowledge.loader", "vocabulary.facts", "verification.expectations", "verification.trace"):
        monkeypatch.setattr(f"guidelines.{module}.read_yaml", read_once)


def test_an_untouched_copy_is_what_was_proven(tmp_path: Path) -> None:
    copy = copy_of_knowledge(tmp_path)
    here = RELEASES / current().id / current().edition
    assert load(copy).digest == current().digest
    assert load_expectations(copy) == load_expectations(here)


def test_an_older_edition_keeps_what_it_promised() -> None:
    older = guideline_at(f"{current().id}@1.0")
    assert set(checks_of(older)) == set(CHECKS) - set(SINCE_OPTIONS)
    quick = [name for name in checks_of(older) if name not in (MATTERS, LEARNING, ASKING)]
    report = verify(older, only=quick)
    assert [check.detail for check in report.checks if not check.passed] == []


@pytest.mark.parametrize("what", BROKEN)
def test_a_break_is_caught(tmp_path: Path, what: str) -> None:
    name, changes, told = BROKEN[what]
    check = checked(tmp_path, name, *changes)
    assert not check.passed
    text = "\n".join(check.detail)
    assert [fragment for fragment in told if fragment not in text] == [], text


def test_every_check_is_seen_to_bite() -> None:
    by_data = {name for name, _, _ in BROKEN.values()}
    # What the engine makes of the data, test_verification_engine breaks in the engine.
    assert by_data | {SETTLED, ASKING} == set(CHECKS)


def test_every_change_of_an_order_that_changes_a_verdict_is_caught() -> None:
    """Neighbors that change places, and sentences that move to another part of their order."""
    guideline = current()
    proof = Proof(guideline, load_expectations(RELEASES / guideline.id / guideline.edition))
    differing = [(one.id, other.id) for one, other in proof.meeting if one.stance is not other.stance]
    right = place_in(proof)
    changed = 0
    for order in guideline.orders.values():
        for mutant in _mutants(order):
            orders = MappingProxyType({**guideline.orders, order.intervention: mutant})
            proof.guideline = replace(guideline, orders=orders)
            wrong = place_in(proof)
            if any((right[a] < right[b]) is not (wrong[a] < wrong[b]) for a, b in differing):
                changed += 1
                assert next(misordered(proof), None), mutant
    assert changed > 50


def _mutants(order: Order) -> Iterator[Order]:
    parts = {name: list(getattr(order, name)) for name in ("specific", "routine", "last")}
    for name, ids in parts.items():
        for place in range(len(ids) - 1):
            turned = [*ids[:place], ids[place + 1], ids[place], *ids[place + 2 :]]
            yield replace(order, **{name: tuple(turned)})
        for one, (other, others) in product(ids, parts.items()):
            if other != name:
                rest = tuple(left for left in ids if left != one)
                yield replace(order, **{name: rest, other: (one, *others)})


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("thresholds.yaml", "- fact: ki67\n", "thresholds.yaml: entry 1: bound: Field required"),
        (
            "single_entity.yaml",
            "- entity: nec\n  interventions: []\n",
            "single_entity.yaml: entry 1: interventions",
        ),
        ("implied_gates.yaml", "- gate: extent\n  implied: x\n", "implied_gates.yaml: entry 1: implied_by"),
        ("answering_remarks.yaml", "remark: one\n", "answering_remarks.yaml: : Input should be a valid list"),
        ("opposed.yaml", "- first: prrt\n", "opposed.yaml: entry 1: second: Field required"),
        (
            "verdicts.yaml",
            "- {first: a, over: [], reason: None at all.}\n",
            "verdicts.yaml: entry 1: over",
        ),
        (
            "directives.yaml",
            "- {section: brain, lines: [a]}\n",
            "directives.yaml: entry 1: lines.0: Input should be a valid integer",
        ),
        ("accompanying.yaml", "- reason: None at all.\n", "accompanying.yaml: entry 1: interventions"),
        ("trace.yaml", "- 1\n", "trace.yaml: a mapping of lines is expected"),
    ],
)
def test_wrong_expectations_are_refused(tmp_path: Path, file: str, content: str, told: str) -> None:
    with pytest.raises(ContentError) as caught:
        checked(tmp_path, THRESHOLDS, whole(file, content))
    assert told in str(caught.value)


def test_the_command_fails_with_the_names_of_failed_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    report = Report((Check("Sound", True, ("fine",), 0.1), Check("Broken", False, ("met-x: wrong",), 0.1)))
    monkeypatch.setattr(verify_guideline, "verify", lambda guideline: report)
    out = StringIO()
    with pytest.raises(CommandError, match=r"^Failed: Broken\.$") as caught:
        call_command("verify_guideline", stdout=out)
    assert caught.value.returncode == 1
    assert "FAILED  Broken" in out.getvalue()
    assert "met-x: wrong" in out.getvalue()


def test_the_command_does_not_skip_the_solver_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_guideline, "solver_installed", lambda: False)
    with pytest.raises(CommandError, match="z3-solver is not installed"):
        call_command("verify_guideline", stdout=StringIO())


def test_without_the_solver_the_other_checks_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "solver_installed", lambda: False)
    monkeypatch.setattr(verification, "CHECKS", {OPPOSITE: CHECKS[OPPOSITE], SECOND_READING: _must_not_run})
    out = StringIO()
    call_command("verify_guideline", "--without-solver", stdout=out)
    assert "All 1 checks passed" in out.getvalue()


def test_a_report_is_kept_for_what_it_proves(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    report = Report((Check("Sound", True, ("fine – and “well”",), 0.1),))
    monkeypatch.setattr(verify_guideline, "verify", lambda guideline: report)
    assert kept(settings.GUIDELINE_REPORTS, current()) is None
    before = timezone.now()
    call_command("verify_guideline", stdout=StringIO())
    found = kept(settings.GUIDELINE_REPORTS, current())
    assert found is not None
    assert found.report == report
    assert before <= found.made <= timezone.now()
    assert [path.suffix for path in settings.GUIDELINE_REPORTS.iterdir()] == [".json"]
    other = load(copy_of_knowledge(tmp_path, added("trials.yaml", "# a remark\n")))
    assert kept(settings.GUIDELINE_REPORTS, other) is None, "another digest, another report"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"made": "today", "checks": []}', '{"checks": [1]}'])
def test_a_damaged_report_is_none(settings: Any, content: str) -> None:
    path = keep(settings.GUIDELINE_REPORTS, current(), Report(()), timezone.now())
    path.write_text(content)
    assert kept(settings.GUIDELINE_REPORTS, current()) is None


def test_a_report_that_cannot_be_kept_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(verify_guideline, "verify", lambda guideline: Report(()))
    settings.GUIDELINE_REPORTS = tmp_path / "a file"
    settings.GUIDELINE_REPORTS.write_text("")
    out, told = StringIO(), StringIO()
    call_command("verify_guideline", stdout=out, stderr=told)
    assert "All 0 checks passed" in out.getvalue()
    assert "Not kept for the page" in told.getvalue()


def _must_not_run(proof: object) -> Finding:
    raise AssertionError("the solver is not installed")
