"""Every number that is shown stands in its lines of the source, and every study is one the lines cite.

The source is not at hand: `trace.yaml` says of each stretch of lines which numbers, works and trials it
prints. Only that a number stands there is held, not that it stands there for the same thing.
"""

from collections.abc import Iterable, Iterator

from guidelines.knowledge.model import Statement, Trial
from guidelines.knowledge.source import Figure, Section, Study
from guidelines.verification.expectations import Directives
from guidelines.verification.numbers import canonical
from guidelines.verification.proof import Proof
from guidelines.verification.report import Finding
from guidelines.verification.trace import FILE, Passage, cite, inside, speaks_for

MONTHS = 12


def numbers_traced(proof: Proof) -> Finding:
    """Each number in a statement, caution, schedule, study or trial occurs in its lines of the source."""
    lacking = list(_without_passage(proof))
    if lacking:
        return Finding((f"{FILE}: nothing on lines {', '.join(lacking)}: write it anew",), ())
    failures = [f"{FILE}: nothing names lines {lines}: write it anew" for lines in _idle_passages(proof)]
    for statement in proof.guideline.statements:
        failures += _of_statement(proof, statement)
    for study in proof.guideline.studies.values():
        failures += _of_study(proof, study)
    for trial in proof.guideline.trials:
        failures += _of_trial(proof, trial)
    shown = (
        f"{len(proof.guideline.statements)} statements with their cautions and schedules, "
        f"{len(proof.guideline.studies)} studies with "
        f"{sum(len(one.figures) for one in proof.guideline.studies.values())} figures and "
        f"{len(proof.guideline.trials)} trials: every number, in digits or words, stands in its lines"
    )
    return Finding(tuple(failures), (shown,))


def evidence_cited(proof: Proof) -> Finding:
    """Lines lie in their section, studies cite their works, and statements the studies of their section."""
    if list(_without_passage(proof)):
        return Finding((f"{FILE} is out of date: write it anew",), ())
    guideline, failures = proof.guideline, list[str]()
    for statement in guideline.statements:
        failures += _outside(statement.id, statement.source.lines, statement.source.section)
        failures += _wrong_table(statement)
        failures += _foreign(proof, statement)
    for trial in guideline.trials:
        failures += _outside(f"trial {trial.nct}", trial.source.lines, trial.source.section)
    for study in guideline.studies.values():
        failures += _uncited(proof, study)
    failures += _directives(proof)
    cited = sum(len(one.studies) for one in guideline.statements)
    directing = sum(len(one.lines) for one in proof.expectations.directives)
    return Finding(
        tuple(failures),
        (
            f"the lines of {len(guideline.statements)} statements and {len(guideline.trials)} trials lie in "
            "their sections",
            f"{cited} times a statement cites a study: its section does, or one that this section sums up, "
            "or one that a caution of the statement names by its lines",
            f"{directing} directing sentences of the source, as counted by section: a statement carries each",
        ),
    )


# --- numbers


def _without_passage(proof: Proof) -> Iterator[str]:
    yield from (lines for lines in _named(proof) if lines not in proof.expectations.trace)


def _idle_passages(proof: Proof) -> Iterator[str]:
    named = _named(proof)
    yield from (lines for lines in proof.expectations.trace if lines not in named)


def _named(proof: Proof) -> dict[str, None]:
    """Every stretch of lines that the encoding names."""
    guideline = proof.guideline
    named = [one.source.lines for one in (*guideline.statements, *guideline.trials)]  # type: ignore[attr-defined]
    named += [caution.lines for one in guideline.statements for caution in one.cautions if caution.lines]
    named += [one.lines for one in guideline.studies.values() if one.lines]
    named += [one.lines for one in guideline.sections.values()]
    return dict.fromkeys(named)


def _of_statement(proof: Proof, statement: Statement) -> Iterator[str]:
    trace = proof.expectations.trace
    own = trace[statement.source.lines]
    yield from _lacks(statement.id, statement.statement, own)
    for caution in statement.cautions:
        yield from _lacks(statement.id, caution.text, trace[caution.lines] if caution.lines else own)
    schedule = statement.schedule
    if schedule is None:
        return
    yield from _lacks(f"{statement.id}: schedule", schedule.text, own)
    months = [month for phase in schedule.phases for month in phase.every]
    yield from _not_printed(f"{statement.id}: every", months, own)
    ends = [month for phase in schedule.phases for month in (*phase.start, *(phase.end or ()))]
    yield from _not_printed(f"{statement.id}: from or to month", ends, own)


def _not_printed(name: str, months: Iterable[float], passage: Passage) -> Iterator[str]:
    """Months that the lines print neither as months nor as years."""
    for month in months:
        years = canonical(month / MONTHS)
        if month and not {canonical(month), years} & passage.numbers:
            yield f"{name} {canonical(month)}: neither this nor {years} years stands in its lines"


