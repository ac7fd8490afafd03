"""The rules of the house, read off the code itself.

README.md explains them. Who may import whom stands in pyproject.toml, as contracts of import-linter; here
stands what no linter knows, and that all of it bites.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grimp
import pytest
import yaml

from guidelines.vocabulary.facts import FACTS

ROOT = Path(__file__).resolve().parents[1]
OURS = ("cases", "config", "guidelines")

TOP_LEVEL = {
    ".ci", ".gitignore", "LICENSE", "Makefile", "README.md", "cases", "config", "guidelines", "manage.py",
    "package-lock.json", "package.json", "pyproject.toml", "requirements-bench.txt", "requirements-check.txt",
    "requirements-dev.txt", "requirements.txt", "static", "templates", "tests",
}  # fmt: skip


def modules() -> dict[str, Path]:
    """Every Python module of ours by its dotted name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for top in OURS
        for path in sorted((ROOT / top).rglob("*.py"))
    }


MODULES = modules()
WRITTEN = {name: path for name, path in MODULES.items() if ".migrations." not in name}  # by us, not by Django


# --- Who may import whom ----------------------------------------------------------------------------


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """The contracts of the folder's pyproject.toml, checked against the folder's modules."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def contracts() -> list[dict[str, Any]]:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    found: list[dict[str, Any]] = options["contracts"]
    return found


def test_imports_keep_to_the_contracts() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_contract_has_a_permission_that_nobody_uses() -> None:
    graph = grimp.build_graph(*OURS, cache_dir=None)
    unused = [
        f"{contract['id']}: {importer}"
        for contract in contracts()
        for importer in contract.get("allowed_importers", ())
        if importer not in OURS  # which hold the protected packages themselves
        and not any(
            graph.direct_import_exists(importer=importer, imported=module, as_packages=True)
            for module in contract["protected_modules"]
        )
    ]
    assert unused == []


PLANTED = [
    ("guidelines", "guidelines.vocabulary", "guidelines.engine"),
    ("guidelines", "guidelines.show", "guidelines.verification"),
    ("cases", "cases.models", "cases.access"),
    ("cases", "cases.documents", "cases.actions"),
    ("apart", "guidelines.views", "cases.models"),
    ("site", "cases.forms", "config"),
    ("pure", "guidelines.answer", "django"),
    ("plain", "cases.casefile", "django"),
    ("cases", "cases.casefile", "cases.course"),
    ("words", "cases.record", "guidelines.vocabulary"),
    ("words", "config", "guidelines.knowledge"),
    ("answers", "cases.facts", "guidelines.answer"),
    ("engine", "cases.forms", "guidelines.engine"),
    ("shown", "cases.documents", "guidelines.show"),
    ("pages", "cases.views", "guidelines.verification"),
    ("frozen", "cases.documents", "cases.models"),
    ("frozen", "cases.snapshot.read", "guidelines.knowledge"),
    ("views", "cases.admin", "cases.views"),
]  # contract, importer, imported


def test_every_contract_bites(tmp_path: Path) -> None:
    """In a copy of the tree with one wrong import after another, and a module that has no layer."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for path in MODULES.values():
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    for _, importer, imported in PLANTED:
        with (tmp_path / MODULES[importer].relative_to(ROOT)).open("a") as file:
            file.write(f"\nimport {imported}\n")
    (tmp_path / "cases" / "homeless.py").touch()

    said = lint_imports(tmp_path).stdout

    missed = [f"{importer} -> {imported}" for _, importer, imported in PLANTED]
    assert [line for line in missed if line not in said] == []
    assert "- cases.homeless" in said
    assert {contract for contract, _, _ in PLANTED} == {contract["id"] for contract in contracts()}
    assert f"Contracts: 0 kept, {len(contracts())} broken." in said


