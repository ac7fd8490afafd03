"""Decision tables, conditions laid out for reading, coverage, and finding statements."""

import csv
from dataclasses import replace
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from guidelines.answer.sentences import Line, facts_read, lines
from guidelines.engine.engine import engine_for
from guidelines.engine.reach import reach_of
from guidelines.knowledge.conditions import AnyOf, Not, parse_condition
from guidelines.knowledge.releases import current
from guidelines.show.coverage import Covered, coverage, report
from guidelines.show.exports import HEADINGS, as_csv, guarded, rules
from guidelines.show.search import Query, chapters, find
from guidelines.vocabulary.facts import FACTS

GUIDELINE = current()


@pytest.mark.django_db
def test_csv_of_a_section(client: Client, victor: User) -> None:
    client.force_login(victor)
    response = client.get(reverse("guidelines:table_csv", args=["met-net-ssa-summary"]))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    name = f"{GUIDELINE.id}-{GUIDELINE.version}-met-net-ssa-summary.csv"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    place = "Treatment of metastatic G3 NET › Somatostatin analog therapy › Summary of recommendations"
    first_line = (
        "the tumor is a G3 NET; the disease is metastatic; this is the first line of systemic therapy"
    )
    drug = ["Somatostatin analog for tumor control", "First line"]
    expected = [
        list(HEADINGS),
        [
            "met-net-ssa-favorable",
            f"{first_line}; the biology is favorable; SSTR imaging is positive",
            "Accept a trial of a somatostatin analog as first treatment for tumor control with favorable "
            "biology.",
            *drug,
            "Acceptable option",
            "Consensus",
            f"{place}, lines 1029-1032",
        ],
        [
            "met-net-ssa-sstr-positive",
            f"{first_line}; the biology is favorable; SSTR imaging is positive",
            "Accept a somatostatin analog for tumor control only with positive SSTR imaging.",
            *drug,
            "Acceptable option",
            "Majority",
            f"{place}, lines 1033-1034",
        ],
        [
            "met-net-ssa-sstr-negative",
            f"{first_line}; SSTR imaging is negative",
            "Do not give a somatostatin analog for tumor control with negative SSTR imaging.",
            *drug,
            "Advised against",
            "Majority",
            f"{place}, lines 1033-1034",
        ],
    ]
    assert list(csv.reader(StringIO(response.content.decode("utf-8-sig")))) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["all", "table-1", "treatment-of-metastatic-g3-net"])
def test_screen_and_csv_hold_the_same_rules(client: Client, victor: User, slug: str) -> None:
    client.force_login(victor)
    text = client.get(reverse("guidelines:table", args=[slug])).content.decode()
    data = client.get(reverse("guidelines:table_csv", args=[slug])).content.decode("utf-8-sig")
    ids = [row["Rule"] for row in csv.DictReader(StringIO(data))]
    assert ids
    assert [one for one in ids if f"/guideline/statements/{one}/" not in text] == []
    assert text.count('<th scope="row" data-label="Rule">') == len(ids)


@pytest.mark.django_db
def test_contents_count_every_rule(client: Client, victor: User) -> None:
    client.force_login(victor)
    text = client.get(reverse("guidelines:tables")).content.decode()
    assert f"All {len(GUIDELINE.statements)} rules" in text
    assert [one for one in chapters(GUIDELINE) if one not in text] == []


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "  =1", "|cmd", "%0A"])
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "CAPTEM", "5-FU", "a = b", "≥ 20 %"])
def test_other_cells_are_left_alone(cell: str) -> None:
    assert guarded(cell) == cell


def test_csv_guards_every_cell() -> None:
    rule = replace(rules(GUIDELINE.statements[:1])[0], recommendation="=HYPERLINK()", conditions=("-1", "b"))
    row = list(csv.reader(StringIO(as_csv([rule]))))[1]
    assert row[1:3] == ["'-1; b", "'=HYPERLINK()"]


# --- Conditions laid out


