"""The observations of a bundle: what each is about by its code, and what its value means by the data file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from cases.exchange.bundles.codes import CODES
from cases.exchange.bundles.elements import (
    SaidCode,
    SaidValue,
    codes_in,
    day,
    mapping,
    objects,
    plain,
    references_in,
    text,
    values_of,
    words_in,
)
from cases.exchange.bundles.intake import BundleResource
from cases.exchange.bundles.proposals import FoundFact
from cases.exchange.bundles.tumors import is_standing, morphology_facts, morphology_in, site_of_metastasis

PATHOLOGY = frozenset({
    "grade", "ki67", "mitoses", "synaptophysin", "chromogranin_a", "insm1", "rb", "p53", "lymphatic",
})  # fmt: skip
MOLECULAR = frozenset({"msi", "mmr", "tmb", "tmb_per_mb", "variant"})
LENGTHS = {
    "mm": "mm",
    "millimeter": "mm",
    "millimeters": "mm",
    "cm": "cm",
    "centimeter": "cm",
    "centimeters": "cm",
}
PER_MB = frozenset(
    {
        "",
        "1",
        "mut/mb",
        "muts/mb",
        "mutations/megabase",
        "{mutations}/{megabase}",
        "/mb",
        "1/1000000{nucleotides}",
    }
)
_FIELDS = re.compile(r"/(\d+)\.?\[?hpf\]?")
_SQUARE = re.compile(r"/(\d+)?\.?mm(?:2|²)")
_CATEGORY = re.compile(r"(?:^|\s)([cpyramu]{0,4})([TNM])?([Xx]|is|[0-4][a-d]?[1-2]?)(?:\s|$)")


class NotRead(ValueError):
    """Why an observation is not read, in words."""


def what_of(body: Mapping[str, Any]) -> str:
    """What an observation is about, in its words."""
    return (
        words_in(body.get("code"))
        or ", ".join(one.code for one in codes_in(body.get("code")))
        or "without a code"
    )


class BundleObservation:
    """One observation, or one of its components: what it is about and what it says."""

    def __init__(
        self,
        resource: BundleResource,
        specimens: Mapping[str, Mapping[str, Any]],
        component: int | None = None,
    ) -> None:
        whole = resource.body
        self.resource, self.whole = resource, whole
        self.at = "" if component is None else f"component[{component}]."
        self.body = whole if component is None else objects(whole.get("component"))[component]
        self.codes = codes_in(self.body.get("code"))
        self.words = what_of(self.body)
        self.kind = CODES.kind_of(self.codes, self.words)
        self.values = list(values_of(self.body))
        period = mapping(whole.get("effectivePeriod"))
        self.day = day(whole.get("effectiveDateTime")) or day(period.get("start")) or day(whole.get("issued"))
        self.specimen = next(
            (specimens[name] for name in references_in(whole.get("specimen")) if name in specimens), {}
        )

    def facts(self) -> list[FoundFact]:
        """What it says. Raises `NotRead`; nothing where its kind is none of the record's."""
        reader = _READERS.get(self.kind)
        if reader is None:
            return []
        if not is_standing(self.whole):
            raise NotRead(f"its status is {text(self.whole.get('status'))}")
        if "dataAbsentReason" in self.body and not self.values:
            raise NotRead("it says that there is no value")
        if not self.values and not objects(self.body.get("bodySite")):
            raise NotRead("it has no value that can be read")
        return list(reader(self))

    def fact(self, part: str, key: str, value: Any, said: SaidValue, **more: Any) -> FoundFact:
        """A fact of this observation, with the entry that it belongs to."""
        return FoundFact(part, key, value, f"{self.at}{said.key}", said.words, self._told(part), **more)

    def _told(self, part: str) -> dict[str, Any]:
        dated = {"reported_on": self.day} if self.day else {}
        match part:
            case "pathology":
                return {**dated, **self.specimen}
            case "molecular":
                by_stain = any(one.code in CODES.by_stain for one in self.codes)
                return {**dated, **({"method": "ihc"} if by_stain else {})}
            case "assessments":
                return {"assessed_on": self.day} if self.day else {}
        return {}

    def answer(self) -> tuple[Mapping[str, Any], SaidValue]:
        """What the first value that the data file knows means. Raises `NotRead`."""
        known = CODES.answers.get(self.kind, {})
        for said in self.values:
            for word in words_of(said):
                if word in CODES.unknown:
                    raise NotRead(f"{said.words}: this is not known")
                if word in known:
                    return known[word], said
        said_all = ", ".join(said.words for said in self.values)
        raise NotRead(f"{said_all or 'its value'}: this has no meaning here")


def words_of(said: SaidValue) -> Iterator[str]:
    """Everything by which a value may be known, in small letters."""
    for code in said.codes:
        yield code.code.casefold()
    for code in said.codes:
        yield code.display.casefold()
    yield from (word.strip() for word in said.words.casefold().split(";"))


def _answered(one: BundleObservation) -> Iterator[FoundFact]:
    part = "molecular" if one.kind in MOLECULAR else "pathology"
    meant, said = one.answer()
    for key, value in meant.items():
        yield one.fact(part, key, value, said)


def _stained(one: BundleObservation) -> Iterator[FoundFact]:
    meant, said = one.answer()
    yield one.fact("pathology", one.kind, "positive" if meant["positive"] else "negative", said)


def _ecog(one: BundleObservation) -> Iterator[FoundFact]:
    for said in one.values:
        if said.number is not None and said.number in range(5):
            yield one.fact("assessments", "ecog", int(said.number), said, of_patient=True)
            return
    meant, said = one.answer()
    yield one.fact("assessments", "ecog", meant["ecog"], said, of_patient=True)


