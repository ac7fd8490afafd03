"""A search looks in the columns of the case, so that the newest few of many are found by one index."""

from django.db import migrations, models

from cases.reading.folding import search_words

TRIGRAMS = (
    "DROP INDEX patient_searched_trigrams",
    "DROP INDEX case_question_trigrams",
    "CREATE INDEX case_searched_trigrams ON cases_case USING gin (searched gin_trgm_ops)",
)
WITHOUT = (
    "DROP INDEX case_searched_trigrams",
    "CREATE INDEX patient_searched_trigrams ON cases_patient USING gin (searched gin_trgm_ops)",
    "CREATE INDEX case_question_trigrams ON cases_case USING gin (upper(question) gin_trgm_ops)",
)


def fold_cases(apps, schema_editor):
    Case = apps.get_model("cases", "Case")
    for case in Case.objects.select_related("patient").iterator():
        case.searched = " ".join((case.patient.searched, *search_words(case.question)))
        case.born = case.patient.birth_date
        case.save(update_fields=["searched", "born"])


def add_trigrams(apps, schema_editor):
    execute(schema_editor, TRIGRAMS)


def drop_trigrams(apps, schema_editor):
    execute(schema_editor, WITHOUT)


def execute(schema_editor, statements):
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0017_case_without_meeting"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="searched",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.AddField(
            model_name="case",
            name="born",
            field=models.DateField(db_index=True, editable=False, null=True),
        ),
        migrations.RunPython(fold_cases, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["-updated_at", "-id"], name="case_newest"),
        ),
        migrations.RunPython(add_trigrams, drop_trigrams),
    ]
