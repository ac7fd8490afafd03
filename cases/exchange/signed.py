"""What every way out begins with: a signed decision as it was frozen, and its handout."""

from __future__ import annotations

from dataclasses import dataclass

from cases.snapshot.frozen import Frozen


@dataclass(frozen=True, slots=True)
class SignedPaper:
    """What goes out. `pdf`: the handout of the decision; `in_error`: it was withdrawn as entered in error."""

    frozen: Frozen
    pdf: bytes
    in_error: bool = False


class NotSigned(ValueError):
    """Only a signed decision leaves."""
