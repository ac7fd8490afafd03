"""Which guideline answers for a board's cases: the one place that turns a board into it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.core.exceptions import ValidationError

from cases.models import Board, Case
from guidelines.knowledge.model import Guideline
from guidelines.knowledge.releases import CURRENT, NoSuchEdition, addresses, guideline_at


def guideline_of(of: Case | Board) -> Guideline:
    """The guideline a board names; the newest edition of the current one for a board that names none."""
    board = of.board if isinstance(of, Case) else of
    return _at(board.guideline or CURRENT)


def guidelines_of(boards: Iterable[Board]) -> tuple[Guideline, ...]:
    """Those of several boards, each once; the current one where there is no board."""
    return tuple(dict.fromkeys(guideline_of(board) for board in boards)) or (_at(CURRENT),)


def every_guideline() -> tuple[Guideline, ...]:
    """Every edition of every guideline that there is."""
    return tuple(guideline_at(address) for address in addresses())


def edition_query(guideline: Guideline) -> str:
    """What keeps a link to a page of the guideline in its edition; nothing for the current one."""
    return "" if guideline is _at(CURRENT) else f"?edition={guideline.edition}"


def check_address(address: str) -> None:
    """Raise `ValidationError` for an address at which there is no guideline; "" names the current one."""
    try:
        guideline_at(address or CURRENT)
    except NoSuchEdition as error:
        raise ValidationError({"guideline": [str(error)]}) from error


@lru_cache(maxsize=16)
def _at(address: str) -> Guideline:
    # The folders are looked through once: an edition that is added shows with the next start.
    return guideline_at(address)
