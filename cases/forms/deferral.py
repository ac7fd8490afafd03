"""A case that cannot be decided yet: why, what is awaited, from whom, by when."""

from __future__ import annotations

from typing import Any

from django import forms

from cases import choices
from cases.forms.decision import line
from cases.forms.fields import DayField


class DeferralForm(forms.Form):
    """`draft` is the version of the draft that is discarded with it, empty where there is none."""

    draft = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.ChoiceField(label="Why", choices=[("", "Why …"), *choices.DeferralReason.choices])
    awaited = line("What is awaited", 300)
    awaited_from = line("From whom", 120)
    awaited_by = DayField(label="By", required=False, future=True)

    prefix = "defer"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = "; ".join(choices.DeferralReason.labels)
        self.fields["reason"].error_messages["required"] = f"Choose why the case is deferred: {allowed}."
        self.fields["awaited"].required = True
        self.fields["awaited"].error_messages["required"] = "Say what is awaited."
        self.fields["awaited_from"].widget.attrs["list"] = "members"
