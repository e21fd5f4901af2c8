"""Corrections on paper: the official form, blank or filled, and the summary of a year (R-121, R-129, R-130)."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404

from approvals import access
from approvals.models import CorrectionRequest
from approvals.pdf import form, summary
from approvals.selectors.summary import Asked, Summary
from approvals.selectors.summary import summary as summed
from schoolbook.models import School, SchoolYear, User
from schoolbook.printing import in_vietnamese
from schoolbook.registry import Composed, Document

Arguments = Mapping[str, object]
FORM, BLANK_FORM, SUMMARY = "approvals.form", "approvals.blank_form", "approvals.summary"


def documents() -> list[Document]:
    """The kinds that this app prints."""
    return [
        Document(FORM, form_title, compose_form),
        Document(BLANK_FORM, blank_title, compose_blank),
        Document(SUMMARY, summary_title, compose_summary),
    ]


@in_vietnamese
def form_title(user: User, arguments: Arguments) -> str:
    """Which request is printed. Raises Http404 and PermissionDenied."""
    return _form_name(access.correction(user, _id(arguments, "correction")))


def _form_name(row: CorrectionRequest) -> str:
    return f"Giấy đề nghị điều chỉnh số {row.pk} · {row.student.full_name}"


@in_vietnamese
def compose_form(user: User, arguments: Arguments) -> Composed:
    """The form of a request with its annex, as far as the request has come. Raises Http404 and PermissionDenied."""
    row = access.correction(user, _id(arguments, "correction"))
    return Composed(_form_name(row), [form.html_of(row)])


def blank_title(user: User, arguments: Arguments) -> str:
    """What is printed."""
    return "Giấy đề nghị điều chỉnh (mẫu)"


@in_vietnamese
def compose_blank(user: User, arguments: Arguments) -> Composed:
    """The form of this person's school, to be filled in by hand. Raises Http404 for who works nowhere."""
    return Composed(blank_title(user, arguments), [form.blank_html(_school(user))])


def summary_title(user: User, arguments: Arguments) -> str:
    """Of which year the corrections are summed up. Raises Http404 and PermissionDenied."""
    return _summary_name(access.summed_year(user, _id(arguments, "year")))


def _summary_name(year: SchoolYear) -> str:
    return f"Tổng hợp sửa chữa dữ liệu · {year.name}"


@in_vietnamese
def compose_summary(user: User, arguments: Arguments) -> Composed:
    """The corrections of a `year`, narrowed to a `class_group`, `subject` or `teacher` by id where these are given.

    Raises Http404 and PermissionDenied.
    """
    year = access.summed_year(user, _id(arguments, "year"))
    wanted = {
        name: _id(arguments, name) if arguments.get(name) else None
        for name in ("class_group", "subject", "teacher")
    }
    found = summed(year, Asked(**wanted))
    html = summary.html_of(year.school, found, _narrowed(found, wanted))
    return Composed(_summary_name(year), [html])


def _narrowed(found: Summary, wanted: Mapping[str, int | None]) -> list[str]:
    """To what the summary is narrowed, in words. Raises Http404 for what the year has no request of."""
    offered = (
        ("class_group", "Lớp", found.classes),
        ("subject", "Môn học", found.subjects),
        ("teacher", "Người đề nghị", found.teachers),
    )
    said = []
    for name, label, choices in offered:
        chosen = wanted[name]
        if chosen:
            known = dict(choices)
            if chosen not in known:
                raise Http404
            said.append(f"{label}: {known[chosen]}")
    return said


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
