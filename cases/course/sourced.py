"""A value of a fact with where it came from."""

from dataclasses import dataclass, replace

from cases.reading import PartialDate
from guidelines.vocabulary.facts import Value


def dated(text: str, date: PartialDate | None) -> str:
    """A source with its date in words: "CT, 05-Mar-2026"."""
    return f"{text}, {date or 'undated'}"


@dataclass(frozen=True, slots=True)
class Sourced:
    """A value and its source.

    `source` names the report, study, course or statement; `words` are what stands there, or why the value
    follows; `date` is that of the finding; `derived`: a rule of the record made it, it was not merely read;
    `named`: it decides against others because a clinician named it.
    """

    value: Value
    source: str
    words: str
    date: PartialDate | None = None
    derived: bool = False
    named: bool = False

    @property
    def text(self) -> str:
        """The source and the words: what is printed and stored."""
        return f"{self.source}: {self.words}" if self.words else self.source

    @property
    def origin(self) -> str:
        """The source with its date, for a reason: "Pathology H26-1182 (biopsy, liver), 05-Mar-2026"."""
        return self.source if self.date is None else dated(self.source, self.date)

    def valued(self, value: Value) -> "Sourced":
        """The same source with another value."""
        return replace(self, value=value)
