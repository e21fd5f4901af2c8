"""Addresses of corrections."""

from approvals.urls import filing

app_name = "approvals"
urlpatterns = [
    *filing.pages,
]
