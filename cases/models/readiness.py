"""What lists say of a case, kept so that they need neither ask the guideline nor read the record for each."""

from __future__ import annotations

from django.db import models

from cases.models.case import Case


class StoredReadiness(models.Model):
    """An index, made anew from the record at any time; nothing is lost with it.

    `record_version`: the case's, as it was read. `basis`: the guideline and the board's settings that it was
    made under. From `first_day` to before `next_turn` (null: for ever) the days change nothing but ages.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="readiness")
    record_version = models.PositiveIntegerField()
    basis = models.CharField(max_length=200)
    first_day = models.DateField()
    next_turn = models.DateField(null=True)
    # [["sstr_imaging", 12], …]: facts not known, most decisive first, with what each decides
    missing = models.JSONField(default=list)
    # [["ki67", "2026-03-05"], …]: facts that the answer uses, with the day of the finding, null without one
    known = models.JSONField(default=list)
    # A sign for each statement of the guideline, in its order; see `cases.readiness.STANDINGS`
    standings = models.TextField(default="")
    # {"sstr_imaging": [3, 17], …}: facts not known, with the places of the statements that turn on each
    turns_on = models.JSONField(default=dict)

    # {"values": {"ki67": 40, …}, "done": ["ct_mri"], "asks": ["captem"]}: what the guideline is asked
    facts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"Readiness of case {self.case_id}"
