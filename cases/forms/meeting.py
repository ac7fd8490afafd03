"""A new meeting, and a case for its agenda."""

from __future__ import annotations

import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.utils import from_current_timezone
from django.utils import timezone

from cases.forms.base import ChartForm, Column, form_field
from cases.forms.fields import DayField
from cases.models import Board, Case, Discussion, Meeting
from cases.queries import with_next_meeting

FURTHEST = datetime.timedelta(days=2 * 366)  # a meeting further ahead is a slip of the pen
LONGEST_QUESTION = 60


class ClockField(forms.TimeField):
    """A time of day, typed as 16:00; 16.00 and 1600 are read as well."""

    unit = "e.g. 16:00"

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "maxlength": 10, "class": "number"}
        widget = forms.TimeInput(format="%H:%M", attrs=attrs)
        super().__init__(input_formats=["%H:%M", "%H.%M", "%H%M"], widget=widget, **kwargs)
        self.error_messages["invalid"] = "Enter a time from 00:00 to 23:59, such as 16:00."


class MeetingForm(ChartForm):
    """Which board meets, when and where. `starts_at` is the moment that day and time mean here."""

    heading = "h2"
    sections = (("", ("board", "day", "time", "place")),)

    board = forms.ModelChoiceField(
        Board.objects.none(), label="Board", to_field_name="slug", empty_label=None
    )
    day = DayField(label="Date", future=True)
    time = ClockField(label="Time")
    place = form_field(cast(Column, Meeting._meta.get_field("place")))

    def __init__(self, *args: Any, boards: QuerySet[Board], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = boards  # type: ignore[attr-defined]

    def clean_day(self) -> datetime.date:
        """Refuse a day that is over, or years away."""
        day: datetime.date = self.cleaned_data["day"]
        today = timezone.localdate()
        if day < today:
            raise ValidationError("This day is over; enter today or a later day.", code="past")
        if day > today + FURTHEST:
            raise ValidationError("This is more than two years away; check the year.", code="far")
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse an hour that the change of clocks leaves out or brings twice."""
        cleaned = super().clean() or self.cleaned_data
        if "day" in cleaned and "time" in cleaned:
            try:
                moment = datetime.datetime.combine(cleaned["day"], cleaned["time"])
                cleaned["starts_at"] = from_current_timezone(moment)
            except ValidationError:
                self.add_error("time", "The clocks change at this hour; choose another time.")
        return cleaned


class CaseChoice(forms.ModelChoiceField):
    """A case by patient, record number and question, with where it stands."""

    def label_from_instance(self, case: Any) -> str:
        """The line of the list; elsewhere a case never names its patient."""
        question = case.question.splitlines()[0]
        short = question if len(question) <= LONGEST_QUESTION else question[:LONGEST_QUESTION].rstrip() + "…"
        elsewhere = f", {case.meets_at:%d-%b-%Y}" if case.meets_at else ""
        where = f"{case.get_status_display().lower()}{elsewhere}"
        return f"{case.patient.full_name} ({case.patient.record_number}), {where}: {short}"


class AgendaForm(forms.Form):
    """The case to put last on the agenda: any that the board has, that is open and not on it."""

    case = CaseChoice(
        Case.objects.none(),
        label="Case",
        to_field_name="uid",
        empty_label="Choose a case …",
        error_messages={
            "required": "Choose the case that is to be discussed.",
            "invalid_choice": "This case is closed, on the agenda already or on no board of yours.",
        },
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Discussion.objects.filter(meeting=meeting).values("case")
        board = Board.objects.filter(pk=meeting.board_id).values("pk")
        others = with_next_meeting(Case.objects.of_boards(board).open().exclude(pk__in=here))
        self.fields["case"].queryset = others.select_related("patient").order_by(  # type: ignore[attr-defined]
            "patient__surname", "patient__given_names", "pk"
        )
