"""How a command is told which case or board it is about, and where to write."""

import sys
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.core.management.base import CommandError

from cases.models import Board, Case
from cases.reading import fold_number

AMBIGUOUS = 2
"""Exit status where no case, or more than one, is meant."""
BAD_INPUT = 2
"""Exit status where an argument names what there is not."""


def case_named(name: str, board: str = "") -> Case:
    """The case of that id, or the one case of the patient with that record number, on a board if one is
    named. Raises `CommandError`, which lists several.
    """
    cases = Case.objects.select_related("board", "patient")
    if board:
        cases = cases.filter(board__slug=board)
    try:
        found = list(cases.filter(uid=UUID(name)))
    except ValueError:
        folded = fold_number(name)
        found = list(cases.filter(patient__record_number_folded=folded).order_by("created_at"))
    if not found:
        where = f" on the board {board!r}" if board else ""
        raise CommandError(f"No case{where} has the id, and no patient the record number, {name!r}.")
    if len(found) > 1:
        listed = "\n".join(f"  {one.uid}  {one.board.slug}  {one.created_at:%d-%b-%Y}" for one in found)
        raise CommandError(f"{len(found)} cases have this record number; name one by its id:\n{listed}")
    return found[0]


def board_named(slug: str) -> Board:
    """The board. Raises `CommandError`, which lists those that there are."""
    board = Board.objects.filter(slug=slug).first()
    if board is None:
        allowed = ", ".join(Board.objects.values_list("slug", flat=True)) or "none are set up"
        raise CommandError(f"There is no board {slug!r}; allowed: {allowed}.", returncode=BAD_INPUT)
    return board


def write_out(name: str, content: Iterable[bytes]) -> None:
    """Write to the file of that name; - is standard output. Raises `CommandError`."""
    if name == "-":
        for part in content:
            sys.stdout.buffer.write(part)
        return
    try:
        with Path(name).open("wb") as file:
            file.writelines(content)
    except OSError as error:
        raise CommandError(f"Cannot write {name}: {error.strerror}.") from error
