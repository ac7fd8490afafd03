"""Sharing a case with another board, and ending that."""

from typing import Any, cast

from django import forms

from cases.forms.base import ChartForm, Column, form_field
from cases.models import Board, Case, CaseGrant


class GrantForm(ChartForm):
    """The board, of those that do not see the case yet, and why it needs it."""

    sections = (("Share with another board", ("board", "reason")),)

    board = forms.ModelChoiceField(
        Board.objects.none(),
        label="Board",
        to_field_name="slug",
        empty_label="Choose a board …",
        error_messages={"invalid_choice": "Choose one of the boards that the case is not shared with yet."},
    )
    reason = form_field(cast(Column, CaseGrant._meta.get_field("reason")))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shared = case.grants.current().values("board")
        others = Board.objects.exclude(pk=case.board_id).exclude(pk__in=shared)
        self.fields["board"].queryset = others  # type: ignore[attr-defined]


class RevokeForm(ChartForm):
    """Why a board is to see the case no longer."""

    use_required_attribute = False

    revoke_reason = forms.CharField(
        label="Reason",
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "line"}),
    )
