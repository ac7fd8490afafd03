"""The board, its people and its meetings."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Q

from cases import choices
from cases.models.base import Stamped

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from cases.models.case import Case


class Board(models.Model):
    name = models.CharField("Name", max_length=100, unique=True)
    slug = models.SlugField("Short name", max_length=50, unique=True)
    guideline = models.CharField(
        "Guideline",
        max_length=80,
        blank=True,
        default="",
        help_text="Its address: id, or id@edition to stay with one edition. Empty: the current one.",
    )
    hpf_field_mm2 = models.DecimalField(
        "Area of a high-power field",
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.05")), MaxValueValidator(1)],
        help_text="mm², of the board's pathology: for counts per HPF that name no area.",
    )
    current_for_days = models.PositiveSmallIntegerField(
        "Days a study or marker stays current", default=90, validators=[MinValueValidator(1)]
    )
    members: models.ManyToManyField[User, Membership] = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="cases.Membership", related_name="boards"
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One role of a person on one board. `may_sign` authorizes a clinician to sign; a chair always may."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField("Role", max_length=20, choices=choices.Role.choices)
    may_sign = models.BooleanField("May sign decisions", default=False)

    class Meta:
        ordering = ["board", "role", "user"]
        constraints = [
            models.UniqueConstraint(
                name="membership_one_role",
                fields=["user", "board"],
                violation_error_message="This person already has a role on this board.",
            ),
            models.CheckConstraint(
                name="membership_role_coded",
                condition=Q(role__in=choices.Role.values),
                violation_error_message="This role does not exist.",
            ),
            models.CheckConstraint(
                name="membership_signer_is_clinician",
                condition=Q(may_sign=False) | Q(role__in=[choices.Role.CLINICIAN, choices.Role.CHAIR]),
                violation_error_message="Only a clinician or a chair may sign decisions.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.board}"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> Self:
        """Meetings of the boards that `user` is a member of."""
        return self.filter(board__memberships__user=user).select_related("board")

    def with_counts(self) -> Self:
        """Annotated with `listed`, the cases on the agenda, and `decided`, those of them that are decided."""
        decided = Q(cases__status__in=[choices.CaseStatus.DECIDED, choices.CaseStatus.CLOSED])
        return self.annotate(listed=Count("cases"), decided=Count("cases", filter=decided))


class Meeting(Stamped):
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField("Starts at")
    place = models.CharField("Place", max_length=120, blank=True, default="")

    objects = MeetingQuerySet.as_manager()

    if TYPE_CHECKING:
        cases: RelatedManager[Case]

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="meeting_once_at_a_time",
                fields=["board", "starts_at"],
                violation_error_message="This board already has a meeting at that time.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.board}, {self.starts_at:%d-%b-%Y %H:%M}"
