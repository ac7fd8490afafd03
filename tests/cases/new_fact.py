"""Run in a copy of the tree by `test_parts.py`: what the project makes of facts just declared."""

import json
import os
import sys
from datetime import date

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

# ruff: noqa: E402  # what follows needs the models
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from cases.casefile.file_reading import read_case_file
from cases.course.answering import surroundings
from cases.course.facts_of_file import facts_of_file
from cases.filing import as_part, columns_of
from cases.models import Board
from cases.screens.history import label_of
from cases.views.chart import ENTERED_AT, PAGES
from guidelines.knowledge.releases import current

TODAY = date(2026, 3, 1)
NEEDED = {"imaging": {"modality": "ct"}, "referral": {"board": Board(slug="board")}}


def main(values: dict[str, object]) -> dict[str, object]:
    """Where each of the new facts, by the address of its part, is found."""
    pages = {page.slug: page for page in PAGES}
    file: dict[str, object] = {"case": {}}
    for address, value in values.items():
        model, name = pages[address].model, f"invented_{address}"
        filed = as_part(model(**{name: value}, **NEEDED.get(address, {})))
        part = model.declared
        file[part.file_key] = [filed] if part.many else {name: filed[name]}
    around = surroundings(current(), TODAY)
    read = read_case_file(file, around)
    facts = facts_of_file(read, current(), TODAY).facts
    return {
        "migration": sorted(added()),
        "in_forms": sorted(
            name for page in PAGES for name in page.form.base_fields if name.startswith("invented_")
        ),
        "in_files": sorted(
            name
            for address in values
            for part in [getattr(read, pages[address].model.declared.file_key)]
            for name in columns_of(part[0] if isinstance(part, tuple) else part, pages[address].model)
            if name.startswith("invented_")
        ),
        "in_history": sorted(
            f"invented_{address}"
            for address in values
            if label_of(pages[address].model.declared.kind, f"invented_{address}") == f"Invented {address}"
        ),
        "entered_at": sorted(name for name in ENTERED_AT if name.startswith("invented_")),
        "facts": {name: one.value for name, one in facts.items() if name.startswith("invented_")},
    }


def added() -> list[str]:
    """The columns that `makemigrations` would add; anything else that it would do is an error."""
    loader = MigrationLoader(None)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    operations = [one for made in detector.changes(loader.graph).get("cases", ()) for one in made.operations]
    return [operation.name for operation in operations]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.loads(sys.argv[1]))))
