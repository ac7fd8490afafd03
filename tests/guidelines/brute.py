"""Cases settled and completed one by one: slow, plain, and written without the engine's bands and boxes.

What follows between facts (readings 2, 11, 13, 34, 37 and 38) is spelled out by hand, over the values that a
case leaves open: which facts only some cases have, what one stated fact says of another, what is presumed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise, product
from typing import Any

from guidelines.knowledge import conditions
from guidelines.knowledge.conditions import AllOf, AnyOf, Condition, Implies, Named, Not, Test, Truth, Xor
from guidelines.knowledge.gathered import deciding, worded
from guidelines.knowledge.model import Statement
from guidelines.knowledge.releases import current
from guidelines.vocabulary.facts import ABSENT, FACTS, INFINITE, Fact, Range, Value
from tests.guidelines.soundness import PLATINUM, UP_TO_IVA

HIGH_GRADE = "high_grade"
TIED = ("primary_site", "extent", "figo_stage")
OPTIONAL = ("response", "cell_type")
"""Facts that may have no value though nothing rules them out."""

# One member for each way in which conditions tell the members apart, and one that none of them names.
LISTED = {
    "metastatic_sites": ("liver", "brain", "bone"),
    "prior_regimens": ("captem", "platinum_etoposide", "other_systemic", "folfiri"),
}

Case = Mapping[str, Any]


# --- Values ---------------------------------------------------------------------------------------------


def _bounds() -> dict[str, list[float]]:
    found: dict[str, set[float]] = {}
    for condition in (*deciding(current()), *worded(current())):
        for test in conditions.tests_in(condition):
            if test.fact.type in ("number", "integer", "range"):
                operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
                found.setdefault(test.fact.name, set()).update(operands)
    return {name: sorted(bounds) for name, bounds in found.items()}


BOUNDS = _bounds()


@cache
def values_of(fact: Fact) -> tuple[Any, ...]:
    """Values that stand for all that a complete case may hold."""
    match fact.type:
        case "bool":
            return (True, False)
        case "enum":
            stated = tuple(choice.value for choice in fact.choices if choice.value != fact.leaves_open)
            return (*stated, ABSENT) if fact.name in OPTIONAL else stated
        case "list":
            return tuple(
                tuple(choice.value for choice in fact.choices if choice.value in chosen)
                for chosen in _subsets(LISTED[fact.name])
            )
    return numbers(fact)


def numbers(fact: Fact) -> tuple[float, ...]:
    """Every bound, and a number on either side of each."""
    step = 1 if fact.type == "integer" else 0.25
    found = {one + shift for one in BOUNDS.get(fact.name, [5]) for shift in (-step, 0, step)}
    low = -1 if fact.minimum is None else fact.minimum
    high = 10**6 if fact.maximum is None else fact.maximum
    return tuple(
        sorted(one for one in found if low <= one <= high and not (fact.exclusive_minimum and one == low))
    )


@cache
def _unstated(fact: Fact) -> tuple[Any, ...]:
    values = values_of(fact)
    return told_apart(fact.name, values) if fact.name in BOUNDS else values


def _subsets(members: Sequence[str]) -> list[set[str]]:
    return [
        {member for bit, member in enumerate(members) if chosen >> bit & 1}
        for chosen in range(1 << len(members))
    ]


def left_open(name: str, value: Value | None) -> tuple[Any, ...]:
    """What a complete case may hold where this much is stated."""
    fact = FACTS[name]
    if value is None or value == fact.leaves_open:
        return _unstated(fact)
    if isinstance(value, Range):
        low = value.low if value.low != -INFINITE else fact.minimum or 0
        high = value.high if value.high != INFINITE else value.low + 1
        ends = sorted({*numbers(fact), low, high})
        between = [(one + other) / 2 for one, other in pairwise(ends)]
        return told_apart(name, [one for one in (*ends, *between) if one in value])
    return (value,)


def told_apart(name: str, values: Sequence[Any]) -> tuple[Any, ...]:
    """Of numbers that no condition tells apart, one."""
    bounds = BOUNDS.get(name, ())
    return tuple({tuple((one > bound) - (one < bound) for bound in bounds): one for one in values}.values())


# --- What follows between facts ---------------------------------------------------------------------------

Allowed = Callable[[Any], bool]
Ground = tuple[dict[str, Allowed], ...]
"""Alternatives, any of which is enough; each names facts with the values they may have."""


def _among(*values: Any) -> Allowed:
    return lambda value: value in values


def _with(*entries: str) -> Allowed:
    return lambda value: bool(set(entries) & set(value))


def _other_than(*values: Any) -> Allowed:
    return lambda value: value not in values


def _later(value: int) -> bool:
    return value >= 2


def _some(value: Sequence[str]) -> bool:
    return bool(value)


_YES, _NO = _among(True), _among(False)
_METASTATIC, _LOCALIZED = {"extent": _among("metastatic")}, {"extent": _among("localized")}
_CERVIX = {"primary_site": _among("cervix")}
_IN_LIVER = {**_METASTATIC, "metastatic_sites": _with("liver")}
_GAVE_PLATINUM = {"prior_regimens": _with(*PLATINUM, "other_systemic")}
_LATER_LINE: Ground = ({"treatment_line": _later}, {"prior_regimens": _some})

GROUNDS: Mapping[str, Ground] = {
    "newly_diagnosed": (
        {"treatment_line": _among(1), "prior_regimens": _among(()), "under_surveillance": _NO},
    ),
    "brain_metastasis_count": ({**_METASTATIC, "metastatic_sites": _with("brain")},),
    "liver_dominant": (_IN_LIVER,),
    "liver_metastases_symptomatic": (_IN_LIVER,),
    "liver_metastases_progressive": (_IN_LIVER,),
    "metastatic_sites": (_METASTATIC,),
    "disease_burden": (_METASTATIC,),
    "on_systemic_treatment": (_METASTATIC,),
    "under_surveillance": ({**_LOCALIZED, "newly_diagnosed": _NO},),
    "initial_chemotherapy_completed": (_LOCALIZED,),
    "early_stage": (_LOCALIZED,),
    "margin": ({"resected": _YES},),
    "figo_stage": (_CERVIX,),
    "deep_stromal_invasion": (_CERVIX,),
    "lymphovascular_invasion": (_CERVIX,),
    "pancreas_subsite": ({"primary_site": _among("pancreas")},),
    "sstr_uptake": ({"sstr_imaging": _among("positive")},),
    "sstr_pattern": ({"sstr_imaging": _among("positive")},),
    "sstr_fdg_discordant": ({},),
    "carcinoid_syndrome_suspected": ({"hormonal_syndrome": _YES}, {"hiaa": _among("elevated")}),
    "refractory": _LATER_LINE,
    "response": (
        *_LATER_LINE,
        {**_LOCALIZED, "initial_chemotherapy_completed": _YES},
        {"resected": _YES},
        {**_METASTATIC, "on_systemic_treatment": _YES},
        {"under_surveillance": _YES},
    ),
    "platinum_response_durable": (_GAVE_PLATINUM,),
    "progressed_off_platinum": (_GAVE_PLATINUM,),
}
"""Facts that only some cases have, each with what it rests on and what that rests on."""

NOT_IN_COMPLETIONS = (
    "newly_diagnosed",
    "under_surveillance",
    "carcinoid_syndrome_suspected",
    "refractory",
    "response",
)
"""Facts whose ground is only looked at before completions: several facts, any of which is enough."""

NOT_DONE = {"sstr_uptake": ("sstr_imaging",), "sstr_pattern": ("sstr_imaging",)}
"""Imaging that was not done may be done: what rests on its finding stays open, and is not asked."""


def _silent(name: str, value: Value) -> bool:
    return value in (False, 0, ()) or (name == "lymphovascular_invasion")


@dataclass
class ByHand:
    """A case with the values each fact leaves open."""

    stated: Mapping[str, Value]
    possible: dict[str, tuple[Any, ...]]
    used: dict[str, Any]
    unused: set[str] = field(default_factory=set)
    idle: set[str] = field(default_factory=set)

    def may(self, ground: Ground) -> bool:
        return any(
            all(any(allowed(value) for value in self.possible[name]) for name, allowed in part.items())
            for part in ground
        )

    def surely(self, part: Mapping[str, Allowed]) -> bool:
        return all(all(allowed(value) for value in self.possible[name]) for name, allowed in part.items())

    def pass_over(self, name: str) -> None:
        if name in self.stated and name in self.used and not _silent(name, self.stated[name]):
            self.unused.add(name)
        nothing = {"bool": False, "list": ()}.get(FACTS[name].type, ABSENT)
        self.possible[name], self.used[name] = (nothing,), nothing

    def presume(self, name: str, value: Any) -> bool:
        if name in self.used or value not in self.possible[name]:
            return False
        self.possible[name], self.used[name] = (value,), value
        return True


def settle(stated: Mapping[str, Value]) -> ByHand:
    """The case settled as far as it can be."""
    case = ByHand(stated, {name: left_open(name, stated.get(name)) for name in FACTS}, dict(stated))
    _walk_up(case)
    _drop(case)
    if _say_of_another(case):
        _drop(case)
    for name, values in case.possible.items():
        if name not in case.used and name not in BOUNDS and len(values) == 1:
            case.used[name] = values[0]
    _presume_reports(case)
    case.possible[HIGH_GRADE] = _high_grade(case)
    return case


def _walk_up(case: ByHand) -> None:
    """Stated facts settle what they rest on."""
    meant = [name for name in GROUNDS if name in case.stated and not _silent(name, case.stated[name])]
    waiting = meant[::-1]
    while waiting:
        name = waiting.pop()
        if len(GROUNDS[name]) > 1 or _not_looked_for(name, case):
            continue
        if not case.may(GROUNDS[name]):
            if name == "brain_metastasis_count" and case.may((_METASTATIC,)):
                sites = (*case.possible["metastatic_sites"][0], "brain")
                case.possible["metastatic_sites"] = (FACTS["metastatic_sites"].parse(sites),)
            else:
                if name in case.stated:
                    case.pass_over(name)
                continue
        for other, allowed in GROUNDS[name][0].items():
            kept = tuple(value for value in case.possible[other] if allowed(value))
            if len(kept) < len(case.possible[other]):
                case.possible[other] = kept
                waiting += [other] if other in GROUNDS else []


def _not_looked_for(name: str, case: ByHand) -> bool:
    return any(case.used.get(one) == "not_done" for one in NOT_DONE.get(name, ()))


def _drop(case: ByHand) -> None:
    """What cannot arise."""
    for name, ground in GROUNDS.items():
        undone = name == "sstr_fdg_discordant" and "not_done" in (
            case.stated.get("sstr_imaging"),
            case.stated.get("fdg_pet"),
        )
        if _not_looked_for(name, case):
            case.pass_over(name)
            del case.used[name]
            case.possible[name] = left_open(name, None)
            case.idle.add(name)
        elif undone or not case.may(ground):
            case.pass_over(name)


def _say_of_another(case: ByHand) -> bool:
    """One stated fact says another."""
    found = False
    going_on = _among("exceptional", "response", "stable")
    for name, value, given in (
        ("cell_type", ABSENT, ({"differentiation": _among("well")},)),
        ("hiaa", "normal", ({"hormonal_syndrome": _NO},)),
        ("extent", "localized", ({"newly_diagnosed": _YES, **_CERVIX, "figo_stage": _among(*UP_TO_IVA)},)),
        ("extent", "metastatic", ({"newly_diagnosed": _YES, **_CERVIX, "figo_stage": _among("IVB")},)),
        ("progressive", True, ({"response": _among("progression")},)),
        (
            "progressive",
            False,
            (
                {"response": going_on, **_METASTATIC, "on_systemic_treatment": _YES},
                {"response": going_on, **_LOCALIZED, "resected": _NO},
            ),
        ),
        ("initial_chemotherapy_completed", False, ({"prior_regimens": _among(())},)),
        ("radiation_feasible", True, ({"radiation_planned": _YES},)),
        ("under_surveillance", False, ({"radiation_planned": _YES, "resected": _YES},)),
        ("radiation_planned", False, ({"under_surveillance": _YES},)),
    ):
        if any(case.surely(part) for part in given) and case.presume(name, value):
            found = True
    return found


def _presume_reports(case: ByHand) -> None:
    """A report presumes that nothing speaks against it, as long as it may be the report."""
    for name, value, given in (
        ("low_grade_component", False, {"differentiation": _among("poor")}),
        ("rb", "retained", {"differentiation": _among("well")}),
        ("p53", "wild_type", {"differentiation": _among("well")}),
        ("non_neuroendocrine_component", False, {"differentiation": _among("well")}),
        ("indolent", False, {**_METASTATIC, "on_systemic_treatment": _YES}),
    ):
        if case.may((given,)):
            case.presume(name, value)


def _high_grade(case: ByHand) -> tuple[bool, ...]:
    """The numbers decide; then the reported grade; then a report of poor differentiation."""
    numbers_known = [case.possible[name] for name in ("ki67", "mitotic_count")]
    if any(all(value > 20 for value in values) for values in numbers_known):
        return (True,)
    if all(value <= 20 for values in numbers_known for value in values):
        return (False,)
    if case.surely({"reported_grade": _among("g3")}):
        return (True,)
    if case.surely({"reported_grade": _among("g1", "g2")}):
        return (False,)
    return (True,) if case.surely({"differentiation": _among("poor")}) else (True, False)


# --- Completions ------------------------------------------------------------------------------------------


def consistent(case: Case) -> bool:
    """FIGO IVB is no localized disease; only the cervix has a stage."""
    return not (
        case.get("primary_site") == "cervix"
        and case.get("figo_stage") == "IVB"
        and case.get("extent") == "localized"
    )


def holds(condition: Condition, case: Case) -> bool:
    """The condition in a complete case, in two truth values."""
    match condition:
        case Test():
            value = _counts_as(condition.fact, case)
            return value is not ABSENT and condition.holds(value) is Truth.TRUE
        case Named():
            return holds(condition.condition, case)
        case AllOf():
            return all(holds(part, case) for part in condition.parts)
        case AnyOf():
            return any(holds(part, case) for part in condition.parts)
        case Not():
            return not holds(condition.part, case)
        case Implies():
            return not holds(condition.premise, case) or holds(condition.conclusion, case)
        case Xor():
            return holds(condition.left, case) is not holds(condition.right, case)


def _counts_as(fact: Fact, case: Case) -> Any:
    """Where its ground fails a fact counts as no, as none, or has no value."""
    ground = () if fact.name in NOT_IN_COMPLETIONS else GROUNDS.get(fact.name, ())
    if not ground or any(all(ok(case[name]) for name, ok in part.items()) for part in ground):
        return case[fact.name]
    return {"bool": False, "list": ()}.get(fact.type, ABSENT)


def reads(condition: Condition) -> tuple[str, ...]:
    """The facts that bear on the condition, those they rest on and those tied to them included."""
    names = {test.fact.name for test in conditions.tests_in(condition)}
    for name in names - set(NOT_IN_COMPLETIONS):
        names = names.union(*(part.keys() for part in GROUNDS.get(name, ())))
    names |= set(TIED) if names & set(TIED) else set()
    return tuple(name for name in (*FACTS, HIGH_GRADE) if name in names)


@dataclass(frozen=True)
class Tried:
    """Every consistent completion with the truth of the condition in it."""

    names: tuple[str, ...]
    found: tuple[tuple[tuple[Any, ...], bool], ...]

    @property
    def can_hold(self) -> bool:
        return any(truth for _, truth in self.found)

    @property
    def can_fail(self) -> bool:
        return any(not truth for _, truth in self.found)

    def missing(self) -> set[str]:
        """By the definition: a value of the fact settles the condition, or the fact alone can turn it."""
        return {name for place, name in enumerate(self.names) if self._settles(place) or self._turns(place)}

    def _settles(self, place: int) -> bool:
        """More than one value is open, and one of them leaves the condition a single way to go."""
        by_value: dict[Any, set[bool]] = {}
        for completion, truth in self.found:
            by_value.setdefault(completion[place], set()).add(truth)
        return len(by_value) > 1 and any(len(truths) == 1 for truths in by_value.values())

    def _turns(self, place: int) -> bool:
        by_others: dict[tuple[Any, ...], set[bool]] = {}
        for completion, truth in self.found:
            others = completion[:place] + completion[place + 1 :]
            by_others.setdefault(others, set()).add(truth)
        return any(len(truths) == 2 for truths in by_others.values())


def how_many(condition: Condition, case: ByHand) -> int:
    """Number of completions to try."""
    number = 1
    for name in reads(condition):
        number *= len(case.possible[name])
    return number


def tried(condition: Condition, case: ByHand) -> Tried:
    """All consistent completions of what the condition reads."""
    names = reads(condition)
    return Tried(names, tuple(_completions(condition, names, case)))


def _completions(
    condition: Condition, names: tuple[str, ...], case: ByHand
) -> Iterator[tuple[tuple[Any, ...], bool]]:
    for completion in product(*(case.possible[name] for name in names)):
        complete = dict(zip(names, completion, strict=True))
        if consistent(complete):
            yield completion, holds(condition, complete)


def asked(found: Tried, case: ByHand) -> set[str]:
    """What decides an open condition, as a board is asked for it."""
    names = found.missing()
    if HIGH_GRADE in names:
        grade = ("ki67", "mitotic_count", "reported_grade")
        names |= {name for name in grade if len(case.possible[name]) > 1}
    return names - {HIGH_GRADE} - case.idle


def status(statement: Statement, case: ByHand) -> str:
    """How a statement stands, its provisos included."""
    found = tried(statement.when, case)
    if not found.can_hold:
        return "excluded"
    if any(value not in case.possible[name] for name, value in statement.provided.items()):
        return "blocked"
    return "possible" if found.can_fail else "applies"
