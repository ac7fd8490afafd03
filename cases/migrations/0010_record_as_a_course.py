"""The record as a course: what reports say as they say it, dates as far as they are known."""

import re
import uuid
from decimal import Decimal
from typing import Any

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import cases.models.columns


def keep_the_words(apps: Any, schema_editor: Any) -> None:
    """Numbers become the words that say them; methods and reasons in words become codes, or remarks."""
    for case in apps.get_model("cases", "Case").objects.exclude(tumor_size_cm=None):
        case.tumor_size = f"{plain(case.tumor_size_cm)} cm"
        case.save(update_fields=["tumor_size"])
    for report in apps.get_model("cases", "PathologyReport").objects.all():
        if report.ki67_min is not None:
            low, high = plain(report.ki67_min), plain(report.ki67_max)
            report.ki67 = f"{low} %" if low == high else f"{low}-{high} %"
        if report.mitotic_count is not None:
            report.mitoses = plain(report.mitotic_count)
        report.save(update_fields=["ki67", "mitoses"])
    for report in apps.get_model("cases", "MolecularReport").objects.exclude(method=""):
        report.method, report.other = coded(report.method, METHODS, report.other)
        report.save(update_fields=["method", "other"])
    for course in apps.get_model("cases", "Treatment").objects.exclude(stop_reason=""):
        course.stop_reason, course.comment = coded(course.stop_reason, REASONS, course.comment)
        course.save(update_fields=["stop_reason", "comment"])


METHODS = {"ngs": "ngs", "ihc": "ihc", "pcr": "pcr", "fish": "fish", "liquid": "liquid_biopsy"}
REASONS = {
    "progress": "progression",
    "complet": "completed",
    "toxic": "toxicity",
    "wish": "wish",
    "break": "break",
    "death": "death",
    "died": "death",
}


def coded(words: str, codes: dict[str, str], remark: str) -> tuple[str, str]:
    """The one code that the words hold, and the remark with the words, so that nothing is lost. Words that
    hold several, or that may deny theirs, are `other`: a person may code them, a program does not guess.
    """
    held = {code for part, code in codes.items() if part in words.casefold()}
    denied = re.search(r"\b(no|not|non|without|never|before|despite|free)\b|n't\b", words.casefold())
    found = held.pop() if len(held) == 1 and not denied else "other"
    return found, remark if words.casefold() == found else "\n".join(filter(None, (remark, words)))


