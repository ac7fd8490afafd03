"""What the forms of the record share: fields from the guideline, one layout, errors naming their fields."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar, TypeAlias, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, LayoutObject
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import ModelFormMetaclass, construct_instance
from django.http import QueryDict
from django.utils import timezone

from cases.casefile.shape import RecordPart
from cases.filing import DECLARED, board_of, read_stored
from cases.forms import fills
from cases.forms.arranging import AS_DECLARED, Arrangement, arranged
from cases.forms.fields import (
    CodeField,
    DayField,
    LineField,
    ListField,
    NumberField,
    PartialDayField,
    TriStateField,
    WordsField,
    fact_field,
)
from cases.forms.light import LightFields
from cases.models import Patient
from cases.models.base import Stamped
from cases.models.columns import PartialDateField, WrittenField
from cases.parts import Sections
from cases.reading import BoundedNumber, PartialDate
from guidelines.vocabulary.facts import FACTS, Fact, FactType

Column: TypeAlias = "models.Field[Any, Any]"

SHORT = 12  # characters that need no box across the page


def text_field(db_field: Column, **kwargs: Any) -> forms.Field:
    """A box for text: several lines for a text column, one line within the column's length for the others."""
    if isinstance(db_field, models.TextField):
        return LineField(max_length=db_field.max_length, widget=forms.Textarea(attrs={"rows": 2}), **kwargs)
    short = (db_field.max_length or SHORT + 1) <= SHORT
    attrs = {"autocomplete": "off", "class": "words" if short else "line"}
    return LineField(max_length=db_field.max_length, widget=forms.TextInput(attrs=attrs), **kwargs)


def form_field(db_field: Column, **_: Any) -> forms.Field | None:
    """The form field of a column: a fact's from its definition, the others by their type."""
    if isinstance(db_field, WrittenField):
        return WordsField(**worded(db_field), help_text=db_field.help_text)
    if isinstance(db_field, PartialDateField):
        return PartialDayField(label=str(db_field.verbose_name), help_text=db_field.help_text)
    if isinstance(db_field, models.JSONField) and db_field.name == "sites":
        listed = [(one.value, one.label) for one in FACTS["metastatic_sites"].choices]
        return ListField(listed, label=str(db_field.verbose_name))
    if isinstance(db_field, models.PositiveIntegerField | models.PositiveSmallIntegerField) and (
        db_field.name not in FACTS
    ):
        return quantity(str(db_field.verbose_name), "", 0, whole=True)
    if db_field.name in FACTS:
        decimals = getattr(db_field, "decimal_places", None) or 2
        return fact_field(db_field.name, decimals=decimals, one_number=True)
    label = str(db_field.verbose_name)
    kwargs: dict[str, Any] = {"label": label, "help_text": db_field.help_text, "required": not db_field.blank}
    if db_field.choices:
        return CodeField([(code, str(text)) for code, text in db_field.choices if code != ""], **kwargs)
    if isinstance(db_field, models.BooleanField):
        return TriStateField(label=label)
    if isinstance(db_field, models.DateField):
        return DayField(**kwargs)
    if isinstance(db_field, models.CharField | models.TextField):
        return text_field(db_field, **kwargs)
    raise TypeError(f"{db_field.name}: say in the form how this column is entered")


def worded(db_field: Column) -> dict[str, str]:
    """Label and unit of a written number, from the fact that it states."""
    declared = DECLARED[cast(type[Stamped], db_field.model)].by_name[db_field.name]
    if not declared.fact or declared.fact == "tmb":
        return {"label": str(db_field.verbose_name)}
    return {"label": FACTS[declared.fact].label, "unit": FACTS[declared.fact].unit}


def quantity(
    label: str, unit: str, minimum: float, *, whole: bool = False, above: bool = False
) -> NumberField:
    """A number of the record that is no fact of the guideline."""
    kind: FactType = "integer" if whole else "number"
    fact = Fact(label, label, kind, "clinical", unit=unit, minimum=minimum, exclusive_minimum=above)
    return NumberField(fact, decimals=1, label=label)


def says_something(shown: Any) -> bool:
    """Whether a box that shows this is not empty; a list shows its state and its ticks."""
    return any(shown) if isinstance(shown, list) else shown not in (None, "")


