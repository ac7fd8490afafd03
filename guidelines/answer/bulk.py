"""Cases in, answers out: one JSON object or JSON Lines. Nothing is answered unless everything could be
read.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from guidelines.answer.assessment import Assessment, assess
from guidelines.knowledge.model import Guideline
from guidelines.vocabulary.facts import FactError, FactsInvalid, Value, harmless, parse_facts


class BadInput(ValueError):
    """The input cannot be answered; the message has one line a reason, each naming the line of the input
    and the fact.
    """


class _NotJson(ValueError):
    """The text is not one JSON value, or gives a name twice."""


def read_cases(text: str) -> list[dict[str, Value]]:
    """Parse one JSON object, or one object a line. Raises `BadInput` with every reason found."""
    if not text.strip():
        raise BadInput('nothing to read; expected {"facts": {"name": value, …}}, or one such object a line')
    try:
        return [_case(_parse(text))]
    except FactsInvalid as error:
        raise BadInput(str(error)) from error
    except _NotJson as whole:
        lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        if len(lines) < 2 or not _is_json(lines[0][1]):
            raise BadInput(str(whole)) from whole
    return _read_lines(lines)


def _read_lines(lines: Iterable[tuple[int, str]]) -> list[dict[str, Value]]:
    cases: list[dict[str, Value]] = []
    errors: list[str] = []
    for number, line in lines:
        try:
            cases.append(_case(_parse(line)))
        except _NotJson as error:
            errors.append(f"line {number}: {error}")
        except FactsInvalid as error:
            errors += [f"line {number}: {one}" for one in error.errors]
    if errors:
        raise BadInput("\n".join(errors))
    return cases


def _is_json(line: str) -> bool:
    try:
        _parse(line)
    except _NotJson:
        return False
    return True


def _parse(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_names_once, parse_constant=_no_constant)
    except _NotJson:
        raise
    except (ValueError, RecursionError) as error:
        raise _NotJson(f"not JSON: {error}") from error


def _names_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _NotJson(f"{harmless(twice)}: given twice in one object; allowed: once")
    return found


def _no_constant(name: str) -> Any:
    raise _NotJson(f"not JSON: {name} is not a number")


def _case(data: Any) -> dict[str, Value]:
    if not isinstance(data, dict) or "facts" not in data:
        raise FactsInvalid([FactError("facts", 'missing; expected {"facts": {"name": value, …}}')])
    return parse_facts(data["facts"])


def answers(
    guideline: Guideline, cases: Iterable[dict[str, Value]], *, every: bool = False
) -> Iterator[Assessment]:
    """Assess case by case; `every` lists excluded statements too."""
    for facts in cases:
        yield assess(guideline, facts, include_excluded=every)


def as_json_line(assessment: Assessment) -> bytes:
    """The answer as one line of JSON, without the line feed."""
    return orjson.dumps(assessment)
