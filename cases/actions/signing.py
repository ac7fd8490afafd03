"""What stands against signing a draft, and how its choices relate to the guideline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cases.choices import OptionChoice
from cases.concordance import (
    BoardChoice,
    Concordance,
    Standing,
    concordance_of,
    not_addressed,
    overall,
    standing_of,
    verdict_on,
)
from cases.models import Decision, DecisionOption
from cases.snapshot.frozen import FrozenChoiceConcordance, FrozenConcordance
from cases.snapshot.frozen_answer import FrozenTerm
from cases.snapshot.write import Seen
from guidelines.answer.options import verdicts_of
from guidelines.answer.parts import Option


@dataclass(frozen=True, slots=True)
class Related:
    """A stored option with the verdict it is on, and what the two make; None where there is nothing."""

    option: DecisionOption
    choice: BoardChoice
    verdict: Option | None
    concordance: Concordance | None


def related(decision: Decision, seen: Seen) -> list[Related]:
    """Every choice of a decision, held against the answer seen."""
    found, verdicts = [], verdicts_of(seen.assessment)
    for option in decision.options.all():
        choice = BoardChoice(option.choice, option.statement_id, option.intervention)
        verdict = verdict_on(choice, verdicts, seen.family)
        found.append(Related(option, choice, verdict, concordance_of(choice, verdict)))
    return found


def concordance_with(decision: Decision, seen: Seen) -> FrozenConcordance:
    """What the snapshot keeps of it."""
    found = related(decision, seen)
    return FrozenConcordance(
        _term(overall((one.choice, one.concordance) for one in found)),
        tuple(
            FrozenChoiceConcordance(
                title=one.option.title,
                statement_id=one.verdict.id if one.verdict else "",
                concordance=_term(one.concordance),
                because=_because(one, seen),
            )
            for one in found
            if one.concordance is not None
        ),
    )


def _because(one: Related, seen: Seen) -> str:
    """On which open fact it depends; what is advised against if a fact is so is in line unless it is so."""
    if one.verdict is None or one.concordance is not Concordance.CONDITIONAL:
        return ""
    question = next(each.question for each in seen.assessment.recommendations if each.id == one.verdict.id)
    word = "unless" if standing_of(one.verdict) is Standing.AGAINST_IF else "if"
    return f"{word} {question}"


def _term(concordance: Concordance) -> FrozenTerm:
    return FrozenTerm(concordance.value, concordance.label, list(Concordance).index(concordance))


def left_unsaid(decision: Decision, seen: Seen) -> list[str]:
    """Treatments that the guideline recommends and that the draft says nothing on, by name."""
    choices = [one.choice for one in related(decision, seen)]
    silent_on = not_addressed(verdicts_of(seen.assessment), choices, seen.family)
    return [verdict.intervention_label for verdict in silent_on]


def unsigned_because(decision: Decision, seen: Seen) -> list[str]:
    """Every reason why the draft cannot be signed as it is; empty if it can."""
    return list(_reasons_against(decision, seen))


def _reasons_against(decision: Decision, seen: Seen) -> Iterator[str]:
    found = related(decision, seen)
    if not decision.intent:
        yield "State the intent of treatment."
    taken = any(one.option.choice != OptionChoice.REJECTED for one in found)
    if not taken and not decision.rationale.strip():
        yield "Accept an option, add one of your own, or say in the rationale why there is none."
    for one in found:
        yield from _against_choice(one)


def _against_choice(one: Related) -> Iterator[str]:
    option, verdict = one.option, one.verdict
    if option.choice != OptionChoice.OWN:
        if verdict is None:
            yield f"“{option.title}”: the verdict chosen on no longer stands on the case; look at it again."
            return
        if (option.stance, option.agreement) != (verdict.stance, verdict.agreement):
            yield f"“{option.title}”: the strength of the verdict has changed; look at it again."
            return
    if one.concordance is Concordance.DEVIATING and not option.reason_code:
        yield f"“{option.title}”: give the reason for deviating from the guideline."
