"""Addresses of corrections, nothing else. Each has a row in `schoolbook.rules.routes.ROUTES`."""

from approvals.urls import deciding, filing

app_name = "approvals"
urlpatterns = [
    *filing.pages,
    *deciding.pages,
]
