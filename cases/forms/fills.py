"""One act that answers the empty boxes of a block: "all negative", "none of these".

What nobody stated stays not known: a person presses for it, reads which boxes it answered, and may take it
back before anything is saved. A box that holds something is never changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from cases.forms.fields import ListField
from cases.forms.keys import BLOCKS

FILL, TAKE_BACK = "fill", "take_back"  # the names of the two buttons


@dataclass(frozen=True)
class Fill:
    """A block of a form: its section's title, the button's words, its fields, and the answer that each gets,
    as the form sends it and in words. A list is answered with "none" whatever the others get.
    """

    code: str
    section: str
    label: str
    fields: tuple[str, ...]
    answer: str = "no"
    said: str = "no"

    def controls(self, fields: Mapping[str, forms.Field]) -> dict[str, tuple[str, str]]:
        """Field → the control of the page that answers it, and the answer."""
        found = {}
        for name in self.fields:
            is_list = isinstance(fields[name], ListField)
            found[name] = (f"{name}_0", "none") if is_list else (name, self.answer)
        return found


@dataclass(frozen=True)
class Offer:
    """A block as a page shows it: its key, and the fields just answered, which may be taken back."""

    fill: Fill
    key: str
    answers: str
    filled: tuple[str, ...] | None = None
    note: str = ""

    @property
    def undoes(self) -> str:
        """What the button that takes it back sends."""
        return " ".join([self.fill.code, *(self.filled or ())])


STAINS = Fill(
    "stains",
    "Stains",
    "All negative",
    ("synaptophysin", "chromogranin_a", "insm1", "keratin", "sstr2a"),
    answer="negative",
    said="negative",
)
COMPONENTS = Fill(
    "components",
    "Components and review",
    "No other component",
    ("low_grade_component", "non_neuroendocrine_component"),
)
SITES = Fill("sites", "Extent", "No metastases", ("metastatic_sites",), said="none")
NO_TREATMENT = Fill(
    "no_treatment",
    "Treatment so far",
    "No treatment so far, list complete",
    ("treatment_list",),
    answer="complete",
    said="complete",
)
SEEN = Fill("seen", "What it shows", "No metastases", ("sites",), said="none")
ALTERATIONS = Fill(
    "alterations", "Findings", "None of these alterations", ("ntrk_fusion", "ret_fusion", "braf_v600e")
)
SYMPTOMS = Fill(
    "symptoms",
    "Symptoms and hormones",
    "None of these symptoms",
    ("cns_symptoms", "hormonal_syndrome", "carcinoid_syndrome_suspected", "cardiac_symptoms"),
)
JUDGMENTS = Fill(
    "judgments",
    "Judgments",
    "None of these judgments",
    (
        "favorable_biology",
        "indolent",
        "pace_increase",
        "lesion_outgrowing",
        "disproportionately_aggressive",
        "early_stage",
    ),
)


def is_asked(posted: QueryDict) -> bool:
    """Whether one of the two buttons sent the form, so that nothing is to be saved."""
    return FILL in posted or TAKE_BACK in posted


def apply(
    posted: QueryDict, fills: Iterable[Fill], fields: Mapping[str, forms.Field], without: Collection[str] = ()
) -> tuple[str, ...]:
    """Do in `posted` what its button asks for, but nothing to the fields `without`; those answered."""
    code, *names = (posted.get(TAKE_BACK) or posted.get(FILL, "")).split() or [""]
    fill = next((one for one in fills if one.code == code), None)
    if fill is None:
        return ()
    controls = fill.controls(fields)
    if TAKE_BACK in posted:
        for name in set(names) & set(controls):
            control, answer = controls[name]
            if posted.get(control) == answer:
                posted[control] = ""
        return ()
    empty = [name for name in controls if name not in without and is_empty(posted, controls[name][0])]
    for name in empty:
        control, answer = controls[name]
        posted[control] = answer
    return tuple(empty)


def is_empty(posted: QueryDict, control: str) -> bool:
    """Whether nothing was chosen there; ticks of a list count though none of its radios is set."""
    ticks = f"{control.removesuffix('_0')}_1"
    return not posted.get(control) and not posted.getlist(ticks)


def offers(
    fills: Iterable[Fill], fields: Mapping[str, forms.Field], filled: tuple[str, ...] | None, code: str
) -> dict[str, list[Offer]]:
    """Section → its blocks, each with its key; `filled` are the fields that `code` has just answered."""
    found: dict[str, list[Offer]] = {}
    for key, fill in zip(BLOCKS, fills, strict=False):
        done = filled if fill.code == code else None
        answers = " ".join("=".join(control) for control in fill.controls(fields).values())
        note = told(fill, fields, done)
        found.setdefault(fill.section, []).append(Offer(fill, key, answers, done, note))
    return found


def told(fill: Fill, fields: Mapping[str, forms.Field], filled: tuple[str, ...] | None) -> str:
    """What the act did, in words; "" where it was not asked for."""
    if filled is None:
        return ""
    if not filled:
        return "Nothing was empty, so nothing changed."
    return f"Now “{fill.said}”: {', '.join(str(fields[name].label) for name in filled)}. Not saved yet."
