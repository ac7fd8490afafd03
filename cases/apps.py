"""The app that knows patients, boards and decisions, and no medicine."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from cases.append_only import after_migrate, before_migrate


class CasesConfig(AppConfig):
    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Tumor board record"

    def ready(self) -> None:
        # These receivers register themselves by being imported, and models are ready only now.
        from cases.actions import accounts  # noqa: F401

        pre_migrate.connect(before_migrate, sender=self, dispatch_uid="append_only")
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="append_only")
