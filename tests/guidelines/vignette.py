"""The vignettes: cases with what a clinician expects of the guideline, written from the source.

They lie in `vignettes/`, one file a chapter, and are answered with the newest edition; those in
`vignettes/edition_1_0/` with edition 1.0, which stays readable for what was signed with it. A vignette has
id, title, source_lines (lines of the source, or the reading decision), facts, entity and expect. Bad input
has error, names and mentions instead.

`expect`, each entry with `must` present or absent:
* of a recommendation, keys that it must have: statement (its id), intervention, setting, stance, agreement,
  status, kind, done. What must be absent neither applies nor is possible, unless the entry names a status.
* of an option (`option`: its intervention), the same keys.
* of a present one, what else it must say: missing and provided (facts among its own), provided_lacks,
  caution (any), caution_says, caution_lacks, evidence_says, evidence_lacks, schedule (its phases),
  schedule_says, count (how many there are), qualified_by (entries, each matched by a statement named there).

Of the whole answer: option_before (pairs, in order), asked (by code: verdict, excluded, not_covered,
principle; nothing is ever silent), trials (nct, status or absent, accrual), not_covered (whether anything
is), missing_includes, missing_excludes, missing_before (pairs, in order), classification_caution,
caution_anywhere, and words: not_covered_says, not_covered_lacks, classification_says, classification_lacks,
caution_anywhere_says, basis_says, trial_caution_says. Words are a list; each entry must stand in some line,
and of an entry that is itself a list one must. Capitals do not matter.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "vignettes"
MATCHED = ("statement", "intervention", "option", "kind", "setting", "stance", "agreement", "status", "done")
FOUND = ("missing", "provided", "provided_lacks", "caution", "caution_says", "caution_lacks")
SAID = ("evidence_says", "evidence_lacks", "schedule", "schedule_says", "count", "qualified_by")
ENTRY_KEYS = {"must", *MATCHED, *FOUND, *SAID}
CASE_KEYS = {"id", "title", "source_lines", "facts", "done", "asks", "entity", "expect"}
REFUSAL_KEYS = {"id", "title", "source_lines", "facts", "done", "asks", "error", "names", "mentions"}
WORD_KEYS = {
    "not_covered_says",
    "not_covered_lacks",
    "classification_says",
    "classification_lacks",
    "caution_anywhere_says",
    "basis_says",
    "trial_caution_says",
}
ANSWER_KEYS = {
    *("option_before", "asked", "trials", "not_covered", "classification_caution", "caution_anywhere"),
    *("missing_includes", "missing_excludes", "missing_before"),
    *WORD_KEYS,
}

Vignette = dict[str, Any]
Answer = dict[str, Any]
Entry = dict[str, Any]


def load(folder: Path) -> list[Vignette]:
    """Every vignette of a folder, in the order of the files."""
    return [one for path in sorted(folder.glob("*.json")) for one in json.loads(path.read_text("utf-8"))]


VIGNETTES = load(FOLDER)
ANSWERED = [one for one in VIGNETTES if not one.get("error")]
REFUSED = [one for one in VIGNETTES if one.get("error")]
OF_EDITION_1_0 = load(FOLDER / "edition_1_0")


def question(vignette: Vignette) -> dict[str, Any]:
    """What goes in."""
    return {key: vignette[key] for key in ("facts", "done", "asks") if key in vignette}


def wrong(vignette: Vignette, answer: Answer) -> Iterator[str]:
    """What the answer does not bear out, in words; nothing when all is as expected."""
    entity = answer["classification"]["entity"]
    if not _one_of(vignette["entity"], entity):
        yield f"entity {entity}, expected {vignette['entity']}"
    for entry in vignette["expect"]:
        yield from _wrong_entry(entry, answer)
    yield from _wrong_order("option", vignette, [one["intervention"] for one in answer["options"]])
    yield from _wrong_missing(vignette, [one["fact"] for one in answer["missing"]])
    for entry in vignette.get("asked", []):
        yield from _wrong_asked(entry, answer["asked"])
    for entry in vignette.get("trials", []):
        yield from _wrong_trial(entry, answer["trials"])
    yield from _wrong_words(vignette, answer)


# --- Recommendations and options ----------------------------------------------------------------------


def _wrong_entry(entry: Entry, answer: Answer) -> Iterator[str]:
    said = answer["options" if "option" in entry else "recommendations"]
    of_it = [one for one in said if _matches(entry, one)]
    if entry["must"] == "absent":
        if "status" not in entry:
            of_it = [one for one in of_it if one["status"] in ("applies", "possible")]
        yield from (f"{one['id']} {one['status']}, expected absent: {entry}" for one in of_it)
        return
    if "count" in entry and len(of_it) != entry["count"]:
        yield f"{entry}: there are {len(of_it)}"
    if not any(_bears_out(entry, one, answer) for one in of_it):
        near = [one for one in said if one["intervention"] == entry.get("option", entry.get("intervention"))]
        yield f"{entry} not found; there is {[_brief(one) for one in near]}"


def _brief(one: Entry) -> Entry:
    kept = (
        "id",
        "setting",
        "stance",
        "agreement",
        "status",
        "kind",
        "done",
        "missing",
        "provided",
        "cautions",
    )
    return {key: one[key] for key in (*kept, "qualified_by") if key in one}


def _one_of(wanted: Any, value: Any) -> bool:
    return value in wanted if isinstance(wanted, list) else value == wanted


def _matches(entry: Entry, one: Entry) -> bool:
    named = {"statement": "id", "option": "intervention"}
    return all(_one_of(entry[key], one[named.get(key, key)]) for key in MATCHED if key in entry)


def _bears_out(entry: Entry, one: Entry, answer: Answer) -> bool:
    said = {other["id"]: other for other in answer["recommendations"]}
    of_statement = said[one["id"]]
    cautions, evidence = of_statement["cautions"], of_statement["evidence"]
    schedule = one["schedule"] or {"phases": None, "text": ""}
    qualifying = [said[other] for other in one.get("qualified_by", [])]
    return (
        set(entry.get("missing", [])) <= set(one["missing"])
        and set(entry.get("provided", [])) <= set(one["provided"])
        and not set(entry.get("provided_lacks", [])) & set(one["provided"])
        and bool(cautions) is entry.get("caution", bool(cautions))
        and not unsaid(entry.get("caution_says", []), cautions)
        and not _said(entry.get("caution_lacks", []), cautions)
        and not unsaid(entry.get("evidence_says", []), evidence)
        and not _said(entry.get("evidence_lacks", []), evidence)
        and entry.get("schedule", schedule["phases"]) == schedule["phases"]
        and not unsaid(entry.get("schedule_says", []), [schedule["text"], of_statement["statement"]])
        and all(any(_matches(each, other) for other in qualifying) for each in entry.get("qualified_by", []))
    )


# --- The rest of the answer ---------------------------------------------------------------------------


def _wrong_order(key: str, vignette: Vignette, there: Sequence[str]) -> Iterator[str]:
    for first, second in vignette.get(f"{key}_before", []):
        lacking = [one for one in (first, second) if one not in there]
        if lacking or there.index(first) > there.index(second):
            yield f"{key}: {first} is not before {second} in {list(there)}"


def _wrong_missing(vignette: Vignette, asked: Sequence[str]) -> Iterator[str]:
    yield from (
        f"{fact} is not missing" for fact in vignette.get("missing_includes", []) if fact not in asked
    )
    yield from (f"{fact} is asked" for fact in vignette.get("missing_excludes", []) if fact in asked)
    yield from _wrong_order("missing", vignette, asked)


def _wrong_asked(entry: Entry, asked: Sequence[Entry]) -> Iterator[str]:
    found = [one for one in asked if one["intervention"] == entry["code"]]
    if len(found) != 1:
        yield f"{entry['code']} is answered {len(found)} times"
        return
    [one] = found
    if not (one["option"] or one["excluded"] or one["not_covered"] or one["principle"]):
        yield f"{entry['code']}: silence"
    if "verdict" in entry and not (one["option"] and _matches(entry["verdict"], one["option"])):
        yield f"{entry}: the option is {one['option']}"
    for key in ("excluded", "not_covered", "principle"):
        if key in entry and bool(one[key]) is not bool(entry[key]):
            yield f"{entry}: {key} is {one[key]}"
    says = entry.get("not_covered")
    if isinstance(says, list) and unsaid(says, [one["not_covered"] or ""]):
        yield f"{entry}: not covered says {one['not_covered']!r}"


def _wrong_trial(entry: Entry, trials: Sequence[Entry]) -> Iterator[str]:
    found = next((one for one in trials if one["nct"] == entry["nct"]), {"status": "absent"})
    if not _one_of(entry["status"], found["status"]):
        yield f"{entry['nct']} is {found['status']}, expected {entry['status']}"
    if "accrual" in entry and found.get("accrual") != entry["accrual"]:
        yield f"{entry['nct']}: accrual {found.get('accrual')}"


def _wrong_words(vignette: Vignette, answer: Answer) -> Iterator[str]:
    classification = answer["classification"]
    everywhere = [
        *classification["cautions"],
        *(text for one in (*answer["recommendations"], *answer["trials"]) for text in one["cautions"]),
    ]
    texts = {
        "not_covered": answer["not_covered"],
        "classification": [*classification["reasons"], *classification["cautions"]],
        "caution_anywhere": everywhere,
        "basis": [answer["basis"]],
        "trial_caution": [text for trial in answer["trials"] for text in trial["cautions"]],
    }
    for key, lines in texts.items():
        for part in unsaid(vignette.get(f"{key}_says", []), lines):
            yield f"{key}_says: {part!r} stands in none of {lines}"
        for part in _said(vignette.get(f"{key}_lacks", []), lines):
            yield f"{key}_lacks: {part!r} stands in {lines}"
    there = {
        "not_covered": answer["not_covered"],
        "classification_caution": classification["cautions"],
        "caution_anywhere": everywhere,
    }
    for key, lines in there.items():
        if key in vignette and bool(lines) is not vignette[key]:
            yield f"{key}: {lines}"


def unsaid(parts: Iterable[str | list[str]], lines: Sequence[str]) -> list[str | list[str]]:
    """The words that stand in no line; of words in a list one must."""
    return [part for part in parts if not _said([part] if isinstance(part, str) else part, lines)]


def _said(words: Iterable[str | list[str]], lines: Sequence[str]) -> list[str]:
    flat = [one for part in words for one in ([part] if isinstance(part, str) else part)]
    return [word for word in flat if any(word.lower() in line.lower() for line in lines)]
