"""Sets Django up for a measurement. Import it before anything that has models."""

import os
import secrets

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["LOG_LEVEL"] = "ERROR"
# The web server, which is another process, must know the sessions made here.
os.environ.setdefault("SECRET_KEY", secrets.token_hex(32))
django.setup()

READY = True
