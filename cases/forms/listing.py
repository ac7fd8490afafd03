"""What is said of a case when it is listed for a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import QuerySet

from cases.choices import ListingReason, Track
from cases.forms.base import ChartForm, Column, form_field
from cases.forms.fields import AsksField, CodeField, NumberField
from cases.forms.meeting import when_and_where
from cases.models import Discussion, Meeting
from cases.models.board import MOST_MINUTES
from cases.parts import Sections
from guidelines.vocabulary.facts import Fact


class MeetingChoice(forms.ModelChoiceField):
    """A meeting by when and where it is, with its board where there are several."""

    def label_from_instance(self, meeting: Any) -> str:
        return f"{when_and_where(meeting)} · {meeting.board.name}"


class ListingForm(ChartForm):
    """`version` is that of the discussion that is open, if there is one."""

    sections: ClassVar[Sections] = (
        ("", ("meeting", "question", "asks", "reason", "presenter", "track", "minutes", "unready_reason")),
    )

    meeting = MeetingChoice(
        Meeting.objects.none(),
        label="Meeting",
        to_field_name="uid",
        empty_label="Choose a meeting …",
        error_messages={"invalid_choice": "Choose one of the coming meetings that may discuss this case."},
    )
    question = form_field(cast(Column, Discussion._meta.get_field("question")))
    asks = AsksField({})
    reason = CodeField(
        [(code, label) for code, label in ListingReason.choices if code],
        "Not stated",
        label="Why it is discussed",
    )
    presenter = form_field(cast(Column, Discussion._meta.get_field("presenter")))
    track = forms.ChoiceField(choices=Track.choices, label="Track", widget=forms.RadioSelect)
    minutes = NumberField(
        Fact(
            "minutes", "Minutes planned", "integer", "clinical", unit="min", minimum=1, maximum=MOST_MINUTES
        ),
        label="Minutes planned",
        help_text="Empty: as the board has it.",
    )
    unready_reason = form_field(cast(Column, Discussion._meta.get_field("unready_reason")))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, meetings: QuerySet[Meeting], interventions: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings  # type: ignore[attr-defined]
        self.interventions = tuple(interventions.values())
        self.fields["asks"] = AsksField(
            interventions, label="What is asked about", help_text="Names, one after a semicolon."
        )
