"""The facts of a case beside its stored readiness, so that another edition can be asked without its reports."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def let_none_hold(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Rows without facts are made anew, by `rebuild_readiness` or as they are read."""
    apps.get_model("cases", "StoredReadiness").objects.update(basis="")


class Migration(migrations.Migration):
    dependencies = [("cases", "0029_letters")]

    operations = [
        migrations.AddField("storedreadiness", "facts", models.JSONField(default=dict)),
        migrations.RunPython(let_none_hold, migrations.RunPython.noop, elidable=True),
    ]
