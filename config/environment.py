"""The machine's environment, and `.env`, read strictly: a value that cannot be meant stops the start."""

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

environ.Env.read_env(BASE_DIR / ".env")  # never overrides a variable that is already set


def refuse(variable: str, reason: str) -> ImproperlyConfigured:
    """The error that stops a half-configured start; its text begins with the variable to mend."""
    return ImproperlyConfigured(
        f"{variable} {reason}. Production needs SECRET_KEY, RECORD_KEY, ALLOWED_HOSTS and DATABASE_URL; "
        "on a developer's machine run `make setup`, which writes BOARD_MODE=development to .env."
    )


def text(variable: str, default: str = "") -> str:
    """A variable without surrounding blanks; an empty one counts as not set."""
    return os.environ.get(variable, "").strip() or default


def flag(variable: str) -> bool:
    """True or false, written as such; any other word stops the start instead of counting as false."""
    word = text(variable, "false").lower()
    if word not in {"true", "false"}:
        raise refuse(variable, f"is {word!r}, where only true or false is allowed")
    return word == "true"


def words(variable: str) -> list[str]:
    return [word.strip() for word in text(variable).split(",") if word.strip()]


def strong(variable: str, secret: str) -> str:
    """A secret that is worth the name."""
    if len(secret) < 50 or len(set(secret)) < 5:
        raise refuse(variable, "is too short or too regular; it needs at least 50 random characters")
    return secret


MODE = text("BOARD_MODE", "production")
if MODE not in {"production", "development"}:
    raise refuse("BOARD_MODE", f"is {MODE!r}, where only production or development is allowed")
PRODUCTION = MODE == "production"
