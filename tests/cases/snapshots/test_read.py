"""Reading a snapshot: every format, the words it brought along, what a later edition added."""

import copy
import datetime
import json
from typing import Any

import pytest

from cases.reading import PartialDate
from cases.snapshot.blocks import Blocks
from cases.snapshot.digest import canonical
from cases.snapshot.frozen import (
    FrozenAttendance,
    FrozenChoiceConcordance,
    FrozenConcordance,
    FrozenDiscussion,
    FrozenOutcome,
)
from cases.snapshot.frozen_answer import FrozenStance, FrozenTerm, FrozenTopic
from cases.snapshot.read import READERS, UnknownFormat, read
from tests.cases.documents.contents import SIGNED, statement
from tests.cases.snapshots.golden import NAMES, snapshot

AT = datetime.datetime(2026, 11, 24, 16, 40, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 12, 1)

WORDS: dict[str, Any] = {
    "stances": [
        {"code": "recommended", "words": "Do it", "direction": "for"},
        {"code": "acceptable", "words": "You may", "direction": "for"},
        {"code": "not_recommended", "words": "Do not", "direction": "against"},
    ],
    "topics": [{"code": "systemic_therapy", "words": "Drugs", "treats": True}],
    "agreements": [{"code": "majority", "words": "Most of them"}],
    "settings": [{"code": "first_line", "words": "At first"}],
    "statuses": [{"code": "applies", "words": "It holds"}],
    "kinds": [{"code": "treatment", "words": "Treatments"}, {"code": "test", "words": "Tests"}],
    "intents": [{"code": "disease_control", "words": "Hold it"}],
    "choices": [{"code": "accepted", "words": "Taken"}],
    "reasons": [{"code": "patient_wish", "words": "As the patient wants"}],
    "sexes": [{"code": "female", "words": "Woman"}],
    "facts": {"sstr_imaging": "A scan"},
    "interventions": {"temozolomide_based": "Temozolomide"},
}


def second(**changes: Any) -> dict[str, Any]:
    """A snapshot of format 2 with words that are nobody's today."""
    content = copy.deepcopy(SIGNED)
    content["format"] = 2
    content["case"]["is_invented"] = False
    content["guideline"]["edition"] = "1.1"
    content["words"] = WORDS
    content["entries"] = [
        {
            "kind": "imaging", "uid": "u", "date": "2026-11-01", "until": None, "title": "A picture",
            "findings": [{"label": "Seen", "value": "Much"}], "remarks": [],
        }
    ]  # fmt: skip
    return {**content, **changes}


@pytest.mark.parametrize("name", NAMES)
def test_every_golden_snapshot_is_read(name: str) -> None:
    frozen = read(snapshot(name))
    assert frozen.signed is not None
    assert frozen.decision is not None
    assert (frozen.guideline.id, frozen.guideline.edition) == (
        "nanets-hgnen-2023",
        {1: "1.0", 2: "1.1"}[frozen.format],
    )
    assert [fact.name for fact in frozen.facts.values()] == list(frozen.facts)
    assert len(frozen.answer.recommendations) == len(snapshot(name)["assessment"]["recommendations"])


@pytest.mark.parametrize("written", [0, 3, "1", None, True, 1.5, [1]])
def test_an_unknown_format_is_refused_with_what_can_be_read(written: Any) -> None:
    with pytest.raises(UnknownFormat, match="this program reads formats 1, 2") as refused:
        read({**SIGNED, "format": written})
    assert repr(written) in str(refused.value)


def test_what_is_no_snapshot_is_refused() -> None:
    with pytest.raises(UnknownFormat, match="format None"):
        read({})
    assert sorted(READERS) == [1, 2]


def test_format_1_is_read_with_the_words_it_was_written_with() -> None:
    frozen = read(SIGNED)
    [captem] = [each for each in frozen.answer.recommendations if each.id == "captem"]
    assert captem.stance == FrozenStance("acceptable", "Acceptable option", 1, "for")
    assert captem.topic == FrozenTopic("systemic_therapy", "Systemic therapy", 0, treats=True)
    assert (captem.kind, captem.done, captem.treats) == (None, None, True)
    assert (frozen.answer.options, frozen.answer.asked) == (None, None)
    assert (frozen.attendance, frozen.outcome, frozen.concordance, frozen.discussion) == (None,) * 4


def test_format_2_is_read_with_its_own_words() -> None:
    frozen = read(second())
    assert frozen.decision is not None
    captem = frozen.answer.recommendations[0]
    assert (captem.stance.words, captem.topic.words, captem.agreement.words) == (
        "You may",
        "Drugs",
        "Most of them",
    )
    assert (captem.setting.words, captem.status.words) == ("At first", "It holds")
    assert (frozen.decision.intent.words, frozen.patient.sex.words) == ("Hold it", "Woman")
    assert frozen.decision.choices[0].choice.words == "Taken"
    assert frozen.answer.missing[0].fact == FrozenTerm("sstr_imaging", "A scan")
    assert frozen.guideline.edition == "1.1"
    [entry] = frozen.record
    assert (entry.title, entry.date, entry.findings[0].value) == (
        "A picture",
        PartialDate(2026, 11, 1),
        "Much",
    )


