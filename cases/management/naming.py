"""How a command is told which case it is about."""

from uuid import UUID

from django.core.management.base import CommandError

from cases.models import Case
from cases.reading import fold_number

AMBIGUOUS = 2
"""Exit status where no case, or more than one, is meant."""


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
