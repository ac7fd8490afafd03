"""Jobs done without a second process."""

from django.contrib.auth.models import User
from django.urls import reverse
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from cases.models import Board, DocumentOrder, Meeting
from tests.cases.pages import logged_in


def work() -> None:
    """Do what waits, as the process does that makes ordered documents."""
    worker = Worker(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id="test", excluded_queue_names=[],
    )  # fmt: skip
    for job in DBTaskResult.objects.ready():
        worker.run_task(job)


def ordered_packet(user: User, meeting: Meeting) -> DocumentOrder:
    """The packet, ordered on its page."""
    response = logged_in(user).post(reverse("cases:document_packet", args=[meeting.uid]))
    return _order_at(response.headers["Location"])


def ordered_figures(user: User, board: Board, **period: str) -> DocumentOrder:
    """The figures, ordered on their page."""
    response = logged_in(user).post(reverse("cases:document_figures", args=[board.slug]), period)
    return _order_at(response.headers["Location"])


def _order_at(address: str) -> DocumentOrder:
    return DocumentOrder.objects.get(uid=address.rstrip("/").rpartition("/")[2])


def fetched(user: User, order: DocumentOrder) -> bytes:
    """The file, after all jobs are done."""
    work()
    return bytes(logged_in(user).get(reverse("cases:document_file", args=[order.uid])).content)
