"""What proves the history."""

from django.urls import path

from schoolbook.views import audit

pages = [
    path("audit/", audit.audit, name="audit"),
    path("audit/heads/", audit.export_heads, name="export_heads"),
]
