"""What the clinician states: symptoms, course, judgments, what can be done, what the patient wants."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from cases.models.base import Stamped, coded, yes_no
from cases.models.case import Case
from cases.models.columns import date_column


class ClinicalAssessment(Stamped):
    """One dated assessment. Fields named as guideline facts are the clinician's statements of these facts."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    assessed_on = date_column("Assessed on")
    ecog = models.PositiveSmallIntegerField(
        "ECOG", null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(4)]
    )
    comorbidity = models.TextField("Comorbidity", blank=True, default="")
    symptoms = models.TextField("Symptoms", blank=True, default="")
    patient_wishes = models.TextField("Patient's wishes", blank=True, default="")

    comment = models.TextField("Comment", blank=True, default="")

    # Symptoms and hormones
    cns_symptoms = yes_no("CNS symptoms")
    hormonal_syndrome = yes_no("Hormonal syndrome")
    carcinoid_syndrome_suspected = yes_no("Carcinoid syndrome suspected")
    cardiac_symptoms = yes_no("Cardiac symptoms")
    hiaa = coded("5-HIAA")

    # Where the disease stands
    newly_diagnosed = yes_no("Newly diagnosed")
    disease_burden = coded("Systemic disease burden")
    liver_metastases_symptomatic = yes_no("Liver metastases cause symptoms")
    liver_metastases_progressive = yes_no("Liver metastases progress")
    progressive = yes_no("Progressive disease")
    refractory = yes_no("Refractory disease")
    recurrence_suspected = yes_no("Recurrence suspected")
    under_surveillance = yes_no("In follow-up after localized disease")

    # Judgments
    favorable_biology = yes_no("Favorable biology")
    indolent = yes_no("Indolent course")
    pace_increase = yes_no("Pace of disease increases")
    lesion_outgrowing = yes_no("One lesion outgrows the others")
    disproportionately_aggressive = yes_no("Disproportionately aggressive")
    early_stage = yes_no("Very early disease")
    prior_entity = coded("Entity before the newest biopsy")

    # Treatment so far
    resected = yes_no("Primary resected")
    prior_regimens = models.JSONField("Earlier systemic regimens", null=True, blank=True, default=None)
    response = coded("Response to the last treatment")
    initial_chemotherapy_completed = yes_no("Initial chemotherapy completed")
    platinum_response_durable = yes_no("Durable response to platinum")
    progressed_off_platinum = yes_no("Progressed during a break from platinum")
    on_systemic_treatment = yes_no("Under treatment for metastatic disease")
    tolerating_treatment = yes_no("Tolerates the treatment")

    # What comes next
    treatment_line = models.PositiveSmallIntegerField(
        "Line of systemic therapy to choose", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    resection_planned = yes_no("Resection planned")
    radiation_feasible = yes_no("Site can be irradiated")
    radiation_planned = yes_no("Radiation planned")
    etoposide_feasible = yes_no("Etoposide can be given")
    trial_available = yes_no("Suitable trial available")

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
