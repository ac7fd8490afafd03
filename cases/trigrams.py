"""SQLite's index of the words that a search looks in, by three letters each; PostgreSQL has pg_trgm for that.

The index is FTS5's (SQLite 3.34 or newer). It holds no text: `content` says whose it is, and triggers keep it
with every write, whoever writes. Every `migrate` makes it anew at its end, as no migration writes through
triggers: SQLite cannot rebuild a table that a trigger names, so they are taken away at its start.

It only says where to look. Who searches compares with the case itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# So many rows are read and sorted in 8 ms; of more, the newest are found sooner by going through the list, a
# thousand in 1 ms.
FEW = 1000
LETTERS = 3

_WRITE = "INSERT INTO case_words (rowid, searched) VALUES (NEW.id, NEW.searched)"
_TAKE_BACK = "INSERT INTO case_words (case_words, rowid, searched) VALUES ('delete', OLD.id, OLD.searched)"
_TRIGGERS = {
    "case_words_insert": f"AFTER INSERT ON cases_case BEGIN {_WRITE}; END",
    "case_words_delete": f"AFTER DELETE ON cases_case BEGIN {_TAKE_BACK}; END",
    "case_words_update": "AFTER UPDATE OF id, searched ON cases_case "
    f"WHEN OLD.id <> NEW.id OR OLD.searched <> NEW.searched BEGIN {_TAKE_BACK}; {_WRITE}; END",
}
# What is searched is folded already; so is what is searched for.
_INDEX = (
    "CREATE VIRTUAL TABLE case_words USING fts5"
    "(searched, content='cases_case', content_rowid='id', tokenize='trigram case_sensitive 1')"
)
# A database may be migrated to a state that has no such column, or none of our tables yet.
_IS_THERE = "SELECT 1 FROM pragma_table_info('cases_case') WHERE name = 'searched'"
_FILL = "INSERT INTO case_words (case_words) VALUES ('rebuild')"
_FIND = "SELECT rowid FROM case_words WHERE case_words MATCH %s LIMIT %s"


def few_with(words: Iterable[str]) -> list[int] | None:
    """The ids of the cases in which all these folded words stand, as parts of words.

    None where the index says nothing of use: they are more than `FEW`, no word has three letters, or the
    database is not SQLite.
    """
    # Folded words are letters, marks and digits: nothing in them could end the quotation.
    quoted = [f'"{word}"' for word in words if len(word) >= LETTERS]
    if not quoted or connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [" ".join(quoted), FEW + 1])
        found = [pk for (pk,) in cursor.fetchall()]
    return found if len(found) <= FEW else None


def install(connection: BaseDatabaseWrapper) -> None:
    """Make index and triggers anew, of what is there."""
    remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(_IS_THERE)
        is_there = cursor.fetchone() is not None
    if is_there:
        triggers = [f"CREATE TRIGGER {name} {does}" for name, does in _TRIGGERS.items()]
        _execute(connection, [_INDEX, _FILL, *triggers])


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take index and triggers away."""
    triggers = [f"DROP TRIGGER IF EXISTS {name}" for name in _TRIGGERS]
    _execute(connection, [*triggers, "DROP TABLE IF EXISTS case_words"])


def _execute(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def before_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Receiver of `pre_migrate`."""
    if connections[using].vendor == "sqlite":
        remove(connections[using])


def after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Receiver of `post_migrate`."""
    if connections[using].vendor == "sqlite":
        install(connections[using])
