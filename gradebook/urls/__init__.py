"""Addresses of the mark book, nothing else. Each has a row in `schoolbook.rules.routes.ROUTES`."""

from gradebook.urls import acts, classwork, locks, overview, sheet, sign_offs, trace, watching

app_name = "gradebook"
urlpatterns = [
    *sheet.pages,
    *acts.pages,
    *overview.pages,
    *trace.pages,
    *classwork.pages,
    *locks.pages,
    *sign_offs.pages,
    *watching.pages,
]
