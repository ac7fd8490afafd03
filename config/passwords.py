"""Which passwords are refused: those that can be guessed. Nothing is asked of their characters.

Beside Django's list of common passwords, zxcvbn brings a list of 30,000 from breaches and recognizes their
variants ("Password2026!"); nothing leaves the machine. It looks at `LOOKED_AT` characters: a longer one has
enough of them.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

LONGEST = 128  # characters
LOOKED_AT = 72
LEAST_SCORE = 3  # of zxcvbn's 0 to 4: 10^8 guesses or more
SHORTEST_WORD = 4  # letters; shorter ones stand in too many others
# What anybody who knows the application would try first.
OWN_WORDS = ("tumor board", "nanets", "neuroendocrine", "oncology", "hospital", "clinic", "password")


class LongestValidator:
    """At most `LONGEST` characters, so that checking one costs little."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(f"At most {LONGEST} characters.", code="password_too_long")

    def get_help_text(self) -> str:
        return f"At most {LONGEST} characters, of any kind."


class ContextValidator:
    """No word that belongs to the person, their boards, the hospital or the application."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = (*OWN_WORDS, *words)

    def validate(self, password: str, user: Any = None) -> None:
        plain = _plain(password)
        for word in (*self.words, *words_of(user)):
            if len(_plain(word)) >= SHORTEST_WORD and _plain(word) in plain:
                raise ValidationError(
                    f"It holds “{word}”, which is one of the first words that somebody would try here.",
                    code="password_of_context",
                )

    def get_help_text(self) -> str:
        return "Not your name, nor the name of a board, the hospital or this application."


class GuessableValidator:
    """None from a breach, and none that is made like one."""

    def validate(self, password: str, user: Any = None) -> None:
        looked = zxcvbn(password[:LOOKED_AT], user_inputs=list(words_of(user)))
        if looked["score"] < LEAST_SCORE:
            raise ValidationError(
                "It is on a list of passwords that have leaked, or is made like one of them. "
                "Four or more words that do not belong together are better.",
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return "None that has leaked somewhere or is made like those; four or more words are good."


def words_of(user: Any) -> Iterator[str]:
    """Names of the person and of their boards."""
    if not isinstance(user, User):
        return
    yield from (user.get_username(), user.first_name, user.last_name)
    if user.pk:
        yield from user.boards.values_list("name", flat=True)


def _plain(text: str) -> str:
    """Letters and digits alone, so that "Tumor-Board" is "tumor board"."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
