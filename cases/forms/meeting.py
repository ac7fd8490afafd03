"""A new meeting or a series, what is changed of one, and a case for its agenda."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.utils import from_current_timezone
from django.utils import timezone

from cases.composed import Composed
from cases.forms.base import ChartForm, Column, form_field, text_field
from cases.forms.fields import DayField, NumberField
from cases.models import Board, Case, Meeting, MeetingNote
from cases.models.meeting import MOST_IN_A_SERIES
from cases.parts import Sections
from cases.queries import may_be_listed
from guidelines.vocabulary.facts import Fact

FURTHEST = datetime.timedelta(days=2 * 366)  # a meeting further ahead is a slip of the pen
MOST_WEEKS = 52


def line_of(column: str, **kwargs: Any) -> forms.Field:
    """A line within the length of that column of a meeting."""
    return text_field(cast(Column, Meeting._meta.get_field(column)), **kwargs)


class ClockField(forms.TimeField):
    """A time of day, typed as 16:00; 16.00 and 1600 are read as well."""

    unit = "e.g. 16:00"

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "maxlength": 10, "class": "number"}
        widget = forms.TimeInput(format="%H:%M", attrs=attrs)
        super().__init__(input_formats=["%H:%M", "%H.%M", "%H%M"], widget=widget, **kwargs)
        self.error_messages["invalid"] = "Enter a time from 00:00 to 23:59, such as 16:00."


class WhenForm(ChartForm):
    """Day and time of a meeting, with its name and place. `starts_at` is the moment they mean here."""

    heading = "h2"
    sections: ClassVar[Sections] = (("", ("day", "time", "title", "place")),)

    day = DayField(label="Date", future=True)
    time = ClockField(label="Time")
    title = form_field(cast(Column, Meeting._meta.get_field("title")))
    place = form_field(cast(Column, Meeting._meta.get_field("place")))

    def clean_day(self) -> datetime.date:
        """Refuse a day that is years away; one that is over is entered afterwards."""
        day: datetime.date = self.cleaned_data["day"]
        if day > timezone.localdate() + FURTHEST:
            raise ValidationError("This is more than two years away; check the year.", code="far")
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse an hour that the change of clocks leaves out or brings twice."""
        cleaned = super().clean() or self.cleaned_data
        if "day" in cleaned and "time" in cleaned:
            try:
                cleaned["starts_at"] = moment_of(cleaned["day"], cleaned["time"])
            except ValidationError:
                self.add_error("time", "The clocks change at this hour; choose another time.")
        return cleaned


def moment_of(day: datetime.date, time: datetime.time) -> datetime.datetime:
    """The moment of a local day and time; `ValidationError` where the change of clocks leaves it unclear."""
    return from_current_timezone(datetime.datetime.combine(day, time))


