"""Values that a statement does not tell apart: found where they are, and answered as if each were alone."""

from guidelines.answer.assessment import assess
from guidelines.answer.entries import entries_of
from guidelines.engine.alike import alike
from guidelines.engine.bands import banded
from guidelines.engine.engine import engine_for
from guidelines.knowledge.releases import current
from guidelines.vocabulary.facts import FACTS, Choice, Fact

SITE = Fact("site", "Site", "enum", "clinical", choices=tuple(Choice(one, one) for one in "abcde"))
SIZE = Fact("size", "Size", "number", "imaging", minimum=0)


def test_bands_in_the_same_masks_count_as_the_first_of_them() -> None:
    facts = [banded(SITE, ()), banded(SIZE, ())]
    asked = [(0, 0b00001), (0, 0b00110), (1, 0b1)]
    assert alike(facts, asked) == {0: {0b00100: 0b00010, 0b10000: 0b01000}}
    assert alike(facts, [(0, 0b00001), (0, 0b00110), (0, 0b10100)]) == {}


def test_no_value_is_never_like_a_value() -> None:
    fact = banded(SITE, (), conditional=True)
    assert alike([fact], [(0, 0b000001)]) == {0: {0b00100: 0b00010, 0b01000: 0b00010, 0b10000: 0b00010}}


def test_a_site_is_answered_alike_by_itself_and_after_the_others() -> None:
    """With everything remembered of the other sites, and by an engine that has seen none of them."""
    sites = [choice.value for choice in FACTS["primary_site"].choices]
    cases = [{"primary_site": site, "differentiation": "poor", "extent": "metastatic"} for site in sites]
    together = [assess(current(), case, include_excluded=True) for case in cases]
    entries = entries_of(engine_for(current()))
    shared = [one for one in entries if len(one.outlines) < len(one.remembered)]
    alone = []
    for case in cases[::4]:
        engine_for.cache_clear()
        alone.append(assess(current(), case, include_excluded=True))
    assert (together[::4], bool(shared)) == (alone, True)
