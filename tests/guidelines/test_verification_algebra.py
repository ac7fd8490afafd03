"""The tools of the proofs: sets of cases, and conditions with one test taken away."""

from itertools import product
from typing import Any

import pytest

from guidelines.engine.boxes import Box, Space, meets
from guidelines.knowledge.conditions import Condition, Truth, evaluate, parse_condition
from guidelines.knowledge.phrases import describe
from guidelines.verification.regions import common, in_words, leftover, overlap, same
from guidelines.verification.variants import removals
from guidelines.vocabulary.facts import FACTS


def when(raw: Any) -> Condition:
    return parse_condition(raw, FACTS, {})


SPACE = Space(FACTS, [when({"ki67": {"above": 20, "below": 55}})], (), (), {})
KI67, RB = SPACE.index["ki67"], SPACE.index["rb"]
LOW, HIGH = ((KI67, 0b00011),), ((KI67, 0b11000),)
LOST: Box = ((RB, 0b10),)


def test_overlap_and_common() -> None:
    assert overlap((LOW,), (HIGH,)) is None
    assert overlap((LOW, HIGH), (LOST,)) == tuple(sorted((*LOW, *LOST)))
    assert common((LOW, HIGH), (LOST,)) == (tuple(sorted((*LOW, *LOST))), tuple(sorted((*HIGH, *LOST))))
    assert common((LOW,), (HIGH,)) == ()


def test_leftover_finds_exactly_what_is_not_covered() -> None:
    everything: tuple[Box, ...] = ((),)
    assert leftover(SPACE, everything, everything) is None
    assert leftover(SPACE, everything, ()) == ()
    assert leftover(SPACE, everything, (LOW, HIGH)) == ((KI67, 0b00100),)
    assert leftover(SPACE, everything, (LOW, HIGH, ((KI67, 0b00100),))) is None
    assert leftover(SPACE, (LOW,), (LOST,)) == tuple(sorted((*LOW, (RB, 0b01))))
    assert leftover(SPACE, (), everything) is None


def test_leftover_against_trying_out_every_case() -> None:
    """Three covers that overlap: what is left over is in none of them, and nothing is lost."""
    covers: tuple[Box, ...] = (LOW, tuple(sorted((*HIGH, *LOST))), ((KI67, 0b00110),))
    rest = leftover(SPACE, ((),), covers)
    assert rest is not None
    for ki67, rb in product(range(5), range(2)):
        possible = [fact.everything for fact in SPACE.facts]
        possible[KI67], possible[RB] = 1 << ki67, 1 << rb
        covered = meets(covers, possible)
        assert not (covered and meets((rest,), possible))
        assert covered or meets((rest,), possible)


def test_same() -> None:
    halves: tuple[Box, ...] = (((RB, 0b01),), ((RB, 0b10),))
    assert same(SPACE, halves, ((),))
    assert not same(SPACE, halves[:1], ((),))


def test_a_case_in_words() -> None:
    assert in_words(SPACE, tuple(sorted((*HIGH, *LOST)))) == "Ki-67: 55; Rb: Lost"
    assert in_words(SPACE, ()) == "any case"
    assert in_words(SPACE, ((RB, 0b11),)) == "any case"


A, B = {"progressive": True}, {"refractory": True}
CASES: list[dict[str, Any]] = [
    {"progressive": a, "refractory": b} for a, b in product((True, False), repeat=2)
]


@pytest.mark.parametrize(
    ("raw", "without_the_first"),
    [
        # the truth in (yes yes, yes no, no yes, no no) with the first test held to be met, and held not to be
        ({"all": [A, B]}, ((True, False, True, False), (False, False, False, False))),
        ({"any": [A, B]}, ((True, True, True, True), (True, False, True, False))),
        ({"implies": [A, B]}, ((True, False, True, False), (True, True, True, True))),
        ({"xor": [A, B]}, ((False, True, False, True), (True, False, True, False))),
        ({"not": A}, ((False,) * 4, (True,) * 4)),
    ],
)
def test_a_test_is_taken_away_both_ways(
    raw: dict[str, Any], without_the_first: tuple[tuple[bool, ...], tuple[bool, ...]]
) -> None:
    first = next(removals(when(raw)))
    assert first.words == "Progressive disease: yes"
    assert first.facts == {"progressive"}
    tables = tuple(tuple(evaluate(one, case) is Truth.TRUE for case in CASES) for one in first.variants)
    assert tables == without_the_first


@pytest.mark.parametrize("join", ["all", "any", "implies", "xor"])
def test_every_part_of_a_join_is_taken_away(join: str) -> None:
    assert [one.words for one in removals(when({join: [A, B]}))] == [
        "Progressive disease: yes",
        "Refractory disease: yes",
    ]


def test_listed_values_are_taken_away_one_at_a_time() -> None:
    found = list(removals(when({"differentiation": ["well", "poor"]})))
    assert len(found) == 3
    assert [describe(one.variants[0]) for one in found[1:]] == [
        "Differentiation Poorly differentiated",
        "Differentiation Well differentiated",
    ]
    assert not any(one.finer for one in found)
    sites = list(removals(when({"metastatic_sites": {"includes": ["liver", "lung"]}})))
    assert [one.finer for one in sites] == [False, True, True]
