"""Follow-up that is planned from the guideline's schedules, and what becomes of it."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import cases.clock


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0024_options_followed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FollowUpItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("done", "Done"),
                            ("partly", "Done in part"),
                            ("not_done", "Not done"),
                            ("taken_over", "Taken over by a later decision"),
                            ("not_needed", "Not needed any more"),
                            ("replaced", "Replaced by a new plan"),
                        ],
                        default="open",
                        editable=False,
                        max_length=12,
                        verbose_name="What became of it",
                    ),
                ),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="Done on")),
                ("due_now", models.DateField(blank=True, editable=False, null=True)),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=80)),
                ("title", models.CharField(max_length=200, verbose_name="Examination")),
                ("number", models.PositiveSmallIntegerField()),
                ("due_from", models.DateField(verbose_name="Due from")),
                ("due_to", models.DateField(verbose_name="Due to")),
                ("every", models.CharField(max_length=120, verbose_name="Interval")),
                ("statement_id", models.CharField(max_length=120)),
                ("edition", models.CharField(max_length=120)),
                ("anchor", models.CharField(max_length=120)),
                ("counted_from", models.DateField()),
                ("planned_at", models.DateTimeField(default=cases.clock.now, editable=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_up_items",
                        to="cases.case",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["due_from", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FollowUpEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("done", "Done"),
                            ("partly", "Done in part"),
                            ("not_done", "Not done"),
                            ("reopened", "Open again"),
                            ("reassigned", "Handed to somebody else"),
                            ("postponed", "Postponed"),
                            ("taken_over", "Taken over by a later decision"),
                            ("not_needed", "Not needed any more"),
                            ("replaced", "Replaced by a new plan"),
                            ("undone", "Taken back"),
                        ],
                        max_length=12,
                    ),
                ),
                ("on", models.DateField(blank=True, null=True, verbose_name="On")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("patient_wish", "Patient's wish"),
                            ("medical", "Medical reason"),
                            ("progression", "Progression"),
                            ("toxicity", "Toxicity"),
                            ("death", "Death"),
                            ("other_therapy", "Other therapy instead"),
                            ("not_available", "Not available"),
                            ("lost", "Lost to follow-up"),
                            ("other", "Other (explained in words)"),
                        ],
                        default="",
                        max_length=16,
                        verbose_name="Why",
                    ),
                ),
                ("text", models.CharField(blank=True, default="", max_length=300, verbose_name="In words")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="Due on")),
                ("shown_by", models.UUIDField(blank=True, null=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="cases.followupevent",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="cases.followupitem",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="followupitem",
            index=models.Index(fields=["state", "due_now"], name="follow_up_due"),
        ),
        migrations.AddConstraint(
            model_name="followupitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_from__lte", models.F("due_to"))),
                name="follow_up_from_to",
                violation_error_message="An item of follow-up is due from a day to the same or a later one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="followupevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "change__in",
                        [
                            "done",
                            "partly",
                            "not_done",
                            "reopened",
                            "reassigned",
                            "postponed",
                            "taken_over",
                            "not_needed",
                            "replaced",
                            "undone",
                        ],
                    ),
                    (
                        "reason__in",
                        [
                            "",
                            "patient_wish",
                            "medical",
                            "progression",
                            "toxicity",
                            "death",
                            "other_therapy",
                            "not_available",
                            "lost",
                            "other",
                        ],
                    ),
                ),
                name="followupevent_coded",
                violation_error_message="This change, or its reason, does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="followupevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("change", "undone"), ("undoes__isnull", False)),
                    models.Q(models.Q(("change", "undone"), _negated=True), ("undoes", None)),
                    _connector="OR",
                ),
                name="followupevent_takes_back_one",
                violation_error_message="What takes something back names it.",
            ),
        ),
    ]
