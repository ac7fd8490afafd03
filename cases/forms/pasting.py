"""A pasted report beside its form: what it says of the boxes, each to be taken by an act of its own.

The text fills nothing by itself. What is taken stands in its box as if it had been typed, unsaved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from cases.reading.pasted import TUMOR_SIZE, Proposal, find_in_report

FIND, TAKE = "find", "take"  # the names of the buttons
FIELD = "pasted"


@dataclass(frozen=True, slots=True)
class Offered:
    """A proposal as the page shows it: the box's label, the value in words, the words it was read from."""

    proposal: Proposal
    label: str
    shown: str
    quoted: str

    @property
    def sends(self) -> str:
        """What the button that takes it sends."""
        return f"{self.proposal.field} {self.proposal.value}"


@dataclass(frozen=True, slots=True)
class PastedText:
    """The text in pieces, each with the box that it speaks of or "", and the proposals: for boxes of this
    form, and for the size of the tumor, which stands in the referral.
    """

    pieces: tuple[tuple[str, str], ...]
    offered: tuple[Offered, ...]
    elsewhere: tuple[Offered, ...]
    said_already: int


def is_asked(posted: QueryDict) -> bool:
    """Whether a button of the pasted text sent the form, so that nothing is to be saved."""
    return FIND in posted or TAKE in posted


def with_taken(posted: QueryDict, form: type[forms.BaseForm]) -> QueryDict:
    """What was posted, with the proposal in its box that a button took."""
    sent = posted.copy()
    name, _, value = posted.get(TAKE, "").partition(" ")
    if name in form.base_fields and name != FIELD:  # type: ignore[attr-defined]
        sent[name] = value
    return sent


def read_pasted(form: forms.BaseForm) -> PastedText:
    """What the form's pasted text proposes; what a box holds already is not proposed again."""
    text = str(form[FIELD].value() or "")
    found = find_in_report(text)
    offered, elsewhere, said = [], [], 0
    for one in found:
        shown = _offered(form, one, text)
        if shown is None:
            continue
        if one.field == TUMOR_SIZE:
            elsewhere.append(shown)
        elif str(form[one.field].value() or "") == one.value:
            said += 1
        else:
            offered.append(shown)
    return PastedText(tuple(_pieces(text, found)), tuple(offered), tuple(elsewhere), said)


def make_room(form: forms.BaseForm) -> None:
    """Let every box have a place for proposals."""
    for field in form.fields.values():
        field.proposals = ()  # type: ignore[attr-defined]


def propose(form: forms.BaseForm, pasted: PastedText) -> None:
    """Put each proposal at its box."""
    for one in pasted.offered:
        field = form.fields[one.proposal.field]
        field.proposals += (one,)  # type: ignore[attr-defined]


def _offered(form: forms.BaseForm, one: Proposal, text: str) -> Offered | None:
    """A proposal in words; None where the box does not know the value."""
    quoted = " ".join(text[one.start : one.end].split())
    if one.field == TUMOR_SIZE:
        return Offered(one, "Tumor size", one.value, quoted)
    field = form.fields[one.field]
    choices = getattr(field, "choices", None)
    labels = {str(code): str(label) for code, label in choices} if choices else {one.value: one.value}
    if one.value not in labels:
        return None
    return Offered(one, str(field.label), labels[one.value], quoted)


def _pieces(text: str, found: tuple[Proposal, ...]) -> Iterator[tuple[str, str]]:
    """The text cut at what was recognized; of proposals that overlap, the first is marked."""
    place = 0
    for one in found:
        if one.start < place:
            continue
        yield text[place : one.start], ""
        yield text[one.start : one.end], one.field
        place = one.end
    yield text[place:], ""
