from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Registers the deployment checks."""

    name = "config"

    def ready(self) -> None:
        # A module of checks registers itself by being imported, and models are ready only now.
        from config import checks  # noqa: F401
