"""The answer by options on paper: its order, its bounds, and what stays on the case's page."""

import re

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from cases.actions.deciding import DecisionContent, OptionContent, look_at, save_draft
from cases.actions.printing import printable
from cases.documents.handout import Handout, build_handout
from cases.documents.options import (
    MOST_DECISIVE,
    MOST_LEADING,
    AnswerOnPaper,
    PrintedDecisive,
    SameStrength,
    answer_on_paper,
)
from cases.models import Case
from cases.screens.printed import KINDS
from cases.snapshot.frozen_answer import (
    FrozenAnswer,
    FrozenClassification,
    FrozenMissing,
    FrozenOption,
    FrozenReason,
    FrozenRecommendation,
    FrozenSource,
    FrozenStance,
    FrozenTerm,
    FrozenTopic,
    FrozenTrial,
)

STANCES = {
    "recommended": "for", "acceptable": "for", "consider": "for",
    "not_recommended": "against", "no_consensus": "open", "insufficient_evidence": "open",
}  # fmt: skip
TOPIC = FrozenTopic("systemic_therapy", "Systemic therapy", treats=True)
SETTING = FrozenTerm("any_line", "Any line")


def stance(code: str) -> FrozenStance:
    return FrozenStance(code, code.replace("_", " ").capitalize(), direction=STANCES[code])


def said(name: str, code: str, status: str, **more: object) -> FrozenRecommendation:
    source = FrozenSource(("Chapter", "Summary of recommendations"), "Table 1", "1-2")
    given = {
        "because": (), "missing": (), "question": "", "excluded_by": "", "cautions": (), "evidence": (),
        "trials": (), "schedule": None, **more,
    }  # fmt: skip
    agreement = FrozenTerm("no_consensus", "No consensus") if code == "no_consensus" else CONSENSUS
    return FrozenRecommendation(
        id=name, intervention=FrozenTerm(name, name.title()), topic=TOPIC, setting=SETTING,
        stance=stance(code), agreement=agreement, status=FrozenTerm(status, status),
        text=f"Do {name}.", source=source, **given,  # type: ignore[arg-type]
    )  # fmt: skip


CONSENSUS = FrozenTerm("consensus", "Consensus")


def option(one: FrozenRecommendation, kind: str = "treatment", *, done: bool = False) -> FrozenOption:
    return FrozenOption(
        intervention=one.intervention, topic=one.topic, kind=FrozenTerm(kind, kind), id=one.id,
        setting=one.setting, stance=one.stance, agreement=one.agreement, status=one.status,
        missing=one.missing, provided=one.provided, done=done, qualified_by=(), schedule=None,
    )  # fmt: skip


def arranged(
    *given: tuple[FrozenRecommendation, FrozenOption],
    trials: tuple[FrozenTrial, ...] = (),
    missing: tuple[FrozenMissing, ...] = (),
) -> AnswerOnPaper:
    entity = FrozenClassification(FrozenTerm("x", "X"), (), ())
    statements = tuple(one for one, _ in given)
    options = tuple(each for _, each in given)
    return answer_on_paper(FrozenAnswer(entity, statements, missing, (), trials, "Basis.", options=options))


def pair(
    name: str,
    code: str,
    status: str = "applies",
    kind: str = "treatment",
    *,
    done: bool = False,
    **more: object,
) -> tuple[FrozenRecommendation, FrozenOption]:
    one = said(name, code, status, **more)
    return one, option(one, kind, done=done)


def names(verdicts: object) -> list[str]:
    return [one.what for one in verdicts]  # type: ignore[attr-defined]


