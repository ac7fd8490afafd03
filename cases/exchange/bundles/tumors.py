"""The tumors of a bundle: which conditions are primaries, which neuroendocrine, whose a finding is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cases.exchange.bundles.codes import CODES
from cases.exchange.bundles.elements import (
    SaidCode,
    codes_in,
    day,
    mapping,
    objects,
    references_in,
    text,
    words_in,
)
from cases.exchange.bundles.intake import BundleRefused, BundleResource
from cases.exchange.bundles.proposals import BundleTumor, FoundFact

MOST_TUMORS = 20
WITHDRAWN = frozenset({"refuted", "entered-in-error"})
_SITE = re.compile(r"C(?:\d\d(?:\.\d)?|7A\.\d{3})")
_NEOPLASM = re.compile(r"[CD]\d\d?[0-9A-Z]?(?:\.\w{1,3})?")
_BENIGN_AFTER = 49  # ICD-10: D49 is the last of the neoplasms


def morphology_in(codes: Iterable[SaidCode]) -> str:
    """The morphology of a neuroendocrine neoplasm among the codes; "" for none."""
    listed = (one.code for one in codes if CODES.is_from(one, "icd_o_3"))
    return next((code for code in listed if code in CODES.morphology), "")


def is_neuroendocrine(words: str) -> bool:
    """Whether words say so."""
    said = words.casefold()
    return any(word in said for word in CODES.neuroendocrine_words)


def site_of(codes: Iterable[SaidCode]) -> tuple[Mapping[str, str], str]:
    """Where the primary is, by the keys of the case file, and the code that says so; nothing, and ""."""
    for one in codes:
        if CODES.is_from(one, "snomed") and one.code in CODES.body_sites:
            return CODES.body_sites[one.code], one.code
        if CODES.is_from(one, "icd_o_3", "icd_10") and _SITE.fullmatch(one.code):
            for length in (7, 5, 3):
                if site := CODES.topography.get(one.code[:length]):
                    return site, one.code
    return {}, ""


def site_of_metastasis(codes: Iterable[SaidCode]) -> tuple[str, str]:
    """The site of a metastasis, and the code that says so; "" twice for none."""
    for one in codes:
        if CODES.is_from(one, "snomed", "icd_10", "obds_site") and one.code in CODES.metastases:
            return CODES.metastases[one.code], one.code
    return "", ""


class BundleCondition:
    """A condition, and what it is: a primary tumor, a secondary one, or something else."""

    def __init__(self, resource: BundleResource) -> None:
        body = resource.body
        self.resource = resource
        self.codes = codes_in(body.get("code"))
        self.words = words_in(body.get("code"))
        self.morphologies = (*_extended(body, "morphology"), *self.codes)
        self.sites = (*codes_in(body.get("bodySite")), *self.codes)
        self.profiles = " ".join(_profiles(body))
        verified = {one.code for one in codes_in(body.get("verificationStatus"))}
        self.is_withdrawn = bool(verified & WITHDRAWN)

    @property
    def is_secondary(self) -> bool:
        """Whether it is a metastasis."""
        said = self.words.casefold()
        coded = any(re.match(r"C7[789]|C7B", one.code) for one in self.codes if one.code)
        named = any(word in said for word in CODES.secondary_words)
        return coded or named or "secondary-cancer" in self.profiles

    @property
    def is_neuroendocrine(self) -> bool:
        """Whether it is a neuroendocrine neoplasm."""
        coded = any(one.code.startswith("C7A") for one in self.codes)
        said = " ".join((self.words, *(one.display for one in self.morphologies)))
        return coded or bool(morphology_in(self.morphologies)) or is_neuroendocrine(said)

    @property
    def is_tumor(self) -> bool:
        """Whether it is a neoplasm at all."""
        said = self.words.casefold()
        coded = any(CODES.is_from(one, "icd_10", "icd_o_3") and _is_neoplasm(one.code) for one in self.codes)
        named = any(word in said for word in CODES.neoplasm_words)
        return coded or named or self.is_neuroendocrine or "primary-cancer" in self.profiles

    @property
    def label(self) -> str:
        """What it is called."""
        coded = ", ".join(one.code for one in self.codes if one.code)
        return self.words or coded or "a tumor without a name"

    def facts(self) -> Iterator[FoundFact]:
        """What the condition itself says of its tumor."""
        yield from _morphology_facts(self.morphologies, "code", {})
        site, code = site_of(self.sites)
        for key, value in site.items():
            yield FoundFact("case", key, value, "bodySite or code", code)
        asserted = [
            day(one.get("valueDateTime"))
            for one in objects(self.resource.body.get("extension"))
            if text(one.get("url")).endswith("condition-assertedDate")
        ]
        if when := next(filter(None, asserted), day(self.resource.body.get("onsetDateTime"))):
            yield FoundFact("case", "diagnosed_on", when, "assertedDate or onsetDateTime", when)


def _morphology_facts(
    codes: Iterable[SaidCode], element: str, told: Mapping[str, Any]
) -> Iterator[FoundFact]:
    listed = tuple(codes)
    code = morphology_in(listed)
    words = next((f"{code} {one.display}".strip() for one in listed if one.code == code), code)
    for key, value in CODES.morphology.get(code, {}).items():
        yield FoundFact("pathology", key, value, element, words, told)


def morphology_facts(codes: Iterable[SaidCode], element: str, told: Mapping[str, Any]) -> list[FoundFact]:
    """What a morphology says of differentiation and cell type; nothing where it does not settle them."""
    return list(_morphology_facts(codes, element, told))


def _is_neoplasm(code: str) -> bool:
    if not _NEOPLASM.fullmatch(code):
        return False
    return code.startswith("C") or (code[1:3].isdigit() and int(code[1:3]) <= _BENIGN_AFTER)


def _extended(body: Mapping[str, Any], named: str) -> tuple[SaidCode, ...]:
    return tuple(
        code
        for one in objects(body.get("extension"))
        if named in text(one.get("url")).casefold()
        for code in codes_in(one.get("valueCodeableConcept"))
    )


def _profiles(body: Mapping[str, Any]) -> list[str]:
    listed = mapping(body.get("meta")).get("profile")
    return [text(one).rsplit("/", 1)[-1] for one in listed] if isinstance(listed, list) else []


def profile_names(body: Mapping[str, Any]) -> str:
    """The last parts of the profiles that a resource claims."""
    return " ".join(_profiles(body))


class TumorsOfBundle:
    """The primary tumors, and whose a finding is. Where the bundle has no conditions, each histology of a
    neuroendocrine neoplasm is one. Raises `BundleRefused` for more than a patient has.
    """

    def __init__(self, resources: Sequence[BundleResource]) -> None:
        read = [BundleCondition(one) for one in resources if one.kind == "Condition"]
        self.withdrawn = [one for one in read if one.is_withdrawn]
        stands = [one for one in read if not one.is_withdrawn]
        self.secondaries = [one for one in stands if one.is_secondary]
        self.primaries = [one for one in stands if one.is_tumor and not one.is_secondary]
        self._kinds = {name: one.kind for one in resources for name in one.names}
        self._named: dict[str, set[int]] = {}
        for place, one in enumerate(self.primaries):
            for name in one.resource.names:
                self._named.setdefault(name, set()).add(place)
        histologies = [one for one in resources if _histology(one)]
        self.tumors = self._tumors(histologies) if self.primaries else _tumors_of(histologies)
        if len(self.tumors) > MOST_TUMORS:
            raise BundleRefused(f"The bundle names {len(self.tumors):,} tumors; no patient has so many.")

    def _tumors(self, histologies: Sequence[BundleResource]) -> tuple[BundleTumor, ...]:
        shown = {self._place(one) for one in histologies}
        return tuple(
            BundleTumor(
                f"tumor-{place + 1}", one.label, one.is_neuroendocrine or place in shown, one.resource.place
            )
            for place, one in enumerate(self.primaries)
        )

    def of(self, resource: BundleResource) -> BundleTumor | None:
        """The tumor that a finding is of: the one it points at, else the only one; None where it is open."""
        if self.primaries:
            place = self._place(resource)
            return None if place is None else self.tumors[place]
        said = _histology(resource)
        own = [one for one in self.tumors if one.label == said]
        return own[0] if own else self.tumors[0] if len(self.tumors) == 1 else None

    def _place(self, resource: BundleResource) -> int | None:
        pointed = pointing_at(resource)
        places = {place for name in pointed for place in self._named.get(_short(name, self._named), ())}
        if len(places) == 1:
            return places.pop()
        is_alone = not places and len(self.primaries) == 1
        return 0 if is_alone and not any(map(self._is_condition, pointed)) else None

    def _is_condition(self, name: str) -> bool:
        """Whether a reference is to a condition, as far as it can be told."""
        guessed = "Condition" if "Condition/" in name or name.startswith("urn:") else ""
        return self._kinds.get(_short(name, self._kinds), guessed) == "Condition"


def _short(name: str, known: Mapping[str, object]) -> str:
    """A reference as the bundle's resources are named: without server and version."""
    bare = name.split("/_history/")[0]
    return bare if bare in known else "/".join(bare.split("/")[-2:])


