"""The board's decision as one form: a choice on each option, options of its own, what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, cast

from django import forms
from django.forms import BaseFormSet, formset_factory

from cases import choices
from cases.concordance import Choosable, deviating
from cases.forms.base import ChartForm
from cases.forms.fields import CodeField, DayField
from guidelines.knowledge.labels import STANCES, Status
from guidelines.knowledge.model import Guideline

REASONS = [("", "Reason …"), *choices.DeviationReason.choices]
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
        choices=[("accepted", "Accept"), ("rejected", "Reject"), ("", "Not discussed")],
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

    @property
    def marks(self) -> str:
        """The classes that the page shows or hides the reason by."""
        marks = [f"deviates-{one}" for one in self.asks_reason_of]
        return " ".join([*marks, "wrong"] if self.errors else marks)

    @property
    def is_used(self) -> bool:
        """Whether something is chosen, typed or wrong in it."""
        return bool(self.errors) or any(self[name].value() for name in self.fields)

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


def _interventions(guideline: Guideline) -> list[tuple[str, str]]:
    """The guideline's drugs, procedures and tests by name."""
    named = {code: one.label for code, one in guideline.interventions.items()}
    return [("", "Not in the guideline"), *sorted(named.items(), key=lambda pair: pair[1].lower())]


class OwnForm(ReasonMixin):
    """An option of the board's own; named after the guideline's intervention where it has one."""

    title = line("Option", 300)
    intervention = forms.ChoiceField(label="In the guideline", required=False)
    reason_code = forms.ChoiceField(label="Reason", choices=REASONS, required=False)
    reason_text = line("Reason in words", 2000)

    def __init__(self, *args: Any, guideline: Guideline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["intervention"]).choices = _interventions(guideline)

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


class HeadForm(ChartForm):
    """Intent and rationale."""

    sections = (("", ("intent", "rationale")),)

    intent = CodeField(
        [pair for pair in choices.Intent.choices if pair[0]], label="Intent", unknown="Not stated"
    )
    rationale = forms.CharField(label="Rationale", required=False, widget=forms.Textarea(attrs={"rows": 3}))


ROWS: Mapping[str, tuple[type[forms.Form], str]] = {
    "own": (OwnForm, "title"),
    "condition": (ConditionForm, "text"),
    "step": (StepForm, "text"),
    "person": (AttendeeForm, "name"),
}


def formset(name: str, guideline: Guideline, data: Any = None, initial: Any = None) -> BaseFormSet[Any]:
    """Rows of one kind, with an empty one at the end; options of the board's own are named by `guideline`."""
    rows = formset_factory(ROWS[name][0], extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 1)
    named = {"guideline": guideline} if ROWS[name][0] is OwnForm else {}
    return rows(data, prefix=name, initial=initial, form_kwargs=named)


def with_row(data: Any, name: str) -> Any:
    """What was sent, with one more empty row of the kind `name`."""
    longer = data.copy()
    key = f"{name}-TOTAL_FORMS"
    if name in ROWS and longer.get(key, "").isdecimal():
        longer[key] = str(min(int(longer[key][:4]) + 1, MOST_ROWS))
    return longer


class SignForm(forms.Form):
    """Who signs says so twice: by the session, and by the password, once a sitting (`proven`: it has been
    given); and names the patient whose decision it is. `reasons` are those to be given too, by field, each
    with why it is asked.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    shown = forms.CharField(max_length=80, widget=forms.HiddenInput)  # what the record was when it was read
    record_number = forms.CharField(
        label="Record number of the patient",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "line"}),
    )
    early_reason = line("Why before the meeting has begun", 300)
    quorum_reason = line("Why without a quorum", 300)
    password = forms.CharField(
        label="Your password", max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "line"}),
    )  # fmt: skip

    def __init__(self, *args: Any, proven: bool, reasons: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, why in reasons.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = why
        for name in {"early_reason", "quorum_reason"}.difference(reasons):
            del self.fields[name]
        if proven:
            del self.fields["password"]


class SupersedeForm(forms.Form):
    """Why a signed decision no longer stands."""

    reason = forms.CharField(label="Why the decision is superseded", widget=forms.Textarea(attrs={"rows": 2}))
