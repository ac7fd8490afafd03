"""What `make run` does once everything is installed, and what gunicorn does in each worker."""

import gc
import runpy
import sys
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from config.management.commands import serve
from guidelines.knowledge.releases import _kept, addresses


def test_it_migrates_loads_and_serves_in_this_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called: list[tuple[str, ...]] = []

    def record(name: str, *args: str, **options: Any) -> None:
        called.append((name, *args))

    monkeypatch.setattr(serve, "call_command", record)
    call_command("serve", "9000")
    assert called == [("migrate",), ("load_demo",), ("runserver", "127.0.0.1:9000")]
    assert "Serving on http://127.0.0.1:9000/" in capsys.readouterr().out


def test_it_refuses_production(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="one person's machine"):
        call_command("serve")


def test_a_worker_lets_its_threads_take_short_turns() -> None:
    before = sys.getswitchinterval()
    try:
        runpy.run_path("config/gunicorn.py")["post_fork"](None, None)
        assert sys.getswitchinterval() == pytest.approx(0.0005)
    finally:
        sys.setswitchinterval(before)


def test_before_the_workers_part_everything_is_loaded() -> None:
    try:
        runpy.run_path("config/gunicorn.py")["when_ready"](None)
        assert _kept.cache_info().currsize == len(addresses()) > 1
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
