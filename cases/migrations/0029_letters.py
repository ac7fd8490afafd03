"""Letters of signed decisions, and whom a board names in them."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0028_figures_of_decisions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("referrer", "Letter to the referrer and family doctor"),
                            ("patient", "Letter to the patient"),
                        ],
                        max_length=10,
                        verbose_name="Letter",
                    ),
                ),
                ("text", models.TextField(max_length=6000, verbose_name="Text")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="auditevent",
            name="audit_action_coded",
        ),
        migrations.AddField(
            model_name="board",
            name="contact",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Who answers questions about a decision: name, telephone. It stands in letters.",
                max_length=200,
                verbose_name="Contact",
            ),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="action",
            field=models.CharField(
                choices=[
                    ("created", "Created"),
                    ("changed", "Changed"),
                    ("removed", "Removed"),
                    ("undone", "Undone"),
                    ("commented", "Commented"),
                    ("scheduled", "Scheduled"),
                    ("status", "Status changed"),
                    ("drafted", "Decision drafted"),
                    ("discarded", "Draft discarded"),
                    ("signed", "Decision signed"),
                    ("superseded", "Decision to be superseded"),
                    ("withdrawn", "Decision withdrawn"),
                    ("discussed", "Discussion"),
                    ("roll_call", "Roll call"),
                    ("meeting", "Meeting"),
                    ("step", "Followed through"),
                    ("moved", "Moved to another patient"),
                    ("granted", "Shared with a board"),
                    ("revoked", "No longer shared"),
                    ("membership", "Membership changed"),
                    ("read", "Read"),
                    ("exported", "Exported"),
                    ("issued", "Letter issued"),
                    ("denied", "Denied"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="auditevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "action__in",
                        [
                            "created",
                            "changed",
                            "removed",
                            "undone",
                            "commented",
                            "scheduled",
                            "status",
                            "drafted",
                            "discarded",
                            "signed",
                            "superseded",
                            "withdrawn",
                            "discussed",
                            "roll_call",
                            "meeting",
                            "step",
                            "moved",
                            "granted",
                            "revoked",
                            "membership",
                            "read",
                            "exported",
                            "issued",
                            "denied",
                        ],
                    )
                ),
                name="audit_action_coded",
                violation_error_message="This kind of event does not exist.",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="cases.decision"
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="letter_says_something",
                violation_error_message="Text: a letter has words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["referrer", "patient"])),
                name="letter_kind",
                violation_error_message="There is no such letter.",
            ),
        ),
    ]
