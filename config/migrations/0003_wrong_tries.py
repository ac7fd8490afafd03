import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# What the limiter before this one had stored: names, addresses and browsers of people.
FORMER = ("axes_accessattemptexpiration", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog")


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0002_wrong_passwords"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WrongTries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("login", "At the log-in: password"),
                            ("code", "At the log-in: code of the second factor"),
                            ("again", "In a session: signing, and changing accounts, roles or factors"),
                            ("password", "In a session: changing the password"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("place", models.CharField(max_length=64)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("last_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name_plural": "wrong tries"},
        ),
        migrations.DeleteModel(name="WrongPasswords"),
        migrations.AddConstraint(
            model_name="wrongtries",
            constraint=models.UniqueConstraint(
                fields=("way", "name", "place"),
                name="wrong_tries_once_a_place",
                violation_error_message="This place has its counter already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="wrongtries",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["login", "code", "again", "password"])),
                name="wrong_tries_coded",
                violation_error_message="There is no such way.",
            ),
        ),
        migrations.RunSQL(
            [
                *(f"DROP TABLE IF EXISTS {table}" for table in FORMER),
                "DELETE FROM django_migrations WHERE app = 'axes'",
            ],
            migrations.RunSQL.noop,
        ),
    ]
