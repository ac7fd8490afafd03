"""The words of a snapshot's codes: its own block in format 2, the tables of `words_v1.json` in format 1.

    stances       list in display order: code, words, direction (for, against, open)
    topics        list in display order: code, words, treats
    agreements, settings, statuses, kinds, intents, choices, reasons, sexes
                  lists in display order: code, words
    facts         name → label
    interventions code → label, of those that no recommendation names
    provisos      statement or trial → fact → what it has to be, as a sentence; may be left out

A code without words is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases.snapshot.frozen_answer import FrozenStance, FrozenTerm, FrozenTopic

LISTS = (
    "stances",
    "topics",
    "agreements",
    "settings",
    "statuses",
    "kinds",
    "intents",
    "choices",
    "reasons",
    "sexes",
)


class Words:
    """Codes to terms."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._tables = tables
        self._rows = {
            name: {row["code"]: (place, row) for place, row in enumerate(tables[name])} for name in LISTS
        }

    def _row(self, table: str, code: str) -> tuple[int, Mapping[str, Any]]:
        rows = self._rows[table]
        return rows.get(code, (len(rows), {"words": code}))

    def term(self, table: str, code: str) -> FrozenTerm:
        """A code of one of the lists."""
        place, row = self._row(table, code)
        return FrozenTerm(code, row["words"], place)

    def stance(self, code: str) -> FrozenStance:
        """What a statement says; one without words is open."""
        place, row = self._row("stances", code)
        return FrozenStance(code, row["words"], place, row.get("direction", "open"))

    def topic(self, code: str) -> FrozenTopic:
        """What a statement is about."""
        place, row = self._row("topics", code)
        return FrozenTopic(code, row["words"], place, row.get("treats", False))

    def fact(self, name: str) -> FrozenTerm:
        """A fact by its label."""
        return FrozenTerm(name, self._tables["facts"].get(name, name))

    def proviso(self, of: str, name: str) -> FrozenTerm:
        """What a fact has to be for a statement or trial; the fact's label where nobody said."""
        said = self._tables.get("provisos", {}).get(of, {}).get(name)
        return FrozenTerm(name, said) if said else self.fact(name)

    def intervention(self, code: str) -> FrozenTerm:
        """An intervention that no recommendation names."""
        return FrozenTerm(code, self._tables.get("interventions", {}).get(code, code))
