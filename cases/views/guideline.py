"""Where a case and the guideline meet: the reader's cases under a statement, and a case's own path."""

from collections.abc import Iterable
from typing import cast
from uuid import UUID

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.access import boards_where
from cases.actions.access_log import log_list, log_read
from cases.choices import Right
from cases.guideline import edition_query, guidelines_of
from cases.models import Case
from cases.queries import for_statement
from cases.screens.panel import diagnosis_of
from cases.screens.path import lanes_of
from cases.screens.touched import index_of, touched_by
from cases.views.chart import open_chart
from cases.views.pager import composed_page_of
from guidelines.knowledge.labels import STANCES
from guidelines.knowledge.model import Guideline, Statement
from guidelines.show.algorithm import tree_of
from guidelines.show.drawing import draw
from guidelines.show.path import Path

LOOKED_AT, MOST_LISTED = 50, 25  # cases on one page


def statement_in(guidelines: Iterable[Guideline], statement_id: str) -> Statement:
    """The statement as the first of the guidelines that has it words it; 404 where none has."""
    for guideline in guidelines:
        at = index_of(guideline, statement_id)
        if at is not None:
            return guideline.statements[at]
    raise Http404("No such statement.")


@require_GET
def statement_cases(request: HttpRequest, statement_id: str) -> HttpResponse:
    """The open cases of the reader's boards under one statement, those changed last first: a page, or a part
    of one. A page looks through so many cases and lists so many at most; the next goes on behind it.
    """
    user = cast(User, request.user)
    statement = statement_in(guidelines_of(boards_where(user, Right.READ)), statement_id)
    cases = composed_page_of(
        for_statement,
        {"user": user.pk},
        ("-updated_at", "-pk"),
        request.GET.get("after", ""),
        LOOKED_AT,
        lambda: Case.objects.visible_to(user),
    )
    found = list(touched_by(statement_id, cases.rows))
    listed = found[:MOST_LISTED]
    log_list(by=user, page="statement", cases=[one.case for one in listed])
    context = {
        "statement": statement,
        "intervention": statement.label,
        "settled": [one for one in listed if not one.is_possible],
        "possible": [one for one in listed if one.is_possible],
        "next": cases.next if listed == found else listed[-1].case.uid,
        "later": cases.is_later,
    }
    template = (
        "entry/_statement_cases.html" if request.headers.get("HX-Request") else "entry/statement_cases.html"
    )
    return render(request, template, context)


@require_GET
def path_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The algorithm with the case's own path lit."""
    chart = open_chart(request, uid)
    log_read(by=chart.user, case=chart.case, page="path")
    guideline = chart.guideline
    tree = tree_of(guideline)
    lights = Path(guideline, tree, chart.facts.values).lights
    context = chart.page(
        "path",
        picture=draw(tree, lights),
        lanes=lanes_of(chart.assessment, tree, lights),
        diagnosis=diagnosis_of(chart.assessment, chart.facts),
        stances=STANCES,
        edition=(named := edition_query(guideline)),
        and_edition=named.replace("?", "&"),
    )
    return render(request, "entry/path.html", context)
