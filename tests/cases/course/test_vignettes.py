"""Case files with what follows from each, a table for each part of the contract: `vignettes/*.yaml`.

A vignette: `file`, and of `today` (2026-04-01 unless it says another) what is expected. `facts`: values;
`absent`, `never` (values it must not have); `derived`, `read`: how provenance marks a fact; `dates`, `texts`:
its provenance; `mention`, `lack`: fragments of the cautions, in any case; `no_cautions`; `done`, `not_done`,
`done_on`; of the answer `entity`, `missing`, `asked`, `not_covered`, `answer_lacks`. `error`: the paths
refused.
"""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cases.course.answering import BadCaseFiles, answers

TODAY = "2026-04-01"
FOLDER = Path(__file__).parent / "vignettes"


class PlainLoader(yaml.CSafeLoader):
    """Dates stay the texts that they are in a case file."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if "timestamp" not in tag]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def vignettes() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for vignette in yaml.load(path.read_text(), Loader=PlainLoader):  # noqa: S506 a safe loader's subclass
            yield pytest.param(vignette, id=f"{path.stem}-{vignette['id']}")


def answer(file: Any, today: str = TODAY) -> dict[str, Any]:
    (line,) = answers(json.dumps(file), datetime.date.fromisoformat(today))
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.mark.parametrize("vignette", tuple(vignettes()))
def test_vignette(vignette: dict[str, Any]) -> None:
    if "error" in vignette:
        with pytest.raises(BadCaseFiles) as refused:
            answer(vignette["file"])
        lines = str(refused.value).splitlines()
        assert [line.split(": ")[0] for line in lines] == vignette["error"]
        return
    given = answer(vignette["file"], vignette.get("today", TODAY))
    assert disagreements(vignette, given) == []


def disagreements(expected: dict[str, Any], given: dict[str, Any]) -> list[Any]:
    """What is not as expected; everything at once, so that a clinician sees the whole of it."""
    facts, sources, cautions = given["facts"], given["provenance"], "\n".join(given["cautions"])
    found: list[Any] = []
    assert facts.keys() == sources.keys()
    for name, value in expected.get("facts", {}).items():
        if facts.get(name) != value:
            found.append((name, "expected", value, "given", facts.get(name), sources.get(name)))
    found += [
        ("absent", name, facts[name], sources[name]) for name in expected.get("absent", ()) if name in facts
    ]
    for name, values in expected.get("never", {}).items():
        found += [("never", name, facts[name])] if facts.get(name) in values else []
    for key, mark in (("derived", True), ("read", False)):
        for name in expected.get(key, ()):
            if sources.get(name, {}).get("derived") is not mark:
                found.append((key, name, sources.get(name)))
    for name, day in expected.get("dates", {}).items():
        if sources[name]["date"] != day:
            found.append(("date", name, sources[name]))
    for name, words in expected.get("texts", {}).items():
        if words not in sources[name]["text"]:
            found.append(("text", name, sources[name]))
    for words in expected.get("mention", ()):
        if words.lower() not in cautions.lower():
            found.append(("mention", words, given["cautions"]))
    for words in expected.get("lack", ()):
        if words.lower() in cautions.lower():
            found.append(("lack", words, given["cautions"]))
    if expected.get("no_cautions") and cautions:
        found.append(("no cautions", given["cautions"]))
    found += [("done", code) for code in expected.get("done", ()) if code not in given["done"]]
    found += [("not done", code) for code in expected.get("not_done", ()) if code in given["done"]]
    for code, day in expected.get("done_on", {}).items():
        if given["done_on"].get(code) != day:
            found.append(("done on", code, given["done_on"].get(code)))
    found += _disagreements_of_answer(expected, given["answer"])
    return found


def _disagreements_of_answer(expected: dict[str, Any], given: dict[str, Any]) -> list[Any]:
    found: list[Any] = []
    classified = given["classification"]
    if classified["entity"] != expected.get("entity", classified["entity"]):
        found.append(("entity", classified))
    missing = [one["fact"] for one in given["missing"]]
    found += [("missing", name, missing) for name in expected.get("missing", ()) if name not in missing]
    asked = [one["intervention"] for one in given["asked"]]
    found += [("asked", asked)] if asked != expected.get("asked", asked) else []
    if expected.get("not_covered", "") not in "\n".join(given["not_covered"]):
        found.append(("not covered", given["not_covered"]))
    for words in expected.get("answer_lacks", ()):
        if words in json.dumps(classified):
            found.append(("answer lacks", words, classified["cautions"]))
    return found
