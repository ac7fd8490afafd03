"""Form fields: one for each type of fact, built from its definition, and the dates and text beside them.

Not known is `None` for yes/no, numbers, ranges and lists and `""` for coded choices, as the record stores it,
and it is where every fact starts. What a person typed is always shown again, also when it is refused.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.forms.light import LightField
from cases.reading import (
    AsWritten,
    BoundedNumber,
    PartialDate,
    Unreadable,
    read_date,
    read_ki67,
    read_mitoses,
    read_size,
)
from cases.reading.named_results import named_results
from guidelines.vocabulary.facts import FACTS, Fact, FactError, plain

NOT_KNOWN = ("", "Not known")
MOST_RADIOS = 4
LONGEST_NUMBER = 20
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


def limits(fact: Fact) -> str:
    """The allowed numbers of a fact in words: "from 0 to 100 %"."""
    unit = f" {fact.unit}" if fact.unit else ""
    if fact.minimum is None:
        return unit.strip()
    if fact.maximum is not None:
        return f"from {plain(fact.minimum)} to {plain(fact.maximum)}{unit}"
    bound = "above" if fact.exclusive_minimum else "of at least"
    return f"{bound} {plain(fact.minimum)}{unit}"


def read_number(fact: Fact, text: str, decimals: int = 2) -> int | Decimal:
    """The number that was typed, exactly; raises `ValidationError` that says what is allowed."""
    kind = "a whole number" if fact.type == "integer" else f"a number, at most {decimals} decimals"
    message = f"{fact.label}: enter {kind}, {limits(fact)}, or leave it empty if it is not known."
    if len(text) > LONGEST_NUMBER or not NUMBER.fullmatch(text) or len(text.partition(".")[2]) > decimals:
        raise ValidationError(message, code="number")
    try:
        value = fact.parse(float(text))
    except FactError:
        raise ValidationError(message, code="number") from None
    return value if isinstance(value, int) and fact.type == "integer" else Decimal(text)


class LineField(LightField, forms.CharField):
    """Text. A long one is refused with its limit, and not cut off unseen where it is pasted in."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A box of several lines takes more than is allowed; the form says so."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        if isinstance(widget, forms.Textarea):
            attrs.pop("maxlength", None)
        return attrs


class TriStateField(LightField, forms.TypedChoiceField):
    """Yes, no or not known: `True`, `False`, `None`."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("yes", "Yes"), ("no", "No"), NOT_KNOWN]
        fixed: dict[str, Any] = {
            "coerce": lambda value: value == "yes",
            "empty_value": None,
            "required": False,
        }
        super().__init__(choices=choices, widget=forms.RadioSelect, **fixed, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored truth value as its radio."""
        return {True: "yes", False: "no", None: ""}.get(value, value)


