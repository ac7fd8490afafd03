"""What has been done: operations, radiation, courses of systemic therapy, local treatment."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from cases import choices, parts
from cases.models.base import Entered, LongText, coded, yes_no
from cases.models.case import Case
from cases.models.columns import codes, date_column, holds


@holds(parts.TREATMENTS)
class Treatment(Entered):
    """One course. `ended_on` empty: ongoing, or the end is not known. Fields of another kind stay empty."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="treatments")
    kind = models.CharField("Kind", max_length=24, choices=choices.TreatmentKind.choices)
    started_on = date_column("Started on")
    ended_on = date_column("Ended on")
    setting = models.CharField(
        "Setting", max_length=12, choices=choices.TreatmentSetting.choices, blank=True, default=""
    )
    site_treated = models.CharField(
        "Site treated", max_length=24, choices=choices.SiteTreated.choices, blank=True, default=""
    )
    sites = codes("Sites treated")
    curative_intent = yes_no("Curative intent")

    procedure = models.CharField("Procedure", max_length=200, blank=True, default="")
    margin = coded("Resection margin")
    dose_gy = models.DecimalField(
        "Dose", max_digits=5, decimal_places=1, null=True, blank=True, help_text="Gy in total"
    )
    cycles = models.PositiveSmallIntegerField("Cycles", null=True, blank=True)
    line = models.PositiveSmallIntegerField("Line", null=True, blank=True, validators=[MinValueValidator(1)])
    regimen = coded("Regimen")
    regimen_text = models.CharField("Regimen in words", max_length=200, blank=True, default="")
    best_response = models.CharField(
        "Best response", max_length=14, choices=choices.BestResponse.choices, blank=True, default=""
    )
    progressed_on = date_column("Progressed on")
    stop_reason = models.CharField(
        "Reason for stopping", max_length=12, choices=choices.StopReason.choices, blank=True, default=""
    )
    toxicity = LongText("Toxicity", blank=True, default="")
    comment = LongText("Comment", blank=True, default="")

    class Meta:
        ordering = ["started_on", "created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="treatment_kind_coded",
                condition=Q(kind__in=choices.TreatmentKind.values),
                violation_error_message="This kind of treatment does not exist.",
            ),
            models.CheckConstraint(
                name="treatment_margin_only_surgery",
                condition=Q(margin="") | Q(kind__in=choices.OPERATIONS),
                violation_error_message="A margin belongs to an operation only.",
            ),
            models.CheckConstraint(
                name="treatment_dose_only_radiation",
                condition=Q(dose_gy__isnull=True) | Q(kind__in=choices.WITH_RADIATION, dose_gy__gt=0),
                violation_error_message="A dose in Gy belongs to radiation only and is more than 0.",
            ),
            models.CheckConstraint(
                name="treatment_line_only_systemic",
                condition=Q(line__isnull=True) | Q(kind__in=choices.WITH_DRUGS, line__gte=1),
                violation_error_message="A line belongs to systemic therapy only and is 1 or more.",
            ),
            models.CheckConstraint(
                name="treatment_regimen_only_systemic",
                condition=Q(regimen="", regimen_text="") | Q(kind__in=choices.WITH_DRUGS),
                violation_error_message="A regimen belongs to systemic therapy only.",
            ),
        ]

    def __str__(self) -> str:
        return f"Treatment {self.uid}"