def plain(number: Any) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_patient_searched"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="case_size_positive",
        ),
        migrations.RemoveConstraint(
            model_name="imagingstudy",
            name="imaging_modality_coded",
        ),
        migrations.RemoveConstraint(
            model_name="pathologyreport",
            name="pathology_ki67_both_or_none",
        ),
        migrations.RemoveConstraint(
            model_name="pathologyreport",
            name="pathology_ki67_percent",
        ),
        migrations.RemoveConstraint(
            model_name="pathologyreport",
            name="pathology_ki67_ordered",
        ),
        migrations.RemoveConstraint(
            model_name="pathologyreport",
            name="pathology_mitoses_not_negative",
        ),
        migrations.RemoveConstraint(
            model_name="pathologyreport",
            name="pathology_reported_after_sampling",
        ),
        migrations.RemoveConstraint(
            model_name="treatment",
            name="treatment_kind_coded",
        ),
        migrations.RemoveConstraint(
            model_name="treatment",
            name="treatment_ends_after_start",
        ),
        migrations.RemoveConstraint(
            model_name="treatment",
            name="treatment_margin_only_surgery",
        ),
        migrations.RemoveConstraint(
            model_name="treatment",
            name="treatment_dose_only_radiation",
        ),
        migrations.RemoveConstraint(
            model_name="treatment",
            name="treatment_line_only_systemic",
        ),
        migrations.RemoveConstraint(
            model_name="treatment",
            name="treatment_regimen_only_systemic",
        ),
        migrations.CreateModel(
            name="SerumMarker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("name", models.CharField(max_length=80, verbose_name="Marker")),
                (
                    "value",
                    cases.models.columns.WrittenField(
                        blank=True,
                        default="",
                        help_text="As reported: 240, >1000",
                        max_length=60,
                        verbose_name="Value",
                    ),
                ),
                ("unit", models.CharField(blank=True, default="", max_length=40, verbose_name="Unit")),
                (
                    "upper_limit",
                    cases.models.columns.WrittenField(
                        blank=True, default="", max_length=60, verbose_name="Upper limit of normal"
                    ),
                ),
                (
                    "measured_on",
                    cases.models.columns.PartialDateField(
                        blank=True, default=None, max_length=10, null=True, verbose_name="Measured on"
                    ),
                ),
            ],
            options={
                "ordering": ["measured_on", "created_at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="board",
            name="current_for_days",
            field=models.PositiveSmallIntegerField(
                default=90,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="Days a study or marker stays current",
            ),
        ),
        migrations.AddField(
            model_name="board",
            name="hpf_field_mm2",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                help_text="mm², of the board's pathology: for counts per HPF that name no area.",
                max_digits=5,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("0.05")),
                    django.core.validators.MaxValueValidator(1),
                ],
                verbose_name="Area of a high-power field",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="key",
            field=models.CharField(
                blank=True,
                default="",
                help_text="The case's name in the system it came from.",
                max_length=40,
                verbose_name="Key",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="asks",
            field=models.JSONField(blank=True, default=list, verbose_name="What is asked about"),
        ),
        migrations.AddField(
            model_name="case",
            name="diagnosed_on",
            field=cases.models.columns.PartialDateField(
                blank=True, default=None, max_length=10, null=True, verbose_name="Diagnosed on"
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="resectability",
            field=models.CharField(
                blank=True, default="", max_length=200, verbose_name="Resectability as stated"
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="treatment_list",
            field=models.CharField(
                blank=True,
                choices=[("complete", "Complete"), ("open", "There may have been more")],
                default="",
                help_text="Complete: what the record holds is all there was, possibly nothing.",
                max_length=10,
                verbose_name="List of treatments",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="tumor_size",
            field=cases.models.columns.WrittenField(
                blank=True,
                default="",
                help_text="Largest, as reported: 34 mm, 3.4 x 2.1 cm",
                max_length=60,
                verbose_name="Tumor size",
            ),
        ),
        migrations.AddField(
            model_name="clinicalassessment",
            name="comment",
            field=models.TextField(blank=True, default="", verbose_name="Comment"),
        ),
        migrations.AddField(
            model_name="imagingstudy",
            name="course",
            field=models.CharField(
                blank=True,
                choices=[
                    ("response", "Response"),
                    ("stable", "Stable"),
                    ("progression", "Progression"),
                    ("first", "First study"),
                ],
                default="",
                max_length=12,
                verbose_name="Course",
            ),
        ),
        migrations.AddField(
            model_name="imagingstudy",
            name="largest",
            field=cases.models.columns.WrittenField(
                blank=True,
                default="",
                help_text="cm, or with its unit: 34 mm",
                max_length=60,
                verbose_name="Largest lesion",
            ),
        ),
        migrations.AddField(
            model_name="imagingstudy",
            name="lesions",
            field=cases.models.columns.WrittenField(
                blank=True, default="", max_length=60, verbose_name="Number of lesions"
            ),
        ),
        migrations.AddField(
            model_name="imagingstudy",
            name="liver_lesions",
            field=cases.models.columns.WrittenField(
                blank=True, default="", max_length=60, verbose_name="Number of liver lesions"
            ),
        ),
        migrations.AddField(
            model_name="imagingstudy",
            name="sites",
            field=models.JSONField(blank=True, default=None, null=True, verbose_name="Sites of metastases"),
        ),
        migrations.AddField(
            model_name="molecularreport",
            name="msi",
            field=models.CharField(
                blank=True,
                choices=[("high", "MSI high"), ("low", "MSI low"), ("stable", "Microsatellites stable")],
                default="",
                max_length=8,
                verbose_name="Microsatellites",
            ),
        ),
        migrations.AddField(
            model_name="molecularreport",
            name="tmb_per_mb",
            field=cases.models.columns.WrittenField(
                blank=True, default="", max_length=60, verbose_name="Mutations per Mb"
            ),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="components",
            field=models.JSONField(blank=True, default=list, verbose_name="Components"),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="deciding",
            field=models.BooleanField(
                blank=True, default=None, null=True, verbose_name="This report decides"
            ),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="deciding_reason",
            field=models.TextField(blank=True, default="", verbose_name="Why it decides"),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="hpf_field_mm2",
            field=cases.models.columns.WrittenField(
                blank=True,
                default="",
                help_text="mm², where the count is per HPF",
                max_length=60,
                verbose_name="Area of a high-power field",
            ),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="ki67",
            field=cases.models.columns.WrittenField(
                blank=True,
                default="",
                help_text="As reported: 45 %, 20-25 %, >90 %",
                max_length=60,
                verbose_name="Ki-67",
            ),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="ki67_cells",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="Ki-67: cells counted"),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="ki67_method",
            field=models.CharField(blank=True, default="", max_length=80, verbose_name="Ki-67: method"),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="lesion",
            field=models.CharField(
                blank=True,
                choices=[
                    ("primary", "Primary tumor"),
                    ("metastasis", "Metastasis"),
                    ("node", "Lymph node"),
                    ("recurrence", "Recurrence"),
                ],
                default="",
                max_length=12,
                verbose_name="What was sampled",
            ),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="mitoses",
            field=cases.models.columns.WrittenField(
                blank=True,
                default="",
                help_text="As reported: 16 per 2 mm², 12/10 mm², 16/10 HPF, >20",
                max_length=60,
                verbose_name="Mitoses",
            ),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="nodes_examined",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="Lymph nodes examined"
            ),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="nodes_positive",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="Lymph nodes positive"
            ),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="other_stains",
            field=models.JSONField(blank=True, default=list, verbose_name="Other stains"),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="reported_grade",
            field=cases.models.columns.WrittenField(
                blank=True,
                default="",
                help_text="G1 to G3, or in words: NET G3",
                max_length=60,
                verbose_name="Grade as reported",
            ),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="reviews",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Laboratory number of the report whose specimen this one reads again.",
                max_length=40,
                verbose_name="Reads again",
            ),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="stage_edition",
            field=models.CharField(
                blank=True, default="", max_length=40, verbose_name="Edition of the stage"
            ),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="stage_m",
            field=models.CharField(blank=True, default="", max_length=12, verbose_name="M"),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="stage_n",
            field=models.CharField(blank=True, default="", max_length=12, verbose_name="N"),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="stage_t",
            field=models.CharField(blank=True, default="", max_length=12, verbose_name="T"),
        ),
        migrations.AddField(
            model_name="treatment",
            name="cycles",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Cycles"),
        ),
        migrations.AddField(
            model_name="treatment",
            name="progressed_on",
            field=cases.models.columns.PartialDateField(
                blank=True, default=None, max_length=10, null=True, verbose_name="Progressed on"
            ),
        ),
        migrations.AddField(
            model_name="treatment",
            name="setting",
            field=models.CharField(
                blank=True,
                choices=[
                    ("curative", "Curative"),
                    ("neoadjuvant", "Neoadjuvant"),
                    ("adjuvant", "Adjuvant"),
                    ("palliative", "Palliative"),
                    ("definitive", "Definitive"),
                ],
                default="",
                max_length=12,
                verbose_name="Setting",
            ),
        ),
        migrations.AddField(
            model_name="treatment",
            name="sites",
            field=models.JSONField(blank=True, default=None, null=True, verbose_name="Sites treated"),
        ),
        migrations.AddField(
            model_name="treatment",
            name="toxicity",
            field=models.TextField(blank=True, default="", verbose_name="Toxicity"),
        ),
        migrations.AddField(
            model_name="serummarker",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="markers", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="serummarker",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="serummarker",
            name="updated_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(keep_the_words, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="case",
            name="tumor_size_cm",
        ),
        migrations.RemoveField(
            model_name="pathologyreport",
            name="ki67_max",
        ),
        migrations.RemoveField(
            model_name="pathologyreport",
            name="ki67_min",
        ),
        migrations.RemoveField(
            model_name="pathologyreport",
            name="mitotic_count",
        ),
        migrations.AlterField(
            model_name="clinicalassessment",
            name="assessed_on",
            field=cases.models.columns.PartialDateField(
                blank=True, default=None, max_length=10, null=True, verbose_name="Assessed on"
            ),
        ),
        migrations.AlterField(
            model_name="imagingstudy",
            name="modality",
            field=models.CharField(
                choices=[
                    ("ct", "CT"),
                    ("mri", "MRI"),
                    ("sstr", "SSTR imaging"),
                    ("fdg_pet", "FDG-PET"),
                    ("brain_mri", "Brain MRI"),
                    ("endoscopy", "Endoscopy"),
                    ("echocardiogram", "Echocardiogram"),
                    ("other", "Other"),
                ],
                max_length=16,
                verbose_name="Modality",
            ),
        ),
        migrations.AlterField(
            model_name="imagingstudy",
            name="performed_on",
            field=cases.models.columns.PartialDateField(
                blank=True, default=None, max_length=10, null=True, verbose_name="Performed on"
            ),
        ),
        migrations.AlterField(
            model_name="molecularreport",
            name="method",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ngs", "NGS"),
                    ("ihc", "IHC"),
                    ("pcr", "PCR"),
                    ("fish", "FISH"),
                    ("liquid_biopsy", "Liquid biopsy"),
                    ("other", "Other"),
                ],
                default="",
                max_length=16,
                verbose_name="Method",
            ),
        ),
        migrations.AlterField(
            model_name="molecularreport",
            name="reported_on",
            field=cases.models.columns.PartialDateField(
                blank=True, default=None, max_length=10, null=True, verbose_name="Reported on"
            ),
        ),
        migrations.AlterField(
            model_name="pathologyreport",
            name="reported_on",
            field=cases.models.columns.PartialDateField(
                blank=True, default=None, max_length=10, null=True, verbose_name="Reported on"
            ),
        ),
        migrations.AlterField(
            model_name="pathologyreport",
            name="sampled_on",
            field=cases.models.columns.PartialDateField(
                blank=True, default=None, max_length=10, null=True, verbose_name="Sampled on"
            ),
        ),
        migrations.AlterField(
            model_name="treatment",
            name="ended_on",
            field=cases.models.columns.PartialDateField(
                blank=True, default=None, max_length=10, null=True, verbose_name="Ended on"
            ),
        ),
        migrations.AlterField(
            model_name="treatment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("surgery", "Surgery"),
                    ("endoscopic_resection", "Endoscopic resection"),
                    ("radiation", "Radiation"),
                    ("chemoradiation", "Chemoradiation"),
                    ("systemic", "Systemic therapy"),
                    ("ablation", "Ablation"),
                    ("embolization", "Embolization"),
                    ("radioligand", "Radioligand therapy"),
                    ("other", "Other treatment"),
                ],
                max_length=24,
                verbose_name="Kind",
            ),
        ),
        migrations.AlterField(
            model_name="treatment",
            name="started_on",
            field=cases.models.columns.PartialDateField(
                blank=True, default=None, max_length=10, null=True, verbose_name="Started on"
            ),
        ),
        migrations.AlterField(
            model_name="treatment",
            name="stop_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("progression", "Progression"),
                    ("completed", "Completed"),
                    ("toxicity", "Toxicity"),
                    ("wish", "Patient's wish"),
                    ("break", "Break"),
                    ("death", "Death"),
                    ("other", "Other"),
                ],
                default="",
                max_length=12,
                verbose_name="Reason for stopping",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("treatment_list__in", ["", "complete", "open"])),
                name="case_treatment_list_coded",
                violation_error_message="The list of treatments is complete, open or not stated.",
            ),
        ),
        migrations.AddConstraint(
            model_name="imagingstudy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "modality__in",
                        ["ct", "mri", "sstr", "fdg_pet", "brain_mri", "endoscopy", "echocardiogram", "other"],
                    )
                ),
                name="imaging_modality_coded",
                violation_error_message="This modality does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="imagingstudy",
            constraint=models.CheckConstraint(
                condition=models.Q(("course__in", ["", "response", "stable", "progression", "first"])),
                name="imaging_course_coded",
                violation_error_message="The course is response, stable, progression or first study.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pathologyreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("lesion__in", ["", "primary", "metastasis", "node", "recurrence"])),
                name="pathology_lesion_coded",
                violation_error_message="This kind of lesion does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pathologyreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("nodes_positive__isnull", True),
                    ("nodes_examined__isnull", True),
                    ("nodes_positive__lte", models.F("nodes_examined")),
                    _connector="OR",
                ),
                name="pathology_nodes_positive_of_examined",
                violation_error_message="More lymph nodes are positive than were examined.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pathologyreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deciding", True), _negated=True),
                    ("deciding__isnull", True),
                    models.Q(("deciding_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="pathology_deciding_has_reason",
                violation_error_message="Say why this report decides.",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "surgery",
                            "endoscopic_resection",
                            "radiation",
                            "chemoradiation",
                            "systemic",
                            "ablation",
                            "embolization",
                            "radioligand",
                            "other",
                        ],
                    )
                ),
                name="treatment_kind_coded",
                violation_error_message="This kind of treatment does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("margin", ""), ("kind__in", ("surgery", "endoscopic_resection")), _connector="OR"
                ),
                name="treatment_margin_only_surgery",
                violation_error_message="A margin belongs to an operation only.",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dose_gy__isnull", True),
                    models.Q(("dose_gy__gt", 0), ("kind__in", ("radiation", "chemoradiation"))),
                    _connector="OR",
                ),
                name="treatment_dose_only_radiation",
                violation_error_message="A dose in Gy belongs to radiation only and is more than 0.",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("line__isnull", True),
                    models.Q(
                        ("kind__in", ("systemic", "chemoradiation", "radioligand", "embolization", "other")),
                        ("line__gte", 1),
                    ),
                    _connector="OR",
                ),
                name="treatment_line_only_systemic",
                violation_error_message="A line belongs to systemic therapy only and is 1 or more.",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("regimen", ""), ("regimen_text", "")),
                    ("kind__in", ("systemic", "chemoradiation", "radioligand", "embolization", "other")),
                    _connector="OR",
                ),
                name="treatment_regimen_only_systemic",
                violation_error_message="A regimen belongs to systemic therapy only.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serummarker",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="marker_named",
                violation_error_message="A marker has a name.",
            ),
        ),
    ]
