"""What a signature freezes is all that its page and its handout need: nothing of today is asked again."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from cases.actions.deciding import look_at
from cases.actions.entry import add_part
from cases.models import Case, Decision
from cases.reading import PartialDate
from cases.snapshot.blocks import Blocks
from cases.snapshot.frozen import Frozen, FrozenEntry, FrozenFinding, FrozenOutcome
from cases.snapshot.frozen_answer import FrozenTerm
from cases.snapshot.read import read
from cases.snapshot.write import as_it_stands
from cases.views import chart
from tests import factories
from tests.cases.pages import LAB, QUESTION, logged_in, paper_url, sign
from tests.cases.snapshots.golden import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_case")]


@pytest.fixture
def signed(case: Case, dora: User) -> Decision:
    return sign(case, dora)


def frozen_now(case: Case, **more: Any) -> Frozen:
    """The record as it stands, written and read back."""
    return read(as_it_stands(look_at(case), None, **more))


def titled(frozen: Frozen, title: str) -> FrozenEntry:
    return next(entry for entry in frozen.record if entry.title.startswith(title))


def test_what_is_written_is_format_2_with_words_for_every_code(signed: Decision) -> None:
    assert signed.snapshot["format"] == 2
    frozen = read(signed.snapshot)
    assert frozen.decision is not None
    assert frozen.signed is not None
    assert (frozen.signed.by, frozen.signed.at) == ("Dora Diaz", signed.signed_at)
    assert (frozen.case.question, frozen.decision.intent.words) == (QUESTION, "Palliative")
    assert frozen.decision.choices[0].choice == FrozenTerm("own", "The board's own", 3)
    assert {each.stance.words for each in frozen.answer.recommendations} >= {"Recommended", "Consider"}
    for each in frozen.answer.recommendations:
        for term in (each.stance, each.topic, each.agreement, each.setting, each.status, *each.missing):
            assert term.words != term.code
    assert all(one.fact.words != one.fact.code for one in frozen.answer.missing)


def test_a_choice_of_the_record_stands_in_words_with_its_fact(case: Case, alice: User) -> None:
    frozen = frozen_now(case)
    report = titled(frozen, "Pathology")
    assert report.title == f"Pathology {LAB} (biopsy, liver)"
    assert report.date == PartialDate(2026, 11, 5)
    assert report.findings == (
        FrozenFinding("Differentiation", "Well differentiated"),
        FrozenFinding("Ki-67", "45 %"),
    )
    assert titled(frozen, "SSTR").findings == (FrozenFinding("Result", "Positive"),)
    assert [entry.kind for entry in frozen.record][:2] == ["referral", "pathology"]


def test_older_entries_and_their_free_text_are_kept_whole(case: Case, alice: User) -> None:
    long = "Long ago. " * 100
    add_part(by=alice, case=case, kind="imaging", fields={"modality": "other", "findings": long})
    course = {
        "kind": "systemic", "line": 2, "regimen": "captem", "regimen_text": "every other week",
        "started_on": datetime.date(2026, 1, 1), "ended_on": datetime.date(2026, 3, 1),
    }  # fmt: skip
    add_part(by=alice, case=case, kind="treatment", fields=course)
    add_part(by=alice, case=case, kind="treatment", fields={"kind": "systemic", "regimen": "other"})
    frozen = frozen_now(case)
    assert titled(frozen, "Other imaging").remarks == (FrozenFinding("Findings", long),)
    captem = titled(frozen, "Systemic therapy, line 2")
    assert captem.title.endswith("CAPTEM (every other week)")
    assert (captem.date, captem.until) == (PartialDate(2026, 1, 1), PartialDate(2026, 3, 1))
    assert titled(frozen, "Systemic therapy: another regimen").until is None


def test_blocks_given_are_written(case: Case) -> None:
    outcome = FrozenOutcome(FrozenTerm("deferred", "Deferred"), None, "Scan", "Radiology", None, "")
    assert frozen_now(case, blocks=Blocks(outcome=outcome)).outcome == outcome
    assert frozen_now(case).outcome is None


@pytest.mark.parametrize("shown", ["page", "handout", "annex"])
def test_nothing_of_today_is_asked(
    signed: Decision, dora: User, monkeypatch: pytest.MonkeyPatch, shown: str
) -> None:
    def never(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("A signed decision was assessed again.")

    for name in ("guideline_of", "assessed", "facts_of", "panel_of"):
        monkeypatch.setattr(chart, name, never)
    page = reverse("cases:signed", args=[signed.case.uid, signed.uid])
    response = logged_in(dora).get(page if shown == "page" else paper_url(shown, signed, preview=True))
    assert response.status_code == 200


def test_the_page_shows_the_words_that_were_signed(signed: Decision, dora: User) -> None:
    """As if the program of today had other words for everything, and no statement of then."""
    other = sealed_with_other_words(signed)
    response = logged_in(dora).get(reverse("cases:signed", args=[other.case.uid, other.uid]))
    shown = text_of(response.content.decode(), "sheet", "panel")
    for words in ("Comfort first", "Very much advised", "A proliferation index", "Ways to treat"):
        assert words in shown
    for words in ("Recommended", "Treatment\n", "Ki-67\n"):
        assert words not in shown


def sealed_with_other_words(decision: Decision) -> Decision:
    """A copy in which stance, kind, intent and a fact are called otherwise, on another case."""
    content = dict(decision.snapshot)
    words = content["words"]
    for table, code, label in (
        ("stances", "recommended", "Very much advised"),
        ("kinds", "treatment", "Ways to treat"),
        ("intents", "palliative", "Comfort first"),
    ):
        next(row for row in words[table] if row["code"] == code)["words"] = label
    for fact in content["facts"]:
        if fact["fact"] == "ki67":
            fact["label"] = "A proliferation index"
    case = factories.CaseFactory(board=decision.case.board, created_by=decision.signed_by)
    made: Decision = factories.SignedDecisionFactory(case=case, snapshot=content)
    return made
