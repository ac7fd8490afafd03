"""What a verification found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One proven or failed property. `detail`: what was proven if it passed, every failure if it did not."""

    name: str
    passed: bool
    detail: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """All checks in their order."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Every check passed."""
        return all(check.passed for check in self.checks)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check brings back: every failure in words, and what was looked at."""

    failures: tuple[str, ...]
    proven: tuple[str, ...]