class FormSection(Fieldset):
    """A section of a form, with the blocks of it that one act answers."""

    template = "components/section.html"

    def __init__(self, title: str, names: Iterable[str | LayoutObject], offers: list[fills.Offer]) -> None:
        super().__init__(title, *names, css_class="section")
        self.offers = offers


class ChartLayout(FormHelper):
    """Every form of the record: sections with their fields, each drawn by one template."""

    form_tag = False
    disable_csrf = True
    field_template = "components/field.html"
    form_show_errors = False  # the page shows the summary, the field template the message

    def __init__(
        self,
        sections: Sections,
        offers: Mapping[str, list[fills.Offer]] | None = None,
        arrangement: Arrangement = AS_DECLARED,
        held: Collection[str] = (),
    ) -> None:
        super().__init__()
        self._waiting = [offer for listed in (offers or {}).values() for offer in listed]
        self.layout = Layout(*arranged(sections, arrangement, held, self._section))

    def _section(self, title: str, boxes: Iterable[str | LayoutObject]) -> FormSection:
        """A section; a block that one act answers stands at the first section that has a box of it."""
        drawn = list(boxes)
        names = {box if isinstance(box, str) else box.fields[0] for box in drawn}
        offers = [offer for offer in self._waiting if names & set(offer.fill.fields)]
        self._waiting = [offer for offer in self._waiting if offer not in offers]
        return FormSection(title, drawn, offers)


class ChartForm(forms.Form):
    """A form laid out as a chart; a subclass names its sections."""

    sections: ClassVar[Sections] = ()
    heading = "h3"  # of a section, below the page's own headings
    use_required_attribute = False

    @property
    def helper(self) -> ChartLayout:
        """How crispy draws this form."""
        return ChartLayout(self.sections)

    def problems(self) -> list[tuple[str, str]]:
        """Every error with the id of the field it stands at ("" for the form as a whole)."""
        found = [("", str(message)) for message in self.non_field_errors()]
        for bound in (self[name] for name in self.fields if name in self.errors):
            for error in bound.errors:
                text = str(error) if str(error).startswith(str(bound.label)) else f"{bound.label}: {error}"
                found.append((str(bound.auto_id), text))
        return found


def echo(part: RecordPart, name: str, field: forms.Field) -> str:
    """What the readers made of a box, where the words do not say it plainly, and their cautions: "Read as
    13.4 per 2 mm².".
    """
    value, cautions = part.says(name), part.careful.get(name, ())
    said = ""
    if isinstance(value, BoundedNumber):
        understood = value.text(getattr(field, "unit", ""))
        plainly = {understood.replace(" ", ""), value.text().replace(" ", "")}
        if part.words.get(name, "").replace(" ", "") not in plainly:
            said = f"Read as {understood}."
    elif isinstance(value, PartialDate) and value.day is None:
        said = f"Read as {value}; {'the day is' if value.month else 'day and month are'} not known."
    return " ".join([said, *cautions]).strip()


class PartFormMetaclass(ModelFormMetaclass):
    """Prepares what is the same of every form of a class."""

    base_fields: LightFields

    def __new__(mcs, *args: Any, **kwargs: Any) -> PartFormMetaclass:
        made: PartFormMetaclass = super().__new__(mcs, *args, **kwargs)
        made.base_fields = LightFields(made.base_fields)
        for field in made.base_fields.values():
            if isinstance(field.widget, forms.TextInput | forms.Textarea):
                field.widget.attrs.setdefault("placeholder", " ")  # so that paper leaves an empty box out
        return made


