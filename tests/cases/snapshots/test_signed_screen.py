"""The answer on the page of a signed decision: by option, or by statement where the edition had none."""

from typing import Any

from django.template.loader import render_to_string

from cases.screens.signed import SignedAnswer, signed_answer
from cases.snapshot.read import read
from tests.cases.documents.contents import SIGNED, statement
from tests.cases.snapshots.golden import text_of
from tests.cases.snapshots.test_read import OPTION, WORDS, second

STATEMENTS = [
    statement(kind="treatment", done=False, provided=["sstr_imaging"]),
    statement(
        id="later", kind="treatment", done=False, provided=[], setting="later_line", status="possible",
        missing=["sstr_imaging"], question="(A or B)", statement="Later, too.",
    ),
    statement(id="scan", intervention="scan", intervention_label="A scan", topic="imaging", kind="test",
              done=True, provided=[], statement="Scan once."),
    statement(id="open", intervention="prrt", intervention_label="PRRT", kind="treatment", done=False,
              provided=[], status="possible", missing=["sstr_imaging"], question="(A or B)"),
    statement(id="never", intervention="surgery", intervention_label="Debulking", kind="treatment",
              done=False, provided=[], status="blocked", stance="not_recommended"),
    statement(id="think", kind="principle", done=False, provided=[], statement="Think of the patient first."),
]  # fmt: skip


def option(**changes: Any) -> dict[str, Any]:
    return {**OPTION, "qualified_by": [], "provided": [], **changes}


def by_option() -> SignedAnswer:
    """An answer of an edition with options."""
    content = second()
    kinds = [*WORDS["kinds"], {"code": "principle", "words": "Principles"}]
    content["words"] = {**WORDS, "kinds": kinds}
    asked = {
        "intervention": "captem", "intervention_label": "CAPTEM", "option": option(), "excluded": [],
        "not_covered": None, "principle": None, "family": [],
    }  # fmt: skip
    silent = {**asked, "intervention": "x", "intervention_label": "Hypnosis", "option": None}
    content["assessment"] |= {
        "recommendations": STATEMENTS,
        "options": [
            option(qualified_by=["later"]),
            option(intervention="prrt", intervention_label="PRRT", id="open", status="possible"),
            option(intervention="surgery", intervention_label="Debulking", id="never", status="blocked",
                   stance="not_recommended"),
            option(intervention="scan", intervention_label="A scan", id="scan", kind="test", done=True),
        ],
        "asked": [asked, {**silent, "not_covered": "The text does not speak of it."}],
    }  # fmt: skip
    return signed_answer(read(content))


def test_an_option_is_one_row_with_the_statements_that_qualify_it() -> None:
    treatments, tests = by_option().groups
    captem, debulking = treatments.settled
    assert (treatments.heading, tests.heading) == ("Treatments", "Tests")
    assert [each.id for each in captem.statements] == ["captem", "later"]
    assert (debulking.title, debulking.status, debulking.possible) == ("Debulking", "blocked", False)
    assert [(row.title, row.question) for row in treatments.possible] == [("PRRT", "A or B")]
    assert tests.settled[0].done


def test_counts_are_of_options() -> None:
    assert by_option().counts == "2 apply · 1 possible · 0 advised against"


def test_principles_are_notes() -> None:
    assert [each.text for each in by_option().principles] == ["Think of the patient first."]


def test_all_of_it_is_on_the_page() -> None:
    html = render_to_string("decision/_answer.html", {"answer": by_option()})
    shown = text_of(html, "panel")
    for words in (
        "Asked\nCAPTEM: it holds, you may Most of them",
        "Hypnosis: The text does not speak of it.",
        "CAPTEM At first You may Most of them",
        "Also: You may Most of them later_line, possible\nLater, too.",
        "Provided\nA scan",
        "If A or B: PRRT At first Possible: You may Most of them",
        "Debulking At first Not feasible: Do not Most of them",
        "A scan At first You may Most of them Done",
        "1 principle\nThink of the patient first.",
    ):
        assert words in shown


def test_without_options_a_row_is_a_statement_under_its_topic() -> None:
    answer = signed_answer(read(SIGNED))
    assert [group.heading for group in answer.groups] == [
        "Systemic therapy",
        "Molecular testing",
        "Organization of care",
    ]
    assert [row.id for row in answer.groups[0].settled] == ["captem", "platinum"]
    assert [row.id for row in answer.groups[0].possible] == ["ssa"]
    assert (answer.asked, answer.principles) == ((), ())


def test_what_could_not_apply_is_not_shown() -> None:
    content = second()
    content["assessment"]["recommendations"] = [statement(status="excluded")]
    assert signed_answer(read(content)).groups == ()
