"""`manage.py record_facts`: what it reads, what it prints, and that bad input gets no answer at all."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[3]
NEC = {"pathology": [{"reported_on": "2026-03-05", "differentiation": "poor", "ki67": ">80 %"}]}
LATER = "2026-04-01"


@pytest.fixture
def record_facts(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command in this process on standard input: exit status, lines out, lines of errors."""

    def run(stdin: str | bytes, *options: str) -> tuple[int, list[str], list[str]]:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        out, errors, status = io.StringIO(), io.StringIO(), 0
        try:
            call_command("record_facts", *options, stdout=out, stderr=errors)
        except SystemExit as stopped:
            status = int(str(stopped.code))
        return status, out.getvalue().splitlines(), errors.getvalue().splitlines()

    return run


def test_one_file_on_standard_input(record_facts: Any) -> None:
    for options in ((), ("-",)):
        status, (line,), errors = record_facts(json.dumps(NEC, indent=2), "--today", LATER, *options)
        assert (status, errors) == (0, [])
        found = json.loads(line)
        assert list(found) == ["facts", "done", "done_on", "provenance", "cautions", "answer"]
        assert found["facts"] == {"differentiation": "poor", "ki67": {"above": 80}}
        assert found["provenance"]["ki67"] == {
            "text": 'Pathology: Ki-67 ">80 %"',
            "date": "2026-03-05",
            "derived": False,
        }
        assert found["done_on"]["ki67_ihc"] == "2026-03-05"
        assert found["answer"]["classification"]["entity"] == "nec"


def test_a_named_file_with_a_byte_order_mark(record_facts: Any, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(NEC), encoding="utf-8-sig")
    assert record_facts("", str(path), "--today", LATER)[0] == 0


def test_json_lines_give_one_answer_a_line_in_order(record_facts: Any) -> None:
    status, lines, _ = record_facts(f"{json.dumps(NEC)}\n\n{{}}\n{json.dumps(NEC)}\n", "--today", LATER)
    entities = [json.loads(line)["answer"]["classification"]["entity"] for line in lines]
    assert (status, entities) == (0, ["nec", "unknown", "nec"])


def test_one_bad_line_refuses_all(record_facts: Any) -> None:
    bad = json.dumps({"pathology": [{}, {"ki67": "high", "mitoses": "3/HPF"}]})
    status, lines, errors = record_facts(
        f"{json.dumps(NEC)}\n{bad}\n{json.dumps({'notes': 1})}", "--today", LATER
    )
    assert (status, lines) == (2, [])
    assert [line.split(': "')[0] for line in errors] == [
        "line 2: pathology[1].ki67", "line 2: pathology[1].mitoses", "line 3: notes",
    ]  # fmt: skip


def test_a_fault_begins_with_its_path(record_facts: Any) -> None:
    status, lines, (error,) = record_facts('{"pathology": [{"ki67": "+++"}]}')
    assert (status, lines) == (2, [])
    assert error.startswith('pathology[0].ki67: "+++": no number; allowed: a number from 0 to 100')


@pytest.mark.parametrize(
    ("stdin", "says"),
    [
        ("", "nothing to read"),
        ("  \n", "nothing to read"),
        ("{", "not JSON"),
        ('{"case": {}, "case": {}}', "given twice"),
        ('{"pathology": [{"ki67": NaN}]}', "NaN"),
        (b"\xff\xfe", "can't decode"),
        ("[]", "not an object"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_case_file(record_facts: Any, stdin: str | bytes, says: str) -> None:
    status, lines, errors = record_facts(stdin)
    assert (status, lines, len(errors)) == (2, [], 1)
    assert says in errors[0]


def test_a_file_that_is_not_there(record_facts: Any) -> None:
    status, _, (error,) = record_facts("", "/nowhere/case.json")
    assert status == 2
    assert "/nowhere/case.json" in error


@pytest.mark.parametrize("today", ["tomorrow", "2026-02-30", "01-Apr-2026", "2026-04"])
def test_a_day_that_is_none(today: str) -> None:
    done = process("--today", today, stdin=json.dumps(NEC))
    assert (done.returncode, done.stdout) == (2, "")
    assert "YYYY-MM-DD" in done.stderr


def process(*arguments: str, stdin: str) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it."""
    return subprocess.run(
        [sys.executable, "manage.py", "record_facts", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def test_it_touches_no_database(record_facts: Any) -> None:
    """Without the `db` fixture pytest-django lets no query through."""
    assert record_facts(json.dumps(NEC))[0] == 0


def test_as_a_person_runs_it() -> None:
    done = process("-", "--today", LATER, stdin=json.dumps({"case": {"tumor_size": "999 cm"}}))
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith('case.tumor_size: "999 cm": over 50 cm; allowed: a size above 0')


def test_today_counts(record_facts: Any) -> None:
    file = json.dumps({"imaging": [{"performed_on": "2026-01-10", "modality": "ct"}]})
    for today, done in (("2026-04-10", ["ct_mri"]), ("2026-04-11", [])):
        assert json.loads(record_facts(file, "--today", today)[1][0])["done"] == done
    assert record_facts(file, "--today", "2026-01-09")[0] == 2


def test_half_a_letter_of_a_foreign_system_is_printed_nowhere(record_facts: Any) -> None:
    report = {
        "reported_on": "2026-03-05",
        "lab_number": "H\ud800 1",
        "specimen_site": "liver\u2028",
        "ki67": "4\ud8005",
    }
    status, (line,), _ = record_facts(json.dumps({"pathology": [report]}), "--today", LATER)
    assert status == 0
    assert json.loads(line)["provenance"]["ki67"]["text"] == 'Pathology H 1 (liver): Ki-67 "45"'
