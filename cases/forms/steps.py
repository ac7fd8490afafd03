"""What becomes of what was decided: done, not done or in part, handed on, postponed, not needed."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.choices import NotDoneReason
from cases.forms.base import ChartForm
from cases.forms.fields import DayField


def words(label: str, length: int, **kwargs: Any) -> forms.CharField:
    """One line of text."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "class": "line"})
    return forms.CharField(label=label, max_length=length, widget=widget, **kwargs)


class DoneForm(ChartForm):
    """The day on which it was done, today or earlier."""

    sections = (("", ("done_on",)),)

    done_on = DayField(label="Done on")


class NotDoneForm(ChartForm):
    """Why it was not done, or only in part."""

    sections = (("", ("reason", "text")),)
    prefix = "ended"

    reason = forms.ChoiceField(label="Why", choices=[("", "Choose …"), *NotDoneReason.choices])
    text = words("In words", 300, required=False)


class NotNeededForm(ChartForm):
    """Why an item of follow-up is not needed any more."""

    sections = (("", ("text",)),)
    prefix = "unneeded"

    text = words("Why", 300)


class HandStepForm(ChartForm):
    """Who does it from now on: a member of the board, or anybody by name."""

    sections = (("", ("owner_name",)),)
    prefix = "handed"

    owner_name = words("Who does it now", 120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_name"].widget.attrs["list"] = "members"


class PostponeForm(ChartForm):
    """The new day, and why."""

    sections = (("", ("due_on", "text")),)
    prefix = "postponed"

    due_on = DayField(label="New day", future=True)
    text = words("Why", 300)
