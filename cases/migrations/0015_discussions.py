"""A case is discussed many times: discussions, roll calls, states of a meeting, what becomes of steps.

What exists is brought along by 0016; 0017 takes away what it replaces.
"""

import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0014_text_of_a_report"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                (
                    "discipline",
                    models.CharField(blank=True, default="", max_length=80, verbose_name="Discipline"),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("room", "In the room"), ("remote", "Remote")],
                        default="room",
                        max_length=6,
                        verbose_name="How",
                    ),
                ),
                (
                    "cover_for",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="In place of"),
                ),
                ("since", models.DateTimeField(verbose_name="From")),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="To")),
            ],
            options={
                "ordering": ["since", "pk"],
            },
        ),
        migrations.CreateModel(
            name="DecisionDissent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("name", models.CharField(blank=True, default="", max_length=120, verbose_name="Name")),
                (
                    "discipline",
                    models.CharField(blank=True, default="", max_length=80, verbose_name="Discipline"),
                ),
                ("position", models.CharField(max_length=500, verbose_name="Position")),
            ],
            options={
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="DecisionWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="Reason")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="Discussion",
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
                (
                    "place",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="Place on the agenda",
                    ),
                ),
                (
                    "urgent_reason",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Of an urgent decision, which no meeting makes.",
                        max_length=300,
                        verbose_name="Why between meetings",
                    ),
                ),
                ("question", models.TextField(verbose_name="Question for the board")),
                ("asks", models.JSONField(blank=True, default=list, verbose_name="What is asked about")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new_diagnosis", "New diagnosis"),
                            ("progression", "Progression"),
                            ("after_surgery", "After surgery"),
                            ("after_treatment", "After other treatment"),
                            ("new_finding", "New finding"),
                            ("toxicity", "Toxicity, or treatment not tolerated"),
                            ("second_opinion", "Second opinion"),
                            ("re_presentation", "Re-presentation after deferral"),
                            ("carried_over", "Carried over from a meeting"),
                            ("other", "Other"),
                            ("", "Not stated"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="Why it is discussed",
                    ),
                ),
                (
                    "presenter",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="Presenter"),
                ),
                (
                    "track",
                    models.CharField(
                        choices=[("full", "Full discussion"), ("protocol", "By protocol, not discussed")],
                        default="full",
                        max_length=10,
                        verbose_name="Track",
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=6,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(240),
                        ],
                        verbose_name="Minutes planned",
                    ),
                ),
                ("late", models.BooleanField(default=False, editable=False, verbose_name="Late addition")),
                (
                    "unready_reason",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="Why it is listed unready"
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("decided", "Decided"),
                            ("deferred", "Deferred"),
                            ("not_reached", "Not reached"),
                            ("protocol", "By protocol"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="Outcome",
                    ),
                ),
                (
                    "deferral_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pathology", "Pathology is missing or to be reviewed"),
                            ("imaging", "Imaging is missing or to be reviewed"),
                            ("molecular", "Molecular result is missing"),
                            ("records", "Records from elsewhere are missing"),
                            ("expert", "The expert it needs was not there"),
                            ("patient", "The patient is to be seen or asked first"),
                            ("other", "Other (explained in words)"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="Why it is deferred",
                    ),
                ),
                (
                    "awaited",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="What is awaited"),
                ),
                (
                    "awaited_from",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="From whom"),
                ),
                ("awaited_by", models.DateField(blank=True, null=True, verbose_name="By when")),
            ],
            options={
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MeetingNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="Correction")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="StepEvent",
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
                        ],
                        max_length=12,
                    ),
                ),
                ("on", models.DateField(blank=True, null=True, verbose_name="On")),
                ("text", models.CharField(blank=True, default="", max_length=300, verbose_name="In words")),
                (
                    "owner_name",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="Owner"),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="Due on")),
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
        migrations.RemoveConstraint(
            model_name="case",
            name="case_status_coded",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_scheduled_has_meeting",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_meeting_and_position",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_one_place_on_agenda",
        ),
        migrations.RemoveConstraint(
            model_name="decision",
            name="decision_one_draft_per_case",
        ),
        migrations.RemoveConstraint(
            model_name="decision",
            name="decision_one_signed_per_case",
        ),
        migrations.RemoveConstraint(
            model_name="decisionoption",
            name="option_choice_coded",
        ),
        migrations.RemoveConstraint(
            model_name="meeting",
            name="meeting_once_at_a_time",
        ),
        migrations.RemoveConstraint(
            model_name="membership",
            name="membership_role_coded",
        ),
        migrations.AddField(
            model_name="board",
            name="cut_off_hours",
            field=models.PositiveSmallIntegerField(
                default=24,
                help_text="What is listed later is marked as a late addition.",
                verbose_name="Hours before a meeting",
            ),
        ),
        migrations.AddField(
            model_name="board",
            name="disciplines",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="One a line, in the order of the roll call.",
                verbose_name="Disciplines",
            ),
        ),
        migrations.AddField(
            model_name="board",
            name="least_ready",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Percent. A case below it is listed with a reason only; 0: there is no minimum.",
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="Least share of facts present",
            ),
        ),
        migrations.AddField(
            model_name="board",
            name="minutes_per_case",
            field=models.PositiveSmallIntegerField(
                default=6,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(240),
                ],
                verbose_name="Minutes for a case",
            ),
        ),
        migrations.AddField(
            model_name="board",
            name="quorum_disciplines",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Of the disciplines above.",
                verbose_name="Disciplines that must be there",
            ),
        ),
        migrations.AddField(
            model_name="board",
            name="quorum_people",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="0: the number does not matter.", verbose_name="People who must be there"
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="stage",
            field=models.CharField(
                choices=[("draft", "Draft"), ("ready", "Ready"), ("closed", "Closed")],
                default="draft",
                help_text="What is said of the case by hand.",
                max_length=10,
                verbose_name="Stage",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="early_reason",
            field=models.CharField(
                blank=True, default="", max_length=300, verbose_name="Why it is signed before the meeting"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="quorum_reason",
            field=models.CharField(
                blank=True, default="", max_length=300, verbose_name="Why it is signed without a quorum"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="trial_considered",
            field=models.CharField(
                blank=True,
                choices=[
                    ("yes", "Yes"),
                    ("no", "No"),
                    ("not_applicable", "Does not apply"),
                    ("", "Not stated"),
                ],
                default="",
                max_length=16,
                verbose_name="Trial considered",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="trial_words",
            field=models.CharField(
                blank=True, default="", max_length=300, verbose_name="Which trial, or why not"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="votes_abstained",
            field=models.PositiveSmallIntegerField(
                blank=True,
                default=None,
                null=True,
                validators=[django.core.validators.MaxValueValidator(99)],
                verbose_name="Abstentions",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="votes_against",
            field=models.PositiveSmallIntegerField(
                blank=True,
                default=None,
                null=True,
                validators=[django.core.validators.MaxValueValidator(99)],
                verbose_name="Votes against",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="votes_for",
            field=models.PositiveSmallIntegerField(
                blank=True,
                default=None,
                null=True,
                validators=[django.core.validators.MaxValueValidator(99)],
                verbose_name="Votes for",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="wishes_considered",
            field=models.CharField(
                blank=True,
                choices=[
                    ("yes", "Yes"),
                    ("no", "No"),
                    ("not_applicable", "Does not apply"),
                    ("", "Not stated"),
                ],
                default="",
                max_length=16,
                verbose_name="Patient's wishes considered",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="wishes_words",
            field=models.CharField(
                blank=True, default="", max_length=300, verbose_name="The patient's wishes"
            ),
        ),
        migrations.AddField(
            model_name="decisioncondition",
            name="due_on",
            field=models.DateField(blank=True, null=True, verbose_name="By when"),
        ),
        migrations.AddField(
            model_name="decisioncondition",
            name="otherwise",
            field=models.CharField(blank=True, default="", max_length=300, verbose_name="Otherwise"),
        ),
        migrations.AddField(
            model_name="decisioncondition",
            name="then",
            field=models.CharField(blank=True, default="", max_length=300, verbose_name="Then"),
        ),
        migrations.AddField(
            model_name="decisioncondition",
            name="who",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="Who finds out"),
        ),
        migrations.AddField(
            model_name="meeting",
            name="cancel_reason",
            field=models.CharField(
                blank=True, default="", max_length=300, verbose_name="Why it is cancelled"
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="meeting",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="snapshot",
            field=models.JSONField(blank=True, default=None, null=True),
        ),
        migrations.AddField(
            model_name="meeting",
            name="snapshot_digest",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="meeting",
            name="started_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="meeting",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("running", "Running"),
                    ("closed", "Closed"),
                    ("cancelled", "Cancelled"),
                ],
                default="planned",
                max_length=10,
                verbose_name="State",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="title",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="Name"),
        ),
        migrations.AddField(
            model_name="membership",
            name="further_roles",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Roles that the person has besides.",
                verbose_name="Further roles",
            ),
        ),
        migrations.AddField(
            model_name="nextstep",
            name="due_now",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="nextstep",
            name="holder",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps_held",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="nextstep",
            name="holder_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=120),
        ),
        migrations.AddField(
            model_name="nextstep",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("done", "Done"),
                    ("partly", "Done in part"),
                    ("not_done", "Not done"),
                    ("taken_over", "Taken over by a later decision"),
                ],
                default="open",
                editable=False,
                max_length=12,
                verbose_name="What became of it",
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
                    ("step", "Next step updated"),
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
            model_name="case",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("ready", "Ready"),
                    ("scheduled", "Scheduled"),
                    ("deferred", "Deferred"),
                    ("decided", "Decided"),
                    ("closed", "Closed"),
                ],
                default="draft",
                editable=False,
                max_length=10,
                verbose_name="Status",
            ),
        ),
        migrations.AlterField(
            model_name="decisioncondition",
            name="text",
            field=models.CharField(max_length=500, verbose_name="If"),
        ),
        migrations.AlterField(
            model_name="decisionoption",
            name="choice",
            field=models.CharField(
                choices=[
                    ("accepted", "Accepted"),
                    ("rejected", "Rejected"),
                    ("deferred", "Deferred"),
                    ("own", "The board's own"),
                ],
                max_length=10,
                verbose_name="The board's choice",
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("coordinator", "Coordinator"),
                    ("clinician", "Clinician"),
                    ("scribe", "Scribe"),
                    ("chair", "Chair"),
                    ("viewer", "Viewer"),
                    ("administrator", "Administrator"),
                ],
                max_length=20,
                verbose_name="Role",
            ),
        ),
        migrations.AlterField(
            model_name="nextstep",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["board", "starts_at"], name="meeting_of_board"),
        ),
        migrations.AddIndex(
            model_name="nextstep",
            index=models.Index(fields=["state", "holder"], name="step_by_holder"),
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
                            "denied",
                        ],
                    )
                ),
                name="audit_action_coded",
                violation_error_message="This kind of event does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "ready", "scheduled", "deferred", "decided", "closed"])
                ),
                name="case_status_coded",
                violation_error_message="This status does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ("draft", "ready", "closed"))),
                name="case_stage_coded",
                violation_error_message="A case is a draft, ready or closed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionoption",
            constraint=models.CheckConstraint(
                condition=models.Q(("choice__in", ["accepted", "rejected", "deferred", "own"])),
                name="option_choice_coded",
                violation_error_message="An option is accepted, rejected or the board's own.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "cancelled"), _negated=True),
                fields=("board", "starts_at"),
                name="meeting_once_at_a_time",
                violation_error_message="This board already has a meeting at that time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "running", "closed", "cancelled"])),
                name="meeting_state_coded",
                violation_error_message="This state of a meeting does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), models.Q(("cancel_reason", ""), _negated=True)),
                    models.Q(models.Q(("state", "cancelled"), _negated=True), ("cancel_reason", "")),
                    _connector="OR",
                ),
                name="meeting_cancelled_with_reason",
                violation_error_message="Cancelling a meeting needs a reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        ("snapshot__isnull", False),
                        ("snapshot_digest__startswith", "sha256:"),
                        ("state", "closed"),
                    ),
                    models.Q(
                        models.Q(("state", "closed"), _negated=True),
                        ("closed_at", None),
                        ("closed_by", None),
                        ("snapshot", None),
                        ("snapshot_digest", ""),
                    ),
                    _connector="OR",
                ),
                name="meeting_closed_whole",
                violation_error_message="A closed meeting has its minutes; any other has none.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ["coordinator", "clinician", "scribe", "chair", "viewer", "administrator"])
                ),
                name="membership_role_coded",
                violation_error_message="This role does not exist.",
            ),
        ),
        migrations.AddField(
            model_name="attendance",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="attendance", to="cases.meeting"
            ),
        ),
        migrations.AddField(
            model_name="attendance",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decisiondissent",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="dissents", to="cases.decision"
            ),
        ),
        migrations.AddField(
            model_name="decisionwithdrawal",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="decisionwithdrawal",
            name="decision",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="withdrawal", to="cases.decision"
            ),
        ),
        migrations.AddField(
            model_name="discussion",
            name="board",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="discussions", to="cases.board"
            ),
        ),
        migrations.AddField(
            model_name="discussion",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="discussions", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="discussion",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="discussion",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="cases.discussion",
            ),
        ),
        migrations.AddField(
            model_name="discussion",
            name="meeting",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="discussions",
                to="cases.meeting",
            ),
        ),
        migrations.AddField(
            model_name="discussion",
            name="updated_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="discussion",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="cases.discussion",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("trial_considered__in", ["yes", "no", "not_applicable", ""]),
                    ("wishes_considered__in", ["yes", "no", "not_applicable", ""]),
                ),
                name="decision_considered_coded",
                violation_error_message="Considered: yes, no, does not apply or not stated.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("votes_abstained", None), ("votes_against", None), ("votes_for", None)),
                    models.Q(
                        ("votes_abstained__isnull", False),
                        ("votes_against__isnull", False),
                        ("votes_for__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="decision_votes_whole",
                violation_error_message="A vote says how many were for, against and abstained.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "draft")),
                fields=("discussion",),
                name="decision_one_draft",
                violation_error_message="This discussion already has a draft decision.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "signed")),
                fields=("discussion",),
                name="decision_one_signed",
                violation_error_message="This discussion already has a signed decision; supersede it.",
            ),
        ),
        migrations.AddField(
            model_name="meetingnote",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="meetingnote",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="cases.meeting"
            ),
        ),
        migrations.AddField(
            model_name="stepevent",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="stepevent",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="stepevent",
            name="step",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="cases.nextstep"
            ),
        ),
        migrations.AddField(
            model_name="stepevent",
            name="taken_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps_taken_over",
                to="cases.decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="attendance_named",
                violation_error_message="Name: say who was there.",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["room", "remote"])),
                name="attendance_mode_coded",
                violation_error_message="Somebody is in the room or remote.",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="attendance_leaves_after_coming",
                violation_error_message="To: nobody leaves before they came.",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person__isnull", False), ("until", None)),
                fields=("meeting", "person"),
                name="attendance_once_at_a_time",
                violation_error_message="This person is there already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisiondissent",
            constraint=models.CheckConstraint(
                condition=models.Q(("position", ""), _negated=True),
                name="dissent_has_a_position",
                violation_error_message="A dissent says what position it holds.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionwithdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="withdrawal_has_a_reason",
                violation_error_message="Reason: say in words what was wrong.",
            ),
        ),
        migrations.AddIndex(
            model_name="discussion",
            index=models.Index(fields=["outcome", "awaited_by"], name="discussion_awaited"),
        ),
        migrations.AddConstraint(
            model_name="discussion",
            constraint=models.CheckConstraint(
                condition=models.Q(("question", ""), _negated=True),
                name="discussion_asks_something",
                violation_error_message="The question for the board is required.",
            ),
        ),
        migrations.AddConstraint(
            model_name="discussion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["open", "decided", "deferred", "not_reached", "protocol"]),
                    ("track__in", ["full", "protocol"]),
                    (
                        "reason__in",
                        [
                            "new_diagnosis",
                            "progression",
                            "after_surgery",
                            "after_treatment",
                            "new_finding",
                            "toxicity",
                            "second_opinion",
                            "re_presentation",
                            "carried_over",
                            "other",
                            "",
                        ],
                    ),
                ),
                name="discussion_coded",
                violation_error_message="This outcome, track or reason does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="discussion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("meeting__isnull", False), ("place__gte", 1), ("urgent_reason", "")),
                    models.Q(
                        ("meeting", None), ("place", None), models.Q(("urgent_reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="discussion_at_a_meeting_or_urgent",
                violation_error_message="A case is discussed at a meeting, or urgently with a reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="discussion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("outcome", "deferred"),
                        (
                            "deferral_reason__in",
                            ["pathology", "imaging", "molecular", "records", "expert", "patient", "other"],
                        ),
                        models.Q(("awaited", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("outcome", "deferred"), _negated=True),
                        ("awaited", ""),
                        ("awaited_by", None),
                        ("awaited_from", ""),
                        ("deferral_reason", ""),
                    ),
                    _connector="OR",
                ),
                name="discussion_deferred_whole",
                violation_error_message="A deferral says why, and what is awaited.",
            ),
        ),
        migrations.AddConstraint(
            model_name="discussion",
            constraint=models.UniqueConstraint(
                fields=("meeting", "place"),
                name="discussion_one_place_on_agenda",
                violation_error_message="Another case has this place on the agenda.",
            ),
        ),
        migrations.AddConstraint(
            model_name="discussion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "open")),
                fields=("case", "board"),
                name="discussion_one_open",
                violation_error_message="This case is listed for a discussion already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingnote",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="note_says_something",
                violation_error_message="A correction has text.",
            ),
        ),
        migrations.AddConstraint(
            model_name="stepevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "change__in",
                        ["done", "partly", "not_done", "reopened", "reassigned", "postponed", "taken_over"],
                    )
                ),
                name="step_event_coded",
                violation_error_message="This change of a step does not exist.",
            ),
        ),
    ]
