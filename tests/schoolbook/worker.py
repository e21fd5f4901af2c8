"""A worker in earnest that also knows the documents of the tests: `celery --app=tests.schoolbook.worker:app worker`."""

import django

from schoolbook.celery import app

django.setup()

from tests.schoolbook import documents  # noqa: E402

documents.announce()

__all__ = ["app"]
