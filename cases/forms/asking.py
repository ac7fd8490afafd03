"""Whom somebody asked for what a case lacks, and when."""

from typing import Any, cast

from cases.forms.base import ChartForm, Column, form_field
from cases.forms.fields import DayField
from cases.models import AskedFor


class AskedForm(ChartForm):
    """One asking; the day is today or an earlier one."""

    sections = (("", ("asked_of", "asked_on")),)

    asked_of = form_field(cast(Column, AskedFor._meta.get_field("asked_of")))
    asked_on = DayField(label="On")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked_of"].label = "Asked"
