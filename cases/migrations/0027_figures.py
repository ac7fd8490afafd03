"""What the figures of a board count of each discussion, and whether other boards may see them."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.fields.json import KT


def fill(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """From what was signed; how complete a record was at its meeting was not kept until now."""
    signed = apps.get_model("cases", "Decision").objects.filter(status="signed")
    found = signed.values_list("discussion", KT("snapshot__concordance__overall__code"))
    measure = apps.get_model("cases", "DiscussionMeasure")
    measure.objects.bulk_create(
        measure(discussion_id=discussion, concordance=code or "") for discussion, code in found.iterator()
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0023_standings")]

    operations = [
        migrations.AddField(
            "board",
            "shows_figures",
            models.BooleanField(
                default=False,
                help_text="Without its cases, and nothing that fewer than five stand behind.",
                verbose_name="Other boards may see its figures",
            ),
        ),
        migrations.CreateModel(
            name="DiscussionMeasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("present", models.PositiveSmallIntegerField(null=True)),
                ("total", models.PositiveSmallIntegerField(null=True)),
                ("concordance", models.CharField(blank=True, default="", max_length=16)),
                (
                    "discussion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measure",
                        to="cases.discussion",
                    ),
                ),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
