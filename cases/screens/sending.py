"""What leaves for other systems: a signed decision with its paper, as it was signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cases.actions.printing import WITHDRAWN, withdrawal_in_words
from cases.choices import DecisionStatus
from cases.documents.handout import build_handout
from cases.exchange.signed import SignedPaper
from cases.models import Decision, DecisionWithdrawal
from cases.screens.printed import KINDS
from cases.snapshot.digest import is_intact
from cases.snapshot.read import read

PrintPdf = Callable[[str, Mapping[str, Any]], bytes]


class NotAsSigned(ValueError):
    """It goes nowhere: it is not signed, or no longer what was signed. The message says which."""


def signed_paper(decision: Decision, print_pdf: PrintPdf) -> SignedPaper:
    """The decision as it was signed, with its handout of that moment: the same each time it is asked for.

    `print_pdf` makes a PDF of a template. Raises `NotAsSigned`.
    """
    if not decision.is_signed:
        raise NotAsSigned("This decision is not signed.")
    frozen = read(decision.snapshot or {})
    if frozen.signed is None or not is_intact(decision):
        raise NotAsSigned("The stored record of this decision is not the one that was signed.")
    withdrawal = DecisionWithdrawal.objects.filter(decision=decision).select_related("by").first()
    handout = build_handout(
        frozen,
        WITHDRAWN if withdrawal else DecisionStatus.SIGNED,
        printed_at=frozen.signed.at,
        withdrawn=withdrawal_in_words(withdrawal) if withdrawal else "",
    )
    pdf = print_pdf("documents/paper.html", {"kind": KINDS["handout"], "handout": handout})
    return SignedPaper(frozen, pdf, in_error=withdrawal is not None)
