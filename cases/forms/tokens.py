"""A token for another program."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User

from cases.access import boards_where
from cases.choices import Right
from cases.forms.base import ChartForm
from cases.models import Board
from cases.models.token import GIVABLE, LONGEST_TOKEN_NAME, MOST_DAYS

WHAT = {Right.READ: "Read cases, decisions and meetings", Right.ENTER: "Store case files"}


class TokenForm(ChartForm):
    """Its name, its board, what it may do, and for how many days."""

    sections = (("New token", ("name", "board", "rights", "days")),)

    name = forms.CharField(
        label="Name",
        max_length=LONGEST_TOKEN_NAME,
        help_text="The program that will use it.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "line"}),
    )
    board = forms.ModelChoiceField(
        Board.objects.none(),
        label="Board",
        to_field_name="slug",
        empty_label="Choose a board …",
        error_messages={"invalid_choice": "Choose one of your boards."},
    )
    rights = forms.MultipleChoiceField(
        label="It may",
        choices=[(right.value, WHAT[right]) for right in GIVABLE],
        initial=[Right.READ.value],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least reading."},
    )
    days = forms.IntegerField(
        label="Good for",
        initial=90,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=f"Days, 1 to {MOST_DAYS}.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "words"}),
    )

    showing = forms.CharField(required=False, max_length=LONGEST_TOKEN_NAME, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = boards_where(by, Right.READ)  # type: ignore[attr-defined]
