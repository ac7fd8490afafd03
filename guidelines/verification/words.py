"""What a statement says in words agrees with its stance and is short; no text speaks of the encoding."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from guidelines.knowledge.labels import Direction, Stance, Voice
from guidelines.knowledge.model import Statement
from guidelines.verification.proof import Proof
from guidelines.verification.report import Finding

AT_MOST = 25
"""Words of a statement."""

NEGATION = re.compile(r"\b(?:not|no|never|none|nor|neither|cannot)\b", re.IGNORECASE)
ENCODING = re.compile(r"\b(?:decision|reading|point|rule) \d+|\(readings? \d", re.IGNORECASE)


def _opens(*words: str) -> Callable[[str], bool]:
    return lambda directive: directive.startswith(tuple(f"{one} " for one in words))


SAYS: Mapping[Stance, tuple[str, Callable[[str], bool]]] = MappingProxyType(
    {
        Stance.RECOMMENDED: (
            "an instruction",
            lambda text: text[0].isupper() and not _opens("Consider", "Accept", "Do", "No")(text),
        ),
        Stance.ACCEPTABLE: (
            "Accept …, Apply … or … as an option",
            lambda text: _opens("Accept", "Apply")(text) or re.search(r"\boption\b", text) is not None,
        ),
        Stance.CONSIDER: ("Consider …", _opens("Consider")),
        Stance.NOT_RECOMMENDED: ("Do not … or No role …", _opens("Do not", "No role")),
        Stance.NO_CONSENSUS: ("No consensus …", _opens("No consensus")),
        Stance.INSUFFICIENT_EVIDENCE: (
            "No … or … investigational",
            lambda text: _opens("No")(text) or "investigational" in text,
        ),
    }
)
"""Stance → how its directive reads, in words and as a test."""


def words_agree(proof: Proof) -> Finding:
    """Each statement is short and says what its stance says."""
    guideline = proof.guideline
    failures = [problem for one in guideline.statements for problem in _problems(one)]
    failures += _of_the_encoding(proof)
    return Finding(
        tuple(failures),
        (
            f"{len(guideline.statements)} statements of at most {AT_MOST} words; the longest has "
            f"{max(len(one.statement.split()) for one in guideline.statements)}",
            *(f"{stance.label}: {how}" for stance, (how, _) in SAYS.items()),
            "a statement against says so, one for holds no negation, and another society's names the society",
            "no text that is shown names a decision by its number or a statement by its id",
        ),
    )


def _problems(one: Statement) -> Iterator[str]:
    length = len(one.statement.split())
    if length > AT_MOST:
        yield f"{one.id}: {length} words: {one.statement}"
    if not one.statement.endswith("."):
        yield f"{one.id}: it does not end in a full stop: {one.statement}"
    directive = _directive(one)
    how, agrees = SAYS[one.stance]
    if not agrees(directive):
        yield f"{one.id} is {one.stance}, so it reads {how!r}: {directive}"
    if one.stance.direction is Direction.FOR and (found := NEGATION.search(one.statement)):
        yield f"{one.id} is {one.stance}, but says {found[0]!r}: {one.statement}"
    if one.agreement.voice is Voice.OTHERS and not _named(one.statement):
        yield f"{one.id}: whose position it is does not stand in it: {one.statement}"


def _directive(one: Statement) -> str:
    """What the statement directs, without the name of the society that does."""
    _, _, directive = one.statement.partition(": ")
    if one.agreement.voice is Voice.OTHERS and directive:
        return directive[0].upper() + directive[1:]
    return one.statement


def _named(text: str) -> bool:
    """ "ENETS: consider …", or "…, as the Blue Book recommends"."""
    return bool(re.match(r"[A-Z][^:.]*: ", text) or re.search(r", as (?:the )?[A-Z]", text))


def _of_the_encoding(proof: Proof) -> Iterator[str]:
    guideline = proof.guideline
    ids = {one.id for one in guideline.statements} | {one.id for one in guideline.not_covered}
    texts: list[tuple[str, str]] = [(one.id, one.statement) for one in guideline.statements]
    texts += [(one.id, caution.text) for one in guideline.statements for caution in one.cautions]
    texts += [("a caution on the case", one.text) for one in guideline.cautions]
    texts += [("a reason", one.text) for one in guideline.reasons]
    texts += [(f"not covered: {one.id}", one.text) for one in guideline.not_covered]
    texts += [(f"trial {one.nct}", one.eligibility) for one in guideline.trials]
    texts += [(f"trial {one.nct}", text) for one in guideline.trials for text in one.cautions]
    texts += [(f"accepted pair {one.first}", one.reason) for one in guideline.accepted_pairs]
    for name, text in texts:
        if found := ENCODING.search(text):
            yield f"{name}: it speaks of {found[0]!r}: {text}"
        if named := ids & set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", text)):
            yield f"{name}: it names {', '.join(named)} by id: {text}"
