"""A case has no meeting of its own any more, and every decision has its discussion."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0016_discussions_filled"),
    ]

    operations = [
        migrations.RemoveField(model_name="case", name="meeting"),
        migrations.RemoveField(model_name="case", name="position"),
        migrations.RemoveField(model_name="decision", name="meeting"),
        migrations.AlterField(
            model_name="decision",
            name="discussion",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="cases.discussion"
            ),
        ),
    ]
