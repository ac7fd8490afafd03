"""Bundles that other programs post, and cases or decisions ordered as a file."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import cases.clock

KINDS = ["packet", "figures", "table"]
STATES = ["waiting", "running", "ready", "failed", "cancelled", "expired"]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0044_open_by_day"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PostedBundle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64)),
                ("content", models.BinaryField(null=True)),
                ("at", models.DateTimeField(default=cases.clock.now, editable=False)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posted_bundles",
                        to="cases.case",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["at", "pk"]},
        ),
        migrations.AddConstraint(
            model_name="postedbundle",
            constraint=models.CheckConstraint(
                name="posted_bundle_closed",
                condition=Q(closed_at=None, closed_by=None, content__isnull=False)
                | Q(closed_at__isnull=False, closed_by__isnull=False, content=None),
                violation_error_message="A bundle that is done with has its time, a person, and no content.",
            ),
        ),
        migrations.AddConstraint(
            model_name="postedbundle",
            constraint=models.UniqueConstraint(
                name="posted_bundle_waits_once",
                fields=["case", "digest"],
                condition=Q(closed_at=None),
                violation_error_message="This bundle waits at this case already.",
            ),
        ),
        migrations.RemoveConstraint(model_name="documentorder", name="order_coded"),
        migrations.RemoveConstraint(model_name="documentorder", name="order_of_a_meeting_or_a_period"),
        migrations.AddField(model_name="documentorder", name="wanted", field=models.JSONField(default=dict)),
        migrations.AlterField(
            model_name="documentorder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("packet", "Meeting packet"),
                    ("figures", "Figures of the board"),
                    ("table", "Cases or decisions as a file"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="documentorder",
            constraint=models.CheckConstraint(
                name="order_coded",
                condition=Q(kind__in=KINDS) & Q(state__in=STATES),
                violation_error_message="There is no such document, or no such state.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentorder",
            constraint=models.CheckConstraint(
                name="order_of_a_meeting_or_a_period",
                condition=Q(kind="packet", meeting__isnull=False, first__isnull=True, last__isnull=True)
                | Q(kind="figures", meeting__isnull=True, first__isnull=False, last__isnull=False)
                | Q(kind="table", meeting__isnull=True, first__isnull=True, last__isnull=True),
                violation_error_message="A packet is of a meeting, figures are of a period.",
            ),
        ),
    ]