class MeetingForm(WhenForm):
    """Which board meets, when and where: once, or every so many weeks at the same hour of the day."""

    sections = (
        ("", ("board", "day", "time", "title", "place")),
        ("As a series", ("every_weeks", "how_many")),
    )

    board = forms.ModelChoiceField(
        Board.objects.none(), label="Board", to_field_name="slug", empty_label=None
    )
    every_weeks = NumberField(
        Fact("every_weeks", "Every", "integer", "clinical", unit="weeks", minimum=1, maximum=MOST_WEEKS),
        label="Every",
        help_text="Empty for a single meeting.",
    )
    how_many = NumberField(
        Fact(
            "how_many",
            "How many",
            "integer",
            "clinical",
            unit="meetings",
            minimum=1,
            maximum=MOST_IN_A_SERIES,
        ),
        label="How many",
        help_text="The first one included.",
    )

    def __init__(self, *args: Any, boards: QuerySet[Board], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = boards  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """`starts` holds every meeting of the series: whole weeks apart, at the same hour of the day."""
        cleaned = super().clean()
        weeks, number = cleaned.get("every_weeks"), cleaned.get("how_many")
        if weeks and not number and "how_many" not in self.errors:
            self.add_error("how_many", f"Say how many meetings, from 1 to {MOST_IN_A_SERIES}.")
        if number and number > 1 and not weeks and "every_weeks" not in self.errors:
            self.add_error("every_weeks", f"Say every how many weeks, from 1 to {MOST_WEEKS}.")
        if "starts_at" in cleaned and not self.errors:
            cleaned["starts"] = self._series(int(weeks or 1), int(number or 1))
        return cleaned

    def _series(self, weeks: int, number: int) -> list[datetime.datetime]:
        day, time = self.cleaned_data["day"], self.cleaned_data["time"]
        days = [day + datetime.timedelta(weeks=weeks * count) for count in range(number)]
        try:
            return [moment_of(one, time) for one in days]
        except ValidationError:
            self.add_error(
                "time", "The clocks change at this hour on a day of the series; choose another time."
            )
            return []


class ChangeMeetingForm(WhenForm):
    """When, where and how a meeting is called; `version` is the stored one's as the form was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class CancelForm(ChartForm):
    """Why a meeting does not take place."""

    sections = (("", ("reason",)),)

    reason = line_of("cancel_reason", label="Reason")


class CloseForm(ChartForm):
    """What was read before closing. `ended` is asked of a meeting that is entered afterwards."""

    sections = (("", ("ended",)),)

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    ended = ClockField(label="Ended at")

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        if not meeting.is_left_open:
            del self.fields["ended"]

    def clean(self) -> dict[str, Any]:
        """`at`: the moment at which it ended, None for now."""
        cleaned = super().clean() or self.cleaned_data
        began = self.meeting.started_at or self.meeting.starts_at
        cleaned["at"] = None
        if "ended" in cleaned:
            cleaned["at"] = moment_of(timezone.localdate(began), cleaned["ended"])
            if cleaned["at"] < began:
                self.add_error("ended", f"It began at {timezone.localtime(began):%H:%M}; enter a later time.")
        return cleaned


class NoteForm(ChartForm):
    """A correction of a closed meeting."""

    sections = (("", ("text",)),)

    text = form_field(cast(Column, MeetingNote._meta.get_field("text")))


def ahead_of(*, board: Any, but: Any, now: Any) -> QuerySet[Meeting]:
    """The coming meetings of a board but one."""
    return Meeting.objects.filter(board=board, starts_at__gte=now).to_come().exclude(pk=but)


_as_choices = Composed(lambda **others: ahead_of(**others).only("uid", "starts_at", "title", "place"))


class CarryForm(forms.Form):
    """The coming meeting that takes what another one leaves. `ahead`: those there are to choose from."""

    to = forms.ModelChoiceField(
        Meeting.objects.none(),
        label="Carry over to",
        to_field_name="uid",
        empty_label="Choose a meeting …",
        error_messages={
            "required": "Choose the meeting that takes these cases.",
            "invalid_choice": "Choose one of the coming meetings of this board.",
        },
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others: dict[str, Any] = {"board": meeting.board_id, "but": meeting.pk, "now": timezone.now()}
        self.ahead = _as_choices(**others)
        field = cast(forms.ModelChoiceField, self.fields["to"])
        field.queryset = ahead_of(**others)
        field.choices = [("", field.empty_label), *((one.uid, when_and_where(one)) for one in self.ahead)]


def when_and_where(meeting: Meeting) -> str:
    """ "Tue 01-Dec-2026, 16:00, Room 7"."""
    said = [f"{timezone.localtime(meeting.starts_at):%a %d-%b-%Y, %H:%M}", meeting.title, meeting.place]
    return ", ".join(filter(None, said))


class AgendaForm(forms.Form):
    """The case to put last on the agenda: any that the board has, that is open and not on it."""

    case = forms.ModelChoiceField(
        Case.objects.none(),
        label="Case",
        to_field_name="uid",
        error_messages={
            "required": "Choose the case that is to be discussed.",
            "invalid_choice": "This case is closed, on the agenda already or on no board of yours.",
        },
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = may_be_listed(meeting)  # type: ignore[attr-defined]
