from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Registers the deployment checks and what happens at a log-in."""

    name = "config"

    def ready(self) -> None:
        # These modules register themselves by being imported, and models are ready only now.
        from config import checks, kept, middleware, reauthentication, sessions  # noqa: F401
