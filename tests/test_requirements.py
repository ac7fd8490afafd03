"""What is installed: exactly what the lists pin, each file by its digest."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BEFORE = {  # the list that each list begins with
    "requirements.txt": None,
    "requirements-dev.txt": "requirements.txt",
    "requirements-bench.txt": "requirements-dev.txt",
    "requirements-check.txt": None,
    ".ci/requirements-node.txt": None,
}


def pins(text: str) -> dict[str, str]:
    """Each package, by the name that the index compares, with its version."""
    found = re.findall(r"^([\w.-]+)(?:\[[^\]]+\])?==(\S+)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def faults(listed: str, hashed: str) -> list[str]:
    """In what a list and the file of its digests differ; an entry without a digest of its own is one too."""
    entries = re.split(r"\n(?=[^\s-])", hashed)
    bare = [entry.split("==")[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry]
    mine, theirs = pins(listed).items(), pins(hashed).items()
    return [
        *(f"{name} {version}" for name, version in mine ^ theirs),
        *(f"{name}: no digest" for name in bare),
    ]


@pytest.mark.parametrize("name", BEFORE)
def test_a_list_and_its_digests_agree(name: str) -> None:
    """Where this fails after a pin was changed: make lock."""
    hashed = (ROOT / ".ci" / "hashed" / Path(name).name).read_text()
    assert faults((ROOT / name).read_text(), hashed) == []
    assert re.findall(r"^-r (\S+)$", hashed, re.MULTILINE) == ([BEFORE[name]] if BEFORE[name] else [])


def test_every_list_has_digests() -> None:
    lists = {path.name for folder in (ROOT, ROOT / ".ci") for path in folder.glob("requirements*.txt")}
    assert lists == {path.name for path in (ROOT / ".ci" / "hashed").iterdir()}


def test_every_line_of_a_list_pins() -> None:
    lines = [line for name in BEFORE for line in (ROOT / name).read_text().splitlines()]
    meant = [line for line in lines if line and not line.startswith(("#", "-r "))]
    assert [line for line in meant if not pins(line)] == []


@pytest.mark.parametrize(
    ("listed", "hashed", "found"),
    [
        ("A_b==1  # why", "a-b==1 \\\n    --hash=sha256:0", []),
        ("a==1", "a==2 \\\n    --hash=sha256:0", ["a 1", "a 2"]),
        ("a==1\nb[c]==1", "a==1 \\\n    --hash=sha256:0", ["b 1"]),
        ("a==1\nb==1", "a==1\nb==1 \\\n    --hash=sha256:0", ["a: no digest"]),
    ],
)
def test_a_difference_is_found(listed: str, hashed: str, found: list[str]) -> None:
    assert sorted(faults(listed, hashed)) == found


def test_nothing_is_installed_but_by_digests() -> None:
    scripts = [path for path in (ROOT / ".ci").iterdir() if path.is_file() and path.suffix != ".txt"]
    said = {path.name: path.read_text().replace("\\\n", "") for path in [*scripts, ROOT / "README.md"]}
    installing = {name: re.findall(r"pip install .*", text) for name, text in said.items()}
    assert {name for name, lines in installing.items() if lines} == {"README.md", "assets", "setup"}
    assert [line for lines in installing.values() for line in lines if "--require-hashes" not in line] == []
