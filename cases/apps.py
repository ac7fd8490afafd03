from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Patients, boards, meetings, decisions and documents."""

    name = "cases"
    verbose_name = "Tumor board"
