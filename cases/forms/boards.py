"""What a board sets for itself, and what a person is on it."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from cases.choices import Role
from cases.forms.base import ChartForm, Column, text_field
from cases.forms.fields import NumberField
from cases.guideline import guideline_of
from cases.models import Board
from cases.models.board import MOST_MINUTES, PaperSize
from cases.parts import Sections
from guidelines.knowledge.releases import addresses
from guidelines.vocabulary.facts import Fact

MOST_HOURS, MOST_DAYS, MOST_PEOPLE = 24 * 60, 10 * 366, 100
LONGEST_LIST = 4000  # characters


class LinesField(forms.CharField):
    """A list of names, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4})
        super().__init__(required=False, max_length=LONGEST_LIST, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A stored list as lines; what was typed, as it was typed."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """The names, without empty lines."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class LimitField(NumberField):
    """A whole number that a board must set."""

    def __init__(self, column: str, unit: str, minimum: int, maximum: int) -> None:
        label = column_of(column).verbose_name
        fact = Fact(column, str(label), "integer", "clinical", unit=unit, minimum=minimum, maximum=maximum)
        super().__init__(fact, label=label, help_text=column_of(column).help_text)
        self.required = True

    def clean(self, value: Any) -> int:
        """The number; an empty box is refused with what is allowed."""
        number = super().clean(value)
        if number is None:
            low, high = self.fact.minimum, self.fact.maximum
            raise ValidationError(f"Enter a whole number from {low} to {high} {self.unit}.", code="required")
        return int(number)


def column_of(name: str) -> Column:
    """A column of the board."""
    return cast(Column, Board._meta.get_field(name))


class SettingsForm(ChartForm):
    """A board's disciplines, quorum, limits and guideline."""

    heading = "h2"
    sections: ClassVar[Sections] = (
        ("Who meets", ("disciplines", "quorum_disciplines", "quorum_people")),
        ("Meetings", ("minutes_per_case", "cut_off_hours", "least_ready")),
        ("How the record is read", ("current_for_days", "hpf_field_mm2", "guideline")),
        ("Documents", ("paper", "contact")),
        ("What others see", ("shows_figures",)),
    )

    disciplines = LinesField(label="Disciplines", help_text=column_of("disciplines").help_text)
    quorum_disciplines = LinesField(
        label="Disciplines that must be there", help_text="One a line, of the disciplines above."
    )
    quorum_people = LimitField("quorum_people", "people", 0, MOST_PEOPLE)
    minutes_per_case = LimitField("minutes_per_case", "min", 1, MOST_MINUTES)
    cut_off_hours = LimitField("cut_off_hours", "hours", 0, MOST_HOURS)
    least_ready = LimitField("least_ready", "%", 0, 100)
    current_for_days = LimitField("current_for_days", "days", 1, MOST_DAYS)
    hpf_field_mm2 = NumberField(
        Fact(
            "hpf_field_mm2",
            "Area of a high-power field",
            "number",
            "pathology",
            unit="mm²",
            minimum=0.05,
            maximum=1,
        ),
        decimals=4,
        label="Area of a high-power field",
        help_text="Of the board's pathology: for counts per HPF that name no area. Empty: not known.",
    )
    guideline = forms.ChoiceField(required=False, label="Guideline")
    paper = forms.ChoiceField(
        choices=PaperSize.choices, label="Paper", help_text=column_of("paper").help_text
    )
    contact = text_field(
        column_of("contact"), required=False, label="Contact", help_text=column_of("contact").help_text
    )
    shows_figures = forms.BooleanField(
        required=False,
        label="Other boards may see its figures",
        help_text=column_of("shows_figures").help_text,
        widget=forms.CheckboxInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = guideline_of(Board())
        current = f"The current one, today {newest.id}@{newest.edition}"
        self.fields["guideline"].choices = [("", current), *((one, one) for one in addresses())]  # type: ignore[attr-defined]


def line_of(label: str, longest: int, help_text: str = "") -> forms.CharField:
    """One line of text that is a name."""
    attrs = {"autocomplete": "off", "class": "line", "autocapitalize": "none"}
    return forms.CharField(
        label=label, max_length=longest, widget=forms.TextInput(attrs=attrs), help_text=help_text
    )


class RolesForm(ChartForm):
    """What somebody is on the board."""

    heading = "h2"

    role = forms.ChoiceField(choices=[("", "Choose …"), *Role.choices], label="Role")
    further_roles = forms.MultipleChoiceField(
        choices=Role.choices, required=False, label="Further roles", widget=forms.CheckboxSelectMultiple
    )
    may_sign = forms.BooleanField(
        required=False,
        label="May sign decisions",
        help_text="For a clinician; a chair always may.",
        widget=forms.CheckboxInput,
    )

    def clean_further_roles(self) -> list[str]:
        """Without the first role, which needs not be said twice."""
        return [one for one in self.cleaned_data["further_roles"] if one != self.cleaned_data.get("role")]


class PersonForm(RolesForm):
    """Somebody with an account, by username, and what they are on the board."""

    sections: ClassVar[Sections] = (("", ("username", "role", "further_roles", "may_sign")),)

    username = line_of("Username", 150, "Of an account that exists.")

    def clean_username(self) -> User:
        """The account itself."""
        name = self.cleaned_data["username"].strip()
        found = User.objects.filter(username=name).first()
        if found is None:
            raise ValidationError("Nobody has this username; check its spelling.", code="unknown")
        return found


class NewPersonForm(RolesForm):
    """Somebody who has no account yet."""

    sections: ClassVar[Sections] = (
        ("Who", ("username", "first_name", "last_name")),
        ("On this board", ("role", "further_roles", "may_sign")),
    )

    username = line_of("Username", 150, "What they type at the log-in; of letters, digits and @ . + - _")
    first_name = line_of("First name", 150)
    last_name = line_of("Last name", 150)
