"""How a list is read, as a form: its sheet and headers, what each column fills, what its words mean."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms

from cases.forms.base import ChartForm

AS_FOUND = ("", "As found")
NOT_KNOWN = "-"  # of a word: it says nothing
TYPES = ".csv,.txt,.tsv,.xlsx,.xlsm,.jsonl,.ndjson"
STAYS_OPEN = ("", "Choose …")


class Question(Protocol):
    """What has to be answered for a column."""

    @property
    def kind(self) -> str: ...
    @property
    def header(self) -> str: ...
    @property
    def words(self) -> Mapping[str, int]: ...
    @property
    def allowed(self) -> Mapping[str, str]: ...
    @property
    def say_nothing(self) -> Collection[str]: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """A column with the field it fills, in words, "" where it is left out; and its first few cells.
    `is_proposed`: nobody has said yet that it fills that field.
    """

    header: str
    field: str
    examples: str
    is_proposed: bool = False


class UploadForm(ChartForm):
    """A list, and how it is read."""

    heading = "h2"

    list = forms.FileField(
        label="List",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": TYPES, "class": "form-control"}),
        help_text="CSV or XLSX, a row a case, or case files as JSON Lines; up to 8 MB and 10,000 rows.",
        error_messages={
            "required": "List: choose a CSV, XLSX or JSON Lines file of at most 8 MB.",
            "invalid": "List: choose a CSV, XLSX or JSON Lines file of at most 8 MB.",
        },
    )
    reading = forms.ChoiceField(
        label="Read as", required=False, help_text="How such a list was read before; its columns tell."
    )

    def __init__(self, *args: Any, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "As its columns tell"), *((name, name) for name in names)]
        self.fields["reading"].choices = choices  # type: ignore[attr-defined]


class ReadingForm(forms.Form):
    """How one list is read. `columns` and `questions` are the list's own; `answered`: what was answered
    before, by a key and in words.
    """

    use_required_attribute = False

    name = forms.CharField(
        label="Name",
        max_length=80,
        widget=forms.TextInput(attrs={"class": "line"}),
        help_text="Under which the board finds it again for the next such list.",
    )
    header_row = forms.IntegerField(label="Row of the headers", min_value=1, max_value=10_000, required=False)
    question = forms.CharField(
        label="Question of new cases",
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"class": "line"}),
        help_text="For rows that do not say what is asked of the board.",
    )

    def __init__(
        self,
        *args: Any,
        sheets: Sequence[str],
        encodings: Mapping[str, str],
        separators: Mapping[str, str],
        columns: Sequence[ColumnShown],
        questions: Sequence[Question],
        answered: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if answered:
            self.fields["again"] = forms.MultipleChoiceField(
                label="Answered; tick what to ask again",
                required=False,
                choices=answered,
                widget=forms.CheckboxSelectMultiple,
            )
        self.columns, self.questions = columns, questions
        if len(sheets) > 1:
            self.fields["sheet"] = forms.ChoiceField(label="Sheet", choices=[(one, one) for one in sheets])
        if encodings:
            self._choice("encoding", "Encoding", encodings)
            self._choice("separator", "Separator", separators)
        for place, column in enumerate(columns):
            self.fields[f"column_{place}"] = forms.CharField(
                label=column.header,
                required=False,
                max_length=120,
                initial=column.field,
                widget=forms.TextInput(attrs={"list": "fields", "autocomplete": "off", "class": "line"}),
            )
        for number, question in enumerate(questions):
            self._ask(number, question)

    def _choice(self, name: str, label: str, choices: Mapping[str, str]) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label, required=False, choices=[AS_FOUND, *choices.items()]
        )

    def _ask(self, number: int, question: Question) -> None:
        if question.kind != "values":
            self.fields[f"answer_{number}"] = forms.ChoiceField(
                label=question.text,
                required=False,
                choices=list(question.allowed.items()),
                widget=forms.RadioSelect,
            )
            return
        for place, word in enumerate(question.words):
            label = f"{question.header}: {word}"
            offered = () if word in question.say_nothing else question.allowed.items()
            choices = [STAYS_OPEN, *offered, (NOT_KNOWN, "Not known")]
            self.fields[f"word_{number}_{place}"] = forms.ChoiceField(
                label=label, required=False, choices=choices
            )

    def file_boxes(self) -> Iterator[forms.BoundField]:
        """The boxes on the file as a whole."""
        names = ("name", "sheet", "header_row", "encoding", "separator", "question")
        return (self[name] for name in names if name in self.fields)

    def column_boxes(self) -> Iterator[tuple[ColumnShown, forms.BoundField]]:
        """Each column with its box."""
        return ((column, self[f"column_{place}"]) for place, column in enumerate(self.columns))

    def question_boxes(self) -> Iterator[tuple[Question, list[tuple[str, int, forms.BoundField]]]]:
        """Each question with its boxes: for words each with how many rows have it."""
        for number, question in enumerate(self.questions):
            if question.kind == "values":
                words = enumerate(question.words.items())
                boxes = [(word, count, self[f"word_{number}_{at}"]) for at, (word, count) in words]
            else:
                boxes = [("", 0, self[f"answer_{number}"])]
            yield question, boxes

    def problems(self) -> list[tuple[str, str]]:
        """Every error with the id of the box it stands at."""
        found = [("", str(message)) for message in self.non_field_errors()]
        for bound in (self[name] for name in self.fields if name in self.errors):
            found += [(str(bound.id_for_label), f"{bound.label}: {error}") for error in bound.errors]
        return found

    def columns_said(self) -> dict[str, str]:
        """Header → what its box says."""
        return {
            column.header: self.cleaned_data.get(f"column_{place}", "").strip()
            for place, column in enumerate(self.columns)
        }

    def answers(self) -> tuple[dict[str, dict[str, str]], dict[str, str], dict[str, str]]:
        """What was answered: words by column, units by column, orders of dates by column."""
        words: dict[str, dict[str, str]] = {}
        numbers: dict[str, dict[str, str]] = {"units": {}, "dates": {}}
        for number, question in enumerate(self.questions):
            if question.kind == "values":
                for place, word in enumerate(question.words):
                    if code := self.cleaned_data.get(f"word_{number}_{place}"):
                        words.setdefault(question.header, {})[word] = "" if code == NOT_KNOWN else code
            elif answer := self.cleaned_data.get(f"answer_{number}"):
                numbers[question.kind][question.header] = answer
        return words, numbers["units"], numbers["dates"]