def unexplained(source: str) -> list[int]:
    """The lines of imports inside functions that have no comment on or right above them."""
    lines = ["", *source.splitlines()]
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    nested = {
        node.lineno
        for function in ast.walk(ast.parse(source))
        if isinstance(function, functions)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    return [n for n in sorted(nested) if "#" not in lines[n] and not lines[n - 1].strip().startswith("#")]


def test_imports_inside_functions_give_their_reason() -> None:
    found = {name: unexplained(path.read_text()) for name, path in MODULES.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_an_unexplained_import_is_found() -> None:
    source = (
        "import a\ndef f():\n    from b import c\n    import d  # d needs f\n    # So does e\n    import e\n"
    )
    assert unexplained(source) == [3]


# --- Where medicine may stand -----------------------------------------------------------------------


def codes() -> set[str]:
    """Of entities and interventions, in every edition; not those that are facts too, which a record has."""
    found = {"unknown"}
    for edition in (ROOT / "guidelines" / "releases").glob("*/*"):
        groups = yaml.safe_load((edition / "interventions.yaml").read_text())
        found |= {code for entries in groups.values() for code in entries}
        derived = yaml.safe_load((edition / "classification.yaml").read_text())["derived"]
        found |= {code for fact in derived if fact["name"] == "entity" for code in fact["values"]}
    return found - set(FACTS)


CODES = codes()
MEASURED = {name for name, fact in FACTS.items() if fact.type in {"number", "integer", "range"}}


def medicine(source: str) -> Iterator[tuple[int, str]]:
    """Comparisons of a measured fact with a number, or of anything with the code of an entity or a drug."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Compare):
            continue
        text = ast.unparse(node)
        literals = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
        numbers = [v for v in literals if isinstance(v, int | float) and not isinstance(v, bool)]
        about = any(re.search(rf"\b{name}(_min|_max)?\b", text) for name in MEASURED)
        if (about and numbers) or any(isinstance(value, str) and value in CODES for value in literals):
            yield node.lineno, text


def test_no_medicine_in_the_record() -> None:
    """No Ki-67 threshold, no drug rule, no "if NEC": the guideline's data decides, and it alone."""
    found = {
        name: list(medicine(path.read_text())) for name, path in MODULES.items() if name.startswith("cases")
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        "if report.ki67 > 55: pass",
        "if 20 <= ki67 <= 55: pass",
        "grade = 'high' if facts['mitotic_count'] >= 20 else ''",
        "if entity == 'nec': pass",
        "if entity in ('g3_net', 'nec'): pass",
        "if option.intervention != 'platinum_etoposide': pass",
    ],
)
def test_medicine_is_found(source: str) -> None:
    assert len(list(medicine(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "if report.ki67 == other.ki67: pass",
        "if report.ki67 is None: pass",
        "if position < 1: pass",
        "if status == 'signed': pass",
    ],
)
def test_what_is_no_medicine_is_left_alone(source: str) -> None:
    assert list(medicine(source)) == []


# --- Templates --------------------------------------------------------------------------------------

INLINE = {
    "script": r"<script(?![^>]*\bsrc=)",
    "style": r"<style\b|\sstyle\s*=",
    "event handler": r"<[^>]*\son[a-z]+\s*=",
    "something from another site": r"(src|href)=[\"'](https?:)?//",
}


def inline(text: str) -> list[str]:
    """What the content security policy would block."""
    return [what for what, pattern in INLINE.items() if re.search(pattern, text)]


def test_templates_obey_the_content_security_policy() -> None:
    found = {
        str(path.relative_to(ROOT)): inline(path.read_text()) for path in (ROOT / "templates").rglob("*.html")
    }
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_what_is_inline_is_found() -> None:
    blocked = ["<script>", "<style>", '<p style="">', '<a onclick="">', '<img src="//elsewhere/a.png">']
    assert [inline(text) for text in blocked] == [
        ["script"], ["style"], ["style"], ["event handler"], ["something from another site"]
    ]  # fmt: skip
    assert inline('<script src="/static/js/a.js"></script><a href="/cases/">') == []


# --- Files and names --------------------------------------------------------------------------------


def test_a_file_holds_one_idea() -> None:
    lengths = {name: len(path.read_text().splitlines()) for name, path in WRITTEN.items()}
    assert {name: length for name, length in lengths.items() if length >= 400} == {}


def test_the_project_has_no_other_folders() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    assert {name.split("/")[0] for name in listed.stdout.splitlines()} - TOP_LEVEL == set()


GIVEN = {"Command", "Media", "Meta"}  # Django's names


def classes(source: str) -> list[str]:
    """The names of the classes of a module, those inside others included."""
    return [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]


def test_a_class_name_is_used_once() -> None:
    places = defaultdict(list)
    for module, path in WRITTEN.items():
        for name in classes(path.read_text()):
            places[name].append(module)
    found = {name: where for name, where in places.items() if len(where) > 1}
    assert {name: where for name, where in found.items() if name not in GIVEN} == {}
