"""A page that says how far long work is while it is done, with no script: what comes is sent as it comes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from time import monotonic
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string

from cases.screens.lists import Progress, finished

HERE = "what-comes-of-it-stands-here"
EVERY = 0.4  # seconds between two lines of progress


def shown_as_it_comes(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    work: Generator[Progress, None, Any],
    say: Callable[[Any], str],
    *,
    is_long: bool,
) -> HttpResponseBase:
    """The page with what the work comes to, which `say` makes HTML of. Long work is sent as it goes on; who
    closes the page meanwhile ends it.
    """
    page = render_to_string(template, {**context, "here": HERE}, request)
    head, _, tail = page.partition(HERE)
    if not is_long:
        return HttpResponse(f"{head}{say(finished(work))}{tail}")

    def pieces() -> Iterator[str]:
        yield head
        last = monotonic()
        while True:
            try:
                at = next(work)
            except StopIteration as end:
                yield say(end.value)
                break
            if monotonic() - last > EVERY:
                last = monotonic()
                yield render_to_string("exchange/_progress.html", {"at": at})
        yield tail

    response = StreamingHttpResponse(pieces())
    response.headers["X-Accel-Buffering"] = "no"  # a proxy that collects it would hide the progress
    return response
