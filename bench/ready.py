"""Sets Django up for a measurement. Import it before anything that has models."""

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["LOG_LEVEL"] = "ERROR"
django.setup()

READY = True
