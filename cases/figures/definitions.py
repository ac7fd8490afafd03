"""What each figure is called and what it counts, in one sentence; the order in which they stand.

They follow what accreditation of cancer programs asks of a board (Commission on Cancer, standard 2.5: the
share of cases presented, how many of them before treatment, the disciplines there, guideline and trial
considered), and claim no conformity: whether a program meets a standard is its surveyors' to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

AFTER_DAYS = 90  # by when a step should have been taken, and something be known of the patient


@dataclass(frozen=True, slots=True)
class FigureDefinition:
    """`of`: what is counted, in the plural. `accreditation`: whether standard 2.5 asks for it."""

    title: str
    sentence: str
    of: str
    accreditation: bool = False


GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Cases and meetings",
        ("outcomes", "months", "presented", "prospective", "complete", "minutes", "deferrals"),
    ),
    ("People", ("disciplines", "quorum", "without_quorum")),
    (
        "Decisions and the guideline",
        ("concordance", "deviations", "guideline", "choices", "weighed", "trial", "wishes"),
    ),
    ("Time", ("to_meeting", "to_signing")),
    ("What became of it", ("taken", "not_taken", "steps", "not_done", "follow_up")),
)

DEFINITIONS: Mapping[str, FigureDefinition] = {
    "outcomes": FigureDefinition(
        "Discussions by outcome",
        "Every discussion of a meeting that was held and closed in the period, and every urgent one "
        "that began in it, by how it ended.",
        "discussions",
    ),
    "months": FigureDefinition(
        "Discussions by month",
        "The same discussions by the month of their meeting; a case that is discussed twice counts twice.",
        "discussions",
    ),
    "presented": FigureDefinition(
        "Cases presented",
        "Of the board’s own cases entered in the period, those discussed at a meeting by its end.",
        "cases entered",
        accreditation=True,
    ),
    "prospective": FigureDefinition(
        "Prospective discussions",
        "Of the discussions at meetings that were decided or deferred, those before which no treatment "
        "is recorded to have begun since the case was entered, or, if it had been discussed before, "
        "since it was listed again; a treatment without a day counts only if it certainly began in "
        "between.",
        "discussions",
        accreditation=True,
    ),
    "complete": FigureDefinition(
        "Complete at the meeting",
        "Of the discussions decided or deferred for which it was kept, those where every fact that the "
        "guideline’s answer on treatment turned on was present and current.",
        "discussions",
    ),
    "minutes": FigureDefinition(
        "Minutes a case",
        "Minutes from taking a case up at a meeting to ending it, over all that were taken up.",
        "discussions",
    ),
    "deferrals": FigureDefinition(
        "Deferrals by reason",
        "Of all discussions, those deferred, by the reason that was given.",
        "discussions",
    ),
    "disciplines": FigureDefinition(
        "Meetings with each discipline",
        "Of the meetings held, those whose roll call has somebody of the discipline, in the room, "
        "remote or as cover; the disciplines are those the board has set today.",
        "meetings",
        accreditation=True,
    ),
    "quorum": FigureDefinition(
        "Meetings with a quorum",
        "Of the meetings held, those whose minutes say that the board’s quorum was there, or that none "
        "was set.",
        "meetings",
    ),
    "without_quorum": FigureDefinition(
        "Signed without a quorum",
        "Of the decisions that stand signed, those signed with a reason why the quorum was not there.",
        "signed decisions",
    ),
    "concordance": FigureDefinition(
        "Concordance with the guideline",
        "The decisions that stand signed, by how the board’s choices relate to the guideline’s verdicts "
        "of that day.",
        "signed decisions",
    ),
    "deviations": FigureDefinition(
        "Deviations by reason",
        "The options on which decisions that deviate from the guideline give a reason, by that reason.",
        "reasons given",
    ),
    "guideline": FigureDefinition(
        "Guideline considered",
        "Of the decisions that stand signed, those with a choice on at least one option of the "
        "guideline’s answer.",
        "signed decisions",
        accreditation=True,
    ),
    "choices": FigureDefinition(
        "Options recorded",
        "The options that the decisions record, by the board’s choice.",
        "options",
    ),
    "weighed": FigureDefinition(
        "Alternatives recorded",
        "Of the decisions that stand signed, those that record what was rejected or deferred as well.",
        "signed decisions",
    ),
    "trial": FigureDefinition(
        "Trial considered",
        "Of the decisions that stand signed, without those to which no trial applies, those that say "
        "that a trial was considered.",
        "signed decisions",
        accreditation=True,
    ),
    "wishes": FigureDefinition(
        "Patient’s wishes considered",
        "Of the decisions that stand signed, without those where it does not apply, those that say that "
        "the patient’s wishes were considered.",
        "signed decisions",
    ),
    "to_meeting": FigureDefinition(
        "Days to the meeting",
        "Days from entering a case to the meeting that discussed it first.",
        "cases",
    ),
    "to_signing": FigureDefinition(
        "Days to the signature",
        "Days from entering a case to the signature of the decision of its first discussion.",
        "cases",
    ),
    "taken": FigureDefinition(
        f"Options taken, after {AFTER_DAYS} days",
        f"The options that decisions signed at least {AFTER_DAYS} days ago took, the guideline’s and the "
        "board’s own, by what is recorded today of their being carried out.",
        "options taken",
    ),
    "not_taken": FigureDefinition(
        "Why options were not carried out",
        "Of the same options, those not carried out or only in part, by the reason recorded last.",
        "options taken",
    ),
    "steps": FigureDefinition(
        f"Next steps after {AFTER_DAYS} days",
        f"The next steps of decisions signed at least {AFTER_DAYS} days ago that stand, by what is "
        "recorded of them today; a step that a later decision took over counts there.",
        "next steps",
    ),
    "not_done": FigureDefinition(
        "Why steps were not done",
        "Of the same steps, those not done or done in part, by the reason recorded last.",
        "next steps",
    ),
    "follow_up": FigureDefinition(
        "Follow-up known",
        f"Of the cases decided at least {AFTER_DAYS} days ago, those whose record has anything dated "
        "after the decision (report, study, marker, assessment, treatment) or says that the patient has "
        "died.",
        "cases decided",
    ),
}