def condition(**raw: object) -> object:
    named = {name: one.values for name, one in GUIDELINE.derived.items()}
    return parse_condition(raw, FACTS, named)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"extent": "localized"}, Line("the disease is localized")),
        ({"ki67": {"below": 55}}, Line("Ki-67 is below 55 %")),
        ({"not": {"extent": "localized"}}, Line("the disease is not localized")),
        ({"first_line": True},
         Line("this is the first line of systemic therapy",
              meaning="the line of systemic therapy to choose is 1")),
        ({"site_group": "pancreas"}, Line("the primary is in the pancreas")),
        ({"any": [{"resected": True}, {"extent": "localized"}]},
         Line("", ("the primary was resected", "the disease is localized"))),
    ],
)  # fmt: skip
def test_one_sentence_for_each_thing_that_must_hold(raw: dict[str, object], expected: Line) -> None:
    assert lines(condition(**raw)) == (expected,)  # type: ignore[arg-type]


def test_derived_facts_say_what_they_mean() -> None:
    (line,) = lines(condition(entity="nec"))  # type: ignore[arg-type]
    assert line.said == "the tumor is an NEC"
    assert line.meaning == (
        "the tumor is high grade, the tumor is poorly differentiated, and there is no G1/G2 component"
    )


def test_every_condition_can_be_laid_out() -> None:
    for one in GUIDELINE.statements:
        for line in lines(one.when):
            assert line.said or len(line.alternatives) > 1, one.id
            assert not any("  " in text or ": " in text for text in (line.said, line.meaning)), one.id
        assert facts_read(one.when), one.id


# --- Coverage


def test_every_section_is_encoded_or_explained() -> None:
    assert [(one.section.id, one.problem) for one in coverage(GUIDELINE) if one.problem] == []


def test_every_statement_and_trial_is_covered_once() -> None:
    covered = coverage(GUIDELINE)
    assert sorted(id for one in covered for id in one.statements) == sorted(
        s.id for s in GUIDELINE.statements
    )
    assert sorted(id for one in covered for id in one.trials) == sorted(t.nct for t in GUIDELINE.trials)


@pytest.mark.parametrize(
    ("statements", "reason", "problem"),
    [
        ((), "", "neither encoded nor explained"),
        (("a",), "Nothing.", "encoded, though it is said to direct nothing"),
        (("a",), "", ""),
        ((), "Nothing.", ""),
    ],
)
def test_problems_of_coverage(statements: tuple[str, ...], reason: str, problem: str) -> None:
    section = replace(next(iter(GUIDELINE.sections.values())), directs_nothing=reason)
    one = Covered(section, statements, ())
    assert one.problem == problem
    assert ("PROBLEM" in report((one,))) is bool(problem)


def test_command_prints_the_coverage(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("guideline", "coverage")
    out = capsys.readouterr().out
    assert "0 with a problem" in out
    assert [one.id for one in GUIDELINE.statements if f"    {one.id}\n" not in out] == []


def test_command_fails_on_a_section_that_is_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = {
        **GUIDELINE.sections,
        "extra": replace(GUIDELINE.sections["abstract"], id="extra", directs_nothing=""),
    }
    broken = replace(GUIDELINE, sections=bare)
    monkeypatch.setattr("guidelines.management.commands.guideline.chosen", lambda options: broken)
    with pytest.raises(CommandError, match="extra") as failure:
        call_command("guideline", "coverage")
    assert failure.value.returncode == 1


# --- Finding


def test_every_word_must_fit() -> None:
    assert [one.id for one in find(GUIDELINE, Query(q="captem BOWEL metastatic"))]
    assert find(GUIDELINE, Query(q="captem zebrafish")) == ()


def test_query_reads_only_what_it_knows() -> None:
    query = Query.read({"q": " x ", "stance": "consider", "page": "7"})
    assert query.asked == {"q": "x", "stance": "consider"}


def test_reach_agrees_with_the_conditions_themselves() -> None:
    """The same asked in one piece: is there a consistent case in which statement and entity both hold?"""
    space = engine_for(GUIDELINE).space
    entities = GUIDELINE.derived["entity"].values
    for one in GUIDELINE.statements[::5]:
        outside = Not(one.when)
        expected = {
            str(code)
            for code, entity in entities.items()
            if space.boxes(Not(AnyOf((outside, Not(entity))))).true
        }
        assert reach_of(GUIDELINE)[one.id].entities == expected, one.id
