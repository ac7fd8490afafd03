"""What every test may lean on: a database of its own, three named people, the system's browser."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import pytest_django
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction

from cases import append_only, composed, queries
from cases.actions import access_log
from cases.models import Board, Case, Membership
from tests.cases.pages import full_case
from tests.demonstration import Demonstration, loaded_once

# One profile for every property. How long an example takes says more about the machine than about the code,
# and how many are drawn in vain more about the facts. In continuous integration the same examples come each
# time: what fails there is the change. On a developer's machine each run has new ones.
hypothesis.settings.register_profile(
    "board",
    deadline=None,
    derandomize="CI" in os.environ,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.filter_too_much],
)
hypothesis.settings.load_profile("board")


def pytest_configure() -> None:
    # Real password hashing takes longer than most tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.RECORD_ANCHOR_FILE = ""  # a test that wants one names it
    # The guideline's many objects live to the end: looking for garbage among them took a tenth of the time.
    gc.set_threshold(100_000)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests first, half of them on each of two cores: they are the longest, and one core would
    wait at the end for what the other has left of them. Each core begins with one half of the list."""
    browser = [item for item in items if "/browser/" in item.nodeid]
    others = [item for item in items if "/browser/" not in item.nodeid]
    half, rest = len(browser) // 2, len(others) // 2
    items[:] = [*browser[:half], *others[:rest], *browser[half:], *others[rest:]]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, not in memory: the live server's threads then have connections of their own, as in
    real use, and a second run of the suite beside this one has a file of its own."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "board.sqlite3")
        # Nobody's data: no waiting for the disk.
        database["OPTIONS"]["init_command"] = "PRAGMA foreign_keys=ON; PRAGMA synchronous=OFF;"


@pytest.fixture(autouse=True, scope="session")
def composed_once_as_ever() -> Iterator[None]:
    """In every test, what a statement that was composed once asks with its values is what Django composes for
    these values now: SQL and parameters."""
    answer = composed.Composed.__call__

    def checked(self: composed.Composed[Any], *shape: Any, **values: Any) -> list[Any]:
        given = {
            name: tuple(dict.fromkeys(value)) if composed.is_list(value) else value
            for name, value in values.items()
        }
        if () not in given.values():
            kept, now = self.statement(*shape, **given), self.compose(*shape, **given)
            if kept is None:
                with pytest.raises(EmptyResultSet):
                    now.query.sql_with_params()
            else:
                sql, params = now.query.sql_with_params()
                assert (kept.sql, kept.filled(given)) == (sql, tuple(params))
        return answer(self, *shape, **values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composed.Composed, "__call__", checked)
        yield


# --- People -----------------------------------------------------------------------------------------


def board_of_alice() -> Board:
    return Board.objects.get_or_create(slug="gi-net", defaults={"name": "GI-NET board"})[0]


@pytest.fixture
def board(db: None) -> Board:
    """The board of Alice, Bob and Dora."""
    return board_of_alice()


@pytest.fixture
def other_board(db: None) -> Board:
    """The board of Charlie, who must see nothing of ours."""
    return Board.objects.create(name="Lung board", slug="lung")


def member(board: Board, username: str, role: str, first: str, last: str) -> User:
    if kept := User.objects.filter(username=username).first():
        return kept
    user = User.objects.create_user(username, password="a long password", first_name=first, last_name=last)
    Membership.objects.create(user=user, board=board, role=role)
    return user


def coordinator(board: Board) -> User:
    return member(board, "alice", "coordinator", "Alice", "Albers")


@pytest.fixture
def alice(board: Board) -> User:
    """Coordinator; the cases of a test are hers."""
    return coordinator(board)


@pytest.fixture
def bob(board: Board) -> User:
    """Clinician on Alice's board."""
    return member(board, "bob", "clinician", "Bob", "Baker")


@pytest.fixture
def dora(board: Board) -> User:
    """Chair of Alice's board: signs."""
    return member(board, "dora", "chair", "Dora", "Diaz")


@pytest.fixture
def victor(board: Board) -> User:
    """Viewer on Alice's board: reads and no more."""
    return member(board, "victor", "viewer", "Victor", "Vance")


@pytest.fixture
def charlie(other_board: Board) -> User:
    """Chair of another board: everything there, nothing here."""
    return member(other_board, "charlie", "chair", "Charlie", "Chen")


@pytest.fixture
def third_board(db: None) -> Board:
    """The board of Dana, with which Alice's board shares a case at times."""
    return Board.objects.create(name="Liver board", slug="liver")


@pytest.fixture
def dana(third_board: Board) -> User:
    """Clinician of a board that may be granted a case of Alice's."""
    return member(third_board, "dana", "clinician", "Dana", "Dietz")


# --- A case that is kept for a module ---------------------------------------------------------------


@pytest.fixture(scope="module")
def in_days() -> int:
    """How many days ahead the kept case is discussed; a module says otherwise by a fixture of its own."""
    return 2


@pytest.fixture(scope="module")
def kept_case(
    in_days: int, django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[int]:
    """The key of Alice's full case, made once for all tests of a module: half of the time of a short test
    went into making it. What a test does to it is taken back. For `pytest.mark.usefixtures` of the whole
    module, so that each of its tests begins with the same rows, in whichever order they come."""
    with django_db_blocker.unblock(), transaction.atomic():
        board = board_of_alice()
        yield full_case(board, coordinator(board), in_days).pk
        transaction.set_rollback(True)


@pytest.fixture
def case(kept_case: int, db: None) -> Case:
    """The kept case as each test of the module finds it, of which this process remembers nothing."""
    queries._read.cache_clear()
    access_log._previewed.clear()
    return Case.objects.get(pk=kept_case)


# --- The demonstration ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def demonstration(
    django_db_setup: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Demonstration:
    """The demonstration boards as rows, loaded once for every process of the session."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with django_db_blocker.unblock():
        return loaded_once(shared / "demonstration.json")


@pytest.fixture(scope="module")
def demonstration_boards(
    demonstration: Demonstration, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    """The demonstration boards in the database, for all tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        demonstration.put_in()
        yield
        transaction.set_rollback(True)


# --- Emptying the database --------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _let_the_flush_pass(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test with real transactions (a live server) ends by emptying every table, which the append-only
    triggers would refuse. They are lifted for that; `post_migrate`, sent by the flush, restores them."""
    marker = request.node.get_closest_marker("django_db")
    real = {"live_server", "transactional_db"} & set(request.fixturenames)
    if not (real or (marker and (marker.kwargs.get("transaction") or marker.args[:1] == (True,)))):
        yield
        return
    request.getfixturevalue("transactional_db")  # so that this fixture ends before that one flushes
    yield
    append_only.remove(connection)


# --- Browser ----------------------------------------------------------------------------------------


def chromium() -> str:
    """The path of the system's Chromium; a missing one fails the test and says so, it never skips it."""
    named = os.environ.get("CHROMIUM")
    usual = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
    candidates = [named] if named else usual
    found = next((path for name in candidates if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail(f"No Chromium found ({', '.join(candidates)}): `make test` installs it, or says how.")
    return str(Path(found).resolve())


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    # Playwright runs a loop of its own in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    quiet = ["disable-gpu", "disable-quic", "disable-sync", "disable-background-networking"]
    quiet += ["disable-component-update", "no-first-run", "disable-dev-shm-usage"]
    if os.geteuid() == 0:  # Chromium refuses its sandbox to root, which continuous integration is
        quiet.append("no-sandbox")
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": [f"--{flag}" for flag in quiet],
    }
