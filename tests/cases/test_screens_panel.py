"""The panel as data: what stands in which order, and each row's line in words."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.template.loader import render_to_string

from cases.assessing import assessed, outlined
from cases.facts import Provenance, RecordFacts
from cases.reading import PartialDate
from cases.screens.option_body import option_body
from cases.screens.options import LONGEST_CONDITION, MOST_POSSIBLE, OptionRow, RowGroup
from cases.screens.panel import FOLDS, MORE, MOST_SHOWN, Panel, panel_of
from guidelines.answer.assessment import assess
from guidelines.answer.parts import Answer
from guidelines.knowledge.labels import AGREEMENTS, STANCES, TOPICS, Kind
from guidelines.knowledge.model import Guideline
from guidelines.knowledge.releases import CURRENT, current, guideline_at
from guidelines.vocabulary.parsing import parse_facts
from tests.guidelines.vignette import ANSWERED

NET = {
    "differentiation": "well",
    "ki67": 45,
    "primary_site": "pancreas",
    "extent": "metastatic",
    "metastatic_sites": ["liver"],
}
NEC = {**NET, "differentiation": "poor", "primary_site": "colon"}
DAY = PartialDate(2026, 3, 5)


def facts_for(facts: dict[str, Any], asks: tuple[str, ...] = ()) -> RecordFacts:
    source = Provenance("Pathology report", DAY, "Alice Albers", None)
    return RecordFacts(parse_facts(facts), dict.fromkeys(facts, source), (), {"mmr_testing": DAY}, asks)


def panel(
    facts: dict[str, Any],
    asks: tuple[str, ...] = (),
    edition: str = "",
    answer: Callable[[Guideline, RecordFacts], Answer[Any]] = assessed,
) -> Panel:
    guideline = guideline_at(f"{CURRENT}@{edition}") if edition else current()
    found = facts_for(facts, asks)
    return panel_of(
        guideline,
        answer(guideline, found),
        found,
        question="Which treatment?",
        address="/options/",
        link=lambda fact: f"/to/{fact}",
    )


def test_the_panel_is_the_same_without_the_reasons() -> None:
    """Also of an edition without options, with tests done, with what is set aside, and within a schedule."""
    blocked = {**NEC, "treatment_line": 1, "etoposide_feasible": False}
    resected = {**NET, "extent": "localized", "metastatic_sites": [], "resected": True}
    followed = {**resected, "under_surveillance": True, "months_since_treatment": 30}
    cases = [NET, NEC, blocked, followed, {}, *(vignette["facts"] for vignette in ANSWERED[::5])]
    for facts in (*cases, *cases):  # the second time from memory
        for edition in ("", "1.0"):
            found = panel(facts, ("prrt",), edition, outlined)
            assert found == panel(facts, ("prrt",), edition)
    assert any("set aside: " in one.line for one in every(panel(blocked, answer=outlined)))
    assert any("every 3 months" in one.line for one in every(panel(followed, answer=outlined)))


def every(shown: Panel) -> list[OptionRow]:
    return [row for group in shown.groups for row in (*group.rows, *group.open, *group.done)]


def row(shown: Panel, code: str) -> OptionRow:
    return next(one for one in every(shown) if one.code == code)


def group(shown: Panel, code: str) -> RowGroup:
    return next(one for one in shown.groups if one.code == code)


@pytest.mark.parametrize("facts", [NET, NEC, {}, {**NEC, "treatment_line": 1}, {"differentiation": "well"}])
def test_each_option_is_one_row_and_no_principle_is_one(facts: dict[str, Any]) -> None:
    assessment = assess(current(), parse_facts(facts))
    shown = panel(facts)
    assert sorted(one.code for one in every(shown)) == sorted(one.intervention for one in assessment.options)
    notes = {one.id for one in assessment.recommendations if one.kind == Kind.PRINCIPLE}
    assert {one.code for one in shown.principles} <= notes


def test_treatment_stands_first_and_what_settles_an_open_entity_before_it() -> None:
    assert [one.code for one in panel(NEC).groups][:2] == ["treatment", "test"]
    first, second = panel({**NET, "differentiation": "indeterminate"}).groups[:2]
    assert (first.code, first.heading, second.code) == ("settles", "To settle the entity first", "treatment")
    assert first.rows[0].code == "expert_pathology_review"


def test_a_row_says_in_words_what_decides_it() -> None:
    assert row(panel(NET), "prrt").line == (
        "if the disease progresses, SSTR imaging is positive, SSTR uptake is above that of the liver, "
        "and SSTR uptake is homogeneous across lesions"
    )
    assert row(panel({"differentiation": "poor"}), "adjuvant_chemoradiation").line.startswith(
        "open: primary site, extent, primary resected"
    )
    etoposide = row(panel(NEC), "platinum_etoposide")
    assert etoposide.line == (
        "if this is the first line of systemic therapy; depends on whether etoposide can be given"
    )
    assert row(panel({**NEC, "treatment_line": 1}), "platinum_etoposide").line == (
        "depends on whether etoposide can be given"
    )
    assert (
        row(panel({**NEC, "treatment_line": 1, "etoposide_feasible": True}), "platinum_etoposide").line == ""
    )


def test_what_cannot_be_done_says_why() -> None:
    set_aside = row(panel({**NEC, "treatment_line": 1, "etoposide_feasible": False}), "platinum_etoposide")
    assert (set_aside.status, set_aside.line) == ("blocked", "set aside: etoposide cannot be given")


def test_what_must_not_be_so_is_said_as_an_exception() -> None:
    facts = {**NEC, "extent": "localized", "metastatic_sites": [], "resected": True, "margin": "negative"}
    assert (
        "unless the patient is in follow-up after localized disease"
        in row(panel(facts), "adjuvant_chemotherapy").line
    )


def test_other_verdicts_on_the_same_thing_qualify_it() -> None:
    line = row(panel({**NET, "sstr_imaging": "negative", "favorable_biology": True}), "ssa_tumor_control")
    assert line.verdict == "Advised against"
    imaging = row(panel({**NEC, "newly_diagnosed": True}), "fdg_pet")
    assert imaging.verdict == "No consensus"
    assert "recommended if the tumor is disproportionately aggressive" in imaging.line


def test_no_line_is_code_and_none_is_endless() -> None:
    for facts in (NET, NEC, {}, {"differentiation": "poor"}):
        for one in every(panel(facts)):
            assert ": yes" not in one.line
            assert ": no" not in one.line.replace(": no consensus", "")
            assert "Decision" not in one.line
            assert all(len(part) <= 2 * LONGEST_CONDITION for part in one.line.split("; ")), one.line


def test_no_consensus_is_said_once() -> None:
    for one in every(panel(NEC)):
        assert one.strength.lower().count("no consensus") <= 1
        assert one.verdict in STANCES.values()
    assert row(panel(NEC), "liver_directed_therapy").strength == "No consensus"


def test_a_finished_test_is_folded_with_its_day() -> None:
    shown = panel({**NEC, "mmr": "proficient"})
    assert row(shown, "mmr_testing").done == "done 05-Mar-2026"
    assert row(shown, "mmr_testing") in group(shown, "test").done
    assert row(shown, "ngs").done == ""


def test_what_open_facts_decide_is_folded_beyond_the_first_rows() -> None:
    treatment = group(panel({"differentiation": "poor", "ki67": 80}), "treatment")
    assert sum(one.status == "possible" for one in treatment.rows) == MOST_POSSIBLE
    assert all(one.status == "possible" for one in treatment.open)
    assert len(treatment.open) >= 3
    settled = group(panel({**NEC, "treatment_line": 1, "mmr": "proficient", "tmb": "low"}), "treatment")
    assert [one.verdict for one in settled.rows if one.code == "prrt"] == ["Advised against"]


def test_what_would_change_the_answer_leads_to_fields_and_counts_options() -> None:
    shown = panel(NEC)
    assert len(shown.decisive) == MOST_SHOWN
    assert (shown.decisive[0].fact, shown.decisive[0].link) == ("treatment_line", "/to/treatment_line")
    assessment = assess(current(), parse_facts(NEC))
    of = {one.id: one.intervention for one in assessment.recommendations}
    counted = {one.fact: len({of[each] for each in one.decides}) for one in assessment.missing}
    assert {one.fact: int(one.decides.split()[1]) for one in (*shown.decisive, *shown.later)} == counted


def test_what_is_asked_about_is_never_silent() -> None:
    asked = panel(NEC, asks=("prrt", "captem", "resection", "ki67_cut_point")).asked
    assert [one.code for one in asked] == ["prrt", "captem", "resection", "ki67_cut_point"]
    assert asked[0].row is not None
    assert asked[0].row.strength == "Advised against, panel, no vote"
    assert "Temozolomide-based therapy" in asked[1].also
    assert asked[2].row is None
    assert any("the disease is localized" in text for text in asked[2].reasons)
    assert asked[3].reasons[0].startswith("No consensus on any particular Ki-67 cut point")
    assert [one.standing for one in asked] == ["", "", "Does not apply", "A principle"]


def test_what_was_asked_is_named_where_another_of_its_family_answers() -> None:
    (asked,) = panel({**NET, "differentiation": "indeterminate"}, asks=("platinum_etoposide",)).asked
    assert asked.row is not None
    assert asked.row.code == "platinum_based_first_line"
    assert asked.also.startswith("Asked about: Platinum and etoposide. The question also covers: ")
    html = render_to_string("panel/_body.html", {"panel": panel(NEC, asks=("prrt", "resection"))})
    assert html.index("Asked about") < html.index('id="asked-prrt"') < html.index('id="rec-why"')
    assert "<b>Does not apply</b>" in html


def test_diagnosis_in_one_line() -> None:
    assert panel(NET).diagnosis == "G3 NET, pancreas, metastatic, liver"
    assert panel({}).diagnosis == "Entity not known"


def test_trials_carry_their_own_cautions_and_share_the_common_ones() -> None:
    shown = panel({**NET, "sstr_imaging": "positive", "progressive": True})
    assert len(shown.trials) > 1
    completed = next(one for one in shown.trials if one.standing == "Accrual completed")
    assert any("closed to new patients" in text for text in completed.cautions)
    alone = panel_of(
        current(),
        replace(a := assess(current(), parse_facts(NEC)), trials=a.trials[:1]),
        facts_for(NEC),
        question="",
        address="",
        link=str,
    )
    assert (alone.trial_cautions, alone.trials[0].cautions) == ((), a.trials[0].cautions)


def test_counts_add_up() -> None:
    shown = panel(NEC)
    rows = [one for group in shown.groups for one in (*group.rows, *group.open)]
    applies, possible, against = (int(part.split()[0]) for part in shown.counts.split(" · "))
    assert possible == sum(one.status == "possible" for one in rows)
    assert applies + possible + against <= len(rows)


# --- What stands behind a row ---------------------------------------------------------------------------


def test_behind_a_row_stand_sentence_reasons_cautions_and_what_else_is_said() -> None:
    body = option_body(current(), facts_for(NEC), "platinum_rechallenge")
    assert body.row is not None
    assert body.verdict is not None
    assert body.verdict.statement.startswith("Consider retreatment with platinum")
    assert body.verdict.line.startswith("if the response to platinum lasted")
    assert any("Pathology report, 05-Mar-2026" in text for text in body.why)
    assert [one.strength for one in body.also] == ["Acceptable option, panel, no vote"]
    caution = option_body(current(), facts_for(NEC), "dual_immunotherapy").cautions
    assert "Data are sparse." in caution


def test_what_is_no_option_says_why() -> None:
    body = option_body(current(), facts_for(NEC), "resection")
    assert body.row is body.verdict is None
    assert body.asked is not None
    assert any("Does not apply" in text for text in body.asked.reasons)
    with pytest.raises(KeyError):
        option_body(current(), facts_for(NEC), "zebrafish")


def test_codes_of_folds_are_no_interventions() -> None:
    for address in ("1.0", "1.1"):
        named = guideline_at(f"{CURRENT}@{address}").interventions
        assert not set(FOLDS) & set(named)
        assert not [code for code in named if code.startswith(MORE)]


# --- An edition without options ---------------------------------------------------------------------------


def test_an_edition_without_options_has_a_row_for_each_statement_by_topic() -> None:
    guideline = guideline_at(f"{CURRENT}@1.0")
    assessment = assess(guideline, parse_facts(NEC))
    shown = panel(NEC, edition="1.0")
    codes = [one.code for one in shown.groups]
    assert codes == [code for code in TOPICS if code in codes]
    assert {one.code for one in every(shown)} == {one.id for one in assessment.recommendations}
    assert shown.principles == ()
    assert "statement" in shown.decisive[0].decides
    body = option_body(guideline, facts_for(NEC), assessment.recommendations[0].id)
    assert body.verdict is not None
    assert body.edition == "?edition=1.0"
    away = next(
        one for one in guideline.statements if one.id not in {r.id for r in assessment.recommendations}
    )
    assert option_body(guideline, facts_for(NEC), away.id).verdict is None


def test_agreements_are_known() -> None:
    assert {one.agreement for one in every(panel(NEC))} <= {
        "",
        *(text[:1].lower() + text[1:] for text in AGREEMENTS.values()),
    }
