"""A draft decision between its forms and its content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.forms import BaseFormSet

from cases import choices
from cases.actions.deciding import Attendee, ConditionContent, DecisionContent, OptionContent, StepContent
from cases.forms.decision import ROWS, HeadForm, OptionForm, formset
from cases.screens.deciding import POSSIBLE, ChoiceRow, OptionGroup
from guidelines.answer.parts import Option
from guidelines.knowledge.model import Guideline

MOST_POSSIBLE = 6  # of what open facts decide, shown before "more"

Pairs = tuple[tuple[ChoiceRow, OptionForm], ...]


@dataclass(frozen=True)
class FormGroup:
    """A group of options, each with the board's choice on it."""

    group: OptionGroup
    rows: Pairs

    @property
    def is_used(self) -> bool:
        """Whether something is chosen in it: then it is not folded."""
        return any(form.is_used for _, form in self.rows)

    @property
    def shown(self) -> Pairs:
        """The rows in sight; of those that open facts decide, the first and what is chosen."""
        return tuple(pair for place, pair in enumerate(self.rows) if self._in_sight(place, pair[1]))

    @property
    def more(self) -> Pairs:
        """The other rows, folded."""
        return tuple(pair for place, pair in enumerate(self.rows) if not self._in_sight(place, pair[1]))

    def _in_sight(self, place: int, form: OptionForm) -> bool:
        return self.group is not POSSIBLE or place < MOST_POSSIBLE or form.is_used


@dataclass
class DecisionForms:
    """All forms of the page. `options`: one for each option of the answer."""

    head: HeadForm
    options: list[OptionForm]
    rows: dict[str, BaseFormSet[Any]]

    @classmethod
    def shown(
        cls,
        guideline: Guideline,
        content: DecisionContent,
        options: Iterable[Option],
        people: Iterable[Attendee],
    ) -> DecisionForms:
        """The forms before anything is typed: the draft's content, and `people` if it names none."""
        chosen = {option.statement_id: option for option in content.options if option.statement_id}
        initial = {
            "own": [vars_of(option, "title", "intervention", "reason_code", "reason_text")
                    for option in content.options if option.choice == choices.OptionChoice.OWN],
            "condition": [asdict(one) for one in content.conditions],
            "step": [vars_of(step, "text", "owner_name", "due_on") for step in content.next_steps],
            "person": [vars_of(person, "name", "role") for person in content.attendees or people],
        }  # fmt: skip
        return cls(
            HeadForm(initial={"intent": content.intent, "rationale": content.rationale}),
            [
                OptionForm(
                    verdict=option,
                    initial=vars_of(chosen[option.id], "choice", "reason_code", "reason_text")
                    if option.id in chosen
                    else None,
                )
                for option in options
            ],
            {name: formset(name, guideline, initial=initial[name]) for name in ROWS},
        )

    @classmethod
    def posted(cls, guideline: Guideline, data: Any, options: Iterable[Option]) -> DecisionForms:
        """The forms as they were sent."""
        return cls(
            HeadForm(data),
            [OptionForm(data, verdict=option) for option in options],
            {name: formset(name, guideline, data) for name in ROWS},
        )

    @property
    def everything(self) -> list[forms.Form]:
        """Every single form, in the order of the page."""
        return [self.head, *self.options, *(form for rows in self.rows.values() for form in rows.forms)]

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
            for bound in form:
                found += [
                    (str(bound.id_for_label or bound.auto_id), f"{about}{error}") for error in bound.errors
                ]
            found += [("", f"{about}{error}") for error in form.non_field_errors()]
        for rows in self.rows.values():
            found += [("", str(error)) for error in rows.non_form_errors()]
        return found

    def content(self, members: Mapping[str, User]) -> DecisionContent:
        """What to store; `members` by full name become the owners of their steps."""
        data = {name: [row.cleaned_data for row in self.filled(name)] for name in ROWS}
        own = [
            OptionContent("own", title=row["title"], intervention=row["intervention"],
                          reason_code=row["reason_code"], reason_text=row["reason_text"])
            for row in data["own"]
        ]  # fmt: skip
        taken = [option for form in self.options if (option := option_of(form))]
        steps = [
            StepContent(row["text"], row["owner_name"], pk_of(members.get(row["owner_name"])), row["due_on"])
            for row in data["step"]
        ]
        return DecisionContent(
            intent=self.head.cleaned_data["intent"],
            rationale=self.head.cleaned_data["rationale"],
            options=(*taken, *own),
            conditions=tuple(ConditionContent(**row) for row in data["condition"]),
            next_steps=tuple(steps),
            attendees=tuple(Attendee(row["name"], row["role"]) for row in data["person"]),
        )

    def filled(self, name: str) -> list[forms.Form]:
        """The rows that say something."""
        key = ROWS[name][1]
        return [row for row in self.rows[name].forms if row.cleaned_data.get(key)]


def option_of(form: OptionForm) -> OptionContent | None:
    """What the board makes of an option, or `None` if it was not discussed."""
    data = form.cleaned_data
    if not data["choice"]:
        return None
    return OptionContent(
        data["choice"], form.verdict.id, reason_code=data["reason_code"], reason_text=data["reason_text"]
    )


def vars_of(thing: Any, *names: str) -> dict[str, Any]:
    """Some attributes as a dictionary."""
    return {name: getattr(thing, name) for name in names}


def pk_of(user: User | None) -> int | None:
    """The key of a user, if there is one."""
    return user.pk if user else None
