"""The web application: `gunicorn schoolbook.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolbook.settings")
application = get_wsgi_application()

from schoolbook.database import check_at_start  # noqa: E402 - needs Django to be set up

check_at_start()
