"""What figures need of a standing decision, beside what is kept of its discussion."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CONSIDERED = [("yes", "Yes"), ("no", "No"), ("not_applicable", "Does not apply"), ("", "Not stated")]


def fill(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """From the decisions that stand signed; one that was withdrawn stands no more."""
    measures = apps.get_model("cases", "DiscussionMeasure").objects
    signed = apps.get_model("cases", "Decision").objects.filter(status="signed")
    for decision in signed.filter(withdrawal=None).defer("snapshot").iterator():
        measures.filter(discussion_id=decision.discussion_id).update(
            decision=decision,
            signed_at=decision.signed_at,
            trial=decision.trial_considered,
            wishes=decision.wishes_considered,
            without_quorum=bool(decision.quorum_reason),
        )
    measures.filter(decision=None).update(concordance="")


def considered(label: str) -> models.CharField:
    return models.CharField(blank=True, choices=CONSIDERED, default="", max_length=16, verbose_name=label)


class Migration(migrations.Migration):
    dependencies = [("cases", "0025_follow_up")]

    operations = [
        migrations.AddField(
            "discussionmeasure",
            "decision",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.decision",
            ),
        ),
        migrations.AddField("discussionmeasure", "signed_at", models.DateTimeField(null=True)),
        migrations.AddField("discussionmeasure", "trial", considered("Trial considered")),
        migrations.AddField("discussionmeasure", "wishes", considered("Patient's wishes considered")),
        migrations.AddField("discussionmeasure", "without_quorum", models.BooleanField(default=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
