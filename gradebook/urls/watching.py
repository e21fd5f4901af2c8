"""Progress of books, distributions, remarks, anomalies."""

from django.urls import URLPattern

pages: list[URLPattern] = []
