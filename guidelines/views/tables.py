"""Decision tables: the statements of a section, or of a whole chapter, as rules in rows, and as CSV."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from guidelines.knowledge.model import Guideline, Statement
from guidelines.show.exports import as_csv, rules
from guidelines.show.search import chapters
from guidelines.views.asked import asked_guideline, page

EVERYTHING = "all"


@require_GET
def tables(request: HttpRequest) -> HttpResponse:
    """The contents of the source: every chapter and section with its number of rules."""
    guideline = asked_guideline(request)
    counted = [
        (
            chapter,
            slugify(chapter),
            len(of_chapter(guideline, slugify(chapter))),
            [(section, len(of_section(guideline, section.id))) for section in sections],
        )
        for chapter, sections in chapters(guideline).items()
    ]
    context = {"chapters": counted, "total": len(guideline.statements)}
    return page(request, guideline, "guidelines/tables.html", context)


@require_GET
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """One decision table."""
    guideline = asked_guideline(request)
    title, statements = statements_of(guideline, slug)
    section = guideline.sections.get(slug)
    context = {
        "title": title,
        "slug": slug,
        "rules": [(rule, one.stance) for rule, one in zip(rules(statements), statements, strict=True)],
        "reason": section.directs_nothing if section else "",
    }
    return page(request, guideline, "guidelines/table.html", context, is_in=lambda other: has(other, slug))


@require_GET
def table_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The same table for a spreadsheet."""
    guideline = asked_guideline(request)
    _, statements = statements_of(guideline, slug)
    response = HttpResponse(as_csv(rules(statements)), content_type="text/csv; charset=utf-8")
    name = f"{guideline.id}-{guideline.version}-{slug}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def statements_of(guideline: Guideline, slug: str) -> tuple[str, tuple[Statement, ...]]:
    """Title and statements of a section, a chapter or the whole; 404 for anything else."""
    if slug == EVERYTHING:
        return "Every rule of the guideline", guideline.statements
    if slug in guideline.sections:
        return " › ".join(guideline.sections[slug].path), of_section(guideline, slug)
    for chapter in chapters(guideline):
        if slugify(chapter) == slug:
            return chapter, of_chapter(guideline, slug)
    raise Http404("No such section.")


def has(guideline: Guideline, slug: str) -> bool:
    """Whether an edition has the section or chapter."""
    return slug == EVERYTHING or slug in guideline.sections or bool(of_chapter(guideline, slug))


def of_section(guideline: Guideline, section: str) -> tuple[Statement, ...]:
    """The statements of one section."""
    return tuple(one for one in guideline.statements if one.source.section.id == section)


def of_chapter(guideline: Guideline, slug: str) -> tuple[Statement, ...]:
    """The statements of one chapter."""
    return tuple(one for one in guideline.statements if slugify(one.source.section.path[0]) == slug)
