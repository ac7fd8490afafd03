"""The rules of the house, read off the code itself: who may import whom, and where medicine may stand.

README.md explains them; a new module that has no place in LAYERS fails here until somebody gives it one.
"""

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from guidelines.knowledge.labels import ENTITIES, INTERVENTIONS
from guidelines.vocabulary.facts import FACTS

ROOT = Path(__file__).resolve().parents[1]
OURS = ("cases", "guidelines", "config")

ENGINE = {"guidelines"}
RECORD = {"cases.choices", "cases.models"}
BRIDGE = {"cases.record", "cases.facts", "cases.readiness"}

# A layer → the layers of ours that it may import, besides itself. The longest prefix of a name counts.
LAYERS: dict[str, set[str]] = {
    "guidelines": set(),
    "guidelines.apps": ENGINE,
    "guidelines.checks": ENGINE,
    "guidelines.management": ENGINE,
    "guidelines.templatetags": ENGINE,
    # The explorer also shows to which of the reader's own cases a statement applies.
    "guidelines.views": ENGINE
    | RECORD
    | BRIDGE
    | {"guidelines.show.exports", "cases.access", "cases.actions"},
    "guidelines.urls": {"guidelines.views"},
    "cases": set(),
    "cases.choices": set(),
    "cases.append_only": set(),
    "cases.models": {"cases.choices"},
    "cases.record": RECORD,
    "cases.facts": RECORD | ENGINE | {"cases.record"},
    "cases.readiness": RECORD | ENGINE | BRIDGE,
    "cases.access": RECORD,
    "cases.actions": RECORD | ENGINE | BRIDGE | {"cases.access"},
    "cases.forms": RECORD | ENGINE,
    "cases.documents": RECORD | ENGINE | BRIDGE,
    "cases.templatetags": RECORD | ENGINE,
    "cases.demo": RECORD | ENGINE | {"cases.access", "cases.actions"},
    "cases.views": RECORD
    | ENGINE
    | BRIDGE
    | {"cases.access", "cases.actions", "cases.forms", "cases.documents"},
    "cases.urls": {"cases.views"},
    "cases.admin": RECORD | {"cases.access", "cases.actions"},
    "cases.apps": {"cases.append_only"},
    "cases.management": RECORD
    | ENGINE
    | BRIDGE
    | {"cases.access", "cases.actions", "cases.demo", "cases.documents"},
    "cases.migrations": {"cases.append_only", "cases.models"},
    "config": set(),
}

# Parts of guidelines/ that are pages and commands on top of the engine; all else in it knows no Django.
ON_DJANGO = ("apps", "checks", "management", "templatetags", "urls", "views")

TOP_LEVEL = {
    ".ci", ".gitignore", "LICENSE", "Makefile", "README.md", "cases", "config", "guidelines", "manage.py",
    "package-lock.json", "package.json", "pyproject.toml", "requirements-bench.txt", "requirements-dev.txt",
    "requirements.txt", "static", "templates", "tests",
}  # fmt: skip


@dataclass(frozen=True)
class Import:
    module: str
    line: int
    inside_function: bool
    explained: bool


