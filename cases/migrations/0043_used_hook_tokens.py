"""Tokens of other systems that have been used."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0042_api_tokens")]

    operations = [
        migrations.CreateModel(
            name="UsedHookToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
