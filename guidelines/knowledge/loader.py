"""From the knowledge folder to a `Guideline`. Strict: an error names the file, the entry and the key."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from guidelines.knowledge import labels
from guidelines.knowledge.conditions import (
    ALWAYS,
    AnyOf,
    Condition,
    ConditionError,
    Named,
    Not,
    parse_condition,
)
from guidelines.knowledge.model import (
    AcceptedPair,
    Caution,
    Change,
    Derived,
    Figure,
    Guideline,
    Phase,
    Provisional,
    Reading,
    Reference,
    Remark,
    Schedule,
    Section,
    Source,
    Statement,
    Study,
    Trial,
)
from guidelines.knowledge.raw import (
    RawAcceptedPair,
    RawCaution,
    RawChange,
    RawClassification,
    RawGuideline,
    RawReading,
    RawReference,
    RawRemark,
    RawSection,
    RawSource,
    RawStatement,
    RawStudy,
    RawTrial,
)
from guidelines.vocabulary.facts import RELEASES, Fact, load_facts
from guidelines.vocabulary.yamlfile import ContentError, read_yaml

CURRENT = "nanets-hgnen-2023/1.0"

R = TypeVar("R", bound=BaseModel)


@cache
def current() -> Guideline:
    """The guideline the application answers from."""
    return load(RELEASES / CURRENT)


def load(folder: Path) -> Guideline:
    """Read one knowledge folder. Raises `ContentError`."""
    return _Loader(folder).guideline()


def digest(folder: Path) -> str:
    """A checksum over the content of every file of the folder, as `sha256:…`."""
    checksum = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        checksum.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return f"sha256:{checksum.hexdigest()}"


class _Loader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.facts: Mapping[str, Fact] = load_facts(folder / "facts.yaml")
        self.derived: dict[str, Derived] = {}
        self.sections: dict[str, Section] = {}
        self.references: dict[str, Reference] = {}
        self.studies: dict[str, Study] = {}
        self.readings: dict[int, Reading] = {}

    def guideline(self) -> Guideline:
        head_file = self.folder / "guideline.yaml"
        head = self._one(head_file, RawGuideline, read_yaml(head_file), "guideline")
        classification_file = self.folder / "classification.yaml"
        classes = self._one(
            classification_file, RawClassification, read_yaml(classification_file), "classification"
        )
        self._read_derived(classification_file, classes)
        self._read_sources()
        self.readings = {
            raw.number: Reading(**raw.model_dump())
            for raw in self._many("readings.yaml", RawReading, key="number")
        }
        trials = self._trials()
        statements = self._statements({trial.nct for trial in trials})
        return Guideline(
            **head.model_dump(exclude={"rules", "arises"}),
            digest=digest(self.folder),
            facts=self.facts,
            derived=self.derived,
            provisional=tuple(
                Provisional(one.value, self._condition(classification_file, "provisional", one.given))
                for one in classes.provisional
            ),
            rules=tuple(self._condition(head_file, "rules", rule) for rule in head.rules),
            arises={name: self._condition(head_file, name, raw) for name, raw in head.arises.items()},
            sections=self.sections,
            statements=statements,
            reasons=self._remarks(classification_file, classes.reasons),
            cautions=tuple(self._caution(classification_file, "cautions", raw) for raw in classes.cautions),
            not_covered=self._remarks(
                self.folder / "not_covered.yaml", self._many("not_covered.yaml", RawRemark, key="id")
            ),
            studies=self.studies,
            references=self.references,
            trials=trials,
            questions=read_yaml(self.folder / "questions.yaml"),
            accepted_pairs=self._accepted_pairs({statement.id for statement in statements}),
            readings=tuple(self.readings.values()),
            changes=tuple(
                Change(**raw.model_dump()) for raw in self._many("changes.yaml", RawChange, key="version")
            ),
        )

    # --- reading and checking raw entries

    def _one(self, path: Path, model: type[R], raw: Any, entry: str) -> R:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            raise ContentError(path, entry, f"{key}: {first['msg']}") from error

    def _many(self, file: str, model: type[R], *, key: str) -> list[R]:
        path = self.folder / file
        content = read_yaml(path)
        if not isinstance(content, list):
            raise ContentError(path, "", "a list of entries is expected")
        entries = []
        seen: set[Any] = set()
        for number, raw in enumerate(content, 1):
            name = str(raw.get(key, f"entry {number}")) if isinstance(raw, dict) else f"entry {number}"
            entry = self._one(path, model, raw, name)
            if name in seen:
                raise ContentError(path, name, f"{key}: this {key} stands twice")
            seen.add(name)
            entries.append(entry)
        return entries

    def _condition(self, path: Path, entry: str, raw: Any) -> Condition:
        named = {name: one.values for name, one in self.derived.items()}
        try:
            return parse_condition(raw, self.facts, named)
        except ConditionError as error:
            raise ContentError(path, entry, f"when: {error}") from error

    def _known(self, path: Path, entry: str, key: str, value: object, allowed: Iterable[object]) -> None:
        if value not in allowed:
            listed = ", ".join(str(one) for one in allowed)
            raise ContentError(path, entry, f"{key}: {value!r} is not one of {listed}")

    # --- derived facts

    def _read_derived(self, path: Path, classes: RawClassification) -> None:
        for raw in classes.derived:
            if raw.name in self.derived or raw.name in self.facts:
                raise ContentError(path, raw.name, "name: this name stands twice")
            values: dict[str | bool, Named]
            if raw.when is not None:
                condition = self._condition(path, raw.name, raw.when)
                values = {
                    True: Named(raw.name, raw.label, (True,), (": yes",), condition),
                    False: Named(raw.name, raw.label, (False,), (": no",), Not(condition)),
                }
            else:
                values = {
                    value: Named(
                        raw.name, raw.label, (value,), (one.label,), self._condition(path, raw.name, one.when)
                    )
                    for value, one in raw.values.items()
                }
            self.derived[raw.name] = Derived(raw.name, raw.label, values, raw.help)

    # --- sources and evidence

    def _read_sources(self) -> None:
        for section in self._many("sections.yaml", RawSection, key="id"):
            self.sections[section.id] = Section(
                section.id, tuple(section.path), section.lines, section.directs_nothing
            )
        for reference in self._many("references.yaml", RawReference, key="id"):
            self.references[reference.id] = Reference(**reference.model_dump())
        questions = read_yaml(self.folder / "questions.yaml")
        path = self.folder / "studies.yaml"
        for study in self._many("studies.yaml", RawStudy, key="id"):
            for reference_id in study.references:
                self._known(path, study.id, "references", reference_id, self.references)
            for question in study.questions:
                self._known(path, study.id, "questions", question, questions)
            self.studies[study.id] = Study(
                study.id,
                study.name,
                tuple(self.references[one] for one in study.references),
                study.design,
                study.finding,
                study.n,
                tuple(Figure(**figure.model_dump()) for figure in study.figures),
                tuple(study.questions),
            )

    def _source(self, path: Path, entry: str, raw: RawSource) -> Source:
        self._known(path, entry, "source.section", raw.section, self.sections)
        return Source(self.sections[raw.section], raw.table, raw.lines)

    # --- statements, trials, remarks

    def _statements(self, ncts: set[str]) -> tuple[Statement, ...]:
        statements: dict[str, Statement] = {}
        for path in sorted((self.folder / "statements").glob("*.yaml")):
            for raw in self._many(f"statements/{path.name}", RawStatement, key="id"):
                if raw.id in statements:
                    raise ContentError(path, raw.id, "id: this id stands twice")
                statements[raw.id] = self._statement(path, raw, ncts)
        return tuple(statements.values())

    def _statement(self, path: Path, raw: RawStatement, ncts: set[str]) -> Statement:
        for key, allowed in (
            ("intervention", labels.INTERVENTIONS),
            ("topic", labels.TOPICS),
            ("setting", labels.SETTINGS),
            ("stance", labels.STANCES),
            ("agreement", labels.AGREEMENTS),
        ):
            self._known(path, raw.id, key, getattr(raw, key), allowed)
        if raw.schedule is not None and raw.schedule.since:
            self._known(path, raw.id, "schedule.since", raw.schedule.since, self.facts)
        for study in raw.evidence:
            self._known(path, raw.id, "evidence", study, self.studies)
        for nct in raw.trials:
            self._known(path, raw.id, "trials", nct, ncts)
        for number in raw.readings:
            self._known(path, raw.id, "readings", number, self.readings)
        return Statement(
            raw.id,
            raw.intervention,
            raw.topic,
            raw.setting,
            raw.stance,
            raw.agreement,
            raw.statement,
            self._condition(path, raw.id, raw.when),
            self._source(path, raw.id, raw.source),
            tuple(self._caution(path, raw.id, caution) for caution in raw.cautions),
            tuple(self.studies[study] for study in raw.evidence),
            tuple(raw.trials),
            None
            if raw.schedule is None
            else Schedule(
                raw.schedule.anchor,
                raw.schedule.text,
                tuple(Phase(phase.every, phase.start, phase.end) for phase in raw.schedule.phases),
                raw.schedule.since,
                raw.schedule.listed_months,
            ),
            tuple(raw.readings),
        )

    def _caution(self, path: Path, entry: str, raw: str | RawCaution) -> Caution:
        if isinstance(raw, str):
            return Caution(raw)
        when, unless = raw.when, raw.unless_settled
        return Caution(
            raw.text,
            None if when is None else self._condition(path, entry, when),
            None if unless is None else self._condition(path, entry, unless),
        )

    def _remarks(self, path: Path, raw: Iterable[RawRemark]) -> tuple[Remark, ...]:
        return tuple(self._remark(path, one.id or one.text, one) for one in raw)

    def _remark(self, path: Path, entry: str, raw: RawRemark) -> Remark:
        unless = None if raw.unless is None else self._condition(path, entry, raw.unless)
        return Remark(raw.text, self._condition(path, entry, raw.when), raw.id, unless)

    def _trials(self) -> tuple[Trial, ...]:
        path = self.folder / "trials.yaml"
        return tuple(
            Trial(
                raw.nct,
                raw.title,
                raw.eligibility,
                self._condition(path, raw.nct, raw.when),
                self._source(path, raw.nct, raw.source),
                tuple(raw.cautions),
            )
            for raw in self._many("trials.yaml", RawTrial, key="nct")
        )

    def _accepted_pairs(self, known: set[str]) -> tuple[AcceptedPair, ...]:
        path = self.folder / "accepted_pairs.yaml"
        pairs = tuple(
            AcceptedPair(**self._one(path, RawAcceptedPair, raw, f"entry {number}").model_dump())
            for number, raw in enumerate(read_yaml(path), 1)
        )
        for pair in pairs:
            for end in (pair.first, pair.second):
                self._known(path, end, "accepted pair", end, known)
        return pairs


def conditions_of(guideline: Guideline) -> list[Condition]:
    """Every condition that is ever asked of a case: together they define the bands of the facts."""
    found: list[Condition | None] = [statement.when for statement in guideline.statements]
    cautions = [caution for statement in guideline.statements for caution in statement.cautions]
    for caution in (*cautions, *guideline.cautions):
        found += [caution.when, caution.unless_settled]
    found += [remark.when for remark in (*guideline.reasons, *guideline.not_covered)]
    found += [remark.unless for remark in guideline.not_covered]
    found += [trial.when for trial in guideline.trials]
    found += [one.given for one in guideline.provisional]
    found += [AnyOf(tuple(derived.values.values())) for derived in guideline.derived.values()]
    return [condition for condition in found if condition is not None and condition != ALWAYS]
