"""gunicorn's settings: `gunicorn -c config/gunicorn.py config.wsgi`."""

import gc
import os
import sys
from typing import Any

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60  # seconds; a long handout takes one
preload_app = True  # before the workers part
control_socket_disable = True  # nothing here is steered from outside
accesslog = None  # addresses and times of every request are the proxy's to keep, if anybody's
# Seconds after which a thread lets another one of its process go on. Python's own, five thousandths, are paid
# by a preview each time it comes back from a query while another request is at work: beside documents the
# 95th percentile of a preview was 2.4 times that of one alone, and 1.5 to 1.8 times with this; since what
# makes documents gives way (config/giving_way.py) it is 1.2 to 1.3 times. One person alone, and eight at
# once, are served as fast with either.
LONGEST_TURN = 0.0005
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "config.logs.QuietFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}


def when_ready(server: Any) -> None:
    """What gunicorn calls before the first worker parts. The first answer of each took more than a second
    without it; and what stays to the end is not looked through for garbage again and again, which took a
    tenth of a second each time.
    """
    from django.conf import settings  # these need Django, which gunicorn has set up by now
    from django.urls import reverse  # likewise
    from django.utils.module_loading import import_string  # likewise

    reverse("login")  # with the addresses every view is loaded
    for load in settings.LOADED_FIRST:
        import_string(load)()
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """What gunicorn calls in each worker as it begins."""
    sys.setswitchinterval(LONGEST_TURN)
