"""What stands against signing a draft: the board's duties, and deviations that lack a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cases.choices import OptionChoice
from cases.models import Decision, DecisionOption
from cases.snapshot.write import Seen
from guidelines.answer.parts import Recommendation


def unsigned_because(decision: Decision, seen: Seen) -> list[str]:
    """Every reason why the draft cannot be signed as it is; empty if it can."""
    return list(_reasons_against(decision, seen))


def _reasons_against(decision: Decision, seen: Seen) -> Iterator[str]:
    options = list(decision.options.all())
    if not decision.intent:
        yield "State the intent of treatment."
    if (
        not any(option.choice != OptionChoice.REJECTED for option in options)
        and not decision.rationale.strip()
    ):
        yield "Accept an option, add one of your own, or say in the rationale why there is none."
    by_id = {each.id: each for each in seen.assessment.recommendations}
    for option in options:
        yield from _against_option(option, by_id, seen)


def _against_option(option: DecisionOption, by_id: Mapping[str, Recommendation], seen: Seen) -> Iterator[str]:
    if option.choice != OptionChoice.OWN:
        statement = by_id.get(option.statement_id)
        if statement is None:
            yield f"“{option.title}”: this statement no longer stands on the case; look at it again."
            return
        if (option.stance, option.agreement) != (statement.stance, statement.agreement):
            yield f"“{option.title}”: the strength of this statement has changed; look at it again."
            return
    if deviates(option, seen) and not option.reason_code:
        yield f"“{option.title}”: give the reason for deviating from the guideline."


def deviates(option: DecisionOption, seen: Seen) -> bool:
    """Whether the choice takes what is advised against, or rejects what is recommended and applies."""
    applying = [each for each in seen.assessment.recommendations if each.status == "applies"]
    if option.choice == OptionChoice.ACCEPTED:
        return option.stance == "not_recommended"
    if option.choice == OptionChoice.REJECTED:
        return any(each.id == option.statement_id and each.stance == "recommended" for each in applying)
    return bool(option.intervention) and any(
        each.intervention == option.intervention and each.stance == "not_recommended" for each in applying
    )
