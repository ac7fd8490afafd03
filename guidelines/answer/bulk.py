"""Cases in, answers out: one JSON object or JSON Lines. Nothing is answered unless everything could be
read.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson

from guidelines.answer.assessment import assess, assess_as_line
from guidelines.answer.parts import Assessment
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.facts import FactError, FactsInvalid, Value, harmless
from guidelines.vocabulary.parsing import parse_facts

T = TypeVar("T")


class BadInput(ValueError):
    """The input cannot be answered; the message has one line a reason, each naming the line of the input
    and the fact.
    """


class NotJson(ValueError):
    """The text is not one JSON value, or gives a name twice."""


@dataclass(frozen=True, slots=True)
class AskedCase:
    """One case as it comes in: its facts, tests already made, and what the question is about."""

    facts: Mapping[str, Value]
    done: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


def read_cases(text: str, guideline: Guideline) -> list[AskedCase]:
    """Parse one JSON object, or one object a line. Raises `BadInput` with every reason found."""
    if not text.strip():
        raise BadInput('nothing to read; expected {"facts": {"name": value, …}}, or one such object a line')
    return read_objects(text, lambda data: _case(data, guideline))


def read_objects(text: str, read: Callable[[Any], T]) -> list[T]:
    """One JSON value, or one a line, each turned into something by `read`, which raises `FactsInvalid`."""
    try:
        return [read(_parse(text))]
    except FactsInvalid as error:
        raise BadInput(str(error)) from error
    except NotJson as whole:
        lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        if len(lines) < 2 or not _is_json(lines[0][1]):
            raise BadInput(str(whole)) from whole
    return _read_lines(lines, read)


def _read_lines(lines: Iterable[tuple[int, str]], read: Callable[[Any], T]) -> list[T]:
    found: list[T] = []
    errors: list[str] = []
    for number, line in lines:
        try:
            found.append(read(_parse(line)))
        except NotJson as error:
            errors.append(f"line {number}: {error}")
        except FactsInvalid as error:
            errors += [f"line {number}: {one}" for one in error.errors]
    if errors:
        raise BadInput("\n".join(errors))
    return found


def _is_json(line: str) -> bool:
    try:
        _parse(line)
    except NotJson:
        return False
    return True


def _parse(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except NotJson:
        raise
    except (ValueError, RecursionError) as error:
        raise NotJson(f"not JSON: {error}") from error


def _names_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotJson(f"{harmless(twice)}: given twice in one object; allowed: once")
    return found


def _no_constant(name: str) -> Any:
    raise NotJson(f"not JSON: {name} is not a number")


_DECODER = json.JSONDecoder(object_pairs_hook=_names_once, parse_constant=_no_constant)


def _case(data: Any, guideline: Guideline) -> AskedCase:
    if not isinstance(data, dict) or "facts" not in data:
        raise FactsInvalid([FactError("facts", 'missing; expected {"facts": {"name": value, …}}')])
    errors: list[FactError] = []
    lists = {name: _codes(name, data.get(name), guideline, errors) for name in ("done", "asks")}
    try:
        facts = parse_facts(data["facts"])
    except FactsInvalid as error:
        raise FactsInvalid([*error.errors, *errors]) from error
    if errors:
        raise FactsInvalid(errors)
    return AskedCase(facts, lists["done"], lists["asks"])


def _codes(name: str, raw: Any, guideline: Guideline, errors: list[FactError]) -> tuple[str, ...]:
    """A list of intervention codes; `null` counts as none."""
    if raw is None:
        return ()
    allowed = ", ".join(guideline.interventions)
    if not isinstance(raw, list) or not all(isinstance(code, str) for code in raw):
        errors.append(FactError(name, f"a list of intervention codes is expected; allowed: {allowed}"))
        return ()
    for code in raw:
        if code not in guideline.interventions:
            errors.append(FactError(name, f"{harmless(code)}: no such intervention; allowed: {allowed}"))
    return tuple(dict.fromkeys(raw))


def answers(guideline: Guideline, cases: Iterable[AskedCase], *, every: bool = False) -> Iterator[Assessment]:
    """Assess case by case; `every` lists excluded statements too."""
    for case in cases:
        yield assess(guideline, case.facts, done=case.done, asks=case.asks, include_excluded=every)


def answers_as_lines(
    guideline: Guideline, cases: Iterable[AskedCase], *, every: bool = False
) -> Iterator[bytes]:
    """The same, each as `as_json_line` writes it."""
    for case in cases:
        yield assess_as_line(guideline, case.facts, done=case.done, asks=case.asks, include_excluded=every)


def as_json_line(assessment: Assessment) -> bytes:
    """The answer as one line of JSON, without the line feed."""
    return orjson.dumps(assessment)
