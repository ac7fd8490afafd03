"""One row of a roll call: somebody of the board, or a guest."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.choices import AttendanceMode
from cases.forms.base import ChartForm
from cases.forms.meeting import ClockField, moment_of
from cases.models import Attendance, Meeting

ABSENT = "", "Absent"
NAME = Attendance._meta.get_field("name").max_length


def _words(label: str, **kwargs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "class": "line"})
    return forms.CharField(label=label, max_length=NAME, required=False, widget=widget, **kwargs)


class TimesForm(ChartForm):
    """From when until when on the meeting's day. A time that is left as it was stays exact: the box shows
    minutes.
    """

    since = ClockField(required=False, label="From")
    until = ClockField(required=False, label="To")

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        self.day = timezone.localdate(meeting.started_at or meeting.starts_at)
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """`came` and `left` are moments; None for what is left as it was."""
        cleaned = super().clean() or self.cleaned_data
        for box, moment in (("since", "came"), ("until", "left")):
            time = cleaned.get(box)
            cleaned[moment] = self._moment(box, time) if time and box in self.changed_data else None
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            self.add_error("until", f"It must not be before {cleaned['since']:%H:%M}.")
        return cleaned

    def _moment(self, box: str, time: datetime.time) -> datetime.datetime | None:
        try:
            return moment_of(self.day, time)
        except ValidationError:
            self.add_error(box, "The clocks change at this hour; choose another time.")
            return None


class StayForm(TimesForm):
    """A stay that has ended, to set right. Without a time at its end, the person is there still."""

    absent = forms.BooleanField(required=False, label="Was not here")

    def __init__(self, *args: Any, stay: Attendance, **kwargs: Any) -> None:
        self.stay = stay
        super().__init__(*args, prefix=f"stay-{stay.pk}", **kwargs)
        self.fields["since"].required = True
        self.initial = {"since": minutes_of(stay.since), "until": minutes_of(stay.until)}

    @property
    def times(self) -> tuple[datetime.datetime, datetime.datetime | None]:
        """From when until when, as a valid form has it."""
        said = self.cleaned_data
        until = (said["left"] or self.stay.until) if said["until"] else None
        return said["came"] or self.stay.since, until


def minutes_of(moment: datetime.datetime | None) -> datetime.time | None:
    """A moment as the box shows it."""
    if moment is None:
        return None
    return timezone.localtime(moment).time().replace(second=0, microsecond=0)


class PresentForm(TimesForm):
    """How somebody is there, as what, in place of whom."""

    mode = forms.ChoiceField(
        choices=[*AttendanceMode.choices, ABSENT], required=False, widget=forms.RadioSelect, label="How"
    )
    discipline = forms.ChoiceField(required=False, label="Discipline")
    cover_for = _words("In place of")

    def __init__(
        self, *args: Any, meeting: Meeting, there: Attendance | None = None, usually: str = "", **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {"mode": "", "discipline": usually}
        if there is not None:
            initial = {
                "mode": there.mode, "discipline": there.discipline, "cover_for": there.cover_for,
                "since": minutes_of(there.since), "name": there.name,
            }  # fmt: skip
        super().__init__(*args, meeting=meeting, **kwargs)
        self.initial = initial
        listed = dict.fromkeys([*meeting.board.disciplines, *filter(None, [initial["discipline"]])])
        self.fields["discipline"].choices = [("", "Not stated"), *((one, one) for one in listed)]  # type: ignore[attr-defined]

    @property
    def is_there(self) -> bool:
        """Whether a valid form says that the person is there."""
        return bool(self.cleaned_data.get("mode"))


class GuestForm(PresentForm):
    """Somebody without an account on this board; a row without a name says nothing."""

    name = _words("Guest")

    def __init__(self, *args: Any, there: Attendance | None = None, **kwargs: Any) -> None:
        super().__init__(*args, there=there, **kwargs)
        if there is None:
            self.initial["mode"] = AttendanceMode.ROOM

    @property
    def is_there(self) -> bool:
        """Whether a valid form names a guest who is there."""
        return super().is_there and bool(self.cleaned_data.get("name"))

    def clean(self) -> dict[str, Any]:
        """Refuse a guest without a name."""
        cleaned = super().clean()
        if not cleaned.get("name") and cleaned.get("cover_for"):
            self.add_error("name", "Say who is there, or leave the row empty.")
        return cleaned
