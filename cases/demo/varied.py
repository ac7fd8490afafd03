"""Invented cases in any number: those of `invented_cases.yaml` varied, and read as a case file is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.contrib.auth.models import User

from cases.actions.entry import PART_MODELS, create_case
from cases.casefile import read_case_file
from cases.choices import INVENTED
from cases.demo.dates import dated
from cases.filing import STAGE, around, columns_of
from cases.models import Board, Case
from cases.reading import PartialDate

# Kind of part → the key of the case file that holds it, and the key of its date.
FILED = {
    "pathology": ("pathology", "reported_on"),
    "imaging": ("imaging", "performed_on"),
    "molecular": ("molecular", "reported_on"),
    "marker": ("markers", "measured_on"),
    "treatment": ("treatments", "started_on"),
    "assessment": ("assessments", "assessed_on"),
}
KI67 = {"well": (21, 54), "poor": (58, 96)}  # percent, by differentiation
MEANWHILE = {"kind": "systemic", "regimen": "carboplatin_etoposide", "setting": "palliative"}


@dataclass(frozen=True)
class Sources:
    """What cases are varied from: complete ones of the file, and names that nobody bears."""

    templates: Mapping[str, Sequence[Mapping[str, Any]]]
    surnames: Sequence[str]
    given: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class NewCase:
    """What a varied case is: a case file, whose patient is new to the board."""

    number: int
    file: Mapping[str, Any]

    @property
    def is_localized(self) -> bool:
        return self.file["case"].get("extent") == "localized"

    def enter(self, by: User, board: Board, owner: User, today: date) -> Case:
        """Read it as of `today`, with every rule that a case file is held to, and store what was read."""
        file = read_case_file(self.file, around(board, today))
        person = self.file["patient"]
        parts = [
            (kind, columns_of(part, model))
            for kind, model in PART_MODELS.items()
            for part in getattr(file, FILED[kind][0])
        ]
        return create_case(
            by=by,
            board=board,
            patient={**person, "birth_date": date.fromisoformat(person["birth_date"])},
            fields={**columns_of(file.case, Case), "owner": owner, "referrer": "Demonstration data"},
            parts=parts,
            uid=uuid5(NAMESPACE_URL, f"year {board.slug} {self.number}"),
            is_demo=True,
            citation=INVENTED,
        )


def vary(random: Random, sources: Sources, slug: str, number: int, meets_on: date) -> NewCase:
    """Another case of a board for its meeting of that day: another patient, another count of Ki-67, and now
    and then something that is missing, or treatment that began before the board met.
    """
    template = random.choice(sources.templates[slug])
    today = meets_on - timedelta(days=1)
    file: dict[str, Any] = {"case": _written(template["case"], today)}
    for kind, (section, when) in FILED.items():
        kept = [one for one in template.get(section, ()) if not _left_out(random, kind)]
        if kept:
            file[section] = [_part(one, when, today) for one in kept]
    for report in file["pathology"]:
        low, high = KI67.get(report.get("differentiation", ""), (30, 60))
        report["ki67"] = f"{random.randint(low, high)} %"
        report["lab_number"] = f"H-Y{number:03}"
    for assessment in file.get("assessments", ()):
        assessment["ecog"] = random.choice((0, 1, 1, 1, 2))
    if random.random() < 0.08:
        began = meets_on - timedelta(days=random.randint(1, 4))
        file.setdefault("treatments", []).append({**MEANWHILE, "started_on": began.isoformat()})
    file["patient"] = _patient(random, sources, template["patient"], number, today)
    return NewCase(number, file)


def _left_out(random: Random, kind: str) -> bool:
    """What a board often waits for."""
    return random.random() < {"molecular": 0.3, "imaging": 0.08}.get(kind, 0)


def _patient(
    random: Random, sources: Sources, data: Mapping[str, Any], number: int, today: date
) -> dict[str, Any]:
    age = min(88, max(24, data["age"] + random.randint(-9, 9)))
    return {
        "record_number": f"DEMO-Y{number:03}",
        "surname": random.choice(sources.surnames),
        "given_names": random.choice(sources.given[data["sex"]]),
        "sex": data["sex"],
        "birth_date": (today - timedelta(days=age * 365 + random.randint(0, 364))).isoformat(),
    }


def _part(data: Mapping[str, Any], when: str, today: date) -> dict[str, Any]:
    """A part by the keys of the case file."""
    part = _written({**data, f"{when.removesuffix('_on')}_ago": data["ago"]}, today)
    del part["ago"]
    stage = {letter: part.pop(f"stage_{letter}") for letter in STAGE if f"stage_{letter}" in part}
    return {**part, "stage": stage} if stage else part


def _written(data: Mapping[str, Any], today: date) -> dict[str, Any]:
    """With its dates as a case file writes them."""
    return {
        name: value.iso() if isinstance(value, PartialDate) else value
        for name, value in dated(data, today).items()
    }
