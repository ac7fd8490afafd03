"""What the board decided. A draft can be changed; what is signed can only be superseded."""

from __future__ import annotations

from typing import Any, NoReturn, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases import choices
from cases.models.base import ImmutableError, Stamped
from cases.models.board import Meeting
from cases.models.case import Case

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


class Decision(Stamped):
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    status = models.CharField(
        max_length=10, choices=choices.DecisionStatus.choices, default=choices.DecisionStatus.DRAFT
    )
    intent = models.CharField("Intent", max_length=16, choices=choices.Intent.choices, blank=True, default="")
    rationale = models.TextField("Rationale", blank=True, default="")
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
    supersede_reason = models.TextField("Why the earlier decision is superseded", blank=True, default="")

    objects = DecisionQuerySet.as_manager()

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
            models.UniqueConstraint(
                name="decision_one_draft_per_case",
                fields=["case"],
                condition=Q(status=choices.DecisionStatus.DRAFT),
                violation_error_message="This case already has a draft decision.",
            ),
            models.UniqueConstraint(
                name="decision_one_signed_per_case",
                fields=["case"],
                condition=Q(status=choices.DecisionStatus.SIGNED),
                violation_error_message="This case already has a signed decision; supersede it.",
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


class DecisionPartQuerySet(models.QuerySet[Any]):
    """Parts of a decision follow its state: free while it is a draft, frozen once it is signed."""

    def _refuse_if_signed(self) -> None:
        if self.filter(decision__status__in=SIGNED_STATES).exists():
            raise ImmutableError("A part of a signed decision")

    def update(self, **kwargs: Any) -> int:
        self._refuse_if_signed()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_if_signed()
        return super().delete()


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


class DecisionOption(DecisionPart):
    """An option on the table: a guideline statement as it was shown, or one of the board's own."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="options")
    statement_id = models.CharField(max_length=120, blank=True, default="")
    intervention = models.CharField(max_length=80, blank=True, default="")
    title = models.CharField("Option", max_length=300)
    stance = models.CharField(max_length=24, blank=True, default="")
    agreement = models.CharField(max_length=24, blank=True, default="")
    choice = models.CharField("The board's choice", max_length=10, choices=choices.OptionChoice.choices)
    reason_code = models.CharField(
        "Reason", max_length=24, choices=choices.DeviationReason.choices, blank=True, default=""
    )
    reason_text = models.TextField("Reason in words", blank=True, default="")

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="option_titled", condition=~Q(title=""), violation_error_message="An option has a title."
            ),
            models.CheckConstraint(
                name="option_choice_coded",
                condition=Q(choice__in=choices.OptionChoice.values),
                violation_error_message="An option is accepted, rejected or the board's own.",
            ),
            models.CheckConstraint(
                name="option_reason_coded",
                condition=Q(reason_code__in=["", *choices.DeviationReason.values]),
                violation_error_message="This reason does not exist.",
            ),
            models.CheckConstraint(
                name="option_own_or_from_statement",
                condition=Q(choice=choices.OptionChoice.OWN, statement_id="", stance="", agreement="")
                | (
                    ~Q(choice=choices.OptionChoice.OWN)
                    & ~Q(statement_id="")
                    & ~Q(stance="")
                    & ~Q(agreement="")
                ),
                violation_error_message="An option is a statement with its strength, or the board's own.",
            ),
            models.CheckConstraint(
                name="option_other_reason_in_words",
                condition=~Q(reason_code=choices.DeviationReason.OTHER) | ~Q(reason_text=""),
                violation_error_message="“Other” needs the reason in words.",
            ),
            models.UniqueConstraint(
                name="option_one_per_statement",
                fields=["decision", "statement_id"],
                condition=~Q(statement_id=""),
                violation_error_message="This statement is already among the options.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DecisionCondition(DecisionPart):
    """Something that must hold for the decision to stand."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="conditions")
    text = models.CharField("Condition", max_length=500)

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


class NextStepQuerySet(DecisionPartQuerySet):
    def standing_for(self, user: User) -> Self:
        """The steps of signed decisions that still stand, on the boards that `user` is a member of."""
        return self.filter(
            decision__status=choices.DecisionStatus.SIGNED, decision__case__board__memberships__user=user
        ).select_related("decision__case__patient", "decision__case__board", "owner")


class NextStep(DecisionPart):
    """What somebody does next. Only `done_on` may change once the decision is signed."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="next_steps")
    text = models.CharField("Next step", max_length=500)
    owner_name = models.CharField("Owner", max_length=120, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="next_steps"
    )
    due_on = models.DateField("Due on", null=True, blank=True)
    done_on = models.DateField("Done on", null=True, blank=True)

    objects = NextStepQuerySet.as_manager()  # type: ignore[misc]  # more than the base's

    follow_up_fields = frozenset({"done_on"})

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="step_says_something",
                condition=~Q(text=""),
                violation_error_message="A next step has text.",
            ),
        ]

    def __str__(self) -> str:
        return self.text
