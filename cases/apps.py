"""The app that knows patients, boards and decisions, and no medicine."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from cases import append_only, trigrams


class CasesConfig(AppConfig):
    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Tumor board record"

    def ready(self) -> None:
        # These receivers register themselves by being imported, and models are ready only now.
        from cases.actions import accounts  # noqa: F401

        for kept in (append_only, trigrams):
            pre_migrate.connect(kept.before_migrate, sender=self, dispatch_uid=kept.__name__)
            post_migrate.connect(kept.after_migrate, sender=self, dispatch_uid=kept.__name__)
