"""The person. Identity lives here and nowhere else in the record."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from cases import choices
from cases.models.base import Stamped, yes_no


class Patient(Stamped):
    record_number = models.CharField("Record number", max_length=40, unique=True)
    surname = models.CharField("Surname", max_length=100)
    given_names = models.CharField("Given names", max_length=100)
    birth_date = models.DateField("Date of birth")
    sex = models.CharField("Sex", max_length=10, choices=choices.Sex.choices, blank=True, default="")
    deceased = yes_no("Deceased")
    deceased_on = models.DateField("Date of death", null=True, blank=True)

    class Meta:
        ordering = ["surname", "given_names", "pk"]
        constraints = [
            models.CheckConstraint(
                name="patient_named",
                condition=~Q(record_number="") & ~Q(surname="") & ~Q(given_names=""),
                violation_error_message="Record number, surname and given names are required.",
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

    @property
    def full_name(self) -> str:
        """SURNAME, Given: the order of a banner."""
        return f"{self.surname.upper()}, {self.given_names}"

    def age_on(self, day: date) -> int:
        """Completed years on `day`, or at death if that came first."""
        if self.deceased_on is not None:
            day = min(day, self.deceased_on)
        before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before_birthday
