"""The board, what it has settled for itself, and its people."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from cases import choices

MOST_MINUTES = 240
LONGEST_DISCIPLINE = 80


class PaperSize(models.TextChoices):
    """What a board's documents are laid out for, by the names that CSS has for it."""

    A4 = "A4", "A4"
    LETTER = "letter", "US Letter"


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
    disciplines = models.JSONField(
        "Disciplines", default=list, blank=True, help_text="One a line, in the order of the roll call."
    )
    quorum_disciplines = models.JSONField(
        "Disciplines that must be there", default=list, blank=True, help_text="Of the disciplines above."
    )
    quorum_people = models.PositiveSmallIntegerField(
        "People who must be there", default=0, help_text="0: the number does not matter."
    )
    cut_off_hours = models.PositiveSmallIntegerField(
        "Hours before a meeting", default=24, help_text="What is listed later is marked as a late addition."
    )
    minutes_per_case = models.PositiveSmallIntegerField(
        "Minutes for a case",
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)],
    )
    least_ready = models.PositiveSmallIntegerField(
        "Least share of facts present",
        default=0,
        validators=[MaxValueValidator(100)],
        help_text="Percent. A case below it is listed with a reason only; 0: there is no minimum.",
    )
    paper = models.CharField(
        "Paper", max_length=10, choices=PaperSize.choices, default=PaperSize.A4, help_text="Of its documents."
    )
    contact = models.CharField(
        "Contact",
        max_length=200,
        blank=True,
        default="",
        help_text="Who answers questions about a decision: name, telephone. It stands in letters.",
    )
    shows_figures = models.BooleanField(
        "Other boards may see its figures",
        default=False,
        help_text="Without its cases, and nothing that fewer than five stand behind.",
    )
    members: models.ManyToManyField[User, Membership] = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="cases.Membership", related_name="boards"
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="board_paper_coded",
                condition=Q(paper__in=PaperSize.values),
                violation_error_message="Paper: A4 or US Letter.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse disciplines that are no names or are named twice, and a quorum of others."""
        faults = {}
        for name in ("disciplines", "quorum_disciplines"):
            listed = getattr(self, name)
            if any(not one.strip() or len(one) > LONGEST_DISCIPLINE for one in listed):
                faults[name] = [f"Each discipline has 1 to {LONGEST_DISCIPLINE} characters."]
            elif len({one.casefold() for one in listed}) < len(listed):
                faults[name] = ["Name each discipline once."]
        strange = [one for one in self.quorum_disciplines if one not in self.disciplines]
        if strange and not faults:
            allowed = ", ".join(self.disciplines) or "none are set yet"
            faults["quorum_disciplines"] = [
                f"{', '.join(strange)}: take the board’s own disciplines: {allowed}."
            ]
        if faults:
            raise ValidationError(faults)


class Membership(models.Model):
    """What a person is on one board: one role, and perhaps further ones, whose rights add up.

    `may_sign` authorizes a clinician to sign; a chair always may.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField("Role", max_length=20, choices=choices.Role.choices)
    further_roles = models.JSONField(
        "Further roles", default=list, blank=True, help_text="Roles that the person has besides."
    )
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

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role of the person, the first one first."""
        return (self.role, *self.further_roles)

    def clean(self) -> None:
        """Refuse a further role that does not exist, or that is the first one again."""
        known = set(choices.Role.values) - {self.role}
        odd = [role for role in self.further_roles if role not in known]
        if odd or len(set(self.further_roles)) != len(self.further_roles):
            allowed = ", ".join(choices.Role(role).label for role in choices.Role.values if role in known)
            raise ValidationError({"further_roles": [f"Further roles: each once, of {allowed}."]})