class PartForm(ChartForm, forms.ModelForm, metaclass=PartFormMetaclass):
    """A part of the record. `version` is the stored part's at the time the form was shown."""

    # Fields that make sense only with certain values of another one:
    # name → (the other field, those values, what the field belongs to, in words)
    only_with: ClassVar[Mapping[str, tuple[str, tuple[str, ...], str]]] = {}

    blocks: ClassVar[tuple[fills.Fill, ...]] = ()
    filled: tuple[str, ...] | None = None  # what `fill_in` has answered

    arrangement: Arrangement = AS_DECLARED
    """How it is laid out for its case."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        if not self.is_bound and self.is_read:
            self._say_what_was_read(self._read()[0])

    @property
    def helper(self) -> ChartLayout:
        """How crispy draws this form, with its blocks that one act answers."""
        code = self.data.get(fills.FILL, "") if self.is_bound else ""
        offers = fills.offers(self.offered(), self.fields, self.filled, code)
        return ChartLayout(self.sections, offers, self.arrangement, self.held())

    def arrange(self, arrangement: Arrangement) -> None:
        """Lay it out for its case."""
        self.arrangement = arrangement
        for name, text in arrangement.beside.items():
            self.fields[name].help_text = f"{self.fields[name].help_text} {text}".strip()

    def held(self) -> set[str]:
        """The fields that hold a value, or an error."""
        return {name for name in self.fields if name in self.errors or says_something(self[name].value())}

    def offered(self) -> tuple[fills.Fill, ...]:
        """The blocks that one act answers, as far as they make sense for this case."""
        return self.blocks

    @classmethod
    def filled_in(cls, posted: QueryDict, instance: Stamped, arrangement: Arrangement) -> PartForm:
        """The form as it was sent, with what its button asks for; nothing of it is saved. What the record
        says already, and what only other cases have, is no empty box.
        """
        sent = posted.copy()
        shown = cls(instance=instance)
        elsewhere = {*arrangement.known, *arrangement.foreign}
        filled = fills.apply(sent, shown.offered(), shown.fields, elsewhere)
        form = cls(sent, instance=instance)
        form.filled = filled
        return form

    @property
    def is_read(self) -> bool:
        """Whether it is a part that the readers of the case file read."""
        return type(self.instance) in DECLARED and not isinstance(self.instance, Patient)

    @property
    def is_untouched(self) -> bool:
        """Whether it was sent with nothing in it that it was not shown with."""
        return not set(self.changed_data) - {"version"}

    def _post_clean(self) -> None:
        # As Django does it, but for the database's constraints: each is a query, and a preview comes with
        # every keystroke. The action asks them. Columns that are unique by themselves are in no form.
        form = cast(Any, self)  # Django's own hooks, which its types leave out
        form.instance = construct_instance(form, form.instance, form._meta.fields, form._meta.exclude)
        try:
            form.instance.clean_fields(exclude=form._get_validation_exclusions())
        except ValidationError as error:
            form._update_errors(error)
        self._read_as_a_whole()

    def _read_as_a_whole(self) -> None:
        """Let the readers of the case file look at the part: what they refuse stands at its field, what they
        understood beside it.
        """
        if not self.is_read:
            return
        read, faults = self._read()
        for name, message in faults.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, f"{self._in_labels(message)}.")
        self._say_what_was_read(read)

    def _in_labels(self, message: str) -> str:
        """A reader's message with the labels of this form instead of the keys of the case file."""
        for name, field in self.fields.items():
            if "_" in name:
                message = re.sub(rf"\b{name}\b", f"“{field.label}”", message)
        return f"{message[:1].upper()}{message[1:]}"

    def _read(self) -> tuple[RecordPart, dict[str, str]]:
        return read_stored(self.instance, board_of(self.instance), timezone.localdate())

    def _say_what_was_read(self, part: RecordPart) -> None:
        for name, field in self.fields.items():
            if isinstance(field, WordsField | PartialDayField):
                field.echo = echo(part, name, field)

    def clean(self) -> dict[str, Any]:
        """Refuse what does not belong together, at the field that is to be emptied."""
        cleaned = super().clean() or self.cleaned_data
        for name, (other, values, belongs) in self.only_with.items():
            if cleaned.get(name) not in (None, "", []) and cleaned.get(other) not in values:
                label = self.fields[name].label
                text = f"{label} belongs to {belongs} only; empty it, or correct the other field."
                self.add_error(name, text)
        return cleaned

    def echoed(self) -> list[forms.BoundField]:
        """The boxes with what they were understood as; what cannot be read says why."""
        found = [self[name] for name, field in self.fields.items() if getattr(field, "echoes", False)]
        for box in found:
            if box.errors:
                box.field.echo = " ".join(map(str, box.errors))  # type: ignore[attr-defined]
        return found

    def valid_part(self) -> Stamped:
        """The part as it would be if it were saved now, unsaved; what is not valid counts as not known."""
        for name in self.errors:
            if name in self.fields and name != "version":
                self.forget(name)
        return cast(Stamped, self.instance)

    def forget(self, name: str) -> None:
        """Set a field of the unsaved part to not known."""
        column = self.instance._meta.get_field(name)
        setattr(self.instance, name, None if column.null else column.get_default())

    def values(self) -> dict[str, Any]:
        """The columns and what to store in them; only after validation."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
