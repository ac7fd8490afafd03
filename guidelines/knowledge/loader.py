"""From a release folder to a `Guideline`. Strict: an error names the file, the entry and the key."""

import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from guidelines.knowledge.conditions import (
    Condition,
    Named,
    Not,
    parse_condition,
)
from guidelines.knowledge.files import (
    ClassificationFile,
    ConcludedEntry,
    DerivedEntry,
    FactEntry,
    HeadFile,
    InferenceFile,
)
from guidelines.knowledge.inference import Concluded
from guidelines.knowledge.labels import Entity, Kind
from guidelines.knowledge.model import (
    AcceptedPair,
    Derived,
    EditionChange,
    Guideline,
    Intervention,
    Order,
    Reading,
    Remark,
    Statement,
    Trial,
)
from guidelines.knowledge.source import Reference, Section, Study
from guidelines.vocabulary.facts import FACTS, Fact, FactError, Value
from guidelines.vocabulary.yamlfile import ContentError, read_yaml

E = TypeVar("E")
K = TypeVar("K")


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def load(folder: Path) -> Guideline:
    """Read one release folder. Raises `ContentError`."""
    return _Loader(folder).guideline()


def digest(folder: Path) -> str:
    """A checksum over the content of every file of the folder, as `sha256:…`."""
    checksum = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        checksum.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return f"sha256:{checksum.hexdigest()}"


