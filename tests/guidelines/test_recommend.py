"""`manage.py recommend`: what it reads, what it prints, and that bad input gets no answer at all."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from guidelines.knowledge.releases import current
from guidelines.vocabulary.facts import FACTS

ROOT = Path(__file__).resolve().parents[2]
NEC = {"differentiation": "poor", "ki67": 80, "primary_site": "colon", "extent": "metastatic"}
G3_NET = {"differentiation": "well", "ki67": 30, "primary_site": "pancreas", "extent": "metastatic"}
ANSWER = {
    "guideline", "classification", "recommendations", "options", "asked", "missing", "not_covered", "trials",
}  # fmt: skip
RECOMMENDATION = {
    "id", "intervention", "kind", "topic", "setting", "stance", "agreement", "status", "statement", "because",
    "missing", "provided", "done", "cautions", "source", "evidence", "trials", "schedule",
}  # fmt: skip
OPTION = {
    "intervention", "topic", "kind", "id", "stance", "agreement", "status", "missing", "provided", "done",
    "qualified_by", "schedule",
}  # fmt: skip
OLD = "nanets-hgnen-2023@1.0"


def case(**facts: Any) -> str:
    return json.dumps({"facts": facts}, ensure_ascii=False)


def board_case(facts: dict[str, Any], **lists: Any) -> str:
    return json.dumps({"facts": facts, **lists})


@pytest.fixture
def recommend(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command in this process on what standard input holds."""

    def run(stdin: str | bytes, *options: str) -> str:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        out = io.StringIO()
        try:
            call_command("recommend", *options, stdout=out)
        except CommandError:
            assert out.getvalue() == "", "a refusal comes without any answer"
            raise
        return out.getvalue()

    return run


def refused(recommend: Any, stdin: str | bytes, *options: str) -> str:
    """The message of a refusal; exit status 2."""
    with pytest.raises(CommandError) as refusal:
        recommend(stdin, *options)
    assert refusal.value.returncode == 2
    return str(refusal.value)


