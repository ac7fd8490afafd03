"""What if: change any fact of a case in thought and see what appears, disappears and changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.actions.access_log import log_read
from cases.forms.what_if import LINE_CHOICES, MOVED, STRIP, UNKNOWN, WhatIfForm, in_field
from cases.views.chart import Chart, open_chart
from cases.views.entry import get_or_post
from guidelines.answer.assessment import assess
from guidelines.answer.parts import Assessment
from guidelines.engine.pivots import Change, changes, pivots, statuses
from guidelines.knowledge.labels import AGREEMENTS, SETTINGS, STANCES, STATUSES
from guidelines.knowledge.model import Guideline, Statement
from guidelines.show.strip import strip
from guidelines.vocabulary.facts import FACTS, FactsInvalid, Value
from guidelines.vocabulary.parsing import parse_facts

MOST_TURNS = 6
WORDS = {**STATUSES, "excluded": "Not shown"}
GROUPS = {"appears": "Appears", "changes": "Changes", "disappears": "Disappears"}


@dataclass(frozen=True)
class ChangedStatement:
    """A statement whose status differs, today's and the supposed one in words."""

    statement: Statement
    change: Change
    today: str
    then: str

    @property
    def intervention(self) -> str:
        return self.statement.label

    @property
    def setting(self) -> str:
        return SETTINGS[self.statement.setting]

    @property
    def stance(self) -> str:
        return STANCES[self.statement.stance]

    @property
    def agreement(self) -> str:
        return AGREEMENTS[self.statement.agreement]


@dataclass(frozen=True)
class Supposition:
    """A case as recorded beside the case as supposed."""

    today: Assessment
    then: Assessment
    changed: tuple[tuple[str, str, str], ...]
    groups: tuple[tuple[str, tuple[ChangedStatement, ...]], ...]
    same: int

    @property
    def in_short(self) -> str:
        """ "Appears: 2. Disappears: 1.": what is read out after a change."""
        counted = " ".join(f"{title}: {len(lines)}." for title, lines in self.groups)
        return counted or "No statement appears, disappears or changes."

    @property
    def new_cautions(self) -> list[tuple[str, str]]:
        """What the caution is about, and its words, for every caution that today's answer does not hold."""
        today = set(cautions_of(self.today))
        return [one for one in cautions_of(self.then) if one not in today]

    @property
    def no_longer_covered(self) -> list[str]:
        return [text for text in self.then.not_covered if text not in self.today.not_covered]

    @property
    def now_covered(self) -> list[str]:
        return [text for text in self.today.not_covered if text not in self.then.not_covered]


def cautions_of(assessment: Assessment) -> list[tuple[str, str]]:
    """Subject and words of every caution of an answer."""
    found = [("Classification", text) for text in assessment.classification.cautions]
    found += [(one.intervention_label, text) for one in assessment.recommendations for text in one.cautions]
    return found


def suppose(
    guideline: Guideline, recorded: Mapping[str, Value], supposed: Mapping[str, Value]
) -> Supposition:
    """What differs between two sets of facts."""
    before = statuses(guideline, recorded)
    altered = changes(before, statuses(guideline, supposed))
    lines = [
        ChangedStatement(guideline.statement(one.statement), one, WORDS[one.before], WORDS[one.after])
        for one in altered
    ]
    return Supposition(
        assess(guideline, recorded),
        assess(guideline, supposed),
        tuple(facts_changed(recorded, supposed)),
        tuple(
            (title, found)
            for kind, title in GROUPS.items()
            if (found := tuple(line for line in lines if line.change.kind == kind))
        ),
        sum(status != "excluded" for status in before.values())
        - sum(one.before != "excluded" for one in altered),
    )


def facts_changed(
    recorded: Mapping[str, Value], supposed: Mapping[str, Value]
) -> Iterable[tuple[str, str, str]]:
    """Label, recorded value and supposed value of every fact that differs."""
    for name, fact in FACTS.items():
        if recorded.get(name) != supposed.get(name):
            yield fact.label, fact.show(recorded.get(name)), fact.show(supposed.get(name))


def read(guideline: Guideline, form: WhatIfForm, tried: str) -> tuple[dict[str, Value], list[str]]:
    """The supposed facts, and what is wrong with them in words; a value to try replaces the form's own."""
    form.is_valid()
    problems = [text for place, text in form.problems() if place]
    raw = form.raw_facts()
    name, _, position = tried.partition(":")
    if name in FACTS and position.isdecimal():
        turns = {pivot.fact.name: pivot.turns for pivot in pivots(guideline, form.recorded)}
        if len(position) < 4 and int(position) < len(turns.get(name, ())):
            raw[name] = FACTS[name].as_json(turns[name][int(position)].value)
    try:
        return parse_facts(raw), problems
    except FactsInvalid as invalid:
        return dict(form.recorded), problems + [
            f"{FACTS[error.fact].label}: {error.message}" if error.fact in FACTS else str(error)
            for error in invalid.errors
        ]


def shown_form(recorded: Mapping[str, Value], supposed: Mapping[str, Value]) -> WhatIfForm:
    """The form with the supposed facts in its fields."""
    initial: dict[str, Any] = {name: in_field(name, supposed.get(name)) for name in FACTS if name != STRIP}
    form = WhatIfForm(recorded=recorded, initial=initial)
    value = supposed.get(STRIP)
    if value != recorded.get(STRIP):
        form.initial["line_choice"] = UNKNOWN if value is None else MOVED
        if isinstance(value, int | float):
            form.initial["line"] = round(value)
    return form


@get_or_post
def what_if(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The page; a post shows the supposed facts beside the recorded ones and stores nothing."""
    chart = open_chart(request, uid)
    recorded = chart.facts.values
    if request.method != "POST":
        log_read(by=chart.user, case=chart.case, page="what-if")
        context = answer(chart, recorded, []) | page_of(chart, WhatIfForm(recorded=recorded))
        return render(request, "entry/what_if.html", context)
    form = WhatIfForm(request.POST, recorded=recorded)
    supposed, problems = read(chart.guideline, form, request.POST.get("try", ""))
    context = answer(chart, supposed, problems)
    if request.headers.get("HX-Request"):
        line = {"swap": True, "choice": form.line_counts_as, "at": form.cleaned_data.get("line")}
        return render(request, "entry/_what_if.html", context | line)
    context |= page_of(chart, form if problems else shown_form(recorded, supposed))
    return render(request, "entry/what_if.html", context)


def answer(chart: Chart, supposed: Mapping[str, Value], problems: list[str]) -> dict[str, Any]:
    """Today beside what if, and the line."""
    recorded = chart.facts.values
    return {
        "supposition": suppose(chart.guideline, recorded, supposed),
        "strip": strip(chart.guideline, STRIP, recorded.get(STRIP), supposed.get(STRIP)),
        "problems": problems,
        "case": chart.case,
        "choices": LINE_CHOICES,
    }


def page_of(chart: Chart, form: WhatIfForm) -> dict[str, Any]:
    """What stands around the answer: the fields, and what would change it."""
    recorded = chart.facts.values
    found = [
        (
            pivot,
            pivot.fact.show(recorded.get(pivot.fact.name)),
            pivot.turns[:MOST_TURNS],
            pivot.turns[MOST_TURNS:],
        )
        for pivot in pivots(chart.guideline, recorded)
    ]
    at, choice = form["line"].value(), form["line_choice"].value()
    return chart.page("what-if", form=form, pivots=found, at=at, choice=choice)