def test_each_verdict_stands_in_its_place() -> None:
    paper = arranged(
        pair("biopsy", "recommended", kind="test"),
        pair("p53", "recommended", kind="test", done=True),
        pair("captem", "recommended"),
        pair("prrt", "consider", "possible", question="the disease progresses"),
        pair("liver", "no_consensus"),
        pair("platinum", "not_recommended"),
        pair("immune", "not_recommended", "possible"),
        pair("resection", "recommended", "blocked", because=(FrozenReason("x", None, "No operation"),)),
        pair("scans", "recommended", kind="schedule"),
        pair("later scans", "recommended", "possible", "schedule", question="it is followed"),
        pair("mmr", "recommended", kind="test"),
        pair("ki67", "recommended", kind="test", done=True),
        pair("germline", "not_recommended", kind="test"),
        pair("ngs", "no_consensus", kind="test"),
        pair("trial", "recommended", kind="organization"),
    )
    assert (names(paper.settling), names(paper.leading)) == (["Biopsy"], ["Captem", "Scans"])
    assert [(one.what, one.question) for one in paper.possible] == [
        ("Prrt", "the disease progresses"),
        ("Later Scans", "it is followed"),
    ]
    assert names(paper.against) == ["Platinum"]
    assert names(paper.unsettled) == ["Liver"]
    assert [(one.what, one.notes) for one in paper.blocked] == [
        ("Resection", ("Not feasible: No operation.",))
    ]
    assert paper.work_up == (SameStrength("Recommended, consensus", ("Mmr", "Trial")),)
    assert paper.done == ("P53", "Ki67")
    assert paper.tests_against == ("Germline",)


def test_a_verdict_says_what_it_depends_on_and_where_it_stands() -> None:
    provided = (FrozenTerm("a", "the site can be irradiated"), FrozenTerm("b", "etoposide can be given"))
    (one,) = arranged(pair("captem", "consider", provided=provided, cautions=("Mind it.",))).applies
    assert (one.strength, one.agreement, one.text, one.source) == (
        "Consider", "Consensus", "Do captem.", "Chapter, Table 1",
    )  # fmt: skip
    assert one.notes == (
        "Provided the site can be irradiated and etoposide can be given.",
        "Caution: Mind it.",
    )


def test_no_consensus_is_said_once() -> None:
    (one,) = arranged(pair("liver", "no_consensus")).unsettled
    assert (one.strength, one.agreement) == ("No consensus", "")


def test_the_first_sheet_is_bounded_and_the_rest_is_counted() -> None:
    many = [pair(f"drug {n}", "acceptable") for n in range(10)]
    many += [pair(f"perhaps {n}", "consider", "possible") for n in range(4)]
    missing = tuple(
        FrozenMissing(FrozenTerm(f"f{n}", f"Fact {n}"), tuple(f"perhaps {k}" for k in range(n + 1)))
        for n in range(4)
    )
    paper = arranged(*many, missing=missing)
    assert (len(paper.leading), paper.more_leading, len(paper.applies)) == (MOST_LEADING, 4, 10)
    assert (len(paper.decisive), paper.more_decisive, len(paper.missing)) == (MOST_DECISIVE, 1, 4)
    assert paper.decisive[2] == PrintedDecisive("Fact 2", ("Perhaps 0 (consider)", "Perhaps 1 (consider)"), 1)


def test_a_trial_has_its_own_cautions_and_what_all_share_is_said_once() -> None:
    def trial(nct: str, *cautions: str, missing: str = "X") -> FrozenTrial:
        terms = tuple(FrozenTerm(name.lower(), name) for name in missing)
        return FrozenTrial(nct, "T", "E.", FrozenTerm("possible", "P"), terms, cautions)

    paper = arranged(
        trials=(
            trial("NCT1", "Closed.", "Check."),
            trial("NCT2", "Check.", "Ask."),
            trial("NCT3", "Check.", "Ask.", missing="WXYZ"),
        )
    )
    assert [(one.nct, one.open, one.cautions) for one in paper.trials] == [
        ("NCT1", "X", ("Closed.",)),
        ("NCT2", "X", ()),
        ("NCT3", "W; X and 2 more", ()),
    ]
    assert paper.trial_cautions == ("Check.", "Ask (not NCT1).")