def modules() -> dict[str, Path]:
    """Every Python module of ours by its dotted name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for top in OURS
        for path in sorted((ROOT / top).rglob("*.py"))
    }


def imports_of(source: str, known: frozenset[str] = frozenset()) -> list[Import]:
    """All imports, wherever they stand; `from a import b` counts as `a.b` where that is a module of ours."""
    lines = source.splitlines()
    tree = ast.parse(source)
    functions = [
        n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    ]
    nested = {id(n) for function in functions for n in ast.walk(function)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative imports hide the layer"
            base = node.module or ""
            names = [f"{base}.{a.name}" if f"{base}.{a.name}" in known else base for a in node.names]
        else:
            continue
        above = lines[node.lineno - 2].strip() if node.lineno > 1 else ""
        explained = "#" in lines[node.lineno - 1] or above.startswith("#")
        found += [Import(name, node.lineno, id(node) in nested, explained) for name in dict.fromkeys(names)]
    return found


def layer_of(module: str) -> str:
    parts = module.split(".")
    prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next(prefix for prefix in prefixes if prefix in LAYERS)


def may_import(importer: str, imported: str) -> bool:
    """Whether one module may know the other: a neighbor in its layer, or something its layer allows."""
    own, other = layer_of(importer), layer_of(imported)
    return own == other or any(
        imported == allowed or (imported.startswith(f"{allowed}.") and other == layer_of(allowed))
        for allowed in LAYERS[own]
    )


def compared_literals(source: str) -> Iterator[tuple[int, str]]:
    """Comparisons of a measured fact with a number, or of anything with the code of an entity or a drug."""
    measured = {name for name, fact in FACTS.items() if fact.type in {"number", "integer", "range"}}
    codes = (set(ENTITIES) | set(INTERVENTIONS)) - set(FACTS)
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Compare):
            continue
        text = ast.unparse(node)
        literals = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
        numbers = [v for v in literals if isinstance(v, int | float) and not isinstance(v, bool)]
        about = any(re.search(rf"\b{name}(_min|_max)?\b", text) for name in measured)
        if (about and numbers) or any(isinstance(value, str) and value in codes for value in literals):
            yield node.lineno, text


MODULES = modules()
KNOWN = frozenset(MODULES)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_keep_to_the_layers(module: str) -> None:
    found = imports_of(MODULES[module].read_text(), KNOWN)
    wrong = [
        f"line {i.line}: {module} may not import {i.module}"
        for i in found
        if i.module.split(".")[0] in OURS and not may_import(module, i.module)
    ]
    assert wrong == []


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_inside_functions_give_their_reason(module: str) -> None:
    found = imports_of(MODULES[module].read_text(), KNOWN)
    assert [f"line {i.line}: {i.module}" for i in found if i.inside_function and not i.explained] == []


def test_every_module_of_cases_has_a_layer_of_its_own() -> None:
    assert [name for name in MODULES if layer_of(name) == "cases" and name != "cases"] == []


@pytest.mark.parametrize(
    "module", [m for m in sorted(MODULES) if m.startswith("guidelines") and not re.match(
        rf"guidelines\.({'|'.join(ON_DJANGO)})\b", m)])  # fmt: skip
def test_the_engine_knows_neither_django_nor_patients(module: str) -> None:
    names = [i.module for i in imports_of(MODULES[module].read_text())]
    assert [name for name in names if name.split(".")[0] in {"django", "cases", "config"}] == []


@pytest.mark.parametrize("module", [m for m in sorted(MODULES) if m.startswith("cases")])
def test_no_medicine_in_the_record(module: str) -> None:
    """No Ki-67 threshold, no drug rule, no "if NEC": the guideline's data decides, and it alone."""
    assert list(compared_literals(MODULES[module].read_text())) == []


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_file_holds_one_idea(module: str) -> None:
    if ".migrations." not in module:
        assert len(MODULES[module].read_text().splitlines()) < 400


def test_the_project_has_no_other_folders() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    assert {name.split("/")[0] for name in listed.stdout.splitlines()} <= TOP_LEVEL


@pytest.mark.parametrize(
    "template", [str(p.relative_to(ROOT)) for p in sorted((ROOT / "templates").rglob("*.html"))]
)
def test_templates_obey_the_content_security_policy(template: str) -> None:
    text = (ROOT / template).read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "inline script"
    assert not re.search(r"<style\b|\sstyle\s*=", text), "inline style"
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text), "inline event handler"
    assert not re.search(r"(src|href)=[\"'](https?:)?//", text), "something from another site"


# --- The rules bite ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("guidelines.answer.assessment", "guidelines.vocabulary.facts", True),
        ("guidelines.answer.assessment", "cases.models", False),
        ("guidelines.answer.assessment", "guidelines.views", False),
        ("guidelines.views.explorer", "cases.models.case", True),
        ("cases.choices", "cases.models", False),
        ("cases.models.case", "cases.choices", True),
        ("cases.models.case", "guidelines.vocabulary.facts", False),
        ("cases.models.case", "cases.actions.entry", False),
        ("cases.actions.entry", "guidelines.answer.assessment", True),
        ("cases.actions.entry", "cases.views.entry", False),
        ("cases.forms.parts", "guidelines.knowledge.labels", True),
        ("cases.forms.parts", "cases.actions.entry", False),
        ("cases.documents.handout", "cases.views.documents", False),
        ("cases.views.entry", "cases.documents.handout", True),
        ("cases.views.entry", "config.settings", False),
        ("cases.urls", "cases.views.entry", True),
    ],
)
def test_the_layers(importer: str, imported: str, allowed: bool) -> None:
    assert may_import(importer, imported) is allowed


@pytest.mark.parametrize(
    "source",
    [
        "if report.ki67_max > 55: pass",
        "if 20 <= ki67 <= 55: pass",
        "grade = 'high' if facts['mitotic_count'] >= 20 else ''",
        "if entity == 'nec': pass",
        "if entity in ('g3_net', 'nec'): pass",
        f"if option.intervention != {next(iter(INTERVENTIONS))!r}: pass",
    ],
)
def test_medicine_is_found(source: str) -> None:
    assert len(list(compared_literals(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "if report.ki67_min == report.ki67_max: pass",
        "if report.ki67_min is None: pass",
        "if position < 1: pass",
        "if status == 'signed': pass",
    ],
)
def test_what_is_no_medicine_is_left_alone(source: str) -> None:
    assert list(compared_literals(source)) == []


def test_imports_are_seen_wherever_they_stand() -> None:
    source = (
        "import a\n\ndef f():\n    from b import c\n    import d  # d needs f\n\nclass E:\n    import f\n"
    )
    assert sorted(imports_of(source, frozenset({"b.c"})), key=lambda i: i.module) == [
        Import("a", 1, False, False),
        Import("b.c", 4, True, False),
        Import("d", 5, True, True),
        Import("f", 8, False, False),
    ]
