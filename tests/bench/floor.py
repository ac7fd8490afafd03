"""What a careful programmer would write without an engine, generated from the guideline's data: the floor.

A dict of facts goes in; three-valued `all_of`, `any_of` and `no` carry the unknown along. Every test and
every shared condition is worked out once, and statements on an entity that is out of the question are left at
once. It knows nothing of completions: where the truth follows only from looking at all values of an unknown
fact together (`A or not A`), it says "possible" although it is settled. A test holds it against the engine on
complete cases. Adding a statement to the data adds it here.
"""

from collections.abc import Callable, Mapping
from typing import Any

from guidelines.knowledge.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Implies,
    Named,
    Not,
    Test,
    Xor,
    conjuncts,
)
from guidelines.knowledge.inference import Arises, Concluded
from guidelines.knowledge.model import Guideline, Statement
from guidelines.vocabulary.facts import Fact
from tests.bench import three_valued

Verdicts = dict[str, str]


def floor(guideline: Guideline) -> Callable[[Mapping[str, Any]], Verdicts]:
    """Facts → statement id → applies, possible or blocked; what can no longer apply is left out."""
    names: dict[str, Any] = dict(vars(three_valued))
    exec(_Writer(guideline).source(), names)  # noqa: S102 our own data, in the benchmark only
    written: Callable[[Mapping[str, Any]], Verdicts] = names["verdicts"]
    return written


class _Writer:
    """Writes the function, one line for each thing that is worked out once."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.lines = ["def verdicts(facts):", "    get = facts.get", "    found = {}"]
        self.known: dict[Condition, str] = {}
        self.grounds = {one.fact: one.only for one in guideline.arises if one.grounded}

    def source(self) -> str:
        """The whole function."""
        for name, fact in self.guideline.facts.items():
            unanswered = f" if get({name!r}) != {fact.leaves_open!r} else None" if fact.leaves_open else ""
            self._line(f"{name} = get({name!r}){unanswered}")
        for entry in self.guideline.arises:
            self._rules_out(entry)
        for presumption in self.guideline.presumptions:
            self._forget(presumption.fact)
            given = self._written(presumption.given)
            wanted = "is True" if presumption.certain else "is not False"
            value = presumption.value if presumption.value is not None else "(absent)"
            self._line(f"if {presumption.fact} is None and {given} {wanted}: {presumption.fact} = {value!r}")
            self._forget(presumption.fact)
        for name, concluded in self.guideline.concluded.items():
            self._conclude(name, concluded)
        self._statements()
        self._line("return found")
        return "\n".join(self.lines)

    def _line(self, text: str, depth: int = 1) -> None:
        self.lines.append("    " * depth + text)

    def _forget(self, fact: str) -> None:
        """What reads this fact is worked out anew: its value may have changed."""
        self.known = {one: text for one, text in self.known.items() if fact not in _reads(one)}

    def _rules_out(self, entry: Arises) -> None:
        """Where its ground fails, a fact counts as no, empty, or nothing."""
        fact = self.guideline.facts[entry.fact]
        ground = self._written(entry.only)
        self._line(f"if {ground} is False: {entry.fact} = {_without_ground(fact)!r}")
        self._forget(entry.fact)

    def _conclude(self, name: str, concluded: Concluded) -> None:
        parts = [f"{one.value} if {self._written(one.when)} is True else " for one in concluded.conclusions]
        self._line(f"{name} = {''.join(parts)}None")

    def _statements(self) -> None:
        """Statements with the same first condition stand together behind it."""
        groups: dict[Condition, list[Statement]] = {}
        for statement in self.guideline.statements:
            groups.setdefault(conjuncts(statement.when)[0], []).append(statement)
        for first, statements in groups.items():
            asked = self._written(first)
            shared = dict(self.known)
            self._line(f"if {asked} is not False:")
            for statement in statements:
                self._statement(statement, asked)
            self.known = shared

    def _statement(self, statement: Statement, first: str) -> None:
        rest = [self._written(one, 2) for one in conjuncts(statement.when)[1:]]
        truth = f"all_of({', '.join([first, *rest])})" if rest else first
        self._line(f"truth = {truth}", 2)
        self._line("if truth is not False:", 2)
        blocked = " or ".join(
            f"{name} is not None and {name} is not {value!r}" for name, value in statement.provided.items()
        )
        verdict = '"applies" if truth else "possible"'
        if blocked:
            verdict = f'"blocked" if {blocked} else {verdict}'
        self._line(f"found[{statement.id!r}] = {verdict}", 3)

    def _written(self, condition: Condition, depth: int = 1) -> str:
        """The name that holds the truth of a condition, worked out once."""
        if condition not in self.known:
            text = self._text(condition, depth)
            name = f"c{len(self.lines)}"
            self._line(f"{name} = {text}", depth)
            self.known[condition] = name
        return self.known[condition]

    def _text(self, condition: Condition, depth: int) -> str:
        match condition:
            case Test():
                return self._test(condition, depth)
            case Named():
                return self._written(condition.condition, depth)
            case Not():
                return f"no({self._written(condition.part, depth)})"
            case Implies():
                premise, conclusion = (
                    self._written(one, depth) for one in (condition.premise, condition.conclusion)
                )
                return f"any_of(no({premise}), {conclusion})"
            case Xor():
                raise NotImplementedError("no statement asks for either-or")
            case AllOf() | AnyOf():
                parts = ", ".join([self._written(one, depth) for one in condition.parts])
                return f"{'all_of' if isinstance(condition, AllOf) else 'any_of'}({parts})"

    def _test(self, test: Test, depth: int) -> str:
        name = test.fact.name
        match test.operator:
            case "is" if test.fact.type == "bool":
                text = name if test.operand == (True,) else f"no({name})"
            case "is":
                text = f"one_of({name}, {test.operand!r})"
            case "empty":
                text = f"is_empty({name}, {test.operand!r})"
            case _:
                text = f"{test.operator}({name}, {test.operand!r})"
        ground = self.grounds.get(name)
        if ground is None or test.operator == "empty" or text.startswith("no("):
            return text
        return f"all_of({self._written(ground, depth)}, {text})"


def _reads(condition: Condition) -> set[str]:
    match condition:
        case Test():
            return {condition.fact.name}
        case Named():
            return _reads(condition.condition)
        case Not():
            return _reads(condition.part)
        case Implies():
            return _reads(condition.premise) | _reads(condition.conclusion)
        case Xor():
            return _reads(condition.left) | _reads(condition.right)
    return {name for part in condition.parts for name in _reads(part)}


def _without_ground(fact: Fact) -> Any:
    if fact.type == "bool":
        return False
    if fact.type == "list":
        return ()
    return "(absent)" if fact.type == "enum" else 0
