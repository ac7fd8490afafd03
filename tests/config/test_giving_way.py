"""A request that takes long goes on while no other is under way."""

from collections.abc import Callable
from threading import Event, Thread
from time import sleep

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.giving_way import CountsRequests, giving_way, under_way

pytestmark = pytest.mark.django_db
LONG = 60.0  # seconds; nothing here waits for as long


def answered(view: Callable[[HttpRequest], HttpResponse]) -> None:
    """A request that passes what counts them."""
    CountsRequests(view)(RequestFactory().get("/"))


def seen_beside(slow: Callable[[], None]) -> list[str]:
    """What happens while another request is under way until it sees that this one waits."""
    happened: list[str] = []
    begun, waiting = Event(), Event()

    def other(_: HttpRequest) -> HttpResponse:
        begun.set()
        waiting.wait(LONG)
        sleep(0.02)  # for what does not wait
        happened.append("the other is answered")
        return HttpResponse()

    def printing(_: HttpRequest) -> HttpResponse:
        waiting.set()
        slow()
        happened.append("this goes on")
        return HttpResponse()

    thread = Thread(target=answered, args=(other,))
    thread.start()
    begun.wait(LONG)
    answered(printing)
    thread.join()
    return happened


def queries() -> None:
    with giving_way(LONG):
        User.objects.exists()


def asks() -> None:
    with giving_way(LONG) as others_first:
        others_first()


@pytest.mark.parametrize("slow", [queries, asks])
def test_the_other_is_answered_first(slow: Callable[[], None]) -> None:
    assert seen_beside(slow) == ["the other is answered", "this goes on"]


def hasty() -> None:
    with giving_way(0.001):
        User.objects.exists()


def of_itself() -> None:
    with giving_way(LONG):
        pass


@pytest.mark.parametrize("quick", [hasty, of_itself])
def test_it_waits_no_longer_than_it_is_told_and_only_where_it_asks(quick: Callable[[], None]) -> None:
    assert seen_beside(quick) == ["this goes on", "the other is answered"]


def test_those_who_give_way_do_not_wait_for_each_other() -> None:
    def printing(_: HttpRequest) -> HttpResponse:
        with giving_way(LONG):
            answered(printing_too)
        return HttpResponse()

    def printing_too(_: HttpRequest) -> HttpResponse:
        queries()
        return HttpResponse()

    answered(printing)
    assert under_way.wait(LONG) < LONG


def test_what_fails_is_not_under_way_any_more() -> None:
    def failing(_: HttpRequest) -> HttpResponse:
        with giving_way(LONG):
            raise LookupError
        return HttpResponse()

    with pytest.raises(LookupError):
        answered(failing)
    with pytest.raises(ZeroDivisionError):
        answered(lambda _: HttpResponse(str(1 / 0)))
    assert under_way.wait(LONG) < LONG