class _Loader:
    """Reads file after file; what a later file names must stand in an earlier one.

    It is also the context in which pydantic checks an entry: the methods that `model` names turn a name in a
    file into the object meant.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.facts: dict[str, Fact] = dict(FACTS)
        self.derived: dict[str, Derived] = {}
        self.sections: dict[str, Section] = {}
        self.reference_works: dict[str, Reference] = {}
        self.studies: dict[str, Study] = {}
        self.trial_numbers: set[str] = set()
        self.readings: dict[int, Reading] = {}
        self.statement_ids: set[str] = set()
        self.known_interventions: dict[str, Intervention] = {}

    def guideline(self) -> Guideline:
        head = self._file("guideline.yaml", HeadFile)
        classes, concluded = self._classification()
        inference = self._inference()
        groups = self._interventions()
        for code in classes.settles_entity:
            if code not in self.known_interventions:
                path = self.folder / "classification.yaml"
                raise ContentError(path, "settles_entity", f"{code!r} is no intervention")
        self.sections = self._keyed("sections.yaml", Section, "id")
        self.reference_works = self._keyed("references.yaml", Reference, "id")
        self.studies = self._keyed("studies.yaml", Study, "id")
        self.readings = self._keyed("readings.yaml", Reading, "number")
        trials = self._keyed("trials.yaml", Trial, "nct")
        self.trial_numbers = set(trials)
        statements = self._statements()
        return Guideline(
            **head.stamp(),
            digest=digest(self.folder),
            facts=MappingProxyType({name: FACTS[name] for name in FACTS}),
            knows=self._knows(),
            concluded=concluded,
            derived=self.derived,
            provisional=classes.provisional,
            rules=head.rules,
            arises=(*head.grounds(), *inference.arises),
            presumptions=inference.presumptions,
            interventions=self.known_interventions,
            groups=groups,
            orders=self._orders(statements),
            settles_entity=classes.settles_entity,
            entities=MappingProxyType({**Entity.words(), **classes.entity_labels}),
            sections=self.sections,
            statements=statements,
            reasons=classes.reasons,
            cautions=classes.cautions,
            not_covered=tuple(self._keyed("not_covered.yaml", Remark, "id").values()),
            studies=self.studies,
            references=self.reference_works,
            trials=tuple(trials.values()),
            questions=self.question_names,
            accepted_pairs=self._list("accepted_pairs.yaml", AcceptedPair),
            readings=tuple(self.readings.values()),
            changes=tuple(self._keyed("changes.yaml", EditionChange, "version").values()),
        )

    # --- names in a file → the objects meant (see `model`)

    def condition(self, raw: Any) -> Condition:
        return parse_condition(raw, self.facts, {name: one.values for name, one in self.derived.items()})

    def fact_name(self, raw: Any) -> str:
        return self._known(raw, self.facts)

    def section(self, raw: Any) -> Section:
        return self.sections[self._known(raw, self.sections)]

    def references(self, raw: Any) -> tuple[Reference, ...]:
        return tuple(self.reference_works[self._known(one, self.reference_works)] for one in raw)

    def questions(self, raw: Any) -> tuple[str, ...]:
        return tuple(self._known(one, self.question_names) for one in raw)

    def evidence(self, raw: Any) -> tuple[Study, ...]:
        return tuple(self.studies[self._known(one, self.studies)] for one in raw)

    def trials(self, raw: Any) -> tuple[str, ...]:
        return tuple(self._known(one, self.trial_numbers) for one in raw)

    def numbers(self, raw: Any) -> tuple[int, ...]:
        return tuple(self._known(one, self.readings) for one in raw)

    def intervention(self, raw: Any) -> str:
        return self._known(raw, self.known_interventions)

    def interventions(self, raw: Any) -> tuple[str, ...]:
        return tuple(self.intervention(one) for one in raw)

    def statement_id(self, raw: Any) -> str:
        return self._known(raw, self.statement_ids)

    def provided(self, raw: Mapping[str, Any]) -> Mapping[str, Value]:
        return MappingProxyType(
            {self.fact_name(name): self._value(name, value) for name, value in raw.items()}
        )

    def result(self, raw: Any) -> tuple[Any, ...]:
        """The alternatives of a result: names of facts that must all be known, or a condition."""
        if not isinstance(raw, list):
            raise ValueError("a list of alternatives is expected")
        return tuple(
            self.condition(one)
            if isinstance(one, dict)
            else tuple(self.fact_name(name) for name in (one if isinstance(one, list) else [one]))
            for one in raw
        )

    def _known(self, raw: Any, allowed: Iterable[K]) -> K:
        if raw not in allowed:
            raise ValueError(f"{raw!r} is not one of {', '.join(str(one) for one in allowed)}")
        known: K = raw
        return known

    def _value(self, name: str, raw: Any) -> Value:
        try:
            value = self.facts[name].parse(raw)
        except FactError as error:
            raise ValueError(str(error)) from error
        if value is None:
            raise ValueError(f"{name}: a value is expected")
        return value

    # --- reading and checking entries

    def _check(self, path: Path, model: type[E], raw: Any, entry: str) -> E:
        try:
            made: E = _adapter(cast(Hashable, model)).validate_python(raw, context=self)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            raise ContentError(path, entry, f"{key}: {first['msg'].removeprefix('Value error, ')}") from error
        return made

    def _file(self, name: str, model: type[E], *, optional: bool = False) -> E:
        path = self.folder / name
        raw = {} if optional and not path.exists() else read_yaml(path)
        return self._check(path, model, raw, path.stem)

    def _list(self, name: str, model: type[E]) -> tuple[E, ...]:
        path = self.folder / name
        return tuple(
            self._check(path, model, raw, f"entry {number}") for number, raw in enumerate(read_yaml(path), 1)
        )

    def _keyed(
        self, name: str, model: type[E], key: str, prepared: Callable[[Any], Any] = lambda raw: raw
    ) -> dict[Any, E]:
        """A list of entries by their key, which must not repeat."""
        path = self.folder / name
        content = read_yaml(path)
        if not isinstance(content, list):
            raise ContentError(path, "", "a list of entries is expected")
        entries: dict[Any, E] = {}
        for number, raw in enumerate(content, 1):
            entry = str(raw.get(key, f"entry {number}")) if isinstance(raw, dict) else f"entry {number}"
            made = self._check(path, model, prepared(raw), entry)
            if getattr(made, key) in entries:
                raise ContentError(path, entry, f"{key}: this {key} stands twice")
            entries[getattr(made, key)] = made
        return entries

    # --- the parts of a release

    @cached_property
    def question_names(self) -> Mapping[str, str]:
        names: Mapping[str, str] = read_yaml(self.folder / "questions.yaml")
        return names

    def _knows(self) -> Mapping[str, frozenset[str]]:
        """What an edition from before the project's one vocabulary lists in its own facts.yaml; else all."""
        if not (self.folder / "facts.yaml").exists():
            return MappingProxyType(
                {name: frozenset(c.value for c in fact.choices) for name, fact in FACTS.items()}
            )
        entries = self._keyed("facts.yaml", FactEntry, "name")
        regimens = [code for code, one in self.known_interventions.items() if one.regimen]
        return MappingProxyType(
            {
                name: frozenset(entry.choices if entry.choices_from is None else regimens)
                for name, entry in entries.items()
            }
        )

    def _classification(self) -> tuple[ClassificationFile, Mapping[str, Concluded]]:
        path = self.folder / "classification.yaml"
        raw = dict(read_yaml(path))
        concluded = {}
        for item in raw.pop("concluded", []):
            entry = self._check(path, ConcludedEntry, item, str(item.get("name", "concluded")))
            concluded[entry.name] = Concluded(entry.fact(), entry.conclusions, entry.asks)
            self.facts[entry.name] = concluded[entry.name].fact
        for item in raw.pop("derived", []):
            self._read_derived(path, self._check(path, DerivedEntry, item, str(item.get("name", "derived"))))
        found = self._check(path, ClassificationFile, raw, "classification")
        for one in found.provisional:
            if one.value not in self.derived["entity"].values:
                raise ContentError(path, "provisional", f"value: {one.value!r} is no value of the entity")
        return found, MappingProxyType(concluded)

    def _read_derived(self, path: Path, entry: DerivedEntry) -> None:
        if entry.name in self.derived or entry.name in self.facts:
            raise ContentError(path, entry.name, "name: this name stands twice")
        values: dict[str | bool, Named]
        if entry.when is not None:
            values = {
                True: Named(entry.name, entry.label, (True,), (": yes",), entry.when),
                False: Named(entry.name, entry.label, (False,), (": no",), Not(entry.when)),
            }
        else:
            values = {
                value: Named(entry.name, entry.label, (value,), (one.label,), one.when)
                for value, one in entry.values.items()
            }
        self.derived[entry.name] = Derived(entry.name, entry.label, MappingProxyType(values), entry.help)

    def _inference(self) -> InferenceFile:
        found = self._file("inference.yaml", InferenceFile, optional=True)
        values = [(one.fact, one.value) for one in found.presumptions if one.value is not None]
        for fact, value in (*values, *((one.fact, value) for one in found.arises for value in one.silent)):
            try:
                self._value(fact, value)
            except ValueError as error:
                raise ContentError(self.folder / "inference.yaml", fact, f"value: {error}") from error
        return found

    def _interventions(self) -> Mapping[str, tuple[str, ...]]:
        path = self.folder / "interventions.yaml"
        groups = {}
        for group, entries in read_yaml(path).items():
            for code, raw in entries.items():
                self.known_interventions[code] = self._check(path, Intervention, raw, code)
            groups[group] = tuple(entries)
        return MappingProxyType(groups)

    def _statements(self) -> tuple[Statement, ...]:
        statements: dict[str, Statement] = {}
        for path in sorted((self.folder / "statements").glob("*.yaml")):
            for made in self._keyed(
                f"statements/{path.name}", Statement, "id", self._with_its_intervention
            ).values():
                if made.id in statements:
                    raise ContentError(path, made.id, "id: this id stands twice")
                statements[made.id] = made
        self.statement_ids = set(statements)
        return tuple(statements.values())

    def _with_its_intervention(self, raw: Any) -> Any:
        """The entry with the label of its intervention, and its kind where the entry gives none."""
        named = self.known_interventions.get(str(raw.get("intervention"))) if isinstance(raw, dict) else None
        return raw if named is None else {"kind": named.kind, **raw, "label": named.label}

    def _orders(self, statements: tuple[Statement, ...]) -> Mapping[str, Order]:
        orders: dict[str, Order] = {}
        for path in sorted(self.folder.glob("orders*.yaml")):
            for order in self._keyed(path.name, Order, "intervention").values():
                named = (*order.specific, *order.routine, *order.last)
                self._checked_order(path, order.intervention, named, statements)
                if order.intervention in orders:
                    raise ContentError(
                        path, order.intervention, "intervention: this intervention stands twice"
                    )
                orders[order.intervention] = order
        return MappingProxyType(orders)

    def _checked_order(
        self, path: Path, intervention: str, named: tuple[str, ...], statements: tuple[Statement, ...]
    ) -> None:
        mine = {
            one.id
            for one in statements
            if one.intervention == intervention and one.kind is not Kind.PRINCIPLE
        }
        if len(named) != len(set(named)) or set(named) != mine:
            wrong = sorted(set(named) ^ mine) or ["one stands twice"]
            raise ContentError(path, intervention, f"each statement on it once: {', '.join(wrong)}")
