"""A draft decision between its forms and its content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.forms import BaseFormSet, BoundField

from cases import choices
from cases.actions.deciding import (
    Attendee,
    ConditionContent,
    DecisionContent,
    DissentContent,
    OptionContent,
    StepContent,
    Votes,
)
from cases.forms.decision import ROWS, VOTES, HeadForm, OptionForm, formset
from cases.forms.keys import LINE_KEYS, ROW_KEYS, PageKey
from cases.screens.deciding import ChoiceRow, OptionGroup
from cases.views.problems import problems_of
from guidelines.answer.parts import Option
from guidelines.knowledge.model import Guideline

PRESENT = "person"  # rows for who was there, where no roll call says it
IN_HEAD = ("intent", "rationale", "trial_considered", "trial_words", "wishes_considered", "wishes_words")


@dataclass(frozen=True)
class Chosen:
    """What stands at an option, as stored or as sent; `errors`: the ids of its fields with what is wrong."""

    choice: str = ""
    reason_code: str = ""
    reason_text: str = ""
    errors: tuple[tuple[str, str], ...] = ()

    @property
    def is_used(self) -> bool:
        """Whether something is chosen, typed or wrong."""
        return self != NOTHING


NOTHING = Chosen()
KINDS = {
    "own": ("The board's own options", "option"),
    "condition": ("Conditions", "condition"),
    "step": ("Next steps", "step"),
    "dissent": ("Dissent", "dissent"),
    PRESENT: ("Present", "person"),
}
IN_LINES = {
    "vote": ("Vote", VOTES),
    "trial": ("Trial considered", ("trial_considered", "trial_words")),
    "wishes": ("Patient's wishes considered", ("wishes_considered", "wishes_words")),
}
Pairs = tuple[tuple[ChoiceRow, Chosen], ...]


@dataclass(frozen=True)
class FormGroup:
    """A group of options, each with the board's choice on it. `leads`: it is the first of those in sight."""

    group: OptionGroup
    rows: Pairs
    leads: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it leads, or something is chosen in it: then it is not folded."""
        return self.leads or any(chosen.is_used for _, chosen in self.rows)


@dataclass(frozen=True)
class RowsOfKind:
    """Rows that grow, folded to a line until one is used. `key` opens them."""

    kind: str
    title: str
    noun: str
    key: PageKey
    rows: BaseFormSet[Any]
    is_used: bool

    @property
    def filled(self) -> int:
        """How many rows say something."""
        return sum(bool(row[ROWS[self.kind][1]].value()) for row in self.rows.forms)


@dataclass(frozen=True)
class AskedInHead:
    """A line of the page that is asked once."""

    code: str
    title: str
    key: PageKey
    fields: tuple[BoundField, ...]

    @property
    def is_used(self) -> bool:
        """Whether something stands in it, or is wrong."""
        return any(field.errors or field.value() not in (None, "") for field in self.fields)


@dataclass
class DecisionForms:
    """Everything that the page asks. `chosen`: what stands at the options, by statement; `options`: the forms
    of those of them that were sent.
    """

    head: HeadForm
    chosen: Mapping[str, Chosen]
    options: Mapping[str, OptionForm]
    rows: dict[str, BaseFormSet[Any]]

    @classmethod
    def shown(
        cls, guideline: Guideline, content: DecisionContent, people: Iterable[Attendee] | None
    ) -> DecisionForms:
        """The page before anything is typed: the draft's content. `people`: who is there, if the draft names
        nobody; None where the roll call says it.
        """
        names = {code: one.label for code, one in guideline.interventions.items()}
        own = [option for option in content.options if option.choice == choices.OptionChoice.OWN]
        initial = {
            "own": [
                {**asdict(option), "intervention": names.get(option.intervention, option.intervention)}
                for option in own
            ],
            "condition": [asdict(one) for one in content.conditions],
            "step": [asdict(step) for step in content.next_steps],
            "dissent": [asdict(one) for one in content.dissents],
        }
        if people is not None:
            initial[PRESENT] = [asdict(person) for person in content.attendees or people]
        votes = content.votes
        counted = (votes.in_favor, votes.against, votes.abstained) if votes else ()
        return cls(
            HeadForm(
                initial={name: getattr(content, name) for name in IN_HEAD}
                | dict(zip(VOTES, counted, strict=False))
            ),
            {
                option.statement_id: Chosen(option.choice, option.reason_code, option.reason_text)
                for option in content.options
                if option.statement_id
            },
            {},
            {name: formset(name, guideline, initial=rows) for name, rows in initial.items()},
        )

    @classmethod
    def posted(cls, guideline: Guideline, data: Any, options: Iterable[Option]) -> DecisionForms:
        """The page as it was sent. What it had no rows for has none."""
        sent = {
            option.id: OptionForm(data, verdict=option)
            for option in options
            if OptionForm.is_sent(data, option)
        }
        kinds = [name for name in ROWS if f"{name}-TOTAL_FORMS" in data or name != PRESENT]
        return cls(
            HeadForm(data),
            {name: _as_sent(form) for name, form in sent.items()},
            sent,
            {name: formset(name, guideline, data) for name in kinds},
        )

    def folds(self, added: str = "") -> Iterator[RowsOfKind]:
        """The rows by kind. `added`: the kind that a row was just added to."""
        for kind, rows in self.rows.items():
            title, noun = KINDS[kind]
            used = kind == added or (rows.is_bound and not rows.is_valid()) or bool(rows.initial_form_count())
            fold = RowsOfKind(kind, title, noun, ROW_KEYS[kind], rows, used)
            yield replace(fold, is_used=used or bool(fold.filled))

    def asked_once(self) -> Iterator[AskedInHead]:
        """The vote, the trial, the patient's wishes."""
        for code, (title, names) in IN_LINES.items():
            yield AskedInHead(code, title, LINE_KEYS[code], tuple(self.head[name] for name in names))

    @property
    def everything(self) -> list[forms.Form]:
        """Every single form, in the order of the page."""
        rows = (form for found in self.rows.values() for form in found.forms)
        return [*self.options.values(), self.head, *rows]

    def is_valid(self) -> bool:
        """Whether all of them are; each says at its field what is wrong."""
        return all(
            [form.is_valid() for form in self.everything] + [rows.is_valid() for rows in self.rows.values()]
        )

    def problems(self) -> list[tuple[str, str]]:
        """Every error with the id of its field."""
        found = []
        for form in self.everything:
            about = f"{form.verdict.intervention_label}: " if isinstance(form, OptionForm) else ""
            found += [(name, f"{about}{text}") for name, text in problems_of(form)]
        for rows in self.rows.values():
            found += [("", str(error)) for error in rows.non_form_errors()]
        return found

    def content(self, members: Mapping[str, User], attendees: tuple[Attendee, ...]) -> DecisionContent:
        """What to store. `members` by full name become the owners of their steps; `attendees` are kept where
        the page does not ask who was there.
        """
        head = self.head.cleaned_data
        data = {name: [row.cleaned_data for row in self.filled(name)] for name in self.rows}
        own = [OptionContent(choices.OptionChoice.OWN, **row) for row in data["own"]]
        taken = [option for form in self.options.values() if (option := option_of(form))]
        steps = [
            StepContent(row["text"], row["owner_name"], pk_of(members.get(row["owner_name"])), row["due_on"])
            for row in data["step"]
        ]
        if PRESENT in data:
            attendees = tuple(Attendee(**row) for row in data[PRESENT])
        return DecisionContent(
            **{name: head[name] for name in IN_HEAD},
            options=(*taken, *own),
            conditions=tuple(ConditionContent(**row) for row in data["condition"]),
            next_steps=tuple(steps),
            attendees=attendees,
            dissents=tuple(DissentContent(**row) for row in data["dissent"]),
            votes=votes_of(head),
        )

    def filled(self, name: str) -> list[forms.Form]:
        """The rows that say something."""
        key = ROWS[name][1]
        return [row for row in self.rows[name].forms if row.cleaned_data.get(key)]


def _as_sent(form: OptionForm) -> Chosen:
    choice, code, text = (form[name].value() or "" for name in ("choice", "reason_code", "reason_text"))
    return Chosen(choice, code, text, tuple(problems_of(form)))


def option_of(form: OptionForm) -> OptionContent | None:
    """What the board makes of an option, or `None` if it was not discussed."""
    data = form.cleaned_data
    if not data["choice"]:
        return None
    return OptionContent(
        data["choice"], form.verdict.id, reason_code=data["reason_code"], reason_text=data["reason_text"]
    )


def votes_of(head: Mapping[str, Any]) -> Votes | None:
    """The vote that was counted, if there was one; nobody named as abstaining is nobody."""
    in_favor, against, abstained = (head[name] for name in VOTES)
    return None if in_favor is None else Votes(in_favor, against, abstained or 0)


def pk_of(user: User | None) -> int | None:
    """The key of a user, if there is one."""
    return user.pk if user else None
