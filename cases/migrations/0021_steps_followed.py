"""A step can take over an earlier one, and what became of it has a coded reason."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0020_labels_of_the_vocabulary"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="stepevent",
            name="step_event_coded",
        ),
        migrations.RemoveField(
            model_name="stepevent",
            name="taken_by",
        ),
        migrations.AddField(
            model_name="nextstep",
            name="takes_over",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_over_by",
                to="cases.nextstep",
            ),
        ),
        migrations.AddField(
            model_name="stepevent",
            name="reason",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="stepevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "change__in",
                        ["done", "partly", "not_done", "reopened", "reassigned", "postponed", "taken_over"],
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
                name="step_event_coded",
                violation_error_message="This change of a step, or its reason, does not exist.",
            ),
        ),
    ]
