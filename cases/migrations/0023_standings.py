"""What each statement is for a case, in its row of the index."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def let_none_hold(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """A row without the new columns is made anew as it is read, or by `rebuild_readiness`."""
    apps.get_model("cases", "StoredReadiness").objects.update(basis="")


class Migration(migrations.Migration):
    dependencies = [("cases", "0022_one_clock")]

    operations = [
        migrations.AddField("storedreadiness", "standings", models.TextField(default="")),
        migrations.AddField("storedreadiness", "turns_on", models.JSONField(default=dict)),
        migrations.RunPython(let_none_hold, migrations.RunPython.noop),
    ]
