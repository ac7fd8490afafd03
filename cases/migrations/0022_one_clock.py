"""Moments of the record come from the one clock, which the demonstration may set."""

from django.db import migrations, models

import cases.clock


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0021_steps_followed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="created_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="case",
            name="updated_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="clinicalassessment",
            name="created_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="clinicalassessment",
            name="updated_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="decision",
            name="created_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="decision",
            name="updated_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="discussion",
            name="created_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="discussion",
            name="updated_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="imagingstudy",
            name="created_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="imagingstudy",
            name="updated_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="meeting",
            name="created_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="meeting",
            name="updated_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="molecularreport",
            name="created_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="molecularreport",
            name="updated_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="pathologyreport",
            name="created_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="pathologyreport",
            name="updated_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="patient",
            name="created_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="patient",
            name="updated_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="recordversion",
            name="at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="serummarker",
            name="created_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="serummarker",
            name="updated_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="treatment",
            name="created_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="treatment",
            name="updated_at",
            field=models.DateTimeField(default=cases.clock.now, editable=False),
        ),
    ]