def test_a_code_without_words_is_shown_as_it_is_and_stands_last() -> None:
    content = second()
    content["assessment"]["recommendations"] = [statement(stance="unheard_of", topic="astrology")]
    content["assessment"]["missing"] = [{"fact": "new_fact", "decides": []}]
    answer = read(content).answer
    assert answer.recommendations[0].stance == FrozenStance("unheard_of", "unheard_of", 3, "open")
    assert answer.recommendations[0].topic == FrozenTopic("astrology", "astrology", 1, treats=False)
    assert answer.missing[0].fact.words == "new_fact"


# --- What edition 1.1 adds --------------------------------------------------------------------------------

OPTION: dict[str, Any] = {
    "intervention": "captem",
    "intervention_label": "CAPTEM",
    "topic": "systemic_therapy",
    "kind": "treatment",
    "id": "captem",
    "setting": "first_line",
    "stance": "acceptable",
    "agreement": "majority",
    "status": "applies",
    "missing": [],
    "provided": ["sstr_imaging"],
    "done": False,
    "qualified_by": ["platinum"],
    "schedule": None,
}


def test_options_and_what_was_asked_are_read_where_they_are() -> None:
    content = second()
    answer = content["assessment"]
    for each in answer["recommendations"]:
        each |= {"kind": "treatment", "done": False, "provided": ["sstr_imaging"]}
    answer["options"] = [OPTION]
    answer["asked"] = [
        {
            "intervention": "captem", "intervention_label": "CAPTEM", "option": OPTION, "excluded": [],
            "not_covered": None, "principle": None, "family": ["temozolomide_based", "captem"],
        },
        {
            "intervention": "prrt", "intervention_label": "PRRT", "option": None,
            "excluded": [{"id": "prrt", "reason": "SSTR imaging: Negative"}], "not_covered": "Not a word.",
            "principle": "Think first.", "family": [],
        },
    ]  # fmt: skip
    frozen = read(content).answer
    assert frozen.options is not None
    assert frozen.asked is not None
    [option] = frozen.options
    assert (option.intervention.words, option.kind.words, option.qualified_by) == (
        "CAPTEM",
        "Treatments",
        ("platinum",),
    )
    assert option.provided == (FrozenTerm("sstr_imaging", "A scan"),)
    first, other = frozen.asked
    assert first.option == option
    assert [each.words for each in first.family] == ["Temozolomide", "CAPTEM"]
    assert (other.option, other.excluded[0].reason, other.not_covered, other.principle) == (
        None,
        "SSTR imaging: Negative",
        "Not a word.",
        "Think first.",
    )
    assert frozen.recommendations[0].kind == FrozenTerm("treatment", "Treatments", 0)
    assert frozen.recommendations[0].treats


def test_a_kind_says_what_treats_whatever_the_topic() -> None:
    content = second()
    content["assessment"] |= {
        "recommendations": [statement(kind="test", done=True, provided=[])],
        "options": [OPTION | {"qualified_by": []}],
    }
    [each] = read(content).answer.recommendations
    assert (each.treats, each.topic.treats, each.done) == (False, True, True)


def test_without_options_nobody_has_told_kinds_apart() -> None:
    content = second()
    content["assessment"] |= {"recommendations": [statement(kind="test")], "options": [], "asked": []}
    answer = read(content).answer
    assert (answer.options, answer.asked) == ((), ())
    assert (answer.recommendations[0].kind, answer.recommendations[0].treats) == (None, True)


# --- Blocks -----------------------------------------------------------------------------------------------

BLOCKS = Blocks(
    attendance=(
        FrozenAttendance("Dora Diaz", "Oncology", FrozenTerm("room", "In the room"), "", AT, None),
        FrozenAttendance("Guest", "", FrozenTerm("remote", "Remote", 1), "Bob Baker", None, AT),
    ),
    outcome=FrozenOutcome(
        FrozenTerm("deferred", "Deferred"),
        FrozenTerm("imaging", "Imaging is missing"),
        "SSTR-PET",
        "Nuclear medicine",
        DAY,
        "",
    ),
    concordance=FrozenConcordance(
        FrozenTerm("conditional", "Conditional"),
        (FrozenChoiceConcordance("CAPTEM", "captem", FrozenTerm("concordant", "Concordant"), "Ki-67"),),
    ),
    discussion=FrozenDiscussion(
        uid="d",
        question="Which first line?",
        asks=(FrozenTerm("captem", "CAPTEM"),),
        reason="Progression",
        track=FrozenTerm("full", "Full discussion"),
        presenter="Bob Baker",
        started_at=AT,
        ended_at=None,
        follows="",
    ),
)


def written(blocks: Blocks) -> dict[str, Any]:
    """The blocks as a stored snapshot holds them."""
    stored: dict[str, Any] = json.loads(canonical(blocks.as_json()))
    return stored


def test_blocks_come_back_as_they_were_given() -> None:
    frozen = read(second(**written(BLOCKS)))
    back = Blocks(frozen.attendance, frozen.outcome, frozen.concordance, frozen.discussion)
    assert back == BLOCKS


def test_blocks_that_were_not_given_leave_no_key() -> None:
    assert written(Blocks()) == {}
    assert set(written(Blocks(attendance=()))) == {"attendance"}
    assert read(second(attendance=[])).attendance == ()
    assert read(second()).outcome is None
