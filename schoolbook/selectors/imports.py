"""Imports as pages list them."""

from __future__ import annotations

from django.db.models import QuerySet

from schoolbook.models import ImportAct, School
from schoolbook.models.imports import KIND_NAMES
from schoolbook.rules.imports import ImportKind

Acts = QuerySet[ImportAct]


def acts(school: School, *, kind: str = "", state: str = "") -> Acts:
    """The imports of a school, newest first, without what the files said; one query."""
    found = ImportAct.objects.filter(school=school).defer("content", "touched")
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(state=state)
    people = ("previewed_by", "applied_by", "undone_by", "year")
    return found.select_related(*people).order_by("-pk")


def kind_name(kind: ImportKind) -> str:
    """What is imported, in the language of the request."""
    return str(KIND_NAMES[kind])
