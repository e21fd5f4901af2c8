"""Marks as others look at them: by class, teacher and pupil, summaries and slips."""

from __future__ import annotations

from django.urls import path

from gradebook.views import class_marks, explaining, pupil_marks, summary

GROUP = "classes/<int:class_group_id>/"
SUBJECT = "class-subjects/<int:class_subject_id>/"
STUDENT = f"{GROUP}students/<int:student_id>/"

pages = [
    path("marks/", class_marks.my_sheets, name="my_sheets"),
    path(f"{GROUP}marks/", class_marks.class_marks, name="class_marks"),
    path(f"{SUBJECT}marks/", class_marks.class_by_subject, name="class_by_subject"),
    path(f"{GROUP}summary/", summary.class_summary, name="class_summary"),
    path(f"{GROUP}summary/export/", summary.export_class_summary, name="export_class_summary"),
    path(f"{STUDENT}marks/", pupil_marks.student_marks, name="student_marks"),
    path(f"{STUDENT}slip/", pupil_marks.mark_slip, name="mark_slip"),
    path(f"{GROUP}slips/", pupil_marks.class_slips, name="class_slips"),
    path(
        f"{SUBJECT}students/<int:student_id>/results/<str:period>/",
        explaining.explain_result,
        name="explain_result",
    ),
    path(f"{STUDENT}levels/<str:period>/", explaining.explain_level, name="explain_level"),
    path(f"{SUBJECT}terms/<int:term>/check/", class_marks.check_subject, name="check_subject"),
    path(f"{GROUP}terms/<int:term>/check/", summary.check_class, name="check_class"),
]
