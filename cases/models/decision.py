"""What the board decided. A draft can be changed; what is signed can only be superseded."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from cases import choices
from cases.models.base import AppendOnly, AppendOnlyQuerySet, ImmutableError, LongText, Stamped
from cases.models.case import Case
from cases.models.discussion import Discussion
from cases.models.grant import CaseGrant

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from cases.models.option import DecisionOption
    from cases.models.step import NextStep

SUPERSEDED = choices.DecisionStatus.SUPERSEDED
SIGNED_STATES = (choices.DecisionStatus.SIGNED, SUPERSEDED)


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Bulk writes are refused outright: they would pass by the guard in `Decision.save`."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise ImmutableError("Decisions in bulk")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableError("Decisions in bulk")

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.exclude(status=choices.DecisionStatus.DRAFT).exists():
            raise ImmutableError("A signed decision")
        return super().delete()


MOST_VOTES = 99


def votes(label: str) -> models.PositiveSmallIntegerField[int | None, int | None]:
    """How many voted so; null where nobody voted."""
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, default=None, validators=[MaxValueValidator(MOST_VOTES)]
    )


def considered(label: str) -> models.CharField[str, str]:
    """Whether the board considered it; "" is not stated."""
    return models.CharField(label, max_length=16, choices=choices.Considered.choices, blank=True, default="")


class Decision(Stamped):
    """What a discussion came to. One that supersedes another corrects it: both are of the same discussion.

    `attendees` names who decided where no roll call does. `early_reason` says why it is signed before its
    meeting has begun, `quorum_reason` why it is signed without the board's quorum.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    discussion = models.ForeignKey(Discussion, on_delete=models.PROTECT, related_name="decisions")
    status = models.CharField(
        max_length=10, choices=choices.DecisionStatus.choices, default=choices.DecisionStatus.DRAFT
    )
    intent = models.CharField("Intent", max_length=16, choices=choices.Intent.choices, blank=True, default="")
    rationale = LongText("Rationale", blank=True, default="")
    votes_for = votes("Votes for")
    votes_against = votes("Votes against")
    votes_abstained = votes("Abstentions")
    trial_considered = considered("Trial considered")
    trial_words = models.CharField("Which trial, or why not", max_length=300, blank=True, default="")
    wishes_considered = considered("Patient's wishes considered")
    wishes_words = models.CharField("The patient's wishes", max_length=300, blank=True, default="")
    early_reason = models.CharField(
        "Why it is signed before the meeting", max_length=300, blank=True, default=""
    )
    quorum_reason = models.CharField(
        "Why it is signed without a quorum", max_length=300, blank=True, default=""
    )
    # [{"name": "Dr A. Person", "role": "Surgery"}, …] in the order entered
    attendees = models.JSONField("Present", default=list, blank=True)

    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    # What the board saw when it signed; its shape is described in cases.snapshot
    snapshot = models.JSONField(null=True, blank=True, default=None)
    snapshot_digest = models.CharField(max_length=80, blank=True, default="")
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    supersede_reason = LongText("Why the earlier decision is superseded", blank=True, default="")

    objects = DecisionQuerySet.as_manager()

    if TYPE_CHECKING:
        next_steps: RelatedManager[NextStep]
        options: RelatedManager[DecisionOption]
        dissents: RelatedManager[DecisionDissent]
        withdrawal: DecisionWithdrawal

    class Meta:
        ordering = ["drafted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_signature_complete",
                condition=Q(
                    status=choices.DecisionStatus.DRAFT,
                    signed_by__isnull=True,
                    signed_at__isnull=True,
                    snapshot__isnull=True,
                    snapshot_digest="",
                )
                | Q(
                    status__in=SIGNED_STATES,
                    signed_by__isnull=False,
                    signed_at__isnull=False,
                    snapshot__isnull=False,
                    snapshot_digest__startswith="sha256:",
                ),
                violation_error_message="A signed decision has signer, time, snapshot, digest; a draft none.",
            ),
            models.CheckConstraint(
                name="decision_supersedes_with_reason",
                condition=Q(supersedes__isnull=True, supersede_reason="")
                | (Q(supersedes__isnull=False) & ~Q(supersede_reason="")),
                violation_error_message="Superseding a decision needs a reason.",
            ),
            models.CheckConstraint(
                name="decision_intent_coded",
                condition=Q(intent__in=choices.Intent.values),
                violation_error_message="This intent does not exist.",
            ),
            models.CheckConstraint(
                name="decision_considered_coded",
                condition=Q(trial_considered__in=choices.Considered.values)
                & Q(wishes_considered__in=choices.Considered.values),
                violation_error_message="Considered: yes, no, does not apply or not stated.",
            ),
            models.CheckConstraint(
                name="decision_votes_whole",
                condition=Q(votes_for=None, votes_against=None, votes_abstained=None)
                | Q(votes_for__isnull=False, votes_against__isnull=False, votes_abstained__isnull=False),
                violation_error_message="A vote says how many were for, against and abstained.",
            ),
            models.UniqueConstraint(
                name="decision_one_draft",
                fields=["discussion"],
                condition=Q(status=choices.DecisionStatus.DRAFT),
                violation_error_message="This discussion already has a draft decision.",
            ),
            models.UniqueConstraint(
                name="decision_one_signed",
                fields=["discussion"],
                condition=Q(status=choices.DecisionStatus.SIGNED),
                violation_error_message="This discussion already has a signed decision; supersede it.",
            ),
        ]

    def __str__(self) -> str:
        return f"Decision {self.uid}"

    @property
    def is_draft(self) -> bool:
        return self.status == choices.DecisionStatus.DRAFT

    @property
    def is_signed(self) -> bool:
        """Signed at some time, though perhaps superseded since."""
        return self.status in SIGNED_STATES

    @property
    def stands(self) -> bool:
        """Signed, not corrected since, and not entered in error."""
        return self.status == choices.DecisionStatus.SIGNED and not hasattr(self, "withdrawal")

    def stored_status(self) -> str | None:
        """The status in the database, whatever this instance says; None before the first save."""
        return Decision.objects.filter(pk=self.pk).values_list("status", flat=True).first()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuses to touch a signed decision, except to mark it superseded and nothing else."""
        stored = self.stored_status() if self.pk else None
        if stored in SIGNED_STATES:
            marks = (
                stored == choices.DecisionStatus.SIGNED and self.status == choices.DecisionStatus.SUPERSEDED
            )
            if not (marks and set(kwargs.get("update_fields") or ()) == {"status"}):
                raise ImmutableError("A signed decision")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.stored_status() in SIGNED_STATES:
            raise ImmutableError("A signed decision")
        return super().delete(*args, **kwargs)


Boards = Collection[int] | models.QuerySet[Any]
"""Boards by their primary keys."""


class DecisionPartQuerySet(models.QuerySet[Any]):
    """Parts of a decision follow its state: free while it is a draft, frozen once it is signed."""

    def of_standing_decisions(self, boards: Boards) -> Self:
        """Those of signed decisions that stand, on those of `boards` that have the case: as their own, or
        shared with them today. What a decision froze is read only when it is asked for.
        """
        return self.filter(
            _has_its_case(),
            decision__status=choices.DecisionStatus.SIGNED,
            decision__withdrawal=None,
            decision__discussion__board__in=boards,
        )

    def _refuse_if_signed(self) -> None:
        if self.filter(decision__status__in=SIGNED_STATES).exists():
            raise ImmutableError("A part of a signed decision")

    def update(self, **kwargs: Any) -> int:
        self._refuse_if_signed()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_if_signed()
        return super().delete()


@cache  # its parts are the same for everybody
def _has_its_case() -> Q:
    """The board that decided has the case, as its own or shared with it."""
    case, board = OuterRef("decision__case"), OuterRef("decision__discussion__board")
    shared = CaseGrant.objects.current().filter(case=case, board=board)
    return Q(decision__discussion__board=F("decision__case__board")) | Q(Exists(shared))


class DecisionPart(models.Model):
    """Base of what belongs to one decision, in the order entered."""

    order = models.PositiveSmallIntegerField(default=0)

    objects = DecisionPartQuerySet.as_manager()

    # What may still change after signing.
    follow_up_fields: frozenset[str] = frozenset()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        follow_up = fields is not None and set(fields) <= self.follow_up_fields
        if not follow_up and self.decision.stored_status() in SIGNED_STATES:  # type: ignore[attr-defined]
            raise ImmutableError("A part of a signed decision")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.decision.stored_status() in SIGNED_STATES:  # type: ignore[attr-defined]
            raise ImmutableError("A part of a signed decision")
        return super().delete(*args, **kwargs)


class DecisionCondition(DecisionPart):
    """What the decision depends on: if so then this, else that; who finds out, by when."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="conditions")
    text = models.CharField("If", max_length=500)
    then = models.CharField("Then", max_length=300, blank=True, default="")
    otherwise = models.CharField("Otherwise", max_length=300, blank=True, default="")
    who = models.CharField("Who finds out", max_length=120, blank=True, default="")
    due_on = models.DateField("By when", null=True, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="condition_says_something",
                condition=~Q(text=""),
                violation_error_message="A condition has text.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def sentence(self) -> str:
        """ "If HER2 is positive: trastuzumab; otherwise CAPTEM. Pathology finds out by 05-Mar-2026"."""
        if not (self.then or self.otherwise or self.who or self.due_on):
            return self.text
        said = f"If {self.text}: {self.then}" if self.then else self.text
        if self.otherwise:
            said += f"; otherwise {self.otherwise}"
        who = f"{self.who} finds out" if self.who else "To be found out"
        by = f" by {self.due_on:%d-%b-%Y}" if self.due_on else ""
        return f"{said}. {who}{by}" if self.who or self.due_on else said


class DecisionDissent(DecisionPart):
    """Somebody who does not agree: their position, and the discipline they speak for."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="dissents")
    name = models.CharField("Name", max_length=120, blank=True, default="")
    discipline = models.CharField("Discipline", max_length=80, blank=True, default="")
    position = models.CharField("Position", max_length=500)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="dissent_has_a_position",
                condition=~Q(position=""),
                violation_error_message="A dissent says what position it holds.",
            ),
        ]

    def __str__(self) -> str:
        return self.position


class DecisionWithdrawal(AppendOnly):
    """A signed decision that was entered in error, for instance on the wrong patient. It stays as signed."""

    what = "A withdrawal"

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField("Reason", max_length=300)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="withdrawal_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Reason: say in words what was wrong.",
            ),
        ]

    def __str__(self) -> str:
        return f"Withdrawal {self.pk}"
