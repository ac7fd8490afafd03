"""Dated, repeatable findings: pathology, imaging, molecular, serum markers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cases import choices, parts
from cases.models.base import Entered, LongText, coded, yes_no
from cases.models.case import Case
from cases.models.columns import codes, date_column, holds, written


@holds(parts.PATHOLOGY)
class PathologyReport(Entered):
    """One report of one specimen. Counts stand as the pathologist wrote them."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pathology_reports")
    specimen = models.CharField(
        "Specimen", max_length=24, choices=choices.Specimen.choices, blank=True, default=""
    )
    specimen_site = models.CharField("Site of the specimen", max_length=80, blank=True, default="")
    lesion = models.CharField(
        "What was sampled", max_length=12, choices=choices.Lesion.choices, blank=True, default=""
    )
    sampled_on = date_column("Sampled on")
    reported_on = date_column("Reported on")
    lab_number = models.CharField("Laboratory number", max_length=40, blank=True, default="")
    reviews = models.CharField(
        "Reads again",
        max_length=40,
        blank=True,
        default="",
        help_text="Laboratory number of the report whose specimen this one reads again.",
    )

    reported_grade = written("Grade as reported", help_text="G1 to G3, or in words: NET G3")
    ki67 = written("Ki-67", help_text="As reported: 45 %, 20-25 %, >90 %")
    ki67_method = models.CharField("Ki-67: method", max_length=80, blank=True, default="")
    ki67_cells = models.PositiveIntegerField("Ki-67: cells counted", null=True, blank=True)
    mitoses = written("Mitoses", help_text="As reported: 16 per 2 mm², 12/10 mm², 16/10 HPF, >20")
    hpf_field_mm2 = written("Area of a high-power field", help_text="mm², where the count is per HPF")
    other_stains = models.JSONField("Other stains", blank=True, default=list)
    components = models.JSONField("Components", blank=True, default=list)
    stage_t = models.CharField("T", max_length=12, blank=True, default="")
    stage_n = models.CharField("N", max_length=12, blank=True, default="")
    stage_m = models.CharField("M", max_length=12, blank=True, default="")
    stage_edition = models.CharField("Edition of the stage", max_length=40, blank=True, default="")
    nodes_examined = models.PositiveSmallIntegerField("Lymph nodes examined", null=True, blank=True)
    nodes_positive = models.PositiveSmallIntegerField("Lymph nodes positive", null=True, blank=True)
    expert_review = yes_no("Reviewed by an expert pathologist")
    deciding = yes_no("This report decides")
    deciding_reason = LongText("Why it decides", blank=True, default="")
    deciding_by = models.CharField("Named as deciding by", max_length=310, blank=True, default="")
    comment = LongText("Comment", blank=True, default="")
    pasted = LongText(
        "Text of the report",
        blank=True,
        default="",
        help_text="Paste it here: it fills nothing by itself, and is kept with the report.",
    )

    class Meta:
        ordering = ["reported_on", "created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="pathology_lesion_coded",
                condition=Q(lesion__in=["", *choices.Lesion.values]),
                violation_error_message="This kind of lesion does not exist.",
            ),
            models.CheckConstraint(
                name="pathology_nodes_positive_of_examined",
                condition=Q(nodes_positive__isnull=True)
                | Q(nodes_examined__isnull=True)
                | Q(nodes_positive__lte=F("nodes_examined")),
                violation_error_message="More lymph nodes are positive than were examined.",
            ),
            models.CheckConstraint(
                name="pathology_deciding_has_reason",
                condition=~Q(deciding=True) | Q(deciding__isnull=True) | ~Q(deciding_reason=""),
                violation_error_message="Say why this report decides.",
            ),
        ]

    def __str__(self) -> str:
        return f"Pathology report {self.uid}"


@holds(parts.IMAGING)
class ImagingStudy(Entered):
    """One study. "Not done" is a finding of its own: somebody states that it was not done."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="imaging_studies")
    modality = models.CharField("Modality", max_length=16, choices=choices.Modality.choices)
    performed_on = date_column("Performed on")
    result = models.CharField(
        "Result", max_length=10, choices=choices.ImagingResult.choices, blank=True, default=""
    )
    sstr_uptake = coded("SSTR uptake")
    sstr_pattern = coded("SSTR pattern")
    sstr_fdg_discordant = yes_no("SSTR and FDG imaging disagree")
    course = models.CharField(
        "Course", max_length=12, choices=choices.ImagingCourse.choices, blank=True, default=""
    )
    sites = codes("Sites of metastases")
    lesions = written("Number of lesions")
    liver_lesions = written("Number of liver lesions")
    largest = written("Largest lesion", help_text="cm, or with its unit: 34 mm")
    findings = LongText("Findings", blank=True, default="")

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
            models.CheckConstraint(
                name="imaging_course_coded",
                condition=Q(course__in=["", *choices.ImagingCourse.values]),
                violation_error_message="The course is response, stable, progression or first study.",
            ),
        ]

    def __str__(self) -> str:
        return f"Imaging study {self.uid}"


@holds(parts.MOLECULAR)
class MolecularReport(Entered):
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="molecular_reports")
    reported_on = date_column("Reported on")
    method = models.CharField(
        "Method", max_length=16, choices=choices.MolecularMethod.choices, blank=True, default=""
    )
    msi = models.CharField(
        "Microsatellites", max_length=8, choices=choices.Microsatellites.choices, blank=True, default=""
    )
    tmb_per_mb = written("Mutations per Mb")
    other = LongText("Other findings", blank=True, default="")

    class Meta:
        ordering = ["reported_on", "created_at", "pk"]

    def __str__(self) -> str:
        return f"Molecular report {self.uid}"


@holds(parts.MARKERS)
class SerumMarker(Entered):
    """One measurement in serum or urine, with the upper limit of its laboratory, in the same unit."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="markers")
    name = models.CharField("Marker", max_length=80)
    value = written("Value", help_text="As reported: 240, >1000")
    unit = models.CharField("Unit", max_length=40, blank=True, default="")
    upper_limit = written("Upper limit of normal")
    measured_on = date_column("Measured on")

    class Meta:
        ordering = ["measured_on", "created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="marker_named",
                condition=~Q(name=""),
                violation_error_message="A marker has a name.",
            ),
        ]

    def __str__(self) -> str:
        return f"Serum marker {self.uid}"
