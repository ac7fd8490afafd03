"""What a save adds to what PostgreSQL searches goes into the index at once: a list of what is still to be put
there is read from end to end by every search, and a vacuum that empties it can be days away.
"""

from django.db import migrations

AT_ONCE = (
    "ALTER INDEX case_searched_trigrams SET (fastupdate = off)",
    "SELECT gin_clean_pending_list('case_searched_trigrams')",
)
LATER = ("ALTER INDEX case_searched_trigrams RESET (fastupdate)",)


def execute(schema_editor, statements):
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement)


def at_once(apps, schema_editor):
    execute(schema_editor, AT_ONCE)


def later(apps, schema_editor):
    execute(schema_editor, LATER)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0048_step_unheld_by_name"),
    ]

    operations = [
        migrations.RunPython(at_once, later),
    ]
