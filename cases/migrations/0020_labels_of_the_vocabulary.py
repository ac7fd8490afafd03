"""Columns are called what the vocabulary calls their facts."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0019_asked_for"),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="brain_metastasis_count",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="Number of brain metastases"
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="metastatic_sites",
            field=models.JSONField(blank=True, default=None, null=True, verbose_name="Metastatic sites"),
        ),
        migrations.AlterField(
            model_name="clinicalassessment",
            name="disease_burden",
            field=models.CharField(
                blank=True, default="", max_length=40, verbose_name="Systemic disease burden"
            ),
        ),
        migrations.AlterField(
            model_name="clinicalassessment",
            name="etoposide_feasible",
            field=models.BooleanField(
                blank=True, default=None, null=True, verbose_name="Etoposide can be given"
            ),
        ),
        migrations.AlterField(
            model_name="clinicalassessment",
            name="indolent",
            field=models.BooleanField(blank=True, default=None, null=True, verbose_name="Indolent course"),
        ),
        migrations.AlterField(
            model_name="clinicalassessment",
            name="liver_metastases_progressive",
            field=models.BooleanField(
                blank=True, default=None, null=True, verbose_name="Liver metastases progress"
            ),
        ),
        migrations.AlterField(
            model_name="clinicalassessment",
            name="liver_metastases_symptomatic",
            field=models.BooleanField(
                blank=True, default=None, null=True, verbose_name="Liver metastases cause symptoms"
            ),
        ),
        migrations.AlterField(
            model_name="clinicalassessment",
            name="on_systemic_treatment",
            field=models.BooleanField(
                blank=True, default=None, null=True, verbose_name="Under treatment for metastatic disease"
            ),
        ),
        migrations.AlterField(
            model_name="clinicalassessment",
            name="pace_increase",
            field=models.BooleanField(
                blank=True, default=None, null=True, verbose_name="Pace of disease increases"
            ),
        ),
        migrations.AlterField(
            model_name="clinicalassessment",
            name="radiation_feasible",
            field=models.BooleanField(
                blank=True, default=None, null=True, verbose_name="Site can be irradiated"
            ),
        ),
        migrations.AlterField(
            model_name="clinicalassessment",
            name="resected",
            field=models.BooleanField(blank=True, default=None, null=True, verbose_name="Primary resected"),
        ),
        migrations.AlterField(
            model_name="clinicalassessment",
            name="treatment_line",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="Line of systemic therapy to choose",
            ),
        ),
        migrations.AlterField(
            model_name="clinicalassessment",
            name="trial_available",
            field=models.BooleanField(
                blank=True, default=None, null=True, verbose_name="Suitable trial available"
            ),
        ),
        migrations.AlterField(
            model_name="clinicalassessment",
            name="under_surveillance",
            field=models.BooleanField(
                blank=True, default=None, null=True, verbose_name="In follow-up after localized disease"
            ),
        ),
        migrations.AlterField(
            model_name="imagingstudy",
            name="sstr_fdg_discordant",
            field=models.BooleanField(
                blank=True, default=None, null=True, verbose_name="SSTR and FDG imaging disagree"
            ),
        ),
        migrations.AlterField(
            model_name="pathologyreport",
            name="low_grade_component",
            field=models.BooleanField(blank=True, default=None, null=True, verbose_name="G1/G2 component"),
        ),
        migrations.AlterField(
            model_name="pathologyreport",
            name="lymphovascular_invasion",
            field=models.BooleanField(
                blank=True, default=None, null=True, verbose_name="Lymphovascular space invasion"
            ),
        ),
        migrations.AlterField(
            model_name="treatment",
            name="margin",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="Resection margin"),
        ),
    ]
