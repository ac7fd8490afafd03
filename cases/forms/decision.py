"""The board's decision as one form: choices on options, options of its own, what follows, how it went."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory

from cases import choices
from cases.concordance import Choosable, deviating
from cases.forms.fields import DayField, LineField
from cases.models.decision import MOST_VOTES
from cases.reading.pasted import LONGEST_TEXT
from guidelines.knowledge.labels import STANCES, Status
from guidelines.knowledge.model import Guideline

REASONS = [("", "Reason …"), *choices.DeviationReason.choices]
TAKEN_UP = (choices.OptionChoice.ACCEPTED, choices.OptionChoice.REJECTED, choices.OptionChoice.DEFERRED)
MOST_ROWS = 60


class OnTheTable(Choosable, Protocol):
    """What a form needs to know of an option: its verdict, and its name for messages."""

    @property
    def intervention_label(self) -> str: ...


def line(label: str, length: int, **kwargs: Any) -> forms.CharField:
    """One line of text."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "class": "line"})
    return forms.CharField(label=label, max_length=length, required=False, widget=widget, **kwargs)


class ReasonMixin(forms.Form):
    """A coded reason; “other” needs words."""

    def clean(self) -> dict[str, Any]:
        """Refuse “other” without words."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("reason_code") == choices.DeviationReason.OTHER and not cleaned.get("reason_text"):
            self.add_error("reason_text", "Give the other reason in words.")
        return cleaned


class OptionForm(ReasonMixin):
    """What the board makes of one option."""

    choice = forms.ChoiceField(
        choices=[*((one.value, one.label) for one in TAKEN_UP), ("", "Not discussed")],
        required=False,
        widget=forms.RadioSelect,
    )
    reason_code = forms.ChoiceField(choices=REASONS, required=False)
    reason_text = line("Reason in words", 2000)

    def __init__(
        self, data: Any = None, *, verdict: OnTheTable, initial: dict[str, Any] | None = None
    ) -> None:
        self.verdict = verdict
        super().__init__(data, prefix=f"on-{verdict.id}", initial=initial)

    @property
    def asks_reason_of(self) -> tuple[str, ...]:
        """The choices that deviate from the guideline."""
        return deviating(self.verdict)

    @classmethod
    def is_sent(cls, data: Mapping[str, Any], verdict: OnTheTable) -> bool:
        """Whether something was chosen or typed at this option."""
        return any(data.get(f"on-{verdict.id}-{name}") for name in cls.base_fields)

    def clean(self) -> dict[str, Any]:
        """Refuse a deviation without its reason."""
        cleaned = super().clean()
        if cleaned.get("choice") in self.asks_reason_of and not cleaned.get("reason_code"):
            self.add_error("reason_code", f"{_said(self.verdict)}: choose the reason for deciding otherwise.")
        return cleaned


def _said(verdict: Choosable) -> str:
    """What the choice deviates from: "This is advised against"."""
    if verdict.status == Status.BLOCKED:
        return "This is not feasible here"
    return f"This is {STANCES[verdict.stance].lower()}"


@lru_cache(maxsize=8)
def names_in(guideline: Guideline) -> tuple[str, ...]:
    """The guideline's drugs, procedures and tests, in the order of the alphabet."""
    return tuple(sorted({one.label for one in guideline.interventions.values()}, key=str.lower))


