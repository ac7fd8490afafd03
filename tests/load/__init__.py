"""The project as in production under load: see `tests.load.__main__`."""
