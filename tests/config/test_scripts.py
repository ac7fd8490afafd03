"""The scripts behind make: what they refuse, and that they say why."""

import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTS = ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt")
SYSTEM = "/usr/sbin:/usr/bin:/sbin:/bin"


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": SYSTEM, "HOME": os.environ.get("HOME", "/"), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("script", ["assets", "check", "chromium", "run", "serve", "setup", "test"])
def test_every_script_is_executable_and_parses(script: str) -> None:
    path = ROOT / ".ci" / script
    assert os.access(path, os.X_OK)
    shell = "bash" if script == "run" else "sh"
    assert run(shell, "-n", str(path)).returncode == 0


@pytest.mark.parametrize("port", ["http", "80a", "-1"])
def test_serving_refuses_a_port_that_is_no_number(port: str) -> None:
    done = run(".ci/serve", PORT=port)
    assert done.returncode == 1
    assert f"PORT is '{port}', where only a number is allowed" in done.stderr


def test_serving_refuses_production() -> None:
    done = run(".ci/serve", BOARD_MODE="production")
    assert done.returncode == 1
    assert "make run is for one person's machine" in done.stderr


def test_a_browser_that_is_not_there_is_not_found() -> None:
    done = run(".ci/chromium", CHROMIUM="no-such-browser")
    assert (done.returncode, done.stdout) == (1, "")


def test_what_was_done_once_is_done_again_only_when_its_files_change(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / "list").write_text("a==1\n")
    steps = [
        f"cd {tmp_path}",
        f". {ROOT}/.ci/lib.sh",
        "once packages list; echo $?",
        "done_for packages list; once packages list; echo $?",
        "echo b==2 >> list; once packages list; echo $?",
    ]
    assert run("sh", "-c", "\n".join(steps)).stdout.split() == ["1", "0", "1"]


def test_every_package_stands_in_one_list() -> None:
    """So production installs nothing that only tests, checks or the benchmark need."""
    pinned = [
        line.split("==")[0].split("[")[0]
        for name in LISTS
        for line in (ROOT / name).read_text().splitlines()
        if "==" in line
    ]
    assert [name for name, lists in Counter(pinned).items() if lists > 1] == []


@pytest.mark.parametrize("name", [*LISTS, ".ci/requirements-node.txt"])
def test_every_package_is_pinned(name: str) -> None:
    lines = [line.partition("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    assert [line for line in lines if line and "==" not in line and not line.startswith("-r ")] == []
