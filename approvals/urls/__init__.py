"""Addresses of corrections."""

from approvals.urls import filing, papers

app_name = "approvals"
urlpatterns = [
    *filing.pages,
    *papers.pages,
]