class OwnForm(ReasonMixin):
    """An option of the board's own; named after the guideline's intervention where it has one."""

    title = line("Option", 300)
    intervention = line("Its name in the guideline", 300)
    reason_code = forms.ChoiceField(label="Reason", choices=REASONS, required=False)
    reason_text = line("Reason in words", 2000)

    def __init__(self, *args: Any, guideline: Guideline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guideline = guideline
        self.fields["intervention"].widget.attrs["list"] = "interventions"

    def clean_intervention(self) -> str:
        """The code of the intervention that was named."""
        named = self.cleaned_data["intervention"].casefold()
        for code, one in self.guideline.interventions.items():
            if named in (one.label.casefold(), code):
                return code
        if named:
            raise ValidationError(
                "The guideline has no drug, procedure or test of this name; "
                "choose one of the list, or leave it empty."
            )
        return ""

    def clean(self) -> dict[str, Any]:
        """An option needs words."""
        cleaned = super().clean()
        if not cleaned.get("title") and any(
            cleaned.get(name) for name in ("intervention", "reason_code", "reason_text")
        ):
            self.add_error("title", "Say in words what the option is.")
        return cleaned


class ConditionForm(forms.Form):
    """What the decision depends on, what follows either way, and who finds out by when."""

    text = line("Condition", 500)
    then = line("Then", 300)
    otherwise = line("Otherwise", 300)
    who = line("Who finds out", 120)
    due_on = DayField(label="By", required=False, future=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].widget.attrs["list"] = "members"

    def clean(self) -> dict[str, Any]:
        """What follows from a condition needs the condition."""
        cleaned = super().clean() or self.cleaned_data
        rest = ("then", "otherwise", "who", "due_on")
        if not cleaned.get("text") and any(cleaned.get(name) for name in rest):
            self.add_error("text", "Say what it depends on.")
        return cleaned


class StepForm(forms.Form):
    """What somebody does next."""

    text = line("Next step", 500)
    owner_name = line("Owner", 120)
    due_on = DayField(label="Due", required=False, future=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_name"].widget.attrs["list"] = "members"

    def clean(self) -> dict[str, Any]:
        """A step has words, an owner and a day."""
        cleaned = super().clean() or self.cleaned_data
        given = {
            name for name in ("text", "owner_name", "due_on") if cleaned.get(name) or name in self.errors
        }
        if given and "text" not in given:
            self.add_error("text", "Say what is to be done.")
        if "text" in given and "owner_name" not in given:
            self.add_error("owner_name", "Say who does it.")
        if "text" in given and "due_on" not in given:
            self.add_error("due_on", "Say by which day, such as 05-Mar-2026.")
        return cleaned


class DissentForm(forms.Form):
    """What somebody holds against the decision."""

    position = line("Position", 500)
    name = line("Name", 120)
    discipline = line("Discipline", 80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["list"] = "members"
        self.fields["discipline"].widget.attrs["list"] = "disciplines"

    def clean(self) -> dict[str, Any]:
        """Whoever dissents says from what."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("position") and any(cleaned.get(name) for name in ("name", "discipline")):
            self.add_error("position", "Say what position is held against the decision.")
        return cleaned


class AttendeeForm(forms.Form):
    """Who was there."""

    name = line("Name", 120)
    role = line("Role", 120)

    def clean(self) -> dict[str, Any]:
        """A role belongs to a name."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("role") and not cleaned.get("name"):
            self.add_error("name", "Give the name of who was there.")
        return cleaned


def votes(label: str) -> forms.IntegerField:
    """How many voted so."""
    wrong = f"{label}: a whole number from 0 to {MOST_VOTES}."
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_VOTES,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "number", "inputmode": "numeric"}),
    )


def considered(label: str) -> forms.ChoiceField:
    """Whether the board considered it."""
    return forms.ChoiceField(label=label, choices=choices.Considered.choices, required=False)


VOTES = ("votes_for", "votes_against", "votes_abstained")


class HeadForm(forms.Form):
    """Outcome, vote, and what the board had in mind."""

    intent = forms.ChoiceField(label="Intent", choices=choices.Intent.choices, required=False)
    rationale = LineField(
        label="Rationale",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    votes_for = votes("For")
    votes_against = votes("Against")
    votes_abstained = votes("Abstained")
    trial_considered = considered("A trial was considered")
    trial_words = line("Which trial, or why not", 300)
    wishes_considered = considered("The patient's wishes were considered")
    wishes_words = line("The patient's wishes", 300)

    def clean(self) -> dict[str, Any]:
        """A vote says how many were for it and how many against."""
        cleaned = super().clean() or self.cleaned_data
        given = [name for name in VOTES if cleaned.get(name) is not None]
        for name in VOTES[:2]:
            if given and name not in given and name not in self.errors:
                self.add_error(name, f"{self.fields[name].label}: say how many, from 0 to {MOST_VOTES}.")
        return cleaned


ROWS: Mapping[str, tuple[type[forms.Form], str]] = {
    "own": (OwnForm, "title"),
    "condition": (ConditionForm, "text"),
    "step": (StepForm, "text"),
    "dissent": (DissentForm, "position"),
    "person": (AttendeeForm, "name"),
}


def formset(name: str, guideline: Guideline, data: Any = None, initial: Any = None) -> BaseFormSet[Any]:
    """Rows of one kind, with an empty one at the end; options of the board's own are named by `guideline`."""
    named = {"guideline": guideline} if ROWS[name][0] is OwnForm else {}
    return _rows_of(name)(data, prefix=name, initial=initial, form_kwargs=named)


@cache
def _rows_of(name: str) -> type[BaseFormSet[Any]]:
    return formset_factory(ROWS[name][0], extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 1)


def with_row(data: Any, name: str) -> Any:
    """What was sent, with one more empty row of the kind `name`."""
    longer = data.copy()
    key = f"{name}-TOTAL_FORMS"
    if name in ROWS and longer.get(key, "").isdecimal():
        longer[key] = str(min(int(longer[key][:4]) + 1, MOST_ROWS))
    return longer
