from django.apps import AppConfig


class GuidelinesConfig(AppConfig):
    """What the published guideline says, and the pages that let people read it."""

    name = "guidelines"
    verbose_name = "Guideline"
