"""Every form that makes something, sent twenty times at the same moment to both workers: it makes it once."""

from __future__ import annotations

import sys
from collections import Counter
from threading import Barrier

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from cases.actions.membership import found_board
from cases.models import Board, Membership
from tests.cases.pages import logged_in, proven_in
from tests.cases.sendings import Scene, Sending, counted
from tests.load.people import Answer, Browser, in_threads
from tests.load.serving import HOST

TIMES = 20
ROLES = ("coordinator", "chair", "administrator")


def sent_at_once(port: int) -> bool:
    """Send each, and say what it made; whether anything was made otherwise than once."""
    with override_settings(SECURE_SSL_REDIRECT=False, ALLOWED_HOSTS=[HOST, "testserver"]):
        sendings = scene().sendings()
    wrong = 0
    for name, sending in sendings.items():
        before = counted()
        statuses = Counter(answer.status for answer in sent(port, sending))
        made = dict(counted() - before)
        is_once = made == sending.makes and max(statuses) < 500
        wrong += not is_once
        answered = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
        what = ", ".join(f"{count} {model}" for model, count in sorted(made.items()))
        sys.stdout.write(f"{name}: answered {answered}; made {what}{'' if is_once else ': WRONG'}\n")
    sys.stdout.write(f"{len(sendings)} forms, each sent {TIMES} times at once; {wrong} not made once.\n")
    return bool(wrong)


def scene() -> Scene:
    """On two boards of its own."""
    people = {
        role: User.objects.create_user(role, first_name="Ada", last_name=role.title()) for role in ROLES
    }
    boards = [found_board(by=people["administrator"], name=name, slug=name) for name in ("twice", "guests")]
    for role in ROLES:
        Membership.objects.update_or_create(user=people[role], board=boards[0], defaults={"role": role})
    return Scene(Board.objects.get(pk=boards[0].pk), boards[1], people)


def sent(port: int, sending: Sending) -> list[Answer]:
    """All at the same moment, each by a browser of its own of the one person."""
    client = proven_in(sending.by) if sending.proven else logged_in(sending.by)
    start, answers = Barrier(TIMES), list[Answer]()

    def send() -> None:
        browser = browser_of(port, client)
        start.wait()
        answers.append(posted(browser, sending))

    in_threads([send] * TIMES)
    return answers


def browser_of(port: int, client: Client) -> Browser:
    """The same session as that of the client."""
    name = settings.SESSION_COOKIE_NAME
    return Browser(port, HOST, settings.CSRF_COOKIE_NAME, {name: client.cookies[name].value}, secure=True)


def posted(browser: Browser, sending: Sending) -> Answer:
    """As a browser sends a form, with its file where it has one."""
    if sending.file is None:
        return browser.send("POST", sending.url, dict(sending.data))
    box, name, content = sending.file
    body = encode_multipart(BOUNDARY, {**sending.data, box: NamedContent(name, content)})
    return browser.send("POST", sending.url, body, content_type=MULTIPART_CONTENT)


class NamedContent:
    """What Django's encoder takes for a file."""

    content_type = "application/octet-stream"

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self._content = name, content

    def read(self) -> bytes:
        return self._content
