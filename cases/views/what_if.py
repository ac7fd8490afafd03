"""What if: change any fact of a case in thought and see which options come, go and change."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.actions.access_log import log_preview, log_read
from cases.forms.what_if import LINE_CHOICES, MOVED, STRIP, UNKNOWN, WhatIfForm, in_field
from cases.screens.what_if import pivot_lines, suppose, tried_value
from cases.views.chart import Chart, open_chart
from cases.views.entry import get_or_post
from guidelines.knowledge.model import Guideline
from guidelines.show.strip import strip
from guidelines.vocabulary.facts import FACTS, FactsInvalid, Value
from guidelines.vocabulary.parsing import parse_facts


@get_or_post
def what_if(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The page; a post shows the supposed facts beside the recorded ones and stores nothing."""
    chart = open_chart(request, uid)
    recorded = chart.facts.values
    if request.method != "POST":
        log_read(by=chart.user, case=chart.case, page="what-if")
        context = answer(chart, recorded, []) | page_of(chart, WhatIfForm(recorded=recorded))
        return render(request, "entry/what_if.html", context)
    log_preview(by=chart.user, case=chart.case, page="what-if")
    form = WhatIfForm(request.POST, recorded=recorded)
    supposed, problems = read(chart.guideline, form, request.POST.get("try", ""))
    context = answer(chart, supposed, problems)
    if request.headers.get("HX-Request"):
        line = {"swap": True, "choice": form.line_counts_as, "at": form.cleaned_data.get("line")}
        return render(request, "entry/_what_if.html", context | line)
    context |= page_of(chart, form if problems else shown_form(recorded, supposed))
    return render(request, "entry/what_if.html", context)


def read(guideline: Guideline, form: WhatIfForm, tried: str) -> tuple[dict[str, Value], list[str]]:
    """The supposed facts, and what is wrong with them in words; a value to try replaces the form's own."""
    form.is_valid()
    problems = [text for place, text in form.problems() if place]
    raw = form.raw_facts()
    raw |= tried_value(guideline, form.recorded, tried)
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


def answer(chart: Chart, supposed: Mapping[str, Value], problems: list[str]) -> dict[str, Any]:
    """Today beside what if, and the line."""
    recorded = chart.facts.values
    return {
        "supposition": suppose(chart.guideline, recorded, supposed, tuple(chart.facts.done)),
        "strip": strip(chart.guideline, STRIP, recorded.get(STRIP), supposed.get(STRIP)),
        "problems": problems,
        "case": chart.case,
        "choices": LINE_CHOICES,
    }


def page_of(chart: Chart, form: WhatIfForm) -> dict[str, Any]:
    """What stands around the answer: the fields, and what would change it."""
    found = pivot_lines(chart.guideline, chart.facts.values)
    at, choice = form["line"].value(), form["line_choice"].value()
    return chart.page("what-if", form=form, pivots=found, at=at, choice=choice)
