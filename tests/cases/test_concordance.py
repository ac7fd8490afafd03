"""A choice of the board, held against the guideline's verdict: every cell of the table, and the whole."""

from dataclasses import dataclass

import pytest

from cases.concordance import (
    TABLE,
    BoardChoice,
    Concordance,
    concordance_of,
    deviating,
    not_addressed,
    overall,
    relation,
    verdict_on,
)

IN_LINE, IF, AGAINST = Concordance.CONCORDANT, Concordance.CONDITIONAL, Concordance.DEVIATING
OPEN, SILENT = Concordance.UNSETTLED, Concordance.NOT_COVERED


@dataclass(frozen=True)
class Said:
    """A verdict."""

    stance: str
    status: str = "applies"
    id: str = "one"
    intervention: str = "drug"
    kind: str = "treatment"


CELLS = [
    # stance, status, accepted, rejected, deferred
    ("recommended", "applies", IN_LINE, AGAINST, IF),
    ("acceptable", "applies", IN_LINE, IN_LINE, IF),
    ("consider", "applies", IN_LINE, IN_LINE, IF),
    ("recommended", "possible", IF, IN_LINE, IF),
    ("consider", "possible", IF, IN_LINE, IF),
    ("no_consensus", "applies", OPEN, IN_LINE, None),
    ("insufficient_evidence", "applies", OPEN, IN_LINE, None),
    ("no_consensus", "possible", OPEN, IN_LINE, None),
    ("not_recommended", "applies", AGAINST, IN_LINE, None),
    ("not_recommended", "possible", IF, IN_LINE, None),
    ("recommended", "blocked", AGAINST, IN_LINE, None),
    ("acceptable", "blocked", AGAINST, IN_LINE, None),
]


@pytest.mark.parametrize(("stance", "status", "accepted", "rejected", "deferred"), CELLS)
def test_a_choice_on_a_verdict(
    stance: str,
    status: str,
    accepted: Concordance,
    rejected: Concordance,
    deferred: Concordance | None,
) -> None:
    said = Said(stance, status)
    assert [relation(choice, said) for choice in ("accepted", "rejected", "deferred")] == [
        accepted,
        rejected,
        deferred,
    ]
    wanted = [name for name, is_ in (("accepted", accepted), ("rejected", rejected)) if is_ is AGAINST]
    assert list(deviating(said)) == wanted


def test_no_row_of_the_table_is_left_out() -> None:
    assert len(TABLE) == 7


# --- Which verdict a choice is on ---------------------------------------------------------------------------

FAMILIES = {"captem": ("captem", "temozolomide"), "temozolomide": ("captem", "temozolomide")}
CAPTEM = Said("acceptable", id="on-captem", intervention="captem")
TEMOZOLOMIDE = Said("not_recommended", id="on-temozolomide", intervention="temozolomide")
PLATINUM = Said("recommended", id="on-platinum", intervention="platinum")


def family(code: str) -> tuple[str, ...]:
    return FAMILIES.get(code, (code,))


@pytest.mark.parametrize(
    ("made", "verdicts", "found"),
    [
        (BoardChoice("accepted", "on-captem"), [PLATINUM, CAPTEM], CAPTEM),
        (BoardChoice("rejected", "gone"), [PLATINUM, CAPTEM], None),
        (BoardChoice("own", intervention="captem"), [TEMOZOLOMIDE, CAPTEM], CAPTEM),
        (BoardChoice("own", intervention="captem"), [PLATINUM, TEMOZOLOMIDE], TEMOZOLOMIDE),
        (BoardChoice("own", intervention="surgery"), [PLATINUM, CAPTEM], None),
        (BoardChoice("own"), [PLATINUM, CAPTEM], None),
    ],
)
def test_the_verdict_that_a_choice_is_on(made: BoardChoice, verdicts: list[Said], found: Said | None) -> None:
    assert verdict_on(made, verdicts, family) is found


def test_an_option_of_the_boards_own_is_taken_as_accepted() -> None:
    assert concordance_of(BoardChoice("own", intervention="x"), TEMOZOLOMIDE) is AGAINST
    assert concordance_of(BoardChoice("own", intervention="x"), CAPTEM) is IN_LINE
    assert concordance_of(BoardChoice("own"), None) is SILENT


# --- The whole decision -------------------------------------------------------------------------------------

TAKEN, LEFT, OWN = BoardChoice("accepted", "a"), BoardChoice("rejected", "b"), BoardChoice("own")


@pytest.mark.parametrize(
    ("choices", "whole"),
    [
        ([(TAKEN, IN_LINE), (LEFT, AGAINST), (OWN, IF)], AGAINST),
        ([(TAKEN, IN_LINE), (OWN, IF)], IF),
        ([(TAKEN, IN_LINE), (OWN, SILENT), (LEFT, IN_LINE)], IN_LINE),
        ([(LEFT, IN_LINE), (OWN, SILENT)], SILENT),
        ([(TAKEN, OPEN)], SILENT),
        ([], SILENT),
    ],
)
def test_the_whole_decision(choices: list[tuple[BoardChoice, Concordance]], whole: Concordance) -> None:
    assert overall(choices) is whole


def test_recommended_treatments_that_nobody_spoke_of() -> None:
    verdicts = [
        PLATINUM,
        CAPTEM,
        Said("recommended", "possible", id="if", intervention="if"),
        Said("recommended", id="scan", intervention="scan", kind="test"),
    ]
    assert not_addressed(verdicts, [BoardChoice("accepted", "on-captem")], family) == [PLATINUM]
    assert not_addressed(verdicts, [BoardChoice("rejected", "on-platinum")], family) == []
    assert not_addressed(verdicts, [BoardChoice("own", intervention="platinum")], family) == []
