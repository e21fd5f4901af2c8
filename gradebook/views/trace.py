"""The history of marks: of a cell, of a sheet, of a pupil, and the search in all that one may look at."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gradebook import access
from gradebook.forms.overview import MarkHistoryForm
from gradebook.rules.columns import Component
from gradebook.selectors import trace
from gradebook.selectors.books import Book, Place
from schoolbook import clock, listing, registry
from schoolbook.excel import Heading, write_table
from schoolbook.forms.base import HistoryForm
from schoolbook.forms.pupils import with_year
from schoolbook.http import Request, fragment, page
from schoolbook.rules.cells import Kind
from schoolbook.selectors import classes

TEMPLATE = "gradebook/mark_history.html"
MOST_NUMBER = 50


@require_safe
def mark_history(request: Request) -> HttpResponse:
    """Every edit that this person may look at, by pupil, teacher, subject, class, day and kind."""
    form, rows = _searched(request)
    edits = trace.page(rows, before=form.chosen("before"))
    context = {
        "form": form,
        "edits": edits.rows,
        "older_href": _older(request, edits),
        "request_href": registry.corrections.request_href,
        "export_href": listing.with_same_query(request, reverse("gradebook:export_mark_history")),
    }
    return page(request, TEMPLATE, context)


@require_safe
def export_mark_history(request: Request) -> HttpResponse:
    """The same as a spreadsheet: the newest edits, up to a number that a spreadsheet bears."""
    _form, rows = _searched(request)
    edits = trace.page(rows, size=trace.MOST_EXPORTED)
    title = _("History of marks")
    if edits.older:
        title = _("History of marks: the newest %(count)s edits") % {"count": len(edits.rows)}
    headings = [
        Heading(_("When")),
        Heading(_("Entered by")),
        Heading(_("Class")),
        Heading(_("Subject")),
        Heading(_("Term"), Kind.NUMBER),
        Heading(_("Pupil code")),
        Heading(_("Pupil")),
        Heading(_("What was entered")),
        Heading(_("Before")),
        Heading(_("After")),
        Heading(_("How it was entered")),
        Heading(_("Reason")),
    ]
    content = write_table(headings, map(_line, edits.rows), sheet=_("History"), title=title)
    return listing.spreadsheet(content, _("History of marks"))


def _line(edit: trace.Edit) -> list[Any]:
    return [
        timezone.localtime(edit.at).strftime("%H:%M:%S %d/%m/%Y"),
        edit.actor,
        edit.class_name,
        edit.subject,
        edit.term,
        edit.student_code,
        edit.student,
        edit.column,
        edit.old,
        edit.new,
        edit.how,
        edit.reason,
    ]


def _searched(request: Request) -> tuple[MarkHistoryForm, QuerySet[Any]]:
    rows = access.traced(request.user)
    school = request.user.school
    assert school  # who has a right anywhere works somewhere
    years = classes.years(school)
    present = classes.year_of(years, clock.today())
    form = MarkHistoryForm(
        with_year(request.GET, present),
        years=years,
        groups=classes.in_order(access.class_groups(request.user)),
        subjects=classes.subjects_of(school),
        staff=school.staff.order_by("sort_key", "pk"),
    )
    year = form.chosen("year") or present
    return form, trace.find(rows.filter(sheet__class_group__year=year), form.asked)


def _older(request: Request, edits: trace.Edits) -> str | None:
    if edits.older is None:
        return None
    query = request.GET.copy()
    query["before"] = str(edits.older)
    return f"{request.path}?{query.urlencode()}"


@require_safe
def subject_sheet_history(request: Request, class_subject_id: int, term: int) -> HttpResponse:
    """Every edit of the sheet of a subject and term."""
    return _sheet_history(request, access.subject_book(request.user, class_subject_id, term))


@require_safe
def class_sheet_history(request: Request, class_group_id: int, term: int) -> HttpResponse:
    """Every edit of the homeroom teacher's sheet of a term."""
    access.seen(request.user, class_group_id, whole=True)
    return _sheet_history(request, access.class_book(request.user, class_group_id, term))


def _sheet_history(request: Request, book: Book) -> HttpResponse:
    rows = trace.all_of(book.school).filter(sheet=book.sheet)
    name = book.class_subject.subject.name if book.class_subject else _("Sheet of the class")
    return _list(request, rows, book.class_group, f"{name}, {_('term %d') % book.term}")


@require_safe
def student_marks_history(request: Request, class_group_id: int, student_id: int) -> HttpResponse:
    """Every edit of a pupil's marks in a class, as far as this person may look at them."""
    seen = access.seen(request.user, class_group_id)
    student = access.student_of(request.user, seen.class_group, student_id)
    rows = access.traced(request.user).filter(student=student, sheet__class_group=seen.class_group)
    return _list(request, rows, seen.class_group, student.full_name)


def _list(request: Request, rows: QuerySet[Any], group: Any, about: str) -> HttpResponse:
    form = HistoryForm(request.GET)
    before = form.cleaned_data["before"] if form.is_valid() else None
    edits = trace.page(rows, before=before)
    context = {
        "form": None,
        "group": group,
        "about": about,
        "edits": edits.rows,
        "request_href": registry.corrections.request_href,
        "older_href": _older(request, edits),
    }
    return page(request, TEMPLATE, context)


@require_safe
def cell_history(
    request: Request,
    class_subject_id: int,
    term: int,
    student_id: int,
    component: str,
    number: int,
) -> HttpResponse:
    """The history of one cell of a subject's sheet, as a page or beside the sheet."""
    book = access.book(request.user, Place(term, class_subject_id=class_subject_id))
    return _cell(request, book, student_id, component, number)


@require_safe
def class_cell_history(
    request: Request,
    class_group_id: int,
    term: int,
    student_id: int,
    component: str,
    number: int,
) -> HttpResponse:
    """The history of one cell of the homeroom teacher's sheet."""
    access.seen(request.user, class_group_id, whole=True)
    book = access.book(request.user, Place(term, class_group_id=class_group_id))
    return _cell(request, book, student_id, component, number)


def _cell(
    request: Request, book: Book, student_id: int, component: str, number: int
) -> HttpResponse:
    if component not in {one.value for one in Component} or not 1 <= number <= MOST_NUMBER:
        raise Http404
    student = access.student_of(request.user, book.class_group, student_id)
    rows = trace.all_of(book.school).filter(
        sheet=book.sheet, student=student, component=component, number=number
    )
    edits = trace.page(rows)
    context = {
        "group": book.class_group,
        "student": student,
        "column": trace.column_name(component, number),
        "about": capfirst(book.class_subject.subject.name) if book.class_subject else "",
        "term": book.term,
        "changes": trace.as_changes(edits.rows, registry.corrections.request_href),
    }
    return fragment(request, "gradebook/cell_history.html", ["cell_history"], context)
