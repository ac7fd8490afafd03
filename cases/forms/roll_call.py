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


class PresentForm(ChartForm):
    """How somebody is there, as what, in place of whom, from when until when on the meeting's day.

    A time that is left as it was stays exact: the box shows minutes.
    """

    mode = forms.ChoiceField(
        choices=[*AttendanceMode.choices, ABSENT], required=False, widget=forms.RadioSelect, label="How"
    )
    discipline = forms.ChoiceField(required=False, label="Discipline")
    cover_for = _words("In place of")
    since = ClockField(required=False, label="From")
    until = ClockField(required=False, label="To")

    def __init__(
        self, *args: Any, meeting: Meeting, there: Attendance | None = None, usually: str = "", **kwargs: Any
    ) -> None:
        self.day = timezone.localdate(meeting.started_at or meeting.starts_at)
        initial: dict[str, Any] = {"mode": "", "discipline": usually}
        if there is not None:
            came = timezone.localtime(there.since).time().replace(second=0, microsecond=0)
            initial = {
                "mode": there.mode, "discipline": there.discipline, "cover_for": there.cover_for,
                "since": came, "name": there.name,
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.initial = initial
        listed = dict.fromkeys([*meeting.board.disciplines, *filter(None, [initial["discipline"]])])
        self.fields["discipline"].choices = [("", "Not stated"), *((one, one) for one in listed)]  # type: ignore[attr-defined]

    @property
    def is_there(self) -> bool:
        """Whether a valid form says that the person is there."""
        return bool(self.cleaned_data.get("mode"))

    def clean(self) -> dict[str, Any]:
        """`came` and `left` are moments; None for what is left to the roll call itself."""
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
