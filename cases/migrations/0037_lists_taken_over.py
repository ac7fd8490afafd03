"""Lists that came in: how they are read, what was taken over; and where a save of the record came from."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cases.clock


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0039_accounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="origin",
            field=models.CharField(blank=True, default="", editable=False, max_length=160),
        ),
        migrations.AddField(
            model_name="clinicalassessment",
            name="origin",
            field=models.CharField(blank=True, default="", editable=False, max_length=160),
        ),
        migrations.AddField(
            model_name="imagingstudy",
            name="origin",
            field=models.CharField(blank=True, default="", editable=False, max_length=160),
        ),
        migrations.AddField(
            model_name="molecularreport",
            name="origin",
            field=models.CharField(blank=True, default="", editable=False, max_length=160),
        ),
        migrations.AddField(
            model_name="pathologyreport",
            name="origin",
            field=models.CharField(blank=True, default="", editable=False, max_length=160),
        ),
        migrations.AddField(
            model_name="serummarker",
            name="origin",
            field=models.CharField(blank=True, default="", editable=False, max_length=160),
        ),
        migrations.AddField(
            model_name="treatment",
            name="origin",
            field=models.CharField(blank=True, default="", editable=False, max_length=160),
        ),
        migrations.CreateModel(
            name="ListReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="Name")),
                ("version", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("at", models.DateTimeField(default=cases.clock.now, editable=False)),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="list_readings",
                        to="cases.board",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["board", "name", "version"],
            },
        ),
        migrations.CreateModel(
            name="ListImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="List")),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("created", models.PositiveIntegerField(default=0, verbose_name="New")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="Changed")),
                ("unchanged", models.PositiveIntegerField(default=0, verbose_name="Unchanged")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="Refused")),
                ("at", models.DateTimeField(default=cases.clock.now, editable=False)),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="list_imports",
                        to="cases.board",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="cases.listimport",
                    ),
                ),
                (
                    "reading",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="cases.listreading",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField()),
                ("created", models.BooleanField()),
                ("saves", models.JSONField(default=list)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imported_rows",
                        to="cases.case",
                    ),
                ),
                (
                    "list_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="cases.listimport",
                    ),
                ),
            ],
            options={
                "ordering": ["list_import", "row"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("list_import", "row"),
                        name="imported_row_once",
                        violation_error_message="This row is there already.",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="listreading",
            constraint=models.UniqueConstraint(
                fields=("board", "name", "version"),
                name="list_reading_version_once",
                violation_error_message="This version is there already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="listreading",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="list_reading_named",
                violation_error_message="Name: how a list is read has a name.",
            ),
        ),
    ]