def _morphology(one: BundleObservation) -> Iterator[FoundFact]:
    said = one.values[0]
    found = morphology_facts(said.codes, f"{one.at}{said.key}", one._told("pathology"))
    if not found and not morphology_in(said.codes):
        raise NotRead(f"{said.words}: no morphology of a neuroendocrine neoplasm that is known here")
    if not found:
        raise NotRead(f"{said.words}: this names the neoplasm, and not how it is differentiated")
    yield from found


def _ki67(one: BundleObservation) -> Iterator[FoundFact]:
    said = one.values[0]
    if said.unit not in ("", "%", "percent"):
        raise NotRead(f"{said.words}: the unit is not percent")
    if said.number is not None and 0 < said.number <= 1 and not said.unit:
        raise NotRead(f"{said.words}: percent or a share? The unit is not said")
    if said.codes:
        raise NotRead(f"{said.words}: a word is no index")
    yield one.fact("pathology", "ki67", said.words, said)


def _mitoses(one: BundleObservation) -> Iterator[FoundFact]:
    said = one.values[0]
    unit = said.unit.casefold().replace(" ", "")
    fields, square = _FIELDS.search(unit), _SQUARE.search(unit)
    amount = said.words.removesuffix(said.unit).strip()
    if said.unit and fields:
        yield one.fact("pathology", "mitoses", f"{amount}/{fields.group(1)} HPF", said)
    elif said.unit and square:
        yield one.fact(
            "pathology", "mitoses", f"{amount}/{square.group(1) or ''} mm²".replace("/ ", "/"), said
        )
    elif not said.unit and said.key == "valueString":
        yield one.fact("pathology", "mitoses", said.words, said)
    else:
        raise NotRead(f"{said.words}: per what area is not said")


def _size(one: BundleObservation) -> Iterator[FoundFact]:
    if not one.values or one.values[0].number is None:
        raise NotRead("it has no length")
    if not any(code.code in CODES.greatest_size for code in one.codes) and one.at:
        return
    said = one.values[0]
    unit = LENGTHS.get(said.unit.casefold())
    if unit is None:
        raise NotRead(f"{said.words}: the unit is neither mm nor cm")
    yield one.fact("case", "tumor_size", f"{plain(said.number or Decimal())} {unit}", said)


def _category(one: BundleObservation) -> Iterator[FoundFact]:
    letter = one.kind.upper()
    for said in one.values:
        for word in (*(code.code for code in said.codes), *(code.display for code in said.codes), said.words):
            found = _CATEGORY.search(word)
            if found and (found.group(2) or letter).upper() == letter:
                if found.group(3).upper() == "X":
                    raise NotRead(f"{said.words}: {letter}X is not known")
                prefix = found.group(1) or _prefix_of(one.body.get("code"), one.codes)
                yield one.fact("pathology", f"stage.{one.kind}", f"{prefix}{letter}{found.group(3)}", said)
                return
    raise NotRead(f"{one.values[0].words if one.values else 'its value'}: no {letter} category")


def _prefix_of(concept: object, codes: tuple[SaidCode, ...]) -> str:
    """How the category was found, c or p: by an extension of its code, else by the code."""
    for holder in (*objects(concept), *objects(mapping(concept).get("coding"))):
        for extension in objects(holder.get("extension")):
            if "praefix" in text(extension.get("url")).casefold():
                for code in codes_in(extension.get("valueCodeableConcept")):
                    if code.code in ("c", "p"):
                        return code.code
    return next((CODES.prefixes[one.code] for one in codes if one.code in CODES.prefixes), "")


def _metastasis(one: BundleObservation) -> Iterator[FoundFact]:
    for said in one.values:
        site, _ = site_of_metastasis(said.codes)
        if site:
            yield one.fact("case", "metastatic_sites", [site], said)
            return
    codes = codes_in(one.body.get("bodySite"))
    site, code = site_of_metastasis(codes)
    if not site:
        raise NotRead("no site that is known here; no site said is not the same as no metastasis")
    yield one.fact(
        "case", "metastatic_sites", [site], SaidValue("bodySite", words_in(one.body.get("bodySite")) or code)
    )


def _tmb(one: BundleObservation) -> Iterator[FoundFact]:
    said = one.values[0]
    if said.number is None or said.unit.casefold().replace(" ", "") not in PER_MB:
        raise NotRead(f"{said.words}: no number of mutations per megabase")
    yield one.fact("molecular", "tmb_per_mb", said.words.removesuffix(said.unit).strip(), said)


def _variant(one: BundleObservation) -> Iterator[FoundFact]:
    if not any(word in CODES.present for said in one.values for word in words_of(said)):
        return
    parts = [said for inner in objects(one.body.get("component")) for said in values_of(inner)]
    said_all = " ".join(said.words for said in parts).replace("p.", "")
    for gene, finding in CODES.genes.items():
        if not re.search(rf"\b{gene}\b", said_all):
            continue
        if not any(word in said_all.casefold() for word in finding.change):
            raise NotRead(f"{gene}: a variant that is no finding here")
        yield one.fact("molecular", finding.key, True, SaidValue("component", said_all))


_READERS = {
    "morphology": _morphology, "ki67": _ki67, "mitoses": _mitoses, "size": _size, "ecog": _ecog,
    "t": _category, "n": _category, "m": _category, "metastasis_site": _metastasis, "tmb_per_mb": _tmb,
    "variant": _variant, "grade": _answered, "msi": _answered, "mmr": _answered, "tmb": _answered,
    "lymphatic": _answered, "rb": _answered, "p53": _answered,
    "synaptophysin": _stained, "chromogranin_a": _stained, "insm1": _stained,
}  # fmt: skip
