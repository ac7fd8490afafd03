"""Follow-through: what was decided and has no end yet, to be worked down; and what was done lately."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from cases.actions.access_log import log_list
from cases.actions.following import FollowedItem
from cases.choices import NotDoneReason
from cases.forms.keys import FOLLOWING
from cases.models import DecisionOption
from cases.screens.follow_lines import NOUNS, FollowLine, lines_of
from cases.screens.follow_through import (
    DONE,
    EVERYTHING,
    OPEN,
    SORTED_BY,
    WHEN,
    Reader,
    Wanted,
    done_lately,
    listed,
    lists_of,
    reader_of,
)
from cases.screens.proposing import proposals_for
from cases.views.pager import merged_page_of

PAGE = 25
MOST_DONE = 50


@require_GET
def follow_through(request: HttpRequest) -> HttpResponse:
    """The most urgent first; or the last that was done first."""
    user, wanted = cast(User, request.user), Wanted.of(request.GET)
    reader = reader_of(user)
    context = {"reader": reader, "wanted": wanted, "kinds": NOUNS.items(), "whens": WHEN.items()}
    if wanted.when == DONE:
        done = lines_of(done_lately(reader, wanted, MOST_DONE))
        log_list(by=reader.user, page="steps done", cases=[line.case for line in done])
        return render(request, "steps/steps.html", {**context, "done": done})
    return render(request, "steps/steps.html", {**context, **still_open(request, reader, wanted)})


def still_open(request: HttpRequest, reader: Reader, wanted: Wanted) -> dict[str, Any]:
    """A page of what is open, and the ways on."""
    after = request.GET.get("after", "")
    lists, values = lists_of(reader, wanted, wanted.when or OPEN)
    page = merged_page_of(lists, values, SORTED_BY, after, PAGE, EVERYTHING)
    lines = lines_on(listed(page.keys), reader)
    log_list(by=reader.user, page="steps", cases=[line.case for line in lines])
    here = wanted.asked | ({"after": after} if page.is_later else {})
    return {
        "lines": lines,
        "reasons": NotDoneReason.choices,
        "filter": urlencode(here),
        "next": urlencode({**wanted.asked, "after": page.next}) if page.next else "",
        "first": urlencode(wanted.asked) if page.is_later else None,
        "follow_keys": FOLLOWING,
        "keys": FOLLOWING,
    }


def lines_on(items: Sequence[FollowedItem], reader: Reader) -> list[FollowLine]:
    """The rows of a page as lines, options with what the record shows of them; each knows its next row."""
    proposals = proposals_for([item for item in items if isinstance(item, DecisionOption)])
    lines = lines_of(items, proposals=proposals)
    keys = [line.key for line in lines]
    following = [*keys[1:], *keys[-2:-1], ""]
    return [
        replace(line, then=then, may_mark=line.board.pk in reader.marks_on)
        for line, then in zip(lines, following, strict=False)
    ]
