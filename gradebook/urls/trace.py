"""The history of cells, sheets and pupils, and the search in it."""

from __future__ import annotations

from django.urls import path

from gradebook.views import trace

SUBJECT = "class-subjects/<int:class_subject_id>/terms/<int:term>/"
GROUP = "classes/<int:class_group_id>/"
CELL = "students/<int:student_id>/<str:component>/<int:number>/history/"

pages = [
    path("marks/history/", trace.mark_history, name="mark_history"),
    path("marks/history/export/", trace.export_mark_history, name="export_mark_history"),
    path(f"{SUBJECT}history/", trace.subject_sheet_history, name="subject_sheet_history"),
    path(
        f"{GROUP}terms/<int:term>/history/", trace.class_sheet_history, name="class_sheet_history"
    ),
    path(
        f"{GROUP}students/<int:student_id>/marks/history/",
        trace.student_marks_history,
        name="student_marks_history",
    ),
    path(f"{SUBJECT}{CELL}", trace.cell_history, name="cell_history"),
    path(f"{GROUP}terms/<int:term>/{CELL}", trace.class_cell_history, name="class_cell_history"),
]
