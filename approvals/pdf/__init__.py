"""Corrections on paper: the official form, blank or filled, and the summary of a year (R-121, R-129, R-130)."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404

from approvals import access
from approvals.pdf import form
from schoolbook.models import School, User
from schoolbook.printing import in_vietnamese
from schoolbook.registry import Composed, Document

Arguments = Mapping[str, object]
FORM, BLANK_FORM = "approvals.form", "approvals.blank_form"


def documents() -> list[Document]:
    """The kinds that this app prints."""
    return [
        Document(FORM, form_title, compose_form),
        Document(BLANK_FORM, blank_title, compose_blank),
    ]


@in_vietnamese
def form_title(user: User, arguments: Arguments) -> str:
    """Which request is printed. Raises Http404 and PermissionDenied."""
    row = access.correction(user, _id(arguments, "correction"))
    return f"Giấy đề nghị điều chỉnh số {row.pk} · {row.student.full_name}"


@in_vietnamese
def compose_form(user: User, arguments: Arguments) -> Composed:
    """The form of a request with its annex, as far as the request has come. Raises Http404 and PermissionDenied."""
    row = access.correction(user, _id(arguments, "correction"))
    return Composed(form_title(user, arguments), [form.html_of(row)])


def blank_title(user: User, arguments: Arguments) -> str:
    """What is printed."""
    return "Giấy đề nghị điều chỉnh (mẫu)"


@in_vietnamese
def compose_blank(user: User, arguments: Arguments) -> Composed:
    """The form of this person's school, to be filled in by hand. Raises Http404 for who works nowhere."""
    return Composed(blank_title(user, arguments), [form.blank_html(_school(user))])


def _school(user: User) -> School:
    school = School.objects.visible_to(user).first()
    if school is None:
        raise Http404
    return school


def _id(arguments: Arguments, name: str) -> int:
    given = arguments.get(name)
    if not isinstance(given, int) or isinstance(given, bool):
        raise Http404
    return given
