"""Which passwords are taken."""

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from config.passwords import ContextValidator

LONG = (
    "seven green umbrellas dance above a quiet harbor while thirty blue teapots argue over the moon and " * 2
)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("seven green umbrellas dancing", ""),
        ("ωμέγα κύκλος βροχή", ""),
        ("491852730016482937", ""),  # digits alone: no rule on characters
        ("qz!4Wn", "12 characters"),
        (LONG[:64], ""),
        (LONG[:120], ""),
        (LONG, "128 characters"),
        ("1q2w3e4r5t6y", "leaked"),
        ("Password2026!!", "password"),
        ("iloveyou1234567", "leaked"),
        ("tumor-Board-17-qx", "tumor board"),
        ("the GI NET board rocks 9", "GI-NET board"),
        ("albersalbers-77-zq", "Albers"),
        ("xxxxxxxxxxxxxxxx", "leaked"),
    ],
)
def test_a_password_is_refused_for_what_makes_it_guessable(alice: User, password: str, why: str) -> None:
    try:
        validate_password(password, alice)
        said = ""
    except ValidationError as error:
        said = " ".join(error.messages)
    assert why in said
    assert bool(said) == bool(why)


@pytest.mark.parametrize(("words", "refused"), [((), False), (("St. Elsewhere",), True)])
def test_the_hospitals_own_words_are_refused_where_they_are_named(words: tuple[str], refused: bool) -> None:
    try:
        ContextValidator(words).validate("st elsewhere 4711 umbrella")
        said = False
    except ValidationError:
        said = True
    assert said == refused
