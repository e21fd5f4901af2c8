"""The sheet: looking at it, and saving its cells."""

from __future__ import annotations

from django.urls import path

from gradebook.views import printing, sheet

SUBJECT = "sheets/subjects/<int:class_subject_id>/<int:term>/"
CLASS = "sheets/classes/<int:class_group_id>/<int:term>/"

pages = [
    path(SUBJECT, sheet.subject_sheet, name="subject_sheet"),
    path(f"{SUBJECT}save/", sheet.save_subject_sheet, name="save_subject_sheet"),
    path(CLASS, sheet.class_sheet, name="class_sheet"),
    path(f"{CLASS}save/", sheet.save_class_sheet, name="save_class_sheet"),
    path(f"{SUBJECT}print/", printing.print_subject_sheet, name="print_subject_sheet"),
    path(f"{CLASS}print/", printing.print_class_sheet, name="print_class_sheet"),
    path(f"{CLASS}print-all/", printing.print_class_sheets, name="print_class_sheets"),
]