class CodeField(LightField, forms.TypedChoiceField):
    """One of a fact's coded values, or not known (`""`): radios when they are few."""

    def __init__(
        self, choices: Iterable[tuple[str, str]], unknown: str = NOT_KNOWN[1], **kwargs: Any
    ) -> None:
        listed, empty = list(choices), ("", unknown)
        widget = forms.RadioSelect if len(listed) <= MOST_RADIOS else forms.Select
        kwargs.setdefault("required", False)
        if kwargs["required"]:
            options = listed if widget is forms.RadioSelect else [("", "Choose …"), *listed]
        else:
            options = [*listed, empty] if widget is forms.RadioSelect else [empty, *listed]
        super().__init__(choices=options, empty_value="", widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show what is not known as its own choice."""
        return "" if value is None else value


class NumberField(LightField):
    """A number within its fact's limits; the unit stands behind the box."""

    widget = forms.TextInput

    def __init__(self, fact: Fact, *, decimals: int = 2, **kwargs: Any) -> None:
        self.fact, self.unit, self.decimals = fact, fact.unit, decimals
        super().__init__(required=False, **kwargs)
        mode = "numeric" if fact.type == "integer" else "decimal"
        attrs = {"inputmode": mode, "autocomplete": "off", "maxlength": LONGEST_NUMBER, "class": "number"}
        self.widget.attrs.update(attrs)

    def prepare_value(self, value: Any) -> Any:
        """Numbers without trailing zeros; what was typed, as it was typed."""
        return value if value is None or isinstance(value, str) else plain(float(value))

    def clean(self, value: Any) -> int | Decimal | None:
        """The number, or `None` if the box is empty."""
        text = (value or "").strip()
        return read_number(self.fact, text, self.decimals) if text else None


class BoundsField(LightField, forms.CharField):
    """A number of the vocabulary as people write it: a value, a range or an open bound; `None` if empty."""

    def __init__(self, fact: Fact, **kwargs: Any) -> None:
        self.fact, self.unit = fact, fact.unit
        attrs = {"autocomplete": "off", "class": "words"}
        super().__init__(widget=forms.TextInput(attrs=attrs), max_length=60, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """What is known, in words that are read back to the same; what was typed, as it was typed."""
        if value is None or isinstance(value, str):
            return value
        return BoundedNumber.from_json(self.fact.as_json(value)).text()

    def clean(self, value: Any) -> BoundedNumber | None:
        """The number with its bounds, in the fact's unit."""
        words = super().clean(value)
        try:
            reading = READERS[self.fact.name](words)
        except Unreadable as error:
            raise ValidationError(f"{self.fact.label}: {error.message}.", code="invalid") from error
        if words and reading.value is None:
            raise ValidationError(f"{self.fact.label}: {' '.join(reading.cautions)}", code="unknown")
        return reading.value


READERS: Mapping[str, Callable[[object], AsWritten[BoundedNumber]]] = {
    "ki67": read_ki67,
    "mitotic_count": read_mitoses,
    "tumor_size_cm": read_size,
}
"""How each fact that may be known within bounds only is read."""


class ListWidget(forms.MultiWidget):
    """Not known, none or these, and the boxes to tick."""

    def __init__(self, choices: list[tuple[str, str]]) -> None:
        states = [("some", "These:"), ("none", "None"), NOT_KNOWN]
        super().__init__([forms.RadioSelect(choices=states), forms.CheckboxSelectMultiple(choices=choices)])

    def decompress(self, value: Iterable[str] | None) -> list[Any]:
        """A stored list as its state and its ticks."""
        chosen = list(value or [])
        return ["" if value is None else "some" if chosen else "none", chosen]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Any]:
        """Ticks without a state mean "these", so that the form is right without JavaScript too."""
        state, ticks = super().value_from_datadict(data, files, name)
        return ["some" if ticks and not state else state or "", ticks]


class ListField(forms.MultiValueField):
    """Several coded values: a list, `[]` for none, `None` for not known."""

    layout = "list"

    def __init__(self, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        self.listed = list(choices)
        parts = (
            forms.ChoiceField(choices=[("some", ""), ("none", ""), NOT_KNOWN], required=False),
            forms.MultipleChoiceField(choices=self.listed, required=False),
        )
        widget = ListWidget(self.listed)
        super().__init__(parts, widget=widget, required=False, require_all_fields=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A stored list as state and ticks; what was posted has that shape already."""
        posted = isinstance(value, list) and len(value) == 2 and isinstance(value[1], list)
        return value if posted else self.widget.decompress(value)

    def compress(self, data_list: list[Any]) -> list[str] | None:
        """Read state and ticks; "none" with a tick, or "these" without one, is refused."""
        state, ticks = data_list or ["", []]
        if state == "none" and ticks:
            text = f"{self.label}: “None” and a ticked box contradict each other."
            raise ValidationError(text, code="none_and_some")
        if state == "some" and not ticks:
            text = f"{self.label}: tick at least one box, or choose “None” or “Not known”."
            raise ValidationError(text, code="no_tick")
        return list(ticks) if state == "some" else [] if state == "none" else None


class DayField(LightField, forms.DateField):
    """A day, in any form that can be read in one way only."""

    unit = "e.g. 05-Mar-2026"

    def __init__(self, *, future: bool = False, **kwargs: Any) -> None:
        self.future = future
        attrs = {"autocomplete": "off", "maxlength": 30, "class": "day"}
        super().__init__(widget=forms.DateInput(format="%d-%b-%Y", attrs=attrs), **kwargs)
        self.error_messages["invalid"] = "Enter a date such as 05-Mar-2026, or leave it empty."
        if self.required:
            self.error_messages["invalid"] = "Enter a date such as 05-Mar-2026."

    def to_python(self, value: Any) -> datetime.date | None:
        """The day; what is no day, or could be two, is refused with what is wrong."""
        if isinstance(value, datetime.date):
            return value
        try:
            found = read_date(value).value
        except Unreadable as error:
            problem = f"{error.problem[:1].upper()}{error.problem[1:]}"
            raise ValidationError(f"{problem}. {self.error_messages['invalid']}", code="invalid") from error
        if found is not None and found.day is None:
            raise ValidationError(f"The day is missing. {self.error_messages['invalid']}", code="invalid")
        return None if found is None else found.first

    def validate(self, value: datetime.date | None) -> None:
        """Refuse days before 1890 and, where the field speaks of the past, days to come."""
        super().validate(value)
        if value and value.year < 1890:
            raise ValidationError("Enter a year from 1890 on.", code="too_early")
        if value and not self.future and value > timezone.localdate():
            raise ValidationError("This day has not come yet; enter today or an earlier day.", code="future")


class WordsField(LightField, forms.CharField):
    """A number as people write it; the part's readers say what it means, beside the box (`echo`)."""

    echoes, echo = True, ""

    def __init__(self, *, unit: str = "", **kwargs: Any) -> None:
        self.unit = unit
        attrs = {"autocomplete": "off", "class": "words"}
        super().__init__(widget=forms.TextInput(attrs=attrs), max_length=60, required=False, **kwargs)


class PartialDayField(LightField, forms.CharField):
    """A day, a month or a year, in any form that can be read in one way only."""

    unit = "e.g. 05-Mar-2026, 03/2026 or 2026"
    echoes, echo = True, ""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "class": "day"}
        super().__init__(widget=forms.TextInput(attrs=attrs), max_length=30, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A stored date in the words of every page; what was typed, as it was typed."""
        return str(value) if isinstance(value, PartialDate) else value

    def clean(self, value: Any) -> PartialDate | None:
        """The date as far as it is known; one to come is refused."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_date(text, today=timezone.localdate()).value
        except Unreadable as error:
            raise ValidationError(f"{error.problem}; allowed: {error.allowed}.", code="invalid") from error


class ListOfWordsField(LightField, forms.CharField):
    """A stored list that is typed as one line."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the line is another one than the stored list would be."""
        return (self.prepare_value(initial) or "") != (data or "").strip()


class PairsField(ListOfWordsField):
    """Names, each with something said of it: "CDX2+, TTF-1 focal", one after a semicolon or a line.

    Stored as a list of objects with the two `keys`. `names` are codes with their labels where only these are
    allowed; then what follows the name is the second key, else what `named_results` reads.
    """

    def __init__(self, keys: tuple[str, str], names: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        self.keys, self.names = keys, names or {}
        widget = forms.TextInput(attrs={"autocomplete": "off", "class": "line"})
        super().__init__(widget=widget, max_length=2000, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The stored list as one line."""
        if not isinstance(value, list):
            return value
        name, said = self.keys
        between = " " if self.names else ": "
        return "; ".join(
            between.join(filter(None, (self.names.get(one[name], one[name]), str(one.get(said) or ""))))
            for one in value
        )

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """One object for each entry; an unknown name is refused with those allowed."""
        line = super().clean(value) or ""
        if not self.names:
            return [self._object(name, said) for name, said in named_results(line)]
        return [self._entry(text.strip()) for text in re.split(r"[;\n]", line) if text.strip()]

    def _entry(self, text: str) -> dict[str, Any]:
        for code, label in sorted(self.names.items(), key=lambda one: -len(one[1])):
            for name in (label, code, code.replace("_", " ")):
                if text.casefold() == name.casefold() or text.casefold().startswith(f"{name.casefold()} "):
                    return self._object(code, text[len(name) :].strip())
        allowed = ", ".join(self.names.values())
        raise ValidationError(f"“{text}” is none of: {allowed}.", code="unknown")

    def _object(self, name: str, said: str) -> dict[str, Any]:
        return {self.keys[0]: name, **({self.keys[1]: said} if said else {})}


class AsksField(ListOfWordsField):
    """What the question is about: names of interventions, from a list that is searched while typing."""

    def __init__(self, interventions: Mapping[str, str], **kwargs: Any) -> None:
        self.interventions = interventions
        widget = forms.TextInput(attrs={"autocomplete": "off", "class": "line", "list": "interventions"})
        super().__init__(widget=widget, max_length=2000, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The stored codes as names."""
        if not isinstance(value, list):
            return value
        return "; ".join(self.interventions.get(code, code) for code in value)

    def clean(self, value: Any) -> list[str]:
        """Codes, each once; a name that is not there is refused with those that begin alike."""
        line = super().clean(value) or ""
        codes = [self._code(text.strip()) for text in line.split(";") if text.strip()]
        return list(dict.fromkeys(codes))

    def _code(self, text: str) -> str:
        wanted = text.casefold()
        found = [code for code, label in self.interventions.items() if wanted in (code, label.casefold())]
        near = found or [code for code, label in self.interventions.items() if wanted in label.casefold()]
        if len(near) == 1:
            return near[0]
        few = ", ".join(self.interventions[code] for code in near[:8])
        text = (
            f"“{text}” could be: {few}."
            if near
            else f"“{text}” is no drug, procedure or test of the guideline."
        )
        raise ValidationError(text, code="unknown")


def fact_field(name: str, *, decimals: int = 2, one_number: bool = False) -> forms.Field:
    """The form field of one fact: label, help, choices, unit and limits as the guideline defines them.

    `one_number`: the column behind it holds a number, though the fact may be known within bounds only.
    """
    fact = FACTS[name]
    kwargs: dict[str, Any] = {"label": fact.label, "help_text": fact.help}
    choices = [(choice.value, choice.label) for choice in fact.choices]
    match fact.type:
        case "bool":
            return TriStateField(**kwargs)
        case "enum":
            return CodeField(choices, **kwargs)
        case "list":
            return ListField(choices, **kwargs)
        case "range" if not one_number:
            return BoundsField(fact, **kwargs)
    return NumberField(fact, decimals=decimals, **kwargs)
