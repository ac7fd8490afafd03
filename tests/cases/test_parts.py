"""The parts of the record are declared once: models, forms, filing, case file, history and pages go by it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cases.actions.versions import MODELS
from cases.casefile.declaration import KEYS_OF
from cases.casefile.shape import CaseFile
from cases.filing import DECLARED
from cases.forms.pasting import FIELD
from cases.forms.patient import PatientForm
from cases.models.base import Stamped
from cases.parts import PARTS, REFERRAL, DeclaredPart
from cases.record import PARTS as STORED
from cases.record import CaseRecord
from cases.views.chart import ENTERED_AT, PAGES, PartPage

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.kind)
def test_everything_goes_by_the_declaration(part: DeclaredPart) -> None:
    (model,) = (model for model in STORED if model.declared is part)
    (page,) = (page for page in (*PAGES, PartPage.of(PatientForm)) if page.model is model)
    columns = {column.name for column in model._meta.concrete_fields}
    keys = {key.name for key in KEYS_OF[part.file_key].keys}

    assert MODELS[part.kind] is model
    assert DECLARED[model] is KEYS_OF[part.file_key]
    assert set(part.columns) <= columns
    assert set(page.form.base_fields) - {"version", "same_person", FIELD} == set(part.columns)
    assert not any(model._meta.get_field(name).unique for name in part.columns), "no form asks whether it is"
    assert set(part.fact_names) <= keys
    assert set(part.dates) <= columns & keys
    assert part.file_key in CaseFile.__dataclass_fields__
    assert part.file_key in CaseRecord.__dataclass_fields__
    assert (page.slug, page.title, page.noun) == (part.address, part.title, part.noun)
    if part.many or part is REFERRAL:
        assert {name for name, (slug, _, _) in ENTERED_AT.items() if slug == part.address} >= {
            name for name in part.fact_names if not name.startswith("sstr_")
        }
    assert {fact.name: fact.label for fact in part.facts if fact.name in columns} == {
        name: label_of(model, name) for name in part.fact_names
    }


def label_of(model: type[Stamped], name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)


INVENTED = {
    "pathology": ("Stains", "enum", {"strong": "Strong", "weak": "Weak"}, "strong"),
    "molecular": ("Findings", "enum", {"found": "Found", "absent": "Absent"}, "found"),
    "imaging": ("What it shows", "bool", None, True),
    "assessment": ("Judgments", "integer", None, 3),
    "treatment": ("Operation", "bool", None, False),
    "referral": ("Tumor", "bool", None, True),
}
"""Address of a part → section, type and choices of a new fact, and its value."""

OWNERS = ("pathology", "imaging", "molecular")
PROBE = Path(__file__).with_name("new_fact.py")


def test_a_new_fact_takes_the_vocabulary_the_declaration_and_a_migration(tmp_path: Path) -> None:
    """In a copy of the tree, with one invented fact for each part; slow, as it starts the project anew."""
    for folder in ("cases", "config", "guidelines"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    add_to_vocabulary(tmp_path / "guidelines" / "vocabulary")
    add_to_declaration(tmp_path / "cases" / "parts.py")

    done = subprocess.run(
        [sys.executable, PROBE, json.dumps({name: fact[3] for name, fact in INVENTED.items()})],
        cwd=tmp_path,
        env={
            "BOARD_MODE": "development",
            "DATABASE_URL": "sqlite:///none.sqlite3",
            "PYTHONPATH": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    names = {f"invented_{name}" for name in INVENTED}
    assert found["migration"] == sorted(names)
    assert (
        found["in_forms"] == found["in_files"] == found["in_history"] == found["entered_at"] == sorted(names)
    )
    assert found["facts"] == {f"invented_{name}": fact[3] for name, fact in INVENTED.items()}


def add_to_vocabulary(folder: Path) -> None:
    with (folder / "facts.yaml").open("a") as facts, (folder / "sayings.yaml").open("a") as sayings:
        for address, (_, kind, choices, _) in INVENTED.items():
            owner = address if address in OWNERS else "clinical"
            listed = f", choices: {json.dumps(choices)}" if choices else ""
            listed += ", minimum: 0" if kind == "integer" else ""
            facts.write(
                f"- {{name: invented_{address}, label: Invented {address}, "
                f"type: {kind}, owner: {owner}{listed}}}\n"
            )
            said = '{is: "it is {}", "not": "it is not {}"}' if kind != "bool" else "[it is so, it is not so]"
            sayings.write(f"invented_{address}: {said}\n")


def add_to_declaration(path: Path) -> None:
    source = path.read_text()
    for address, (section, *_) in INVENTED.items():
        before, found, after = source.partition(f'address="{address}"')
        start = after.index(f'"{section}"')
        place = after.index("(", start) + 1
        source = f'{before}{found}{after[:place]}"invented_{address}", {after[place:]}'
    path.write_text(source)
