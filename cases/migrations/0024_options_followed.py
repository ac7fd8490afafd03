"""Every option that a board accepted is followed to its end; what was done can be taken back."""

import datetime

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

ASKED_AFTER = datetime.timedelta(days=90)


def ask(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """What was signed before is asked for as what is signed from now on."""
    options = apps.get_model("cases", "DecisionOption").objects
    taken = options.filter(choice__in=("accepted", "own"), decision__signed_at__isnull=False)
    for option in taken.select_related("decision").only("due_now", "decision__signed_at").iterator():
        option.due_now = timezone.localdate(option.decision.signed_at) + ASKED_AFTER
        option.save(update_fields=["due_now"])


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0027_figures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OptionEvent",
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
            ],
            options={
                "ordering": ["at", "pk"],
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="stepevent",
            name="step_event_coded",
        ),
        migrations.AddField(
            model_name="decisionoption",
            name="done_on",
            field=models.DateField(blank=True, null=True, verbose_name="Done on"),
        ),
        migrations.AddField(
            model_name="decisionoption",
            name="due_now",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="decisionoption",
            name="state",
            field=models.CharField(
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
        migrations.AddField(
            model_name="stepevent",
            name="shown_by",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="stepevent",
            name="undoes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undone_by",
                to="cases.stepevent",
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
                    ("denied", "Denied"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="nextstep",
            name="state",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="stepevent",
            name="change",
            field=models.CharField(
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
        migrations.AddIndex(
            model_name="decisionoption",
            index=models.Index(fields=["choice", "state"], name="option_followed"),
        ),
        migrations.AddConstraint(
            model_name="stepevent",
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
                name="stepevent_coded",
                violation_error_message="This change, or its reason, does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="stepevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("change", "undone"), ("undoes__isnull", False)),
                    models.Q(models.Q(("change", "undone"), _negated=True), ("undoes", None)),
                    _connector="OR",
                ),
                name="stepevent_takes_back_one",
                violation_error_message="What takes something back names it.",
            ),
        ),
        migrations.AddField(
            model_name="optionevent",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="optionevent",
            name="option",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="cases.decisionoption"
            ),
        ),
        migrations.AddField(
            model_name="optionevent",
            name="undoes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undone_by",
                to="cases.optionevent",
            ),
        ),
        migrations.AddConstraint(
            model_name="optionevent",
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
                name="optionevent_coded",
                violation_error_message="This change, or its reason, does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="optionevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("change", "undone"), ("undoes__isnull", False)),
                    models.Q(models.Q(("change", "undone"), _negated=True), ("undoes", None)),
                    _connector="OR",
                ),
                name="optionevent_takes_back_one",
                violation_error_message="What takes something back names it.",
            ),
        ),
        migrations.RunPython(ask, migrations.RunPython.noop),
    ]
