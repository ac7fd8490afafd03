"""The entry point that gunicorn loads: `gunicorn -c config/gunicorn.py config.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# A page makes some 15,000 objects, nearly none of which is garbage: looking for it after every 700 of them
# took 2 to 5 % of a page's time.
gc.set_threshold(50_000, *gc.get_threshold()[1:])
