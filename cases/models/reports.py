"""Dated, repeatable findings: pathology, imaging, molecular."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from cases import choices
from cases.models.base import Stamped, coded, yes_no
from cases.models.case import Case

_PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class PathologyReport(Stamped):
    """One report. Ki-67 is a range; one value has equal bounds. Mitoses are per 2 mm², not per 10 HPF."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pathology_reports")
    specimen = models.CharField(
        "Specimen", max_length=24, choices=choices.Specimen.choices, blank=True, default=""
    )
    specimen_site = models.CharField("Site of the specimen", max_length=80, blank=True, default="")
    sampled_on = models.DateField("Sampled on", null=True, blank=True)
    reported_on = models.DateField("Reported on", null=True, blank=True)
    lab_number = models.CharField("Laboratory number", max_length=40, blank=True, default="")

    differentiation = coded("Differentiation")
    cell_type = coded("Cell type")
    ki67_min = models.DecimalField(
        "Ki-67, from", max_digits=5, decimal_places=2, null=True, blank=True, validators=_PERCENT
    )
    ki67_max = models.DecimalField(
        "Ki-67, to", max_digits=5, decimal_places=2, null=True, blank=True, validators=_PERCENT
    )
    mitotic_count = models.DecimalField(
        "Mitoses", max_digits=6, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    keratin = coded("Keratin")
    synaptophysin = coded("Synaptophysin")
    chromogranin_a = coded("Chromogranin A")
    insm1 = coded("INSM1")
    p53 = coded("p53")
    rb = coded("Rb")
    sstr2a = coded("SSTR2A")
    cxcr4 = coded("CXCR4")
    low_grade_component = yes_no("G1/G2 NET component")
    non_neuroendocrine_component = yes_no("Non-neuroendocrine component")
    deep_stromal_invasion = yes_no("Deep stromal invasion")
    lymphovascular_invasion = yes_no("Lymphovascular invasion")
    expert_review = yes_no("Reviewed by an expert pathologist")
    comment = models.TextField("Comment", blank=True, default="")

    class Meta:
        ordering = ["reported_on", "created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="pathology_ki67_both_or_none",
                condition=Q(ki67_min__isnull=True, ki67_max__isnull=True)
                | Q(ki67_min__isnull=False, ki67_max__isnull=False),
                violation_error_message="A Ki-67 range has both ends; a single value has the same at both.",
            ),
            models.CheckConstraint(
                name="pathology_ki67_percent",
                condition=Q(ki67_min__isnull=True) | Q(ki67_min__gte=0, ki67_max__lte=100),
                violation_error_message="Ki-67 lies between 0 and 100 %.",
            ),
            models.CheckConstraint(
                name="pathology_ki67_ordered",
                condition=Q(ki67_min__isnull=True) | Q(ki67_min__lte=F("ki67_max")),
                violation_error_message="The lower end of Ki-67 is above its upper end.",
            ),
            models.CheckConstraint(
                name="pathology_mitoses_not_negative",
                condition=Q(mitotic_count__isnull=True) | Q(mitotic_count__gte=0),
                violation_error_message="Mitoses are 0 or more per 2 mm².",
            ),
            models.CheckConstraint(
                name="pathology_reported_after_sampling",
                condition=Q(sampled_on__isnull=True)
                | Q(reported_on__isnull=True)
                | Q(reported_on__gte=F("sampled_on")),
                violation_error_message="The report is dated before the specimen was taken.",
            ),
        ]

    def __str__(self) -> str:
        return f"Pathology report {self.uid}"


class ImagingStudy(Stamped):
    """One study. "Not done" is a finding of its own: somebody states that it was not done."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="imaging_studies")
    modality = models.CharField("Modality", max_length=12, choices=choices.Modality.choices)
    performed_on = models.DateField("Performed on", null=True, blank=True)
    result = models.CharField(
        "Result", max_length=10, choices=choices.ImagingResult.choices, blank=True, default=""
    )
    sstr_uptake = coded("SSTR uptake")
    sstr_pattern = coded("SSTR pattern")
    sstr_fdg_discordant = yes_no("SSTR and FDG disagree")
    findings = models.TextField("Findings", blank=True, default="")

    class Meta:
        ordering = ["performed_on", "created_at", "pk"]
        verbose_name_plural = "imaging studies"
        constraints = [
            models.CheckConstraint(
                name="imaging_modality_coded",
                condition=Q(modality__in=choices.Modality.values),
                violation_error_message="This modality does not exist.",
            ),
            models.CheckConstraint(
                name="imaging_result_coded",
                condition=Q(result__in=["", *choices.ImagingResult.values]),
                violation_error_message="The result is not done, negative, positive or not known.",
            ),
            models.CheckConstraint(
                name="imaging_uptake_only_sstr",
                condition=Q(sstr_uptake="", sstr_pattern="") | Q(modality=choices.Modality.SSTR),
                violation_error_message="Uptake and pattern belong to SSTR imaging only.",
            ),
            models.CheckConstraint(
                name="imaging_discordance_only_functional",
                condition=Q(sstr_fdg_discordant__isnull=True)
                | Q(modality__in=[choices.Modality.SSTR, choices.Modality.FDG_PET]),
                violation_error_message="Disagreement of SSTR and FDG belongs to one of these two studies.",
            ),
            models.CheckConstraint(
                name="imaging_not_done_shows_nothing",
                condition=~Q(result=choices.ImagingResult.NOT_DONE)
                | Q(sstr_uptake="", sstr_pattern="", sstr_fdg_discordant__isnull=True),
                violation_error_message="A study that was not done has no uptake, pattern or discordance.",
            ),
        ]

    def __str__(self) -> str:
        return f"Imaging study {self.uid}"


class MolecularReport(Stamped):
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="molecular_reports")
    reported_on = models.DateField("Reported on", null=True, blank=True)
    method = models.CharField("Method", max_length=120, blank=True, default="")
    mmr = coded("Mismatch repair")
    tmb = coded("Tumor mutational burden")
    ntrk_fusion = yes_no("NTRK fusion")
    ret_fusion = yes_no("RET fusion")
    braf_v600e = yes_no("BRAF V600E")
    other = models.TextField("Other findings", blank=True, default="")

    class Meta:
        ordering = ["reported_on", "created_at", "pk"]

    def __str__(self) -> str:
        return f"Molecular report {self.uid}"
