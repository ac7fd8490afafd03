"""What an invented board decides on a case: by chance, but held to the guideline as any board is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from django.contrib.auth.models import User

from cases.actions.deciding import DecisionContent, DissentContent, OptionContent, StepContent, Votes
from cases.choices import Intent, OptionChoice
from cases.concordance import Concordance, Standing, relation, standing_of
from guidelines.answer.parts import Option
from guidelines.knowledge.labels import Kind

TAKEN = (Standing.RECOMMENDED, Standing.OFFERED, Standing.FOR_IF)
SAID: Sequence[str] = ("yes", "yes", "yes", "yes", "no", "not_applicable", "")


@dataclass(frozen=True)
class Inclined:
    """What a board is inclined to: words of the file, people by username, and chance itself."""

    random: Random
    words: Mapping[str, Any]
    people: Mapping[str, User]

    def decide(
        self, verdicts: Sequence[Option], *, asks: Sequence[str], localized: bool, on: date
    ) -> DecisionContent:
        """A decision of that day on these verdicts, what is asked about first; now and then against them."""
        treatments = [one for one in verdicts if one.kind == Kind.TREATMENT]
        offered = [one for one in treatments if standing_of(one) in TAKEN]
        offered.sort(key=lambda one: (one.intervention not in asks, TAKEN.index(standing_of(one))))
        against = bool(offered) and self.random.random() < 0.16
        options = self._against(offered) if against else self._along(offered)
        why = "deviates" if against else "follows" if offered else "alone"
        return DecisionContent(
            intent=Intent.CURATIVE if localized else self._one([Intent.DISEASE_CONTROL, Intent.PALLIATIVE]),
            rationale=self._one(self.words["rationale"][why]),
            options=tuple(options),
            next_steps=tuple(self._steps(on)),
            dissents=tuple(self._dissents()),
            votes=Votes(self.random.randint(3, 5), self.random.randint(0, 1)) if self._often(0.4) else None,
            trial_considered=self._one(SAID),
            wishes_considered=self._one(SAID),
        )

    def _along(self, offered: Sequence[Option]) -> list[OptionContent]:
        """The first that is offered is taken; the next one mostly left, or waited with."""
        if not offered:
            return [self._own()]
        taken, left = offered[0], offered[1:3]
        found = [OptionContent(OptionChoice.ACCEPTED, taken.id)]
        for one in left:
            is_against = relation(OptionChoice.REJECTED, one) is Concordance.DEVIATING
            rejected = self._often(0.08 if is_against else 0.7)
            if self._often(0.6):
                choice = OptionChoice.REJECTED if rejected else OptionChoice.DEFERRED
                found.append(self._with_reason(choice, one))
        return found

    def _against(self, offered: Sequence[Option]) -> list[OptionContent]:
        """Nothing of it is taken, but something of the board's own."""
        return [*(self._with_reason(OptionChoice.REJECTED, one) for one in offered[:2]), self._own()]

    def _with_reason(self, choice: str, verdict: Option) -> OptionContent:
        """The reason stands where a choice deviates, and nowhere else."""
        if relation(choice, verdict) is not Concordance.DEVIATING:
            return OptionContent(choice, verdict.id)
        why = self._one(self.words["deviations"])
        return OptionContent(choice, verdict.id, reason_code=why["code"], reason_text=why["text"])

    def _own(self) -> OptionContent:
        return OptionContent(OptionChoice.OWN, title=self._one(self.words["own"]))

    def _steps(self, on: date) -> list[StepContent]:
        chosen = self.random.sample(self.words["steps"], self.random.randint(1, 2))
        return [self._step(one, on + timedelta(days=self.random.randint(5, 30))) for one in chosen]

    def _step(self, data: Mapping[str, str], due_on: date) -> StepContent:
        owner = self.people.get(data.get("owner", ""))
        name = owner.get_full_name() if owner else data["owner_name"]
        return StepContent(data["text"], name, owner.pk if owner else None, due_on)

    def _dissents(self) -> list[DissentContent]:
        return [DissentContent(**self._one(self.words["dissents"]))] if self._often(0.1) else []

    def _often(self, share: float) -> bool:
        return self.random.random() < share

    def _one(self, listed: Sequence[Any]) -> Any:
        return self.random.choice(listed)
