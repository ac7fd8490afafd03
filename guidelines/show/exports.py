"""Decision tables: the statements as rules in rows, for the screen and as CSV."""

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from io import StringIO

from guidelines.knowledge import labels
from guidelines.knowledge.conditions import conjuncts
from guidelines.knowledge.model import Statement
from guidelines.knowledge.spoken import spoken

HEADINGS = (
    "Rule",
    "Conditions",
    "Recommendation",
    "Intervention",
    "Setting",
    "Stance",
    "Agreement",
    "Reference",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One statement as a row. `conditions`: every one must hold."""

    id: str
    conditions: tuple[str, ...]
    recommendation: str
    intervention: str
    setting: str
    stance: str
    agreement: str
    reference: str


def rules(statements: Iterable[Statement]) -> tuple[Rule, ...]:
    """The statements as rows of a decision table, in their order."""
    return tuple(
        Rule(
            one.id,
            tuple(spoken(part) for part in conjuncts(one.when)),
            one.statement,
            one.label,
            labels.SETTINGS[one.setting],
            labels.STANCES[one.stance],
            labels.AGREEMENTS[one.agreement],
            reference(one),
        )
        for one in statements
    )


def reference(statement: Statement) -> str:
    """Where it stands: section path, and the table if the path does not end in it, with the lines."""
    path = " › ".join(statement.source.section.path)
    table = statement.source.table
    place = f"{path}, {table}" if table and not path.endswith(table) else path
    return f"{place}, lines {statement.source.lines}"


def as_csv(table: Iterable[Rule]) -> str:
    """A decision table as CSV."""
    return csv_of(
        HEADINGS,
        ((cell if isinstance(cell, str) else "; ".join(cell) for cell in astuple(rule)) for rule in table),
    )


def csv_of(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Rows under their headings as CSV (RFC 4180), every cell `guarded`, with a byte order mark so that
    spreadsheets read it as UTF-8.
    """
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
    return "\ufeff" + out.getvalue()


BEGIN_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before a sign that begins one."""
    return f"'{cell}" if cell.lstrip(" ").startswith(BEGIN_A_FORMULA) else cell
