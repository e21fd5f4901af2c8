"""Addresses of corrections, nothing else. Each has a row in `schoolbook.rules.routes.ROUTES`."""

from approvals.urls import deciding, filing, papers

app_name = "approvals"
urlpatterns = [
    *filing.pages,
    *deciding.pages,
    *papers.pages,
]
