"""Audit events stand in a chain for each board: its columns."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0031_orders"),
    ]

    operations = [
        migrations.AddField(
            model_name="auditevent",
            name="chain",
            field=models.BigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="seq",
            field=models.BigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="seal",
            field=models.CharField(blank=True, default="", editable=False, max_length=110),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="key",
            field=models.CharField(default="", editable=False, max_length=16),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="code",
            field=models.CharField(default="", editable=False, max_length=64),
        ),
    ]
