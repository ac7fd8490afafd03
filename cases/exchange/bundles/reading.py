"""From a bundle to its proposals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cases.casefile.declaration import KEYS_OF
from cases.casefile.faults import Spot
from cases.casefile.file_reading import read_part
from cases.casefile.keys import Surroundings
from cases.exchange.bundles.courses import DRUGS, course_facts, drug_of
from cases.exchange.bundles.elements import day, mapping, objects, text, words_in
from cases.exchange.bundles.intake import BundleRefused, BundleResource, resources_of
from cases.exchange.bundles.observations import BundleObservation, NotRead, what_of
from cases.exchange.bundles.proposals import (
    ANOTHERS,
    CONTRADICTS,
    NOBODYS,
    BundlePatient,
    BundleProposal,
    BundleReading,
    FoundFact,
    UnreadFact,
    name_of,
)
from cases.exchange.bundles.tumors import TumorsOfBundle, site_of_metastasis

MOST_PROPOSALS = 500
NARRATIVE = "a report in words is for a person to read"
NOT_OURS = "no finding that the record asks for"


def read_bundle(data: bytes, around: Surroundings) -> BundleReading:
    """Everything that a bundle proposes. Raises `BundleRefused`."""
    return read_resources(resources_of(data), around)


def read_resources(resources: Sequence[BundleResource], around: Surroundings) -> BundleReading:
    """The same of resources that came otherwise than in one bundle. Raises `BundleRefused`."""
    return _Reader(resources, around).reading()


class _Reader:
    def __init__(self, resources: Sequence[BundleResource], around: Surroundings) -> None:
        self.resources, self.around = resources, around
        self.tumors = TumorsOfBundle(resources)
        self.proposals: dict[str, BundleProposal] = {}
        self.unread: list[UnreadFact] = []
        self.specimens = {
            name: _specimen(one.body) for one in resources if one.kind == "Specimen" for name in one.names
        }

    def reading(self) -> BundleReading:
        patient = self._patient()
        for one in self.tumors.primaries:
            self._keep(one.resource, one.facts(), {one.resource.place: one.resource})
        for one in self.tumors.withdrawn:
            self._not_read(one.label, one.resource, "it is refuted or entered in error")
        for one in self.tumors.secondaries:
            self._secondary(one.resource, one.sites, one.label)
        for resource in self.resources:
            self._read(resource)
        if len(self.proposals) > MOST_PROPOSALS:
            raise BundleRefused("The bundle holds more findings than a person can look through; send fewer.")
        self._say_what_contradicts()
        return BundleReading(patient, self.tumors.tumors, tuple(self.proposals.values()), tuple(self.unread))

    def _read(self, resource: BundleResource) -> None:
        body = resource.body
        match resource.kind:
            case "Observation":
                self._observation(resource)
            case "Procedure":
                self._try(
                    words_in(body.get("code")) or "a procedure", resource, lambda: course_facts(resource)
                )
            case "DiagnosticReport":
                self._not_read(what_of(body), resource, NARRATIVE)
            case kind if kind in DRUGS:
                words, why = drug_of(body)
                self._not_read(words, resource, why)

    def _observation(self, resource: BundleResource) -> None:
        parts = objects(resource.body.get("component"))
        whole = BundleObservation(resource, self.specimens)
        inner = [BundleObservation(resource, self.specimens, number) for number in range(len(parts))]
        inner = [one for one in inner if one.kind and whole.kind != "variant"]
        if whole.kind and (whole.values or not inner):
            self._try(whole.words, resource, whole.facts)
        for one in inner:
            self._try(one.words, resource, one.facts)
        if not whole.kind and not inner:
            self._not_read(whole.words, resource, NOT_OURS)

    def _try(self, what: str, resource: BundleResource, facts: Any) -> None:
        try:
            found = list(facts())
        except NotRead as error:
            self._not_read(what, resource, str(error))
            return
        if not found:
            self._not_read(what, resource, NOT_OURS)
        self._keep(resource, found)

    def _secondary(self, resource: BundleResource, codes: Iterable[Any], label: str) -> None:
        site, code = site_of_metastasis(codes)
        if site:
            self._keep(resource, [FoundFact("case", "metastatic_sites", [site], "code", f"{code} {label}")])
        else:
            self._not_read(
                label, resource, "where it is, and whether it is distant, is not told by a known code"
            )

    def _keep(
        self, resource: BundleResource, facts: Iterable[FoundFact], own: Mapping[str, Any] | None = None
    ) -> None:
        for fact in facts:
            if fault := self._fault(fact):
                self._not_read(f"{fact.key}: {fact.words}", resource, fault)
                continue
            tumor = self._tumor_at(resource.place) if own else self.tumors.of(resource)
            named = "" if tumor is None or fact.of_patient else tumor.name
            is_open = not fact.of_patient and not named and bool(self.tumors.tumors)
            offered = self._is_offered(tumor, fact)
            made = BundleProposal(
                name_of(fact, resource), fact, resource.place, named, NOBODYS if is_open else "", offered
            )
            if not offered and tumor is not None:
                self._not_read(f"{fact.key}: {fact.words}", resource, ANOTHERS)
            self.proposals.setdefault(made.name, made)

    def _say_what_contradicts(self) -> None:
        """Of two values for one thing neither is taken for the other: a person chooses."""
        said: dict[tuple[str, str, str, str], list[BundleProposal]] = {}
        for one in self.proposals.values():
            if not isinstance(one.fact.value, list):
                told = ",".join(f"{key}={value}" for key, value in sorted(one.fact.told.items()))
                said.setdefault((one.tumor, one.fact.part, told, one.fact.key), []).append(one)
        for same in said.values():
            if len({str(one.fact.value) for one in same}) > 1:
                for one in same:
                    self.proposals[one.name] = replace(one, question=one.question or CONTRADICTS)

    def _is_offered(self, tumor: Any, fact: FoundFact) -> bool:
        """Whether it may be of a neuroendocrine neoplasm: nothing is, where only others are named."""
        if tumor is not None and not fact.of_patient:
            return bool(tumor.is_neuroendocrine)
        return not self.tumors.tumors or any(one.is_neuroendocrine for one in self.tumors.tumors)

    def _tumor_at(self, place: str) -> Any:
        return next((one for one in self.tumors.tumors if one.place == place), None)

    def _fault(self, fact: FoundFact) -> str:
        """What the record's own readers have against it; "" for nothing."""
        head, _, rest = fact.key.partition(".")
        spot = Spot(fact.part)
        said = {**fact.told, head: {rest: fact.value} if rest else fact.value}
        read_part(said, KEYS_OF[fact.part], self.around, spot)
        return "; ".join(fault.message for fault in spot.faults)

    def _not_read(self, what: str, resource: BundleResource, reason: str) -> None:
        self.unread.append(UnreadFact(what, resource.place, reason))

    def _patient(self) -> BundlePatient:
        patients = [one.body for one in self.resources if one.kind == "Patient"]
        if len(patients) > 1:
            raise BundleRefused(f"The bundle is of {len(patients)} patients; send one patient's.")
        body: Mapping[str, Any] = patients[0] if patients else {}
        name = next(_names(body), {})
        given = name.get("given")
        return BundlePatient(
            text(name.get("family")),
            " ".join(filter(None, map(text, given if isinstance(given, list) else [given]))),
            day(body.get("birthDate")),
            tuple(filter(None, (text(one.get("value")) for one in objects(body.get("identifier"))))),
        )


def _names(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    listed = objects(body.get("name"))
    yield from (one for one in listed if one.get("use") == "official")
    yield from listed


def _specimen(body: Mapping[str, Any]) -> dict[str, str]:
    """What tells a report by its specimen."""
    taken = day(mapping(body.get("collection")).get("collectedDateTime"))
    number = text(mapping(body.get("accessionIdentifier")).get("value"))
    return {**({"sampled_on": taken} if taken else {}), **({"lab_number": number} if number else {})}
