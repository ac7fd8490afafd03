"""The statements: found by what they carry, listed by name, and one page each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from guidelines.answer.schedules import interval_in_words
from guidelines.answer.sentences import facts_read, lines
from guidelines.engine.reach import reach_of
from guidelines.knowledge import labels
from guidelines.knowledge.model import Caution, Guideline, Statement
from guidelines.knowledge.spoken import spoken
from guidelines.show.behind import grounds, in_order, presumptions, provisos, results
from guidelines.show.evidence import cited, figure_in_words
from guidelines.show.search import Query, by_section, chapters, find
from guidelines.views.asked import asked_guideline, page
from guidelines.views.shown import Shown, shown

OFFERED = ("g3_net", "nec", "indeterminate", "not_high_grade")


@dataclass(frozen=True)
class Select:
    """One filter: its choices with their labels, and the one that is set."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    value: str


def selects(guideline: Guideline, query: Query) -> tuple[Select, ...]:
    """The filters of the list; only values that some statement has are offered."""
    used = {
        name: {getattr(one, name) for one in guideline.statements}
        for name in ("kind", "topic", "intervention", "stance", "agreement", "setting")
    }
    extents = {choice.value: choice.label for choice in guideline.facts["extent"].choices}
    entities = {code: labels.ENTITIES[code] for code in OFFERED}
    named = {code: guideline.interventions[code].label for code in used["intervention"]}
    names = dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))
    offered: tuple[tuple[str, str, Mapping[str, str]], ...] = (
        ("chapter", "Chapter", {one: one for one in chapters(guideline)}),
        ("section", "Section", _sections(guideline)),
        ("kind", "Kind", labels.KINDS if guideline.has_options else {}),
        ("topic", "Topic", labels.TOPICS),
        ("intervention", "Drug or procedure", names),
        ("stance", "Stance", labels.STANCES),
        ("agreement", "Agreement", labels.AGREEMENTS),
        ("entity", "Entity", entities),
        ("extent", "Extent", extents),
        ("setting", "Setting", labels.SETTINGS),
    )
    return tuple(
        Select(
            name,
            label,
            tuple((code, text) for code, text in choices.items() if code in used.get(name, choices)),
            getattr(query, name),
        )
        for name, label, choices in offered
        if choices
    )


def _sections(guideline: Guideline) -> dict[str, str]:
    """The sections that hold statements; the heading first, the way to it behind."""
    encoded = {one.source.section.id for one in guideline.statements}
    return {
        code: " ‹ ".join(reversed(section.path))
        for code, section in guideline.sections.items()
        if code in encoded
    }


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every statement, narrowed by what the address asks."""
    guideline, query = asked_guideline(request), Query.read(request.GET.dict())
    found = find(guideline, query)
    context = {
        "query": query,
        "selects": selects(guideline, query),
        "count": len(found),
        "total": len(guideline.statements),
        "groups": [(one.section, shown(one.statements)) for one in by_section(guideline, found)],
    }
    return page(request, guideline, "guidelines/index.html", context)


@require_GET
def names(request: HttpRequest) -> HttpResponse:
    """An index of drugs and procedures, with the statements on each."""
    guideline = asked_guideline(request)
    groups = []
    for group, codes in guideline.groups.items():
        entries = [
            (code, found[0].label, shown(found))
            for code in sorted(codes, key=lambda one: guideline.interventions[one].label.casefold())
            if (found := [one for one in guideline.statements if one.intervention == code])
        ]
        if entries:
            groups.append((group.replace("_", " ").capitalize(), entries))
    return page(request, guideline, "guidelines/names.html", {"groups": groups})


@require_GET
def statement_page(request: HttpRequest, statement_id: str) -> HttpResponse:
    """Everything about one statement."""
    guideline = asked_guideline(request)
    try:
        statement = guideline.statement(statement_id)
    except KeyError:
        raise Http404("No such statement.") from None
    context = statement_context(guideline, statement)

    def is_in(other: Guideline) -> bool:
        return any(one.id == statement_id for one in other.statements)

    return page(request, guideline, "guidelines/statement.html", context, is_in=is_in)


@require_GET
def intervention_page(request: HttpRequest, intervention: str) -> HttpResponse:
    """A drug, procedure or test with its statements, in the order in which their verdict holds."""
    guideline = asked_guideline(request)
    if intervention not in guideline.interventions:
        raise Http404("No such intervention.")
    found = in_order(guideline, intervention)
    family = guideline.family(intervention)
    numbers = {number for one in found.statements for number in one.readings}
    context = {
        "intervention": guideline.interventions[intervention],
        "kind": labels.KINDS[guideline.interventions[intervention].kind] if guideline.has_options else "",
        "order": [(part.words, shown(part.statements)) for part in found.parts if part.statements],
        "reason": found.reason,
        "together": [guideline.interventions[one].label for one in family if one != intervention],
        "results": results(guideline, intervention),
        "readings": [one for one in guideline.readings if one.number in numbers],
    }

    def is_in(other: Guideline) -> bool:
        return intervention in other.interventions

    return page(request, guideline, "guidelines/intervention.html", context, is_in=is_in)


def statement_context(guideline: Guideline, statement: Statement) -> dict[str, Any]:
    """What the page of a statement shows."""
    trials = {trial.nct: trial for trial in guideline.trials}
    reach = reach_of(guideline)[statement.id]
    position = guideline.statements.index(statement)
    order = in_order(guideline, statement.intervention)
    return {
        "one": Shown(statement),
        "kind": labels.KINDS[statement.kind] if guideline.has_options else "",
        "conditions": lines(statement.when),
        "in_words": spoken(statement.when),
        "provisos": provisos(statement),
        "grounds": list(grounds(guideline, statement)),
        "presumptions": list(presumptions(guideline, statement)),
        "entities": [labels.ENTITIES[code] for code in OFFERED if code in reach.entities],
        "cautions": [(*_caution(caution), caution.lines) for caution in statement.cautions],
        "phases": _phases(statement),
        "studies": [
            (study, cited(study), [figure_in_words(one) for one in study.figures])
            for study in statement.studies
        ],
        "questions": _questions(guideline, statement),
        "trials": [trials[nct] for nct in statement.trials],
        "readings": [one for one in guideline.readings if one.number in statement.readings],
        "facts": facts_read(statement.when),
        "order": [(part.words, shown(part.statements)) for part in order.parts if part.statements],
        "reason": order.reason,
        "alone": len(order.statements) == 1,
        "before": guideline.statements[position - 1] if position else None,
        "after": next(iter(guideline.statements[position + 1 :]), None),
    }


def _caution(caution: Caution) -> tuple[str, str]:
    """The words and when they are shown."""
    parts = [] if caution.when is None else [f"if {spoken(caution.when)}"]
    if caution.unless_settled is not None:
        parts.append(f"while it is not known whether {spoken(caution.unless_settled)}")
    return caution.text, " and ".join(parts) or "always"


def _phases(statement: Statement) -> list[tuple[str, str]]:
    """Each stretch of the schedule: the interval and the months it covers."""
    if statement.schedule is None:
        return []
    return [
        (interval_in_words(one), f"{_month(one.start)} to {_month(one.end) if one.end else 'no stated end'}")
        for one in statement.schedule.phases
    ]


def _month(ends: tuple[float, float]) -> str:
    low, high = ends
    return f"month {low:g}" if low == high else f"month {low:g}–{high:g}"


def _questions(guideline: Guideline, statement: Statement) -> list[tuple[str, str]]:
    asked = {question for study in statement.studies for question in study.questions}
    return [(code, text) for code, text in guideline.questions.items() if code in asked]
