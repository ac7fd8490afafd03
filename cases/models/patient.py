"""The person, as one board knows them. Identity lives here and nowhere else in the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from cases import choices, parts
from cases.models.base import Stamped, yes_no
from cases.models.board import Board
from cases.models.columns import holds
from cases.reading.folding import fold_number, read_number, search_words
from cases.reading.written import Unreadable


class PatientQuerySet(models.QuerySet["Patient"]):
    def numbered(self, board: Board, record_number: str) -> Self:
        """The board's patient of that record number, in whatever spelling: one or none."""
        return self.filter(board=board, record_number_folded=fold_number(record_number))


@holds(parts.PATIENT)
class Patient(Stamped):
    """`FOLDED` columns are kept by `save` from what was entered; nobody sets them."""

    FOLDED = ("record_number_folded", "searched")

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="patients")
    record_number = models.CharField("Record number", max_length=40)
    # Folding may take a sign apart, into 18 at most.
    record_number_folded = models.CharField(max_length=40 * 18, editable=False)
    searched = models.TextField(editable=False)
    surname = models.CharField("Surname", max_length=100)
    given_names = models.CharField(
        "Given names", max_length=100, blank=True, default="", help_text="Empty for a person of one name"
    )
    birth_date = models.DateField("Date of birth")
    sex = models.CharField("Sex", max_length=10, choices=choices.Sex.choices, blank=True, default="")
    deceased = yes_no("Deceased")
    deceased_on = models.DateField("Date of death", null=True, blank=True)

    objects = PatientQuerySet.as_manager()

    class Meta:
        ordering = ["surname", "given_names", "pk"]
        indexes = [models.Index(name="patient_by_birth", fields=["board", "birth_date"])]
        constraints = [
            models.UniqueConstraint(
                name="patient_number_once_on_a_board",
                fields=["board", "record_number_folded"],
                violation_error_message="Record number: another patient of this board has it.",
            ),
            models.CheckConstraint(
                name="patient_named",
                condition=~Q(record_number="") & ~Q(surname=""),
                violation_error_message="Record number and surname are required.",
            ),
            models.CheckConstraint(
                name="patient_sex_coded",
                condition=Q(sex__in=choices.Sex.values),
                violation_error_message="Sex is female, male, other or not known.",
            ),
            models.CheckConstraint(
                name="patient_death_date_only_if_deceased",
                condition=Q(deceased_on__isnull=True) | Q(deceased__isnull=False, deceased=True),
                violation_error_message="A date of death needs “Deceased: yes”.",
            ),
            models.CheckConstraint(
                name="patient_death_not_before_birth",
                condition=Q(deceased_on__isnull=True) | Q(deceased_on__gte=F("birth_date")),
                violation_error_message="The date of death lies before the date of birth.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def fold(self) -> None:
        """Bring the folded columns up to date."""
        self.record_number_folded = fold_number(self.record_number)
        number = "".join(search_words(self.record_number))
        self.searched = " ".join((*search_words(f"{self.surname} {self.given_names}"), number))

    def clean(self) -> None:
        try:
            read_number(self.record_number)
        except Unreadable as error:
            raise ValidationError({"record_number": str(error)}) from error
        self.fold()

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.fold()
        if update_fields is not None:
            update_fields = {*update_fields, *self.FOLDED}
        super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def full_name(self) -> str:
        """Surname, Given: the order of a banner, every letter as entered."""
        return f"{self.surname}, {self.given_names}" if self.given_names else self.surname

    def age_on(self, day: date) -> int:
        """Completed years on `day`, or at death if that came first."""
        if self.deceased_on is not None:
            day = min(day, self.deceased_on)
        before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before_birthday
