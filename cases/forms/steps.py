"""When a next step was done."""

from cases.forms.base import ChartForm
from cases.forms.fields import DayField


class DoneForm(ChartForm):
    """The day on which it was done, today or earlier."""

    sections = (("", ("done_on",)),)

    done_on = DayField(label="Done on")
