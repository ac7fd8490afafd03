"""The answer to case files: what `record_facts` prints."""

from datetime import date
from functools import lru_cache
from typing import Any

import orjson

from cases.casefile.file_reading import read_case_file
from cases.casefile.keys import Surroundings
from cases.course.facts_of_file import DerivedRecord, facts_of_file
from cases.reading.measures import Bound
from guidelines.answer.assessment import assess
from guidelines.answer.bulk import BadInput, read_objects
from guidelines.answer.parts import Assessment
from guidelines.engine.engine import engine_for
from guidelines.knowledge.model import Guideline
from guidelines.knowledge.releases import current
from guidelines.vocabulary.facts import FACTS


@lru_cache(maxsize=64)
def surroundings(guideline: Guideline, today: date, field_mm2: Bound | None = None) -> Surroundings:
    """What reading a case file needs of the guideline that will answer; `field_mm2`: a microscope."""
    bounds = {one.fact.name: one.bounds for one in engine_for(guideline).space.facts if one.bounds}
    return Surroundings(today, bounds, tuple(guideline.interventions), field_mm2)


class BadCaseFiles(ValueError):
    """Nothing is answered; the message has one line for each fault of the whole input."""


def answers(text: str, today: date) -> list[bytes]:
    """The answers to one case file, or to several as JSON Lines, each a line of JSON without its line feed.
    One fault anywhere refuses all. Raises `BadCaseFiles`.
    """
    if not text.strip():
        raise BadCaseFiles("nothing to read; allowed: one case file, or one a line")
    guideline = current()
    around = surroundings(guideline, today)

    def answer(raw: object) -> bytes:
        record = facts_of_file(read_case_file(raw, around), guideline, today)
        return orjson.dumps(as_json(record, assessed(record, guideline)))

    try:
        return read_objects(text, answer)
    except BadInput as error:
        raise BadCaseFiles(str(error)) from error


def assessed(record: DerivedRecord, guideline: Guideline) -> Assessment:
    """What the guideline says, with the sources of the facts in its reasons."""
    return assess(
        guideline,
        {name: one.value for name, one in record.facts.items()},
        done=tuple(record.done),
        asks=record.asks,
        provenance={name: one.origin for name, one in record.facts.items()},
    )


def as_json(record: DerivedRecord, assessment: Assessment) -> dict[str, Any]:
    """The answer in the names of the contract."""
    return {
        "facts": {name: FACTS[name].as_json(one.value) for name, one in record.facts.items()},
        "done": list(record.done),
        "done_on": {code: when.iso() for code, when in record.done.items() if when is not None},
        "provenance": {
            name: {
                "text": one.text,
                "date": None if one.date is None else one.date.iso(),
                "derived": one.derived,
            }
            for name, one in record.facts.items()
        },
        "cautions": list(record.cautions),
        "answer": assessment,
    }
