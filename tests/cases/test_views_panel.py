"""The panel as it is arranged: order, words, what is kept between drawings."""

from dataclasses import replace

import pytest

from cases.views import panel
from guidelines.answer.assessment import assess
from guidelines.answer.parts import Assessment
from guidelines.knowledge.labels import TOPICS
from guidelines.knowledge.releases import current
from guidelines.vocabulary.parsing import parse_facts


def answer(**facts: object) -> Assessment:
    return assess(current(), parse_facts(facts))


NET = {
    "differentiation": "well",
    "ki67": 45,
    "primary_site": "pancreas",
    "extent": "metastatic",
    "metastatic_sites": ["liver"],
}


def test_topics_stand_in_the_guideline_s_order_and_hold_everything_once() -> None:
    assessment = answer(**NET)
    topics = panel.topics_of(assessment.recommendations)
    codes = [topic.code for topic in topics]
    assert codes == [code for code in TOPICS if code in codes]
    shown = [row.rec.id for topic in topics for row in (*topic.settled, *topic.possible)]
    assert sorted(shown) == sorted(rec.id for rec in assessment.recommendations)


def test_what_applies_stands_before_what_is_advised_against_and_what_is_open() -> None:
    for topic in panel.topics_of(answer(**NET).recommendations):
        ranks = [panel.rank(row) for row in topic.settled]
        assert ranks == sorted(ranks)
        assert all(row.rec.status == "applies" for row in topic.settled)
        assert all(row.possible and row.question for row in topic.possible)


def test_counts_add_up() -> None:
    assessment = answer(**NET)
    applies = [rec for rec in assessment.recommendations if rec.status == "applies"]
    against = sum(rec.stance == "not_recommended" for rec in applies)
    positive = sum(rec.stance in ("recommended", "acceptable", "consider") for rec in applies)
    possible = len(assessment.recommendations) - len(applies)
    expected = f"{positive} apply · {possible} possible · {against} advised against"
    assert panel.counts_of(assessment.recommendations) == expected


def test_most_decisive_facts_come_first_and_lead_somewhere() -> None:
    shown = panel.panel_of(answer(**NET), link=lambda fact: f"/to/{fact}")
    assert len(shown.decisive) == panel.MOST_SHOWN
    assert shown.decisive[0].link == f"/to/{shown.decisive[0].fact}"
    assert {item.fact for item in (*shown.decisive, *shown.later)} == {
        item.fact for item in shown.assessment.missing
    }


def test_brackets_of_a_question_go_only_where_they_hold_the_whole() -> None:
    rec = answer(**NET).recommendations[0]
    for question, expected in {
        "(a or b)": "a or b",
        "(a or b); c": "(a or b); c",
        "(a or b); (c or d)": "(a or b); (c or d)",
        "a": "a",
    }.items():
        assert panel.row_of(replace(rec, question=question), {}).question == expected


def test_nothing_of_a_patient_is_kept_between_drawings() -> None:
    origins = dict.fromkeys(NET, "Pathology report SECRET-1")
    rows = [panel.row_of(rec, origins) for rec in answer(**NET).recommendations]
    drawn = [row.head + row.tail for row in rows]
    assert any("SECRET-1" in origin for row in rows for _, origin in row.why)
    assert not [html for html in drawn if "SECRET-1" in html or ("45" in html and "Ki-67 45 %" in html)]
    assert not [html for html in panel._drawn.values() if "SECRET-1" in html]


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel, "MOST_KEPT", 3)
    monkeypatch.setattr(panel, "_drawn", {})
    for rec in answer(**NET).recommendations[:8]:
        assert panel.tail_of(rec)
    assert len(panel._drawn) <= 3
