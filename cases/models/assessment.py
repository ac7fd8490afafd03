"""What the clinician states: symptoms, course, judgments, what can be done, what the patient wants."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from cases import parts
from cases.models.base import Entered, LongText
from cases.models.case import Case
from cases.models.columns import date_column, holds


@holds(parts.ASSESSMENTS)
class ClinicalAssessment(Entered):
    """One dated assessment. The facts of the guideline are the clinician's statements of them."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    assessed_on = date_column("Assessed on")
    ecog = models.PositiveSmallIntegerField(
        "ECOG", null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(4)]
    )
    comorbidity = LongText("Comorbidity", blank=True, default="")
    symptoms = LongText("Symptoms", blank=True, default="")
    patient_wishes = LongText("Patient's wishes", blank=True, default="")

    comment = LongText("Comment", blank=True, default="")
    treatment_line = models.PositiveSmallIntegerField(
        "Line of systemic therapy to choose", null=True, blank=True, validators=[MinValueValidator(1)]
    )

    class Meta:
        ordering = ["assessed_on", "created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="assessment_ecog_0_to_4",
                condition=Q(ecog__isnull=True) | Q(ecog__gte=0, ecog__lte=4),
                violation_error_message="ECOG is 0 to 4.",
            ),
            models.CheckConstraint(
                name="assessment_line_from_1",
                condition=Q(treatment_line__isnull=True) | Q(treatment_line__gte=1),
                violation_error_message="The line is 1 or more.",
            ),
        ]

    def __str__(self) -> str:
        return f"Clinical assessment {self.uid}"
