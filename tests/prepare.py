"""Give the migrated template its cast: `python -m tests.prepare`, as the app role."""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests import cast

    cast.build()
