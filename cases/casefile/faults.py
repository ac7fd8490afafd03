"""What is wrong with a case file: path, value, what is allowed; all of it at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cases.reading.written import shown
from guidelines.vocabulary.facts import FactError, FactsInvalid, harmless


class Fault(FactError):
    """One value of a case file is wrong. Its text is one line: path, value as written, and the message, which
    says what is wrong and what is allowed there.
    """

    def __init__(self, path: str, written: object, message: str) -> None:
        line = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in message)
        super().__init__(path, f'"{shown(written)}": {line}')


class CaseFileInvalid(FactsInvalid):
    """A case file is wrong; `errors` are its faults, in the order of the file."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a case file, by its path, and the faults found in the whole file so far."""

    path: str = ""
    faults: list[FactError] = field(default_factory=list)

    def at(self, key: object) -> "Spot":
        """The value of a key of the object here."""
        name = harmless(key)
        return Spot(f"{self.path}.{name}" if self.path else name, self.faults)

    def each(self, entries: Sequence[object]) -> Iterator[tuple["Spot", object]]:
        """The places of a list's entries, with what stands there."""
        for number, entry in enumerate(entries):
            yield Spot(f"{self.path}[{number}]", self.faults), entry

    def refuse(self, written: object, problem: str, allowed: str) -> None:
        """Note a fault here, and go on."""
        self.faults.append(Fault(self.path or "case file", written, f"{problem}; allowed: {allowed}"))

    def refuse_unknown(self, keys: Iterable[tuple[object, object]], allowed: Iterable[str]) -> None:
        """Note keys that the object here does not have, with the keys that it has."""
        listed = ", ".join(allowed)
        for key, written in keys:
            self.at(key).refuse(written, "no such key", listed)

    def stop(self) -> None:
        """Raise `CaseFileInvalid` if there are faults."""
        if self.faults:
            raise CaseFileInvalid(self.faults)