# --- The demonstration --------------------------------------------------------------------------------------


@pytest.fixture
def demo(db: None, demonstration_boards: None) -> dict[str, Case]:
    """The demonstration cases by surname."""
    return {case.patient.surname: case for case in Case.objects.select_related("patient", "board")}


def handout_of(case: Case, *, now: bool = False) -> Handout:
    found = printable(case, now=now)
    return build_handout(found.content, found.status, printed_at=timezone.now(), valid=found.valid)


def text_of(handout: Handout) -> str:
    html = render_to_string("documents/paper.html", {"handout": handout, "kind": KINDS["handout"]})
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_no_case_prints_what_is_done_a_principle_a_rule_or_one_thing_twice(demo: dict[str, Case]) -> None:
    for name, case in demo.items():
        answer = look_at(case).assessment
        handout = handout_of(case, now=True)
        text = text_of(handout)
        paper = handout.answer
        assert paper is not None, name
        principles = [one.statement for one in answer.recommendations if one.kind == "principle"]
        assert [words for words in principles if words in text] == [], name
        rules = [one.id for one in answer.recommendations]
        assert [rule for rule in rules if re.search(rf"\b{re.escape(rule)}\b", text)] == [], name
        assert not re.search(r"\b[Dd]ecision \d", text), name
        listed = [
            *paper.settling, *paper.applies, *paper.against, *paper.blocked, *paper.unsettled,
        ]  # fmt: skip
        to_do = [name for group in paper.work_up for name in group.names]
        shown = [*names(listed), *to_do, *paper.tests_against]
        assert len(set(shown)) == len(shown), name
        done = {one.intervention_label for one in answer.options if one.done}
        assert done.isdisjoint(shown), name
        assert len(paper.leading) <= MOST_LEADING


def test_the_order_of_the_sheet(demo: dict[str, Case]) -> None:
    text = text_of(handout_of(demo["Vestergaard"]))
    wanted = (
        "First-line treatment of a metastatic G3 NET",
        "G3 NET · Pancreas (Tail)",
        "Decision Not signed; drafted by",
        "Key facts, in order of time",
        "What applies",
        "Not known, and would change the answer",
        "Treatment advised against",
        "Work-up still to do",
        "Trials the guideline names",
        "Accrual was completed in late 2022",
        "the panel met in October 2019",
    )
    places = [text.index(words) for words in wanted]
    assert places == sorted(places)


def test_where_no_treatment_applies_what_is_not_covered_stands_in_its_place(demo: dict[str, Case]) -> None:
    text = text_of(handout_of(demo["Adeyemi"]))
    wanted = (
        "To settle the entity first",
        "Expert pathology review",
        "What applies",
        "No treatment of the guideline applies for certain",
        "Treatment while the distinction between G3 NET and NEC is open",
        "Not known, and would change the answer",
    )
    places = [text.index(words) for words in wanted]
    assert places == sorted(places)


def test_a_choice_says_how_it_relates_to_the_guideline(demo: dict[str, Case]) -> None:
    case = demo["Vestergaard"]
    on = {one.intervention: one.id for one in look_at(case).assessment.options}
    content = DecisionContent(
        intent="disease_control",
        options=(
            OptionContent("accepted", on["captem"]),
            OptionContent("accepted", on["ssa_tumor_control"]),
            OptionContent("accepted", on["platinum_based_first_line"], reason_code="trial"),
        ),
    )
    draft = case.decisions.get()
    with transaction.atomic():
        save_draft(by=draft.drafted_by, discussion=draft.discussion, content=content, version=draft.version)
        text = text_of(handout_of(case))
        transaction.set_rollback(True)
    assert "Guideline Deviates from the guideline" in text
    assert "Majority). In line with the guideline Somatostatin" in text
    assert "In line with the guideline on a condition: if the biology is favorable" in text
    assert "Deviates from the guideline. Treatment within a trial" in text
