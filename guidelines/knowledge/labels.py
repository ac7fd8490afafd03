"""The closed lists of the output contract, each once, with their words in display order.

Every guideline speaks these codes. What belongs to one guideline (its interventions, its entities) stands in
its release.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Self


class Direction(Enum):
    """What a stance says to a choice: for it, against it, or neither."""

    FOR = "for"
    AGAINST = "against"
    OPEN = "open"


class Labeled(StrEnum):
    """A code with the words shown for it."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        made = str.__new__(cls, code)
        made._value_, made.label = code, label
        return made

    @classmethod
    def words(cls) -> Mapping[str, str]:
        """Code → words, in display order."""
        return MappingProxyType({one.value: one.label for one in cls})


class Stance(Labeled):
    """What the guideline says of an intervention, and in which direction."""

    direction: Direction

    def __new__(cls, code: str, label: str, direction: Direction) -> Self:
        made = str.__new__(cls, code)
        made._value_, made.label, made.direction = code, label, direction
        return made

    RECOMMENDED = "recommended", "Recommended", Direction.FOR
    ACCEPTABLE = "acceptable", "Acceptable option", Direction.FOR
    CONSIDER = "consider", "Consider", Direction.FOR
    NOT_RECOMMENDED = "not_recommended", "Advised against", Direction.AGAINST
    NO_CONSENSUS = "no_consensus", "No consensus", Direction.OPEN
    INSUFFICIENT_EVIDENCE = "insufficient_evidence", "Evidence insufficient", Direction.OPEN


class Voice(Enum):
    """Who speaks: a vote goes before the panel's own sentence, and that before another society."""

    VOTE = 0
    PANEL = 1
    OTHERS = 2


class Agreement(Labeled):
    """How the panel stood behind a statement."""

    meaning: str
    voice: Voice

    def __new__(cls, code: str, label: str, voice: Voice, meaning: str) -> Self:
        made = str.__new__(cls, code)
        made._value_, made.label, made.voice, made.meaning = code, label, voice, meaning
        return made

    CONSENSUS = "consensus", "Consensus", Voice.VOTE, "At most one of the voting panelists disagreed"
    MAJORITY = "majority", "Majority", Voice.VOTE, "At least 75 % of the voting panelists agreed"
    NO_CONSENSUS = (
        "no_consensus",
        "No consensus",
        Voice.VOTE,
        "Fewer than 75 % of the voting panelists agreed",
    )
    PANEL = "panel", "Panel, no vote", Voice.PANEL, "The panel's own statement, no vote is given"
    EXPERT_OPINION = "expert_opinion", "Expert opinion", Voice.PANEL, "Stated as expert opinion"
    OTHER_SOCIETY = (
        "other_society",
        "Other society",
        Voice.OTHERS,
        "A position the panel reports as that of another society",
    )


class Entity(Labeled):
    """The classes of the output contract that every guideline of these neoplasms answers for."""

    G3_NET = "g3_net", "G3 NET"
    NEC = "nec", "NEC"
    INDETERMINATE = "indeterminate", "Indeterminate between G3 NET and NEC"
    NOT_HIGH_GRADE = "not_high_grade", "Not high grade"
    UNKNOWN = "unknown", "Entity not known"


class Topic(Labeled):
    """What a statement is about."""

    SYSTEMIC_THERAPY = "systemic_therapy", "Systemic therapy"
    SURGERY = "surgery", "Surgery"
    RADIATION = "radiation", "Radiation"
    LIVER_DIRECTED = "liver_directed", "Liver-directed therapy"
    PATHOLOGY = "pathology", "Pathology and biopsy"
    IMAGING = "imaging", "Imaging"
    ENDOSCOPY = "endoscopy", "Endoscopy"
    MOLECULAR = "molecular", "Molecular testing"
    BIOMARKERS = "biomarkers", "Biomarkers"
    FOLLOW_UP = "follow_up", "Follow-up"
    SUPPORTIVE = "supportive", "Supportive care"
    ORGANIZATION = "organization", "Organization of care"


class Setting(Labeled):
    """When in the course of disease a statement speaks."""

    DIAGNOSIS = "diagnosis", "Diagnosis"
    BASELINE = "baseline", "Initial assessment"
    LOCALIZED = "localized", "Localized disease"
    ADJUVANT = "adjuvant", "After resection"
    FIRST_LINE = "first_line", "First line"
    LATER_LINE = "later_line", "Second line and beyond"
    ANY_LINE = "any_line", "Any line"
    MONITORING = "monitoring", "Monitoring of treatment"
    SURVEILLANCE = "surveillance", "Surveillance"
    SUPPORTIVE = "supportive", "Supportive"


class Status(Labeled):
    """How a statement stands for a case."""

    APPLIES = "applies", "Applies"
    POSSIBLE = "possible", "Possible"
    BLOCKED = "blocked", "Set aside here"
    EXCLUDED = "excluded", "Excluded"


class Kind(Labeled):
    """What a board does with it, in the order options are shown. A principle is a note, no option."""

    TREATMENT = "treatment", "Treatment"
    SCHEDULE = "schedule", "Monitoring and follow-up"
    TEST = "test", "Tests"
    ORGANIZATION = "organization", "Organization of care"
    PRINCIPLE = "principle", "Principles"


class Accrual(Labeled):
    """Whether the source says that a trial has closed its accrual."""

    COMPLETED = "completed", "Accrual completed"
    UNKNOWN = "unknown", "Check whether it still recruits"


STANCES, AGREEMENTS, TOPICS = Stance.words(), Agreement.words(), Topic.words()
SETTINGS, STATUSES, KINDS = Setting.words(), Status.words(), Kind.words()
ENTITIES = Entity.words()
AGREEMENT_MEANINGS: Mapping[str, str] = MappingProxyType({one.value: one.meaning for one in Agreement})
DIRECTIONS: Mapping[str, Direction] = MappingProxyType({one.value: one.direction for one in Stance})
POSITIVE_STANCES = tuple(one.value for one in Stance if one.direction is Direction.FOR)
TREATMENT_TOPICS = (
    Topic.SYSTEMIC_THERAPY.value,
    Topic.SURGERY.value,
    Topic.RADIATION.value,
    Topic.LIVER_DIRECTED.value,
)
