"""Confirmed sheets and classes."""

from __future__ import annotations

from django.urls import path

from gradebook.views import class_sign_offs, sign_offs

SUBJECT = "sheets/subjects/<int:class_subject_id>/<int:term>/confirm/"
GROUP = "classes/<int:class_group_id>/terms/<int:term>/confirm/"

pages = [
    path("marks/confirmed/", class_sign_offs.sign_offs, name="sign_offs"),
    path(SUBJECT, sign_offs.sign_off, name="sign_off"),
    path(f"{SUBJECT}take-back/", sign_offs.take_back_sign_off, name="take_back_sign_off"),
    path(GROUP, class_sign_offs.class_sign_off, name="class_sign_off"),
    path(
        f"{GROUP}take-back/",
        class_sign_offs.take_back_class_sign_off,
        name="take_back_class_sign_off",
    ),
    path(
        f"{GROUP}students/<int:student_id>/<str:period>/",
        class_sign_offs.frozen_standing,
        name="frozen_standing",
    ),
]
