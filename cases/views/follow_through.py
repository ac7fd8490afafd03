"""Follow-through: what was decided and has no end yet, to be worked down; and what was done lately."""

import datetime
from dataclasses import replace
from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from cases.choices import NotDoneReason
from cases.forms.keys import FOLLOWING
from cases.models import DecisionOption
from cases.screens.follow_lines import NOUNS, FollowLine, line_of, lines_of
from cases.screens.follow_through import SORTED_BY, Reader, Wanted, all_of, ended_since, open_of, reader_of
from cases.screens.proposing import proposals_for
from cases.views.pager import MergedPage, merged_page_of

PAGE = 25
DONE_SHOWN = datetime.timedelta(days=30)
MOST_DONE = 15  # of each kind


@require_GET
def follow_through(request: HttpRequest) -> HttpResponse:
    """The most urgent first."""
    reader, wanted = reader_of(cast(User, request.user)), Wanted.of(request.GET)
    after = request.GET.get("after", "")
    page = merged_page_of(open_of(reader, wanted), SORTED_BY, after, PAGE, all_of(reader.user))
    lines = lines_on(page, reader)
    since = timezone.localdate() - DONE_SHOWN
    context = {
        "lines": lines,
        "reader": reader,
        "wanted": wanted,
        "kinds": NOUNS.items(),
        "reasons": NotDoneReason.choices,
        "filter": urlencode({**wanted.asked, **({"after": after} if page.is_later else {})}),
        "next": urlencode({**wanted.asked, "after": page.next}) if page.next else "",
        "first": urlencode(wanted.asked) if page.is_later else None,
        "done": lines_of(ended_since(reader.user, since, MOST_DONE)) if not page.is_later else (),
        "follow_keys": FOLLOWING,
        "keys": FOLLOWING,
    }
    return render(request, "steps/steps.html", context)


def lines_on(page: MergedPage, reader: Reader) -> list[FollowLine]:
    """The rows of a page as lines, options with what the record shows of them."""
    today = timezone.localdate()
    proposals = proposals_for([row for _, row in page.rows if isinstance(row, DecisionOption)])
    lines = [
        line_of(row, today, row.decision.discussion.board_id in reader.marks_on, proposals)
        for _, row in page.rows
    ]
    keys = [line.key for line in lines]
    return [replace(line, then=key) for line, key in zip(lines, [*keys[1:], *keys[-2:-1], ""], strict=False)]
