"""The project as gunicorn serves it, with the door: `gunicorn -c config/gunicorn.py tests.bench.wsgi`."""

from django.conf import settings

from config.wsgi import application

__all__ = ["application"]

settings.ROOT_URLCONF = "tests.bench.urls"