def _histology(resource: BundleResource) -> str:
    """The words of a histology of a neuroendocrine neoplasm; "" where it is none that stands."""
    if resource.kind != "Observation" or not is_standing(resource.body):
        return ""
    value = resource.body.get("valueCodeableConcept")
    code = morphology_in(codes_in(value))
    return (words_in(value) or code) if code else ""


def _tumors_of(histologies: Sequence[BundleResource]) -> tuple[BundleTumor, ...]:
    labels = {_histology(one): one.place for one in reversed(histologies)}
    return tuple(
        BundleTumor(f"tumor-{number}", label, True, place)
        for number, (label, place) in enumerate(sorted(labels.items()), 1)
    )


def pointing_at(resource: BundleResource) -> list[str]:
    """What a finding says that it is of."""
    body = resource.body
    found = [
        name for key in ("focus", "reasonReference", "condition") for name in references_in(body.get(key))
    ]
    for one in objects(body.get("extension")):
        if "primary-condition" in text(one.get("url")).casefold():
            found += references_in(one.get("valueReference"))
    return found


UNFINISHED = frozenset({"registered", "preliminary", "cancelled", "entered-in-error", "unknown", "not-done"})


def is_standing(body: Mapping[str, Any]) -> bool:
    """Whether a resource stands: it is neither unfinished, nor taken back, nor said not to have been."""
    return text(body.get("status")) not in UNFINISHED
