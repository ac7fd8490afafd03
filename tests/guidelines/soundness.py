"""What must be so in every answer of an edition with options, whatever the case.

Options agree with recommendations, each intervention once, no principle; statements on one intervention
and options stand in the order of reading 35; nothing is asked, or named in `provided`, that is settled by
what is stated or cannot arise (readings 34, 37, 38). All of it is spelled here by hand, over the JSON that
goes in and comes out and the order files as they stand, without the project's code.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

RELEASE = Path(__file__).parents[2] / "guidelines/releases/nanets-hgnen-2023/1.1"

Json = Mapping[str, Any]
Facts = Mapping[str, Any]


def unsound(question: Json, answer: Json) -> Iterator[str]:
    """What is wrong with an answer, in words; nothing when all is in order."""
    yield from _disagreements(answer)
    yield from _disorder(answer)
    yield from _idle_questions(question["facts"], answer)
    yield from _repeated_words(answer)


# --- Options agree with recommendations ---------------------------------------------------------------

SAME = (
    "topic",
    "setting",
    "kind",
    "stance",
    "agreement",
    "status",
    "missing",
    "provided",
    "done",
    "schedule",
)


def _disagreements(answer: Json) -> Iterator[str]:
    said = {one["id"]: one for one in answer["recommendations"]}
    choices: dict[str, set[str]] = {}
    for one in said.values():
        if one["kind"] != "principle" and one["status"] != "excluded":
            choices.setdefault(one["intervention"], set()).add(one["id"])
    listed = [option["intervention"] for option in answer["options"]]
    if sorted(listed) != sorted(choices):
        yield f"options {sorted(listed)}, but statements on {sorted(choices)}"
        return
    for option in answer["options"]:
        of_it, named = choices[option["intervention"]], [option["id"], *option["qualified_by"]]
        if sorted(named) != sorted(of_it):
            yield f"{option['intervention']}: {named}, but its statements are {sorted(of_it)}"
        differing = [key for key in SAME if option[key] != said[option["id"]][key]]
        if differing:
            yield f"{option['intervention']}: {differing} not as in {option['id']}"
    decided = {
        fact: [one["id"] for one in said.values() if fact in one["missing"] and _asks(one)]
        for fact in {fact for one in said.values() if _asks(one) for fact in one["missing"]}
    }
    if {one["fact"]: one["decides"] for one in answer["missing"]} != decided:
        yield f"missing {answer['missing']}, but open statements ask for {decided}"


def _asks(one: Json) -> bool:
    return one["kind"] != "principle" and not one["done"]


def _repeated_words(answer: Json) -> Iterator[str]:
    """A caution on a fact that is settled beside the one for where it is open would say the same twice."""
    places = {
        "classification": answer["classification"],
        **{one["id"]: one for one in answer["recommendations"]},
    }
    for place, one in places.items():
        if len(set(one["cautions"])) < len(one["cautions"]):
            yield f"{place} repeats a caution: {one['cautions']}"


# --- Reading 35 ---------------------------------------------------------------------------------------

KINDS = ("treatment", "schedule", "test", "organization")
FOR = ("recommended", "acceptable", "consider")
VOICES = {
    "consensus": 0,
    "majority": 0,
    "no_consensus": 0,
    "panel": 1,
    "expert_opinion": 1,
    "other_society": 2,
}
SETTLES_ENTITY = ("expert_pathology_review", "differentiation_ihc", "fdg_pet")
ROWS = ("monitoring", "surveillance")


def _disorder(answer: Json) -> Iterator[str]:
    is_open = answer["classification"]["entity"] in ("indeterminate", "unknown")
    for first, second in pairwise(answer["options"]):
        if _option_key(first, is_open) > _option_key(second, is_open):
            yield f"option {first['intervention']} stands before {second['intervention']}"
    said = {one["id"]: one for one in answer["recommendations"]}
    for option in answer["options"]:
        statements = [said[one] for one in (option["id"], *option["qualified_by"])]
        scheduled = any(one["setting"] in ROWS and one["status"] == "applies" for one in statements)
        for one, other in pairwise(statements):
            if _statement_key(one, scheduled) > _statement_key(other, scheduled):
                yield f"{one['id']} stands before {other['id']}"


def _option_key(option: Json, is_open: bool) -> tuple[int, ...]:
    """What settles an open entity; then kinds; within one what is for it, open, against, blocked and done."""
    stance, last = option["stance"], option["status"] == "blocked" or option["done"]
    if is_open and option["intervention"] in SETTLES_ENTITY and stance in FOR and not option["done"]:
        return (-1, SETTLES_ENTITY.index(option["intervention"]))
    kind = KINDS.index(option["kind"])
    if last:
        return (kind, 9)
    if stance in FOR:
        group = 0 if option["status"] == "applies" else 1
        return (kind, group, FOR.index(stance), VOICES[option["agreement"]])
    return (kind, {"no_consensus": 2, "insufficient_evidence": 3, "not_recommended": 4}[stance])


@cache
def orders() -> Mapping[str, tuple[str, int]]:
    """Statement → the part of the order on its intervention, and its number there."""
    found: dict[str, tuple[str, int]] = {}
    for path in sorted(RELEASE.glob("orders*.yaml")):
        for entry in yaml.safe_load(path.read_text("utf-8")):
            for part in ("specific", "routine", "last"):
                found |= {one: (part, number) for number, one in enumerate(entry.get(part) or [])}
    return found


def _statement_key(one: Json, scheduled: bool) -> tuple[int, ...]:
    """The sentence for this case, then by voice, then what applies before what may; after those a table's
    "as indicated" and a row for follow-up or treatment that nobody says the case is in; what is blocked last.
    Where a row of a schedule holds, a test already made steps back.
    """
    part, number = orders().get(one["id"], ("routine", 0))
    applies = one["status"] == "applies"
    if one["status"] == "blocked":
        return (3,)
    if part == "last" or (one["topic"] == "follow_up" and not applies):
        return (2, not applies)
    if part == "specific" and applies and not (one["done"] and scheduled):
        return (0, number)
    return (1, VOICES[one["agreement"]], not applies)


# --- Readings 34, 37 and 38 ---------------------------------------------------------------------------

PLATINUM = {
    *("adjuvant_cisplatin_etoposide", "chemoradiation_then_chemotherapy", "curative_intent_chemoradiation"),
    *(
        "palliative_cisplatin_etoposide",
        "platinum_etoposide",
        "carboplatin_for_cisplatin",
        "platinum_rechallenge",
    ),
    *("platinum_beyond_six_cycles", "platinum_irinotecan", "platinum_based_first_line"),
    *("carboplatin_etoposide_paclitaxel", "immunotherapy_with_platinum_etoposide"),
}
UP_TO_IVA = (
    "IA1",
    "IA2",
    "IB1",
    "IB2",
    "IB3",
    "IIA1",
    "IIA2",
    "IIB",
    "IIIA",
    "IIIB",
    "IIIC1",
    "IIIC2",
    "IVA",
)
SITES = ("liver_dominant", "liver_metastases_symptomatic", "liver_metastases_progressive")
NOT_DONE = ("sstr_imaging", "fdg_pet")


def _idle_questions(facts: Facts, answer: Json) -> Iterator[str]:
    known = settled(facts)
    places = {"missing": [one["fact"] for one in answer["missing"]]}
    for one in (*answer["recommendations"], *answer["trials"]):
        name = one.get("id") or one["nct"]
        places |= {f"missing of {name}": one["missing"], f"provided of {name}": one["provided"]}
    for place, names in places.items():
        yield from (f"{place}: {name} is settled" for name in names if is_settled(name, facts, known))
        yield from (f"{place}: {name} cannot arise" for name in names if cannot_arise(name, known))


def is_settled(name: str, facts: Facts, known: Facts) -> bool:
    """Stated, or said by what is stated. A range answers in part; of imaging the finding is what counts."""
    value = known.get(name, facts.get(name))
    return value not in (None, "done", "not_done") and not isinstance(value, dict)


def settled(facts: Facts) -> dict[str, Any]:
    """The facts with what follows from them."""
    known = {name: value for name, value in facts.items() if value is not None}
    meant = {name for name, value in known.items() if value not in (False, "none", 0, [])}
    sites = set(known.get("metastatic_sites") or [])

    def follows(name: str, value: Any, *dependents: str) -> None:
        if meant & set(dependents):
            known.setdefault(name, value)

    follows("resected", True, "margin")
    for name in NOT_DONE:
        if meant & {"sstr_fdg_discordant"} and name not in known:
            known[name] = "done"
    if known.get("sstr_imaging") in (None, "done"):
        follows("sstr_imaging", "positive", "sstr_uptake", "sstr_pattern")
    follows("primary_site", "cervix", "figo_stage", "deep_stromal_invasion")
    follows("primary_site", "pancreas", "pancreas_subsite")
    follows(
        "extent", "metastatic", *SITES, "brain_metastasis_count", "disease_burden", "on_systemic_treatment"
    )
    follows("extent", "metastatic", "metastatic_sites")
    follows("extent", "localized", "under_surveillance", "initial_chemotherapy_completed", "early_stage")
    if not sites and known.get("newly_diagnosed") and known.get("figo_stage") in UP_TO_IVA:
        known.setdefault("extent", "localized")
    if known.get("newly_diagnosed") and known.get("figo_stage") == "IVB":
        known.setdefault("extent", "metastatic")
    if known.get("response") == "progression":
        known.setdefault("progressive", True)
    elif "response" in known and known.get("on_systemic_treatment"):
        known.setdefault("progressive", False)
    if known.get("prior_regimens") == []:
        known.setdefault("initial_chemotherapy_completed", False)
    if known.get("radiation_planned"):
        known.setdefault("radiation_feasible", True)
        if known.get("resected"):
            known.setdefault("under_surveillance", False)
    if known.get("under_surveillance"):
        known.setdefault("radiation_planned", False)
        known.setdefault("newly_diagnosed", False)
    return known


def cannot_arise(name: str, known: Facts) -> bool:
    """Is the ground of this fact known to fail?"""
    ground = GROUNDS.get(name)
    return ground is not None and ground(known) is False


def _is(name: str, *values: Any) -> Callable[[Facts], bool | None]:
    return lambda known: known[name] in values if name in known else None


def _has(name: str, *entries: str) -> Callable[[Facts], bool | None]:
    return lambda known: bool(set(known[name]) & set(entries)) if name in known else None


def _any(parts: Iterable[bool | None]) -> bool | None:
    listed = list(parts)
    return True if True in listed else None if None in listed else False


def _treated(known: Facts) -> bool | None:
    line, regimens = known.get("treatment_line"), known.get("prior_regimens")
    return _any((None if line is None else line >= 2, None if regimens is None else bool(regimens)))


def _all(*grounds: Callable[[Facts], bool | None]) -> Callable[[Facts], bool | None]:
    def ground(known: Facts) -> bool | None:
        parts = [one(known) for one in grounds]
        return False if False in parts else None if None in parts else True

    return ground


_METASTATIC, _LOCALIZED = _is("extent", "metastatic"), _is("extent", "localized")
_CERVIX, _SSTR_POSITIVE = _is("primary_site", "cervix"), _is("sstr_imaging", "positive", "done")
_PLATINUM_GIVEN = _has("prior_regimens", *PLATINUM, "other_systemic")


def _followed(known: Facts) -> bool | None:
    return False if known.get("newly_diagnosed") else _LOCALIZED(known)


def _first_assessed(known: Facts) -> bool | None:
    late = (known.get("treatment_line", 1) > 1, known.get("prior_regimens"), known.get("under_surveillance"))
    return False if any(late) else None


def _syndrome(known: Facts) -> bool | None:
    return False if known.get("hormonal_syndrome") is False and known.get("hiaa") != "elevated" else None


def _responded(known: Facts) -> bool | None:
    after = [known.get(one) for one in ("resected", "on_systemic_treatment", "under_surveillance")]
    return _any((_treated(known), *after))


GROUNDS: Mapping[str, Callable[[Facts], bool | None]] = {
    "newly_diagnosed": _first_assessed,
    "brain_metastasis_count": _all(_METASTATIC, _has("metastatic_sites", "brain")),
    **{name: _all(_METASTATIC, _has("metastatic_sites", "liver")) for name in SITES},
    **dict.fromkeys(("metastatic_sites", "disease_burden", "on_systemic_treatment"), _METASTATIC),
    "under_surveillance": _followed,
    **dict.fromkeys(("initial_chemotherapy_completed", "early_stage"), _LOCALIZED),
    "margin": _is("resected", True),
    **dict.fromkeys(("figo_stage", "deep_stromal_invasion", "lymphovascular_invasion"), _CERVIX),
    "pancreas_subsite": _is("primary_site", "pancreas"),
    **dict.fromkeys(("sstr_uptake", "sstr_pattern"), _SSTR_POSITIVE),
    "sstr_fdg_discordant": _all(
        _is("sstr_imaging", "positive", "negative", "done"), _is("fdg_pet", "positive", "negative", "done")
    ),
    "carcinoid_syndrome_suspected": _syndrome,
    "refractory": _treated,
    "response": _responded,
    **dict.fromkeys(("platinum_response_durable", "progressed_off_platinum"), _PLATINUM_GIVEN),
}
