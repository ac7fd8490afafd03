"""Writes .ci/hashed/: the files of the index, by their digests, that each list of requirements means.

`make lock` runs it after a pin was changed, with uv, in the environment of the checks. What a list means
stands in the list alone: a package that it needs and does not pin is named, and nothing is written.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LISTS = ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt"]  # each brings those before it
APART = ["requirements-check.txt", ".ci/requirements-node.txt"]  # environments of their own
HEAD = "# Written by make lock from {list}; pip takes no file with another digest.\n"
PINNED = re.compile(r"^([\w.-]+)(?:\[[^\]]+\])?==\S+", re.MULTILINE)


def folded(name: str) -> str:
    """A package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned_by(name: str) -> set[str]:
    """The packages that a list itself pins."""
    return {folded(found) for found in PINNED.findall((ROOT / name).read_text(encoding="utf-8"))}


def hashed(name: str) -> dict[str, str]:
    """Every package that a list brings on this system, as pip takes it with its digests."""
    uv = Path(sys.executable).with_name("uv")
    command = [uv, "pip", "compile", "--quiet", "--generate-hashes", "--no-annotate", "--no-header"]
    command += ["--no-strip-extras", "--python-version", "3.11", name]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    blocks = [block for block in re.split(r"\n(?=\S)", said.strip()) if block]
    return {folded(re.split(r"[=\[ ]", block)[0]): block for block in blocks}


def write(name: str, packages: dict[str, str], before: str = "") -> None:
    """The digests of what a list itself pins; the list before it has its own file."""
    wanted = pinned_by(name)
    missing = wanted - packages.keys()
    if missing:
        raise SystemExit(f"{name} pins what nothing there needs: {', '.join(sorted(missing))}")
    lines = [HEAD.format(list=name), f"-r {before}\n" if before else ""]
    lines += [f"{packages[package]}\n" for package in sorted(wanted)]
    file = ROOT / ".ci" / "hashed" / Path(name).name
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(lines), encoding="utf-8")


def complete(names: list[str], packages: dict[str, str]) -> None:
    """Stop at a package that none of the lists pins."""
    unpinned = packages.keys() - set().union(*(pinned_by(name) for name in names))
    if unpinned:
        raise SystemExit(f"{names[-1]} needs what it does not pin: {', '.join(sorted(unpinned))}")


def main() -> None:
    """Everything is looked at before anything is written."""
    all_of_them = hashed(LISTS[-1])
    apart = {name: hashed(name) for name in APART}
    complete(LISTS, all_of_them)
    for name, packages in apart.items():
        complete([name], packages)
    for name, before in zip(LISTS, ["", *LISTS], strict=False):
        write(name, all_of_them, before)
    for name, packages in apart.items():
        write(name, packages)


if __name__ == "__main__":
    main()
