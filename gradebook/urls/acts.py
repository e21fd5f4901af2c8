"""Acts over many cells: paste, fill, import, undo; and the exports in the same layout."""

from __future__ import annotations

from django.urls import URLPattern, path

from gradebook.views import acts, mark_files

SUBJECT = "sheets/subjects/<int:class_subject_id>/<int:term>"
CLASS = "sheets/classes/<int:class_group_id>/<int:term>"

pages: list[URLPattern] = [
    path(f"{SUBJECT}/paste/", acts.preview_paste_subject, name="preview_paste_subject"),
    path(f"{CLASS}/paste/", acts.preview_paste_class, name="preview_paste_class"),
    path(f"{SUBJECT}/export/", mark_files.export_subject_sheet, name="export_subject_sheet"),
    path(f"{CLASS}/export/", mark_files.export_class_workbook, name="export_class_workbook"),
    path(f"{SUBJECT}/students/<int:student_id>/bring/", acts.bring_marks, name="bring_marks"),
    path("sheets/import/", mark_files.start_import, name="start_import"),
    path("acts/", acts.acts, name="acts"),
    path("acts/<int:act_id>/", acts.act, name="act"),
    path("acts/<int:act_id>/apply/", acts.apply_act, name="apply_act"),
    path("acts/<int:act_id>/undo/", acts.undo_act, name="undo_act"),
]
