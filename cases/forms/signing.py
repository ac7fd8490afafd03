"""What is said in signing a decision, in correcting a signed one, and in withdrawing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from cases.forms.decision import line
from cases.forms.fields import LineField
from cases.models import NextStep
from cases.reading.pasted import LONGEST_TEXT


class SignForm(forms.Form):
    """Who signs says so twice: by the session, and by the password, once a sitting (`proven`: it has been
    given); and names the patient whose decision it is. `reasons` are those to be given too, by field, each
    with why it is asked; `steps` are open ones of earlier decisions, which this one may take over.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    shown = forms.CharField(max_length=80, widget=forms.HiddenInput)  # what the record was when it was read
    record_number = forms.CharField(
        label="Record number of the patient",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "line", "autofocus": True}),
    )
    early_reason = line("Why before the meeting has begun", 300)
    quorum_reason = line("Why without a quorum", 300)
    takes_over = forms.TypedMultipleChoiceField(
        label="Open steps of earlier decisions that this one takes over",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    password = forms.CharField(
        label="Your password", max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "line"}),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        proven: bool,
        reasons: Mapping[str, str],
        steps: Iterable[NextStep] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = [(step.pk, f"{step.text} ({step.holder_name or 'nobody named'})") for step in steps]
        if offered:
            self.fields["takes_over"].choices = offered  # type: ignore[attr-defined]
        else:
            del self.fields["takes_over"]
        for name, why in reasons.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = why
        for name in {"early_reason", "quorum_reason"}.difference(reasons):
            del self.fields[name]
        if proven:
            del self.fields["password"]


class SupersedeForm(forms.Form):
    """Why a signed decision is corrected."""

    reason = LineField(
        label="What is corrected, and why",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what is corrected, and why."},
    )


class WithdrawForm(forms.Form):
    """Why a signed decision was entered in error."""

    prefix = "withdraw"

    reason = line("What was wrong", 300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.fields["reason"].error_messages["required"] = "Say what was entered in error."
