"""What teachers keep beside the cells: phrases, columns, checks of results."""

from __future__ import annotations

from django.urls import path

from gradebook.views import classwork

pages = [
    path(
        "sheets/subjects/<int:class_subject_id>/<int:term>/columns/",
        classwork.set_regular,
        name="set_regular",
    ),
    path("phrases/", classwork.phrases, name="phrases"),
    path("phrases/add/", classwork.add_phrase, name="add_phrase"),
    path("phrases/<int:phrase_id>/put-away/", classwork.put_away_phrase, name="put_away_phrase"),
]
