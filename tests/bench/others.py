"""Rule engines from PyPI on a shared subset: zen-engine (Rust) and cel-python (Google's expression language).

Each gets what suits it best: zen one decision graph for all statements, CEL one compiled program for each.
What statements share is worked out once and handed on.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import celpy
import zen

from guidelines.engine.engine import engine_for
from guidelines.knowledge.releases import guideline_at
from guidelines.vocabulary.facts import Value
from guidelines.vocabulary.parsing import parse_facts
from tests.bench.answers import verdicts
from tests.bench.cases import Raw, invented
from tests.bench.floor import Verdicts, floor
from tests.bench.timing import Row, compared, grid, in_turns

EDITION = "nanets-hgnen-2023@1.0"
"""The subset is written out below for these engines: it stays with the edition it was written for."""

HIGH_GRADE = "(ki67 > 20 || mitotic_count > 20)"
DERIVED = {
    "nec": 'differentiation == "poor"',
    "net": f'{HIGH_GRADE} && (differentiation == "well" || (differentiation == "indeterminate" && '
    "low_grade_component))",
    "metastatic": 'extent == "metastatic"',
}
# In the words that both languages share but for and, or, not (`translated`).
SUBSET = {
    "mol-ngs-nec": "nec",
    "mol-ngs-g3-net-routine": "net",
    "mol-ngs-g3-net-metastatic": "net && metastatic",
    "img-sstr-g3-net": "net && newly_diagnosed",
    "img-sstr-nec": "nec && newly_diagnosed",
    "img-fdg-routine": "(net || nec) && newly_diagnosed",
    "img-brain-g3-net": "net && newly_diagnosed && !cns_symptoms",
    "img-brain-nec-asymptomatic": "nec && !cns_symptoms",
    "bio-isolation": "(net || nec) && !hormonal_syndrome",
    "path-rebiopsy-nec": "nec && progressive",
    "met-net-immunotherapy": "net && metastatic",
    "met-net-platinum-first-line": "net && metastatic && treatment_line == 1 && ki67 <= 60",
    "met-net-captem-pancreas": 'net && metastatic && treatment_line == 1 && primary_site == "pancreas"',
    "met-net-sunitinib": 'net && metastatic && progressive && refractory && primary_site == "pancreas"',
    "met-net-prrt": 'net && metastatic && progressive && sstr_imaging == "positive" && '
    'sstr_uptake == "above_liver" && sstr_pattern == "homogeneous"',
    "met-net-folfiri-later": "net && metastatic && treatment_line >= 2",
    "met-nec-ssa": "nec && metastatic",
    "met-nec-dual-immunotherapy": "nec && metastatic && treatment_line >= 2",
    "met-nec-biomarker-immunotherapy": 'nec && metastatic && (mmr == "deficient" || tmb == "high")',
    "met-nec-ntrk": "nec && metastatic && ntrk_fusion",
}
COMPLETE: Raw = {
    "differentiation": "poor", "ki67": 70, "mitotic_count": 40, "low_grade_component": False,
    "extent": "metastatic", "metastatic_sites": ["liver"], "primary_site": "colon", "newly_diagnosed": True,
    "cns_symptoms": False, "hormonal_syndrome": False, "progressive": True, "refractory": False,
    "treatment_line": 2, "sstr_imaging": "negative", "sstr_uptake": "at_or_below_liver",
    "sstr_pattern": "homogeneous", "mmr": "proficient", "tmb": "low", "ntrk_fusion": False,
}  # fmt: skip

Answer = Callable[[Raw], Mapping[str, Any]]


def translated(expression: str) -> str:
    """From CEL's operators to zen's words."""
    return expression.replace("&&", "and").replace("||", "or").replace("!", "not ")


def zen_engine() -> Answer:
    """One graph: an expression node that works out what is shared, then the statements."""

    def node(name: str, expressions: Mapping[str, str], through: bool) -> dict[str, Any]:
        listed = [{"id": key, "key": key, "value": translated(value)} for key, value in expressions.items()]
        content = {"expressions": listed, "passThrough": through}
        return {"id": name, "name": name, "type": "expressionNode", "content": content}

    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        node("shared", DERIVED, True),
        node("statements", SUBSET, False),
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    steps = zip(("in", "shared", "statements"), ("shared", "statements", "out"), strict=True)
    edges = [{"id": a, "sourceId": a, "targetId": b, "type": "edge"} for a, b in steps]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return lambda facts: decision.evaluate(facts)["result"]


def cel_python() -> Answer:
    """One program for each expression, run by its compiling runner."""
    environment = celpy.Environment(runner_class=celpy.CompiledRunner)

    def programs(expressions: Mapping[str, str]) -> dict[str, Any]:
        return {name: environment.program(environment.compile(text)) for name, text in expressions.items()}

    shared, statements = programs(DERIVED), programs(SUBSET)

    def answer(facts: Raw) -> dict[str, Any]:
        given = {name: celpy.json_to_cel(value) for name, value in facts.items()}
        given |= {name: one.evaluate(given) for name, one in shared.items()}
        return {name: bool(one.evaluate(given)) for name, one in statements.items()}

    return answer


def our_subset() -> Callable[[dict[str, Value]], Verdicts]:
    """An engine of the same statements."""
    whole = guideline_at(EDITION)
    engine = engine_for(
        replace(whole, statements=tuple(one for one in whole.statements if one.id in SUBSET), trials=())
    )
    return partial(verdicts, engine)


def rows() -> list[Row]:
    """Speed on complete cases of the subset, where all of them are right."""
    raw = [COMPLETE | {name: case[name] for name in COMPLETE if name in case} for case in invented(600)]
    raw = [
        one | {"sstr_imaging": "positive" if one["sstr_imaging"] == "not_done" else one["sstr_imaging"]}
        for one in raw
        if isinstance(one["ki67"], int) and (one["extent"] == "metastatic" or not one["metastatic_sites"])
    ]
    cases = [(one, parse_facts(one)) for one in raw]
    ours = our_subset()
    others = {"zen-engine": zen_engine(), "cel-python": cel_python()}
    for one, facts in cases:
        expected = set(ours(facts))
        for name, other in others.items():
            found = {statement for statement, holds in other(one).items() if holds}
            if found != expected:
                raise AssertionError(f"{name} differs on {one}: {found ^ expected}")
    return [
        compared(
            f"{len(SUBSET)} statements on complete cases, {name}",
            in_turns(
                {"engine": lambda pair: ours(pair[1]), name: lambda pair, ask=other: ask(pair[0])}, cases, 5
            ),
            None,
        )
        for name, other in others.items()
    ]


@dataclass(frozen=True)
class Unknown:
    """A case with something unknown, one statement, and what it must be: applies, possible or excluded."""

    what: str
    statement: str
    facts: Raw
    right: str


NTRK = "met-nec-ntrk"
UNKNOWNS = (
    Unknown(
        "one fact missing, which decides",
        NTRK,
        {"differentiation": "poor", "extent": "metastatic"},
        "possible",
    ),
    Unknown(
        "the same fact given as null",
        NTRK,
        {"differentiation": "poor", "extent": "metastatic", "ntrk_fusion": None},
        "possible",
    ),
    Unknown(
        "excluded by a later condition", NTRK, {"extent": "localized", "metastatic_sites": []}, "excluded"
    ),
    Unknown("excluded by an earlier condition", NTRK, {"differentiation": "well", "ki67": 40}, "excluded"),
    Unknown(
        "one of two alternatives is enough",
        "mol-ngs-g3-net-routine",
        {"differentiation": "well", "mitotic_count": 30},
        "applies",
    ),
    Unknown("true whatever the missing fact is", "org-expert-center", {"ki67": 60}, "applies"),
    Unknown(
        "settled by another fact's meaning",
        "brain-prophylactic",
        {"differentiation": "poor", "extent": "localized"},
        "applies",
    ),
    Unknown(
        "a range on both sides of a bound",
        "met-net-systemic-above-55",
        {
            "differentiation": "well",
            "ki67": {"min": 50, "max": 60},
            "extent": "metastatic",
            "metastatic_sites": ["liver"],
        },
        "possible",
    ),
)
# The same statements from the facts alone, as a reader of the guideline would write them.
IN_FULL = {
    NTRK: 'differentiation == "poor" && extent == "metastatic" && ntrk_fusion',
    "mol-ngs-g3-net-routine": DERIVED["net"],
    "org-expert-center": f'differentiation == "poor" || ({HIGH_GRADE} && (differentiation == "well" || '
    'differentiation == "indeterminate"))',
    "brain-prophylactic": '(differentiation == "poor" || ki67 > 20 || mitotic_count > 20) && '
    '!("brain" in metastatic_sites)',
    "met-net-systemic-above-55": f'{DERIVED["net"]} && extent == "metastatic" && '
    '"liver" in metastatic_sites && ki67 > 55',
}


def treatment_of_unknown() -> str:
    """A table: who says what where something is unknown."""
    engine, written = engine_for(guideline_at(EDITION)), floor(guideline_at(EDITION))
    environment = celpy.Environment()

    def ours(case: Unknown) -> str:
        return verdicts(engine, parse_facts(case.facts)).get(case.statement, "excluded")

    def by_hand(case: Unknown) -> str:
        return written(parse_facts(case.facts)).get(case.statement, "excluded")

    def with_zen(case: Unknown) -> str:
        return _status(zen.evaluate_expression(translated(IN_FULL[case.statement]), case.facts))

    def with_cel(case: Unknown) -> str:
        program = environment.program(environment.compile(IN_FULL[case.statement]))
        return _status(program.evaluate({name: celpy.json_to_cel(one) for name, one in case.facts.items()}))

    asked = {"engine": ours, "by hand": by_hand, "zen-engine": with_zen, "cel-python": with_cel}
    lines, right = [], dict.fromkeys(asked, 0)
    for case in UNKNOWNS:
        line = [case.what, case.right]
        for name, ask in asked.items():
            answer = _asked(ask, case)
            right[name] += answer == case.right
            line.append(answer if answer == case.right else f"{answer} ✗")
        lines.append(line)
    lines.append(["right", "", *(f"{count} of {len(UNKNOWNS)}" for count in right.values())])
    return grid(("what is unknown", "must be", *asked), lines)


def _asked(ask: Callable[[Unknown], str], case: Unknown) -> str:
    try:
        return ask(case)
    except Exception:  # what a foreign engine raises at a missing name is its own affair
        return "error"


def _status(answer: Any) -> str:
    """None, or null where an engine answers so, counts as possible."""
    if answer is None:
        return "possible"
    return "applies" if answer else "excluded"
