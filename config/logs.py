"""Logs and error reports that say what happened and never to whom.

A request's query string, its body and the values inside a traceback may hold a patient. None of them is
written anywhere: neither to the log nor to Django's error page.
"""

import logging
import traceback
from collections.abc import ItemsView
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class QuietFormatter(logging.Formatter):
    """Writes the place and the type of an error without its message, and a URL without its query string; the
    time as UTC, which it says.
    """

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (the library's name)
        record.message = " ".join(word.partition("?")[0] for word in record.message.split(" "))
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 (the library's name)
        kind, error, _ = ei
        frames = "".join(traceback.format_tb(error.__traceback__))
        name = f"{kind.__module__}.{kind.__qualname__}"
        return f"Traceback (most recent call last):\n{frames}{name} (message withheld)"


class HideEverything(SafeExceptionReporterFilter):
    """Error reports without settings, headers, form fields, cookies or the values of variables."""

    def get_safe_settings(self) -> dict[str, Any]:
        return {}

    def get_safe_request_meta(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> ItemsView[str, Any]:
        return {}.items()
