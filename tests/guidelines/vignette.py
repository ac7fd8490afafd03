"""The vignettes: cases with what a clinician expects of the guideline, written from the source.

They lie in `vignettes/`, one file a chapter. A vignette has id, title, source_lines (lines of the source, or
the reading decision), facts, entity, expect and missing_includes; where it matters also not_covered, words
that must stand in the answer (not_covered_says, caution_says, reason_says, basis_says, trial_caution_says)
and trials (NCT number: applies, possible or absent). An entry of expect has must (present or absent) and the
keys that a recommendation must have, or that none may have; a present one also what else it must say. Bad
input has error, names and mentions instead.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "vignettes"
MATCHED = ("statement", "intervention", "setting", "stance", "agreement", "status")
SAID = ("caution_says", "no_caution_says", "evidence_says", "no_evidence_says")
ENTRY_KEYS = {"must", *MATCHED, *SAID, "missing_includes", "schedule"}

Vignette = dict[str, Any]
Answer = dict[str, Any]


def load() -> list[Vignette]:
    """Every vignette, in the order of the files."""
    return [one for path in sorted(FOLDER.glob("*.json")) for one in json.loads(path.read_text("utf-8"))]


VIGNETTES = load()
ANSWERED = [one for one in VIGNETTES if not one.get("error")]
REFUSED = [one for one in VIGNETTES if one.get("error")]


def wrong(vignette: Vignette, answer: Answer) -> Iterator[str]:
    """What the answer does not bear out, in words; nothing when all is as expected."""
    classification = answer["classification"]
    if classification["entity"] != vignette["entity"]:
        yield f"entity {classification['entity']}, expected {vignette['entity']}"
    for entry in vignette["expect"]:
        yield from _wrong_entry(entry, answer["recommendations"])
    listed = {one["fact"] for one in answer["missing"]}
    yield from (f"{fact} is not missing" for fact in vignette["missing_includes"] if fact not in listed)
    if "not_covered" in vignette and bool(answer["not_covered"]) is not vignette["not_covered"]:
        yield f"not covered: {answer['not_covered']}"
    yield from _unsaid(vignette, answer)
    found = {trial["nct"]: trial["status"] for trial in answer["trials"]}
    for nct, status in vignette.get("trials", {}).items():
        if found.get(nct, "absent") != status:
            yield f"{nct} is {found.get(nct, 'absent')}, expected {status}"


def _unsaid(vignette: Vignette, answer: Answer) -> Iterator[str]:
    texts = {
        "not_covered_says": answer["not_covered"],
        "caution_says": answer["classification"]["cautions"],
        "reason_says": answer["classification"]["reasons"],
        "basis_says": [answer["basis"]],
        "trial_caution_says": [text for trial in answer["trials"] for text in trial["cautions"]],
    }
    for key, listed in texts.items():
        for part in vignette.get(key, []):
            if not any(part in text for text in listed):
                yield f"{key}: {part!r} stands in none of {listed}"


def _wrong_entry(entry: dict[str, Any], recommendations: list[dict[str, Any]]) -> Iterator[str]:
    wanted = {("id" if key == "statement" else key): entry[key] for key in MATCHED if key in entry}
    matching = [one for one in recommendations if all(one[key] == value for key, value in wanted.items())]
    if entry["must"] == "absent":
        yield from (f"{one['id']} {one['status']}, expected absent: {wanted}" for one in matching)
    elif not any(_bears_out(entry, one) for one in matching):
        same = [one for one in recommendations if one["id"] == wanted.get("id")]
        yield f"{entry} not found; there is {same or matching}"


def _bears_out(entry: dict[str, Any], one: dict[str, Any]) -> bool:
    cautions, evidence = "\n".join(one["cautions"]), "\n".join(one["evidence"])
    return (
        set(entry.get("missing_includes", [])) <= set(one["missing"])
        and entry.get("caution_says", "") in cautions
        and not ("no_caution_says" in entry and entry["no_caution_says"] in cautions)
        and entry.get("evidence_says", "") in evidence
        and not ("no_evidence_says" in entry and entry["no_evidence_says"] in evidence)
        and ("schedule" not in entry or entry["schedule"] == one["schedule"]["phases"])
    )
