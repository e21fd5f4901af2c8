"""The Celery application: `celery -A schoolbook.celery:app worker`."""

import logging
import os

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolbook.settings")

app = Celery("schoolbook")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["schoolbook", "gradebook", "approvals"])


@setup_logging.connect
def keep_our_logging(**_kwargs: object) -> None:
    """Stop Celery from replacing the logging that the settings have set up."""


@worker_init.connect
@beat_init.connect
def refuse_an_unsafe_database(**_kwargs: object) -> None:
    """Refuse to start on a PostgreSQL that may lose what it has acknowledged."""
    from schoolbook.database import check_at_start  # noqa: PLC0415 - needs Django to be set up

    try:
        check_at_start()
    except ImproperlyConfigured as error:
        # Celery swallows what a receiver raises, but not an exit.
        raise SystemExit(str(error)) from error


@worker_init.connect
def load_what_renders(**_kwargs: object) -> None:
    """Load the engine of documents before the processes of the worker are forked, so that all of them share it."""
    from schoolbook import rendering  # noqa: PLC0415 - only a worker needs it

    try:
        rendering.prepare()
    except OSError:  # one of its libraries is missing; everything else can be done without
        logging.getLogger(__name__).exception("rendering_unavailable")
