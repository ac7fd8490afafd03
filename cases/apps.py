"""The app that knows patients, boards and decisions, and no medicine."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Tumor board record"
