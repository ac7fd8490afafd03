"""The recommendations panel: an assessment arranged for reading, live or from a signed snapshot."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from guidelines.answer.parts import Assessment, Recommendation, TrialMatch
from guidelines.knowledge.labels import AGREEMENTS, ENTITIES, SETTINGS, STANCES, TOPICS
from guidelines.vocabulary.facts import FACTS

AGAINST = ("not_recommended",)
OPEN = ("no_consensus", "insufficient_evidence")
MOST_SHOWN = 6  # decisive facts shown before "more"


@dataclass(frozen=True)
class PanelRow:
    """One statement as the panel shows it."""

    rec: Recommendation
    stance: str
    agreement: str
    setting: str
    why: tuple[tuple[str, str], ...]

    def __getitem__(self, name: str) -> Any:
        """Templates ask for items first; answering spares an exception at each of thousands of look-ups."""
        return getattr(self, name)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to mind in this case."""
        return self.rec.cautions

    @property
    def question(self) -> str:
        """The open question, without the brackets that only a longer sentence would need."""
        text = self.rec.question
        return text[1:-1] if text.startswith("(") and text.endswith(")") and "(" not in text[1:] else text

    @property
    def head(self) -> SafeString:
        """The row up to its reasons."""
        return head_of(self)

    @property
    def tail(self) -> SafeString:
        """The row from its evidence on."""
        return tail_of(self.rec)

    @property
    def possible(self) -> bool:
        """Whether an unknown fact still decides it."""
        return self.rec.status == "possible"

    @property
    def state(self) -> str:
        """Changes when the row says something else than before."""
        return "|".join((self.rec.status, self.rec.stance, self.rec.agreement, self.rec.question or ""))


@dataclass(frozen=True)
class PanelTopic:
    """The statements of one topic: what applies, then what is possible, then the rest."""

    code: str
    label: str
    settled: tuple[PanelRow, ...]
    possible: tuple[PanelRow, ...]


@dataclass(frozen=True)
class Decisive:
    """A fact not known that would change the answer, and the address of its field ("" if there is none)."""

    label: str
    decides: int
    link: str
    fact: str


@dataclass(frozen=True)
class TrialLine:
    """A trial and which facts are still open for it."""

    trial: TrialMatch
    missing: str


@dataclass(frozen=True)
class Panel:
    """Everything `entry/_recommendations.html` shows."""

    assessment: Assessment
    entity: str
    topics: tuple[PanelTopic, ...]
    decisive: tuple[Decisive, ...]
    later: tuple[Decisive, ...]
    trials: tuple[TrialLine, ...]
    cautions: tuple[str, ...]
    left_out: tuple[str, ...]
    counts: str
    unsaved: bool


# A panel has some seventy rows and is drawn at every keystroke. What a row says of the guideline alone, and
# nothing of a patient, is drawn once and kept.
_drawn: dict[tuple[str, ...], SafeString] = {}
MOST_KEPT = 5000


def drawn(template: str, key: tuple[str, ...], context: Mapping[str, Any]) -> SafeString:
    """The template drawn for `key`, from memory where it has been drawn before."""
    if key not in _drawn:
        if len(_drawn) >= MOST_KEPT:
            _drawn.clear()
        _drawn[key] = render_to_string(template, dict(context))
    return _drawn[key]


def head_of(row: PanelRow) -> SafeString:
    """Summary and wording; all of it is the guideline's."""
    rec = row.rec
    key = ("head", rec.id, rec.statement, rec.intervention_label, row.state)
    return drawn("entry/_row_head.html", key, {"row": row, "rec": rec})


def tail_of(rec: Recommendation) -> SafeString:
    """Evidence, trials, schedule and source."""
    schedule = (rec.schedule or {}).get("text", "")
    source = (*rec.source.section, rec.source.table or "")
    key = ("tail", rec.id, *rec.evidence, "|", *rec.trials, "|", schedule, *source)
    return drawn("entry/_row_tail.html", key, {"rec": rec})


def row_of(rec: Recommendation, origins: Mapping[str, str]) -> PanelRow:
    """A statement with its codes in words, each reason with where its fact came from."""
    why = tuple((reason.text, origins.get(reason.fact, "")) for reason in rec.because)
    return PanelRow(rec, STANCES[rec.stance], AGREEMENTS[rec.agreement], SETTINGS[rec.setting], why)


def rank(row: PanelRow) -> int:
    """What applies first, then what is advised against, then what is open among experts."""
    return 2 if row.rec.stance in OPEN else 1 if row.rec.stance in AGAINST else 0


def topics_of(
    recommendations: Iterable[Recommendation], origins: Mapping[str, str] = MappingProxyType({})
) -> tuple[PanelTopic, ...]:
    """Statements by topic, in the guideline's order of topics; topics that say nothing are left out."""
    rows: Mapping[str, list[PanelRow]] = {topic: [] for topic in TOPICS}
    for rec in recommendations:
        if rec.status != "excluded":
            rows[rec.topic].append(row_of(rec, origins))
    stances = list(STANCES)
    return tuple(
        PanelTopic(
            code,
            label,
            tuple(
                sorted(
                    (row for row in rows[code] if not row.possible),
                    key=lambda row: (rank(row), stances.index(row.rec.stance)),
                )
            ),
            tuple(sorted((row for row in rows[code] if row.possible), key=rank)),
        )
        for code, label in TOPICS.items()
        if rows[code]
    )


def counts_of(recommendations: Iterable[Recommendation]) -> str:
    """ "9 apply · 4 possible · 2 advised against": what the closed drawer says."""
    settled = possible = against = 0
    for rec in recommendations:
        possible += rec.status == "possible"
        against += rec.status == "applies" and rec.stance in AGAINST
        settled += rec.status == "applies" and rec.stance not in (*AGAINST, *OPEN)
    return f"{settled} apply · {possible} possible · {against} advised against"


def panel_of(
    assessment: Assessment,
    *,
    cautions: Iterable[str] = (),
    origins: Mapping[str, str] = MappingProxyType({}),
    link: Callable[[str], str] | None = None,
    left_out: Iterable[str] = (),
    unsaved: bool = False,
) -> Panel:
    """The panel of an assessment.

    `origins` says where each fact came from, `link` where it is entered, `left_out` what was not valid.
    """
    missing = tuple(
        Decisive(FACTS[item.fact].label, len(item.decides), link(item.fact) if link else "", item.fact)
        for item in assessment.missing
    )
    return Panel(
        assessment=assessment,
        entity=ENTITIES[assessment.classification.entity],
        topics=topics_of(assessment.recommendations, origins),
        decisive=missing[:MOST_SHOWN],
        later=missing[MOST_SHOWN:],
        trials=tuple(
            TrialLine(trial, ", ".join(FACTS[name].label for name in trial.missing))
            for trial in assessment.trials
        ),
        cautions=(*cautions, *assessment.classification.cautions),
        left_out=tuple(left_out),
        counts=counts_of(assessment.recommendations),
        unsaved=unsaved,
    )
