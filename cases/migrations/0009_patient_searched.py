"""Patients and questions are searched by parts of words; PostgreSQL has an index for that, from pg_trgm."""

from django.db import migrations, models

from cases.reading.folding import search_words

TRIGRAMS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX patient_searched_trigrams ON cases_patient USING gin (searched gin_trgm_ops)",
    # As Django compares it where case does not matter.
    "CREATE INDEX case_question_trigrams ON cases_case USING gin (upper(question) gin_trgm_ops)",
)
WITHOUT = ("DROP INDEX patient_searched_trigrams", "DROP INDEX case_question_trigrams")


def fold_names(apps, schema_editor):
    Patient = apps.get_model("cases", "Patient")
    for patient in Patient.objects.iterator():
        number = "".join(search_words(patient.record_number))
        names = search_words(f"{patient.surname} {patient.given_names}")
        patient.searched = " ".join((*names, number))
        patient.save(update_fields=["searched"])


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
        ("cases", "0008_record_version"),
    ]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="searched",
            field=models.TextField(default="", editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["board", "birth_date"], name="patient_by_birth"),
        ),
        migrations.RunPython(add_trigrams, drop_trigrams),
    ]