def process(
    *arguments: str, stdin: bytes = b"", cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """The command as a person runs it, with only the environment named."""
    return subprocess.run(
        [sys.executable, "manage.py", "recommend", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=cwd,
        env={"PATH": os.environ["PATH"], **environment},
    )


# --- What it reads ----------------------------------------------------------------------------------


def test_one_object_on_standard_input_gives_one_line(recommend: Any) -> None:
    for options in ((), ("-",)):
        answer = json.loads(recommend(case(**NEC), *options))
        assert answer["classification"]["entity"] == "nec"


def test_a_file_of_one_object_over_several_lines(recommend: Any, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps({"facts": G3_NET}, indent=2))
    assert json.loads(recommend("", str(path)))["classification"]["entity"] == "g3_net"


def test_json_lines_give_one_answer_a_line_in_order(recommend: Any) -> None:
    lines = recommend("\n".join([case(**NEC), "", case(**G3_NET), case()]) + "\n").splitlines()
    entities = [json.loads(line)["classification"]["entity"] for line in lines]
    assert entities == ["nec", "g3_net", "unknown"]


@pytest.mark.parametrize("ending", ["\r\n", "\n\n", " \n"])
def test_line_endings_and_blank_lines_do_not_matter(recommend: Any, ending: str) -> None:
    assert len(recommend(case(**NEC) + ending + case(**G3_NET) + ending).splitlines()) == 2


def test_a_byte_order_mark_is_skipped(recommend: Any) -> None:
    assert json.loads(recommend(b"\xef\xbb\xbf" + case(**NEC).encode()))["classification"]["entity"] == "nec"


def test_null_and_absent_are_the_same(recommend: Any) -> None:
    nothing = {name: None for name in FACTS if name not in NEC}
    assert recommend(case(**NEC, **nothing)) == recommend(case(**NEC))


def test_what_stands_beside_the_facts_is_left_alone(recommend: Any) -> None:
    with_name = json.dumps({"id": "case 7", "facts": NEC})
    assert recommend(with_name) == recommend(case(**NEC))


# --- What it prints ---------------------------------------------------------------------------------


def test_the_answer_has_the_names_of_the_contract(recommend: Any) -> None:
    answer = json.loads(recommend(board_case(G3_NET, asks=["captem", "ntrk_inhibitor"])))
    assert set(answer) >= ANSWER
    assert answer["guideline"] == {
        "id": "nanets-hgnen-2023",
        "version": current().version,
        "digest": current().digest,
    }
    assert answer["guideline"]["digest"].startswith("sha256:")
    assert {"entity", "reasons", "cautions"} <= set(answer["classification"])
    for one in answer["recommendations"]:
        assert set(one) >= RECOMMENDATION
        assert {"section", "table"} <= set(one["source"])
        assert all({"fact", "value"} <= set(reason) for reason in one["because"])
    assert all(set(one) >= OPTION for one in answer["options"])
    assert all({"fact", "decides"} <= set(one) for one in answer["missing"])
    assert all({"nct", "status", "missing", "accrual"} <= set(trial) for trial in answer["trials"])
    for one in answer["asked"]:
        assert {"intervention", "option", "excluded", "not_covered", "family", "principle"} <= set(one)
        assert all({"id", "reason"} <= set(left_out) for left_out in one["excluded"])
    assert answer["asked"][0]["option"] in answer["options"]


# --- What was done, and what is asked -----------------------------------------------------------------


def test_what_was_done_and_what_is_asked_come_beside_the_facts(recommend: Any) -> None:
    answer = json.loads(recommend(board_case(NEC, done=["ct_mri"], asks=["prrt", "debulking", "prrt"])))
    assert [one["intervention"] for one in answer["asked"]] == ["prrt", "debulking"]
    assert {one["intervention"]: one["done"] for one in answer["options"]}["ct_mri"] is True
    bare = json.loads(recommend(case(**NEC)))
    assert bare["asked"] == []
    assert {one["intervention"]: one["done"] for one in bare["options"]}["ct_mri"] is False


@pytest.mark.parametrize("nothing", [None, []])
def test_nothing_done_and_nothing_asked_is_like_not_said(recommend: Any, nothing: Any) -> None:
    assert recommend(board_case(NEC, done=nothing, asks=nothing)) == recommend(case(**NEC))


@pytest.mark.parametrize("name", ["done", "asks"])
@pytest.mark.parametrize("wrong", ["prrt", 7, True, {"prrt": True}, [7], [None], [["prrt"]]])
def test_a_list_of_codes_is_a_list_of_codes(recommend: Any, name: str, wrong: Any) -> None:
    message = refused(recommend, board_case(NEC, **{name: wrong}))
    assert message.startswith(f"{name}: a list of intervention codes is expected")
    assert "allowed: ki67_ihc" in message


@pytest.mark.parametrize("name", ["done", "asks"])
def test_an_unknown_code_is_refused_by_name_with_the_allowed_ones(recommend: Any, name: str) -> None:
    message = refused(recommend, board_case({"ki67": 101}, **{name: ["prrt", "lutathera", "x" * 9999]}))
    lines = message.splitlines()
    assert [line.split(":")[0] for line in lines] == ["ki67", name, name]
    assert "lutathera: no such intervention" in lines[1]
    assert all(code in lines[1] for code in current().interventions)
    assert len(lines[2]) < 5000


def test_a_question_on_one_line_of_many_is_refused_by_its_line(recommend: Any) -> None:
    message = refused(recommend, case(**NEC) + "\n" + board_case(G3_NET, asks=["aspirin"]))
    assert message.startswith("line 2: asks: aspirin: no such intervention")


# --- Which guideline ----------------------------------------------------------------------------------


def test_the_newest_edition_answers_unless_another_is_named(recommend: Any) -> None:
    versions = [
        json.loads(recommend(case(**NEC), *options))["guideline"]["version"]
        for options in ((), ("--guideline", "nanets-hgnen-2023"), ("--guideline", OLD))
    ]
    assert versions == [current().version, current().version, "1.0.0"]


def test_edition_1_0_gives_no_options_but_answers_what_is_asked(recommend: Any) -> None:
    answer = json.loads(
        recommend(board_case({**NEC, "reported_grade": "g3"}, asks=["debulking", "prrt"]), "--guideline", OLD)
    )
    assert answer["options"] == []
    assert [one["intervention"] for one in answer["asked"]] == ["debulking", "prrt"]
    assert all(one["excluded"] or one["not_covered"] or one["option"] for one in answer["asked"])
    assert any("edition 1.0 has no code for G3" in text for text in answer["classification"]["cautions"])
    assert recommend(case(**NEC), "--guideline", OLD, "--format", "text").startswith("NEC\n")


@pytest.mark.parametrize(
    "address", ["nanets-hgnen-2023@9.9", "nanets@1.1", "", "@1.1", "../x@1.0", "x" * 999]
)
def test_an_edition_that_is_not_there_is_refused_with_those_that_are(recommend: Any, address: str) -> None:
    message = refused(recommend, case(**NEC), "--guideline", address)
    assert "no such guideline; allowed: nanets-hgnen-2023@1.0, nanets-hgnen-2023@1.1" in message
    assert len(message) < 300


# --- All of it, and as text ---------------------------------------------------------------------------


def test_all_lists_every_statement_once_with_a_reason_for_what_is_excluded(recommend: Any) -> None:
    blocked = {**NEC, "treatment_line": 1, "etoposide_feasible": False}
    for facts in ({}, NEC, G3_NET, blocked, {"differentiation": "well", "ki67": 3, "mitotic_count": 1}):
        shown = json.loads(recommend(case(**facts)))
        full = json.loads(recommend(case(**facts), "--all"))
        assert [one["id"] for one in full["recommendations"]] == [one.id for one in current().statements]
        for one in full["recommendations"]:
            assert one["status"] in ("applies", "possible", "blocked", "excluded")
            assert bool(one["excluded_by"]) is (one["status"] == "excluded"), one["id"]
            assert bool(one["question"]) is (one["status"] == "possible"), one["id"]
        kept = [one for one in full["recommendations"] if one["status"] != "excluded"]
        assert kept == shown["recommendations"]
        assert {**full, "recommendations": kept} == shown


def test_the_text_form_reads_like_a_page(recommend: Any) -> None:
    lines = recommend(case(**NEC, treatment_line=1), "--format", "text").splitlines()
    assert lines[0] == "NEC"
    for heading in ("TREATMENT", "TESTS", "ORGANIZATION OF CARE", "WHAT WOULD CHANGE IT", "TRIALS"):
        assert heading in lines
    assert "EXCLUDED" not in lines
    place = lines.index("  Platinum and etoposide [Recommended, consensus]")
    assert lines[place + 1 : place + 3] == [
        "    Give palliative platinum and etoposide as first line of metastatic NEC.",
        "    Provided that etoposide can be given",
    ]
    assert "2019" in lines[-2]


def test_the_text_form_of_everything_says_what_is_excluded_and_why(recommend: Any) -> None:
    lines = recommend(case(**NEC), "--all", "--format", "text").splitlines()
    assert "EXCLUDED" in lines
    assert any(
        line.startswith("      Excluded: Differentiation: Poorly differentiated. Needed:") for line in lines
    )


def test_several_cases_as_text_are_set_apart(recommend: Any) -> None:
    text = recommend(case(**NEC) + "\n" + case(**G3_NET), "--format", "text")
    assert "\n\nG3 NET\n" in text


# --- Bad input: the whole ---------------------------------------------------------------------------

DEEP = 100_000


@pytest.mark.parametrize(
    ("stdin", "says"),
    [
        (b"", "nothing to read"),
        (b" \n\t\r\n", "nothing to read"),
        (b"\xff\xfe{}", "utf-8"),
        ('{"facts": {"differentiation": "wéll"}}'.encode("latin-1"), "utf-8"),
        (b"hello", "not JSON"),
        (b'{"facts": {', "not JSON"),
        (b'{"facts": {}} trailing', "not JSON"),
        (b"{'facts': {}}", "not JSON"),
        (b"null", "facts"),
        (b"7", "facts"),
        (b'"facts"', "facts"),
        (b"{}", "facts"),
        (b"[]", "facts"),
        (b'[{"facts": {}}]', "facts"),
        (b'{"facts": null}', "facts"),
        (b'{"facts": []}', "facts"),
        (b'{"facts": [["ki67", 40]]}', "facts"),
        (b'{"facts": "ki67"}', "facts"),
        (b'{"Facts": {}}', "facts"),
        (b'{"facts": {"ki67": NaN}}', "NaN"),
        (b'{"facts": {"ki67": Infinity}}', "Infinity"),
        (b'{"facts": {"mitotic_count": -Infinity}}', "Infinity"),
        (b'{"facts": {"ki67": 1e400}}', "ki67"),
        (b'{"facts": {"mitotic_count": 1e400}}', "mitotic_count"),
        (b'{"facts": {"mitotic_count": 1' + b"0" * 400 + b"}}", "mitotic_count"),
        (b'{"facts": {"treatment_line": 99999999999999999999}}', "treatment_line"),
        (b'{"facts": {"treatment_line": 1' + b"0" * 5000 + b"}}", "not JSON"),
        (b'{"facts": {"ki67": 30, "ki67": 40}}', "ki67: given twice"),
        (b'{"facts": {"ki67": {"min": 30, "min": 31, "max": 40}}}', "min: given twice"),
        (b'{"facts": {}, "facts": {}}', "facts: given twice"),
        (b"[" * DEEP + b"]" * DEEP, "not JSON"),
        (b'{"facts": {"ki67": ' + b"[" * 500 + b"]" * 500 + b"}}", "ki67"),
        (b'{"facts": {"prior_regimens": [[["captem"]]]}}', "prior_regimens"),
        (b'{"facts": {"differentiation": "well\x00"}}', "not JSON"),
        (b'{"facts": {"differentiation": "well\\u0000"}}', "differentiation"),
        (b'{"facts": {"differentiation": "\\ud83d"}}', "differentiation"),
        ('{"facts": {"differentiation": "😀"}}'.encode(), "differentiation: '😀' is not valid"),
        ('{"facts": {"😀": 1}}'.encode(), "😀: no such fact"),
        (b'{"facts": {"ki67\\nextra": 1}}', "ki67\\nextra: no such fact"),
        (b'{"facts": {"": 1}}', "no such fact"),
        (b'{"facts": {"Ki67": 1}}', "Ki67: no such fact"),
        (b'{"facts": {"differentiation": "' + b"x" * 1_000_000 + b'"}}', "differentiation"),
        (b'{"facts": {"' + b"x" * 1_000_000 + b'": 1}}', "no such fact"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_short_reason(recommend: Any, stdin: bytes, says: str) -> None:
    message = refused(recommend, stdin)
    assert says in message
    assert len(message) < 3000
    assert "Traceback" not in message


def test_a_file_that_is_not_there(recommend: Any, tmp_path: Path) -> None:
    assert "no-such.json" in refused(recommend, "", str(tmp_path / "no-such.json"))
    assert str(tmp_path) in refused(recommend, "", str(tmp_path))


@pytest.mark.parametrize("options", [(), ("--all",), ("--format", "text")])
def test_one_bad_line_among_good_ones_stops_all_of_them(recommend: Any, options: tuple[str, ...]) -> None:
    lines = [case(**NEC), case(ki67=101), case(**G3_NET), "{", case(grade=3, rb="gone")]
    message = refused(recommend, "\n".join(lines), *options)
    assert [line.split(": ")[:2] for line in message.splitlines()] == [
        ["line 2", "ki67"],
        ["line 4", "not JSON"],
        ["line 5", "grade"],
        ["line 5", "rb"],
    ]


# --- Bad input: each fact ---------------------------------------------------------------------------

WRONG: dict[str, list[Any]] = {
    "enum": ["", "nonsense", 1, 0, True, 1.5, [], {}, ["well"]],
    "bool": ["", "yes", "true", 0, 1, 1.0, [], {}],
    "number": ["", "5", True, [], {}, -1, {"min": 1, "max": 2}, {"above": 1}],
    "integer": ["", "5", True, [], {}, -1, 1.5],
    "range": ["", "45", True, [], {}, -1, 10**15, {"min": 9, "max": 3}, {"low": 1}, {"min": 1, "above": 1}],
    "list": ["", "liver", True, 0, {}, ["nonsense"], [None], [1], [[]]],
}


@pytest.mark.parametrize("name", FACTS)
def test_a_value_of_the_wrong_type_names_the_fact_and_what_is_allowed(recommend: Any, name: str) -> None:
    fact = FACTS[name]
    for value in WRONG[fact.type]:
        message = refused(recommend, case(**{name: value}))
        assert message.startswith(f"{name}: "), value
        assert fact.allowed in message, value
        assert all(choice.value in message for choice in fact.choices), value


@pytest.mark.parametrize(
    ("facts", "named", "allowed"),
    [
        ({"extent": "localized", "metastatic_sites": ["bone"]}, "metastatic_sites", "extent: metastatic"),
        ({"primary_site": "colon", "figo_stage": "IB1"}, "figo_stage", "cervix"),
        ({"extent": "localized", "figo_stage": "IVB"}, "figo_stage", "extent metastatic"),
        (
            {"extent": "no_evidence_of_disease", "metastatic_sites": ["bone"]},
            "metastatic_sites",
            "extent: metastatic",
        ),
    ],
)
def test_a_contradiction_names_the_fact_and_the_way_out(
    recommend: Any, facts: dict[str, Any], named: str, allowed: str
) -> None:
    message = refused(recommend, case(**facts))
    assert message.startswith(f"{named}: ")
    assert "allowed" in message
    assert allowed in message


def test_every_error_of_a_case_is_named_at_once(recommend: Any) -> None:
    message = refused(recommend, case(ki67=-3, resected="no", grade=2, rb="lost"))
    assert [line.split(":")[0] for line in message.splitlines()] == ["ki67", "resected", "grade"]


# --- As a process -----------------------------------------------------------------------------------


def test_exit_status_and_streams() -> None:
    good = process(stdin=case(**NEC).encode())
    assert (good.returncode, good.stderr) == (0, b"")
    assert json.loads(good.stdout)["classification"]["entity"] == "nec"
    bad = process(stdin=(case(**NEC) + "\n" + case(differentiation="moderate")).encode())
    assert (bad.returncode, bad.stdout) == (2, b"")
    for word in (b"line 2", b"differentiation", b"well", b"poor", b"indeterminate"):
        assert word in bad.stderr
    assert b"Traceback" not in bad.stderr


def test_it_needs_neither_settings_nor_a_database(tmp_path: Path) -> None:
    for part in ("config", "guidelines", "cases", "templates"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    done = process("-", stdin=case(**NEC).encode(), cwd=tmp_path, PYTHONDONTWRITEBYTECODE="1")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["classification"]["entity"] == "nec"
    assert {path.name for path in tmp_path.iterdir()} == before, "nothing is written"
