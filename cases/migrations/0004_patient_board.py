"""A patient belongs to a board, and a record number stands once on it, however it is spelled.

A patient whose cases stand on several boards becomes one for each; the cases follow, signed decisions are not
touched, and no board sees more than before. Where two patients of one board turn out to have the same number,
the later one's gets a mark that a person can see and correct.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from cases.reading.folding import fold_number

LENGTH = 40


def give_boards(apps, schema_editor):
    Patient = apps.get_model("cases", "Patient")
    for patient in Patient.objects.order_by("pk").iterator():
        boards = list(dict.fromkeys(patient.cases.order_by("pk").values_list("board_id", flat=True)))
        if not boards:
            patient.delete()  # entered with a case that was taken out by hand: no page ever shows it
            continue
        for board_id in boards[1:]:
            copy_to(apps, patient, board_id)
        patient.board_id = boards[0]
        patient.save(update_fields=["board"])
    number_apart(Patient.objects)
    settle(schema_editor)


def copy_to(apps, patient, board_id):
    Patient, AuditEvent = apps.get_model("cases", "Patient"), apps.get_model("cases", "AuditEvent")
    copied = Patient.objects.get(pk=patient.pk)
    copied.pk, copied.uid, copied.board_id = None, uuid.uuid4(), board_id
    copied.save(force_insert=True)
    for case in patient.cases.filter(board_id=board_id):
        case.patient = copied
        case.save(update_fields=["patient"])
        AuditEvent.objects.create(
            at=timezone.now(),
            action="changed",
            case=case,
            board_id=board_id,
            kind="patient",
            uid=copied.uid,
            detail={"fields": ["patient"], "by": "migration", "copy_of": str(patient.uid)},
        )


def number_apart(patients):
    taken = set()
    for patient in patients.order_by("board_id", "pk").iterator():
        number, folded, nth = patient.record_number, fold_number(patient.record_number), 1
        while (patient.board_id, folded) in taken:
            nth += 1
            mark = f" ({nth})"
            number = patient.record_number[: LENGTH - len(mark)] + mark
            folded = fold_number(number)
        taken.add((patient.board_id, folded))
        patient.record_number, patient.record_number_folded = number, folded
        patient.save(update_fields=["record_number", "record_number_folded"])


def settle(schema_editor):
    """PostgreSQL alters no table that has foreign keys still to be checked."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_metastases_only_metastatic"),
    ]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="board",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="patients",
                to="cases.board",
            ),
        ),
        migrations.AddField(
            model_name="patient",
            name="record_number_folded",
            field=models.CharField(default="", editable=False, max_length=720),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="patient",
            name="record_number",
            field=models.CharField(max_length=40, verbose_name="Record number"),
        ),
        migrations.RunPython(give_boards, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="patient",
            name="board",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="patients", to="cases.board"
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(
                fields=("board", "record_number_folded"),
                name="patient_number_once_on_a_board",
                violation_error_message="Record number: another patient of this board has it.",
            ),
        ),
    ]
