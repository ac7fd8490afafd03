"""Studies and their figures, arranged for reading: in words, and as dots on a common scale.

Only what the source gives: a range is drawn as a range, a single number as a dot, and no interval is made up.
"""

from dataclasses import dataclass

from guidelines.knowledge.model import Guideline
from guidelines.knowledge.source import Figure, Study
from guidelines.vocabulary.facts import plain

MEASURES = {
    "response_rate": "Response rate",
    "pfs": "Progression-free survival",
    "os": "Overall survival",
    "hazard_ratio": "Hazard ratio",
    "odds_ratio": "Odds ratio",
    "other": "Other",
}
PLOTTED = ("response_rate", "pfs", "os")


@dataclass(frozen=True, slots=True)
class Dot:
    """One figure on its scale. `x` and `x2` are shares of the axis, 0 to 1; `x2` is set for a range."""

    study: Study
    figure: Figure
    x: float
    x2: float | None

    @property
    def words(self) -> str:
        """The figure's number, as the source gives it."""
        return number(self.figure)

    @property
    def size(self) -> str:
        """Patients the figure rests on; of an arm whose number is not given, that of the whole study."""
        if self.figure.n is not None:
            return f"n = {self.figure.n}"
        if self.study.n is None:
            return ""
        return f"study n = {self.study.n}" if self.figure.arm else f"n = {self.study.n}"


@dataclass(frozen=True, slots=True)
class Plot:
    """All figures of one measure. `ticks`: label and share of the axis."""

    measure: str
    label: str
    unit: str
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[str, float], ...]


def number(figure: Figure) -> str:
    """ "33 %", "14–20 months", "0.60"."""
    text = plain(figure.low) if figure.high is None else f"{plain(figure.low)}–{plain(figure.high)}"
    return f"{text} {figure.unit}".strip()


def figure_in_words(figure: Figure) -> str:
    """ "Response rate 33 %, CAPTEM, n = 30"; a figure of another kind is named by its note."""
    if figure.measure == "other":
        start, note = f"{figure.note or 'Figure'}: {number(figure)}", ""
    else:
        start, note = f"{MEASURES[figure.measure]} {number(figure)}", figure.note
    size = f"n = {figure.n}" if figure.n is not None else ""
    return ", ".join(text for text in (start, figure.arm, size, note) if text)


def cited(study: Study) -> str:
    """The works a study stands in: "Liu 2021; Pavel 2020"."""
    return "; ".join(f"{one.authors} {one.year}" for one in study.references)


def studies_on(guideline: Guideline, question: str) -> tuple[Study, ...]:
    """The studies that bear on a clinical question, in the source's order."""
    return tuple(study for study in guideline.studies.values() if question in study.questions)


def plots(studies: tuple[Study, ...]) -> tuple[Plot, ...]:
    """A dot plot for each measure that some study gives."""
    found = []
    for measure in PLOTTED:
        given = [(study, one) for study in studies for one in study.figures if one.measure == measure]
        if given:
            found.append(_plot(measure, given))
    return tuple(found)


def _plot(measure: str, given: list[tuple[Study, Figure]]) -> Plot:
    unit = given[0][1].unit
    top, step = _axis(unit, max(one.high or one.low for _, one in given))
    dots = tuple(
        Dot(study, one, one.low / top, None if one.high is None else one.high / top) for study, one in given
    )
    ticks = tuple((plain(value), value / top) for value in range(0, top + 1, step))
    return Plot(measure, MEASURES[measure], unit, dots, ticks)


def _axis(unit: str, highest: float) -> tuple[int, int]:
    """The end of the axis and the distance of its ticks: all of 100 %, or months in at most nine steps."""
    if unit == "%":
        return 100, 20
    step = next(one for one in (1, 2, 3, 6, 12, 24, 60, 120) if highest <= 8 * one)
    return (int(highest // step) + 1) * step, step
