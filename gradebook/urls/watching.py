"""Progress of books, distributions, remarks, anomalies."""

from __future__ import annotations

from django.urls import path

from gradebook.views import anomalies, progress, remarks, spread

GROUP = "classes/<int:class_group_id>/"

pages = [
    path("progress/", progress.progress, name="progress"),
    path("progress/teachers/", progress.progress_by_teacher, name="progress_by_teacher"),
    path("progress/export/", progress.export_progress, name="export_progress"),
    path("progress/spread/", spread.spread, name="spread"),
    path("progress/remarks/", remarks.remarks, name="remarks"),
    path("progress/anomalies/", anomalies.anomalies, name="anomalies"),
    path(f"{GROUP}remarks/", remarks.book_remarks, name="book_remarks"),
    path(f"{GROUP}remarks/<str:month>/", remarks.write_remark, name="write_remark"),
]
