"""Events of accounts: log-ins, wrong passwords, what administrators do to accounts."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0032_board_paper"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="auditevent",
            name="audit_action_coded",
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
                    ("logged_in", "Logged in"),
                    ("login_failed", "Wrong password or code"),
                    ("account", "Account changed"),
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
                            "logged_in",
                            "login_failed",
                            "account",
                        ],
                    )
                ),
                name="audit_action_coded",
                violation_error_message="This kind of event does not exist.",
            ),
        ),
    ]
