"""The closed lists of the output contract with their words, in display order."""

from collections.abc import Mapping
from types import MappingProxyType

from guidelines.vocabulary.facts import interventions

STANCES: Mapping[str, str] = MappingProxyType(
    {
        "recommended": "Recommended",
        "acceptable": "Acceptable option",
        "consider": "Consider",
        "not_recommended": "Advised against",
        "no_consensus": "No consensus",
        "insufficient_evidence": "Evidence insufficient",
    }
)
POSITIVE_STANCES = ("recommended", "acceptable", "consider")

AGREEMENTS: Mapping[str, str] = MappingProxyType(
    {
        "consensus": "Consensus",
        "majority": "Majority",
        "no_consensus": "No consensus",
        "panel": "Panel, no vote",
        "expert_opinion": "Expert opinion",
        "other_society": "Other society",
    }
)
AGREEMENT_MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "consensus": "At most one of the voting panelists disagreed",
        "majority": "At least 75 % of the voting panelists agreed",
        "no_consensus": "Fewer than 75 % of the voting panelists agreed",
        "panel": "The panel's own statement, no vote is given",
        "expert_opinion": "Stated as expert opinion",
        "other_society": "A position the panel reports as that of another society",
    }
)
TOPICS: Mapping[str, str] = MappingProxyType(
    {
        "systemic_therapy": "Systemic therapy",
        "surgery": "Surgery",
        "radiation": "Radiation",
        "liver_directed": "Liver-directed therapy",
        "pathology": "Pathology and biopsy",
        "imaging": "Imaging",
        "endoscopy": "Endoscopy",
        "molecular": "Molecular testing",
        "biomarkers": "Biomarkers",
        "follow_up": "Follow-up",
        "supportive": "Supportive care",
        "organization": "Organization of care",
    }
)
TREATMENT_TOPICS = ("systemic_therapy", "surgery", "radiation", "liver_directed")

SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "diagnosis": "Diagnosis",
        "baseline": "Initial assessment",
        "localized": "Localized disease",
        "adjuvant": "After resection",
        "first_line": "First line",
        "later_line": "Second line and beyond",
        "any_line": "Any line",
        "monitoring": "Monitoring of treatment",
        "surveillance": "Surveillance",
        "supportive": "Supportive",
    }
)
STATUSES: Mapping[str, str] = MappingProxyType(
    {"applies": "Applies", "possible": "Possible", "excluded": "Excluded"}
)

ENTITIES: Mapping[str, str] = MappingProxyType(
    {
        "g3_net": "G3 NET",
        "nec": "NEC",
        "indeterminate": "Indeterminate between G3 NET and NEC",
        "not_high_grade": "Not high grade",
        "unknown": "Entity not known",
    }
)
INTERVENTIONS: Mapping[str, str] = MappingProxyType(
    {code: entry["label"] for group in interventions().values() for code, entry in group.items()}
)
INTERVENTION_GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {group: tuple(entries) for group, entries in interventions().items()}
)
