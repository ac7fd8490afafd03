"""Three-valued questions to a dict of facts, for the statements written by hand.

A fact that is absent or None is unknown. Nothing of `guidelines` is used here.
"""

from collections.abc import Mapping
from typing import Any

Truth = bool | None
Verdicts = dict[str, Truth]
Facts = Mapping[str, Any]

BOWEL = ("duodenum", "small_bowel", "appendix", "colon", "rectum")
OTHER_GI = ("esophagus", "stomach", "anus", "ampulla", "biliary")
GYNECOLOGIC = ("cervix", "uterus", "ovary", "vagina", "vulva")
EARLY_CERVIX = ("IA1", "IA2", "IB1", "IB2")
IB3_TO_IIA2 = ("IB3", "IIA1", "IIA2")
IB3_TO_IVA = ("IB3", "IIA1", "IIA2", "IIB", "IIIA", "IIIB", "IIIC1", "IIIC2", "IVA")


def all_of(*parts: Truth) -> Truth:
    """True if every part is, false if any is false."""
    if False in parts:
        return False
    return None if None in parts else True


def any_of(*parts: Truth) -> Truth:
    """True if any part is, false if every part is false."""
    if True in parts:
        return True
    return None if None in parts else False


def no(part: Truth) -> Truth:
    """The opposite; unknown stays unknown."""
    return None if part is None else not part


def one_of(value: Any, *wanted: Any) -> Truth:
    """Whether a stated value is one of those wanted."""
    return None if value is None else value in wanted


def above(value: Any, bound: float) -> Truth:
    """Whether a number, or both ends of a range, lie above the bound."""
    if value is None:
        return None
    if isinstance(value, (int, float)):
        return value > bound
    if value.low > bound:
        return True
    return False if value.high <= bound else None


def below(value: Any, bound: float) -> Truth:
    """Whether a number, or both ends of a range, lie below the bound."""
    if value is None:
        return None
    if isinstance(value, (int, float)):
        return value < bound
    if value.high < bound:
        return True
    return False if value.low >= bound else None


class Known:
    """What many statements ask, worked out once."""

    def __init__(self, facts: Facts) -> None:
        get = facts.get
        differentiation, site, extent = get("differentiation"), get("primary_site"), get("extent")
        line, sites = get("treatment_line"), get("metastatic_sites")
        self.get = get
        self.well = one_of(differentiation, "well")
        self.poor = one_of(differentiation, "poor")
        self.unclear = one_of(differentiation, "indeterminate")
        self.high_grade = any_of(above(get("ki67"), 20), above(get("mitotic_count"), 20))
        low_grade_component = get("low_grade_component")
        self.net = all_of(self.high_grade, any_of(self.well, all_of(self.unclear, low_grade_component)))
        self.nec = self.poor
        self.indeterminate = all_of(self.high_grade, self.unclear, no(low_grade_component))
        self.not_high_grade = all_of(no(self.high_grade), no(self.poor))
        self.net_or_nec = any_of(self.net, self.nec)
        self.in_scope = any_of(self.net_or_nec, self.indeterminate)
        self.localized = one_of(extent, "localized")
        self.metastatic = one_of(extent, "metastatic")
        self.first_line = one_of(line, 1)
        self.later_line = None if line is None else line >= 2
        self.site = site
        self.bowel = one_of(site, *BOWEL)
        self.pancreas = one_of(site, "pancreas")
        self.unknown_primary = one_of(site, "unknown_primary")
        self.other_gi = one_of(site, *OTHER_GI)
        self.gi = one_of(site, "pancreas", *BOWEL, *OTHER_GI)
        self.gi_or_unknown = any_of(self.gi, self.unknown_primary)
        self.gynecologic = one_of(site, *GYNECOLOGIC)
        self.cervix = one_of(site, "cervix")
        self.liver = None if sites is None else "liver" in sites
        self.beyond_liver = None if sites is None else any(one != "liver" for one in sites)
        self.brain = None if sites is None else "brain" in sites
        self.sstr_positive = one_of(_done(get("sstr_imaging")), "positive")
        self.sstr_negative = one_of(_done(get("sstr_imaging")), "negative")
        self.high_burden = one_of(get("disease_burden"), "high")
        self.agnostic = any_of(one_of(get("mmr"), "deficient"), one_of(get("tmb"), "high"))


def _done(imaging: str | None) -> str | None:
    """Imaging that was not done leaves its finding unknown."""
    return None if imaging == "not_done" else imaging