def _of_study(proof: Proof, study: Study) -> Iterator[str]:
    if not study.lines:
        yield f"study {study.id}: no lines"
        return
    passage = proof.expectations.trace[study.lines]
    for text in (study.name, study.design, study.finding, "" if study.n is None else str(study.n)):
        yield from _lacks(f"study {study.id}", text, passage, study.ocr)
    for figure in study.figures:
        yield from _lacks(f"study {study.id}", _in_words(figure), passage, study.ocr)


def _in_words(figure: Figure) -> str:
    numbers = [canonical(one) for one in (figure.low, figure.high, figure.n) if one is not None]
    return "; ".join([*numbers, figure.arm, figure.note])


def _of_trial(proof: Proof, trial: Trial) -> Iterator[str]:
    passage = proof.expectations.trace[trial.source.lines]
    name = f"trial {trial.nct}"
    if trial.nct not in passage.trials:
        yield f"{name}: its number does not stand in lines {trial.source.lines}"
    for text in (trial.title, trial.eligibility, *trial.cautions):
        yield from _lacks(name, text, passage)


def _lacks(name: str, text: str, passage: Passage, ocr: Iterable[str] = ()) -> Iterator[str]:
    for number in sorted(passage.lacks(text, ocr)):
        yield f"{name}: {number} does not stand in its lines: {text}"


# --- sections and citations


def _outside(name: str, lines: str, section: Section) -> Iterator[str]:
    if not inside(lines, section.lines):
        yield f"{name}: lines {lines} are not in its section {section.id} ({section.lines})"


def _wrong_table(statement: Statement) -> Iterator[str]:
    """A section that is a table gives its name."""
    heading, table = statement.source.section.path[-1], statement.source.table
    if heading.startswith("Table ") and table != heading:
        yield f"{statement.id}: the section is {heading}, but the table given is {table}"


def _foreign(proof: Proof, statement: Statement) -> Iterator[str]:
    """Studies that neither the statement's section and table nor the lines of its cautions cite."""
    sections = proof.guideline.sections.values()
    paths = [statement.source.section.path]
    paths += [one.path for one in sections if one.path[-1] == statement.source.table]
    spoken_for = [one for one in sections if any(speaks_for(path, one.path) for path in paths)]
    for caution in statement.cautions:
        spoken_for += [one for one in sections if caution.lines and inside(caution.lines, one.lines)]
    for study in statement.studies:
        stretches = study.lines.split(", ")
        if not any(inside(stretch, section.lines) for stretch in stretches for section in spoken_for):
            where = statement.source.section.id
            yield f"{statement.id}: {study.id} (lines {study.lines}) is not cited in {where}"


def _uncited(proof: Proof, study: Study) -> Iterator[str]:
    passage = proof.expectations.trace[study.lines]
    for one in study.references:
        work = cite(one.id, one.authors, one.year)
        if not passage.cited(work, study.ocr):
            yield f"study {study.id}: lines {study.lines} do not cite {work}"


# --- directing sentences


def _directives(proof: Proof) -> Iterator[str]:
    """Counts of directing sentences that disagree, and sentences that no statement carries any more."""
    sections = proof.guideline.sections
    listed = {one.section: one for one in proof.expectations.directives}
    yield from (f"directives.yaml: no such section: {one}" for one in listed if one not in sections)
    for section in sections.values():
        entry = listed.get(section.id, Directives(section=section.id, lines=()))
        if section.directives is None:
            yield f"{section.id}: the count of its directing sentences is not given"
        elif section.directives != len(entry.lines):
            listed_too = f"but directives.yaml lists {len(entry.lines)}"
            yield f"{section.id}: {section.directives} directing sentences, {listed_too}"
        if bool(section.directives) is bool(section.directs_nothing):
            yield f"{section.id}: it either directs something or directs nothing"
        yield from _not_carried(proof, section, entry)


def _not_carried(proof: Proof, section: Section, entry: Directives) -> Iterator[str]:
    known = {one.id for one in proof.guideline.statements}
    for line in entry.lines:
        reached = any(_reaches(one, line) for one in proof.guideline.statements)
        carrier = entry.carried.get(line)
        if not inside(str(line), section.lines):
            yield f"{section.id}: line {line} is not in the section"
        elif carrier is None and not reached:
            yield f"{section.id}: no statement carries what is directed from line {line} on"
        elif carrier is not None and (reached or carrier not in known):
            why = "a statement reaches it by its lines" if reached else "there is no such statement"
            yield f"{section.id}: line {line} is not carried by {carrier}: {why}"
    for line in entry.carried.keys() - set(entry.lines):
        yield f"{section.id}: nothing is directed from line {line} on"


def _reaches(statement: Statement, line: int) -> bool:
    own = [statement.source.lines, *(one.lines for one in statement.cautions if one.lines)]
    return any(inside(str(line), lines) for lines in own)
