"""How far the books have come: by class and subject, teacher and month, and as a spreadsheet (R-110 – R-115)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gradebook.views.board import Board, board
from schoolbook import access as kernel
from schoolbook import listing
from schoolbook.excel import Heading, write_table
from schoolbook.http import Request, page
from schoolbook.rules.cells import Kind
from schoolbook.rules.permissions import Action


@require_safe
def progress(request: Request) -> HttpResponse:
    """The board: classes and subjects, how far each book has come, and the months before."""
    found = board(request)
    return page(request, "gradebook/watching/progress.html", _context(request, found))


@require_safe
def progress_by_teacher(request: Request) -> HttpResponse:
    """The same by teacher; of one teacher every book."""
    found = board(request)
    context = {**_context(request, found), "teachers": found.teachers}
    return page(request, "gradebook/watching/by_teacher.html", context)


def _context(request: Request, found: Board) -> dict[str, Any]:
    names = ("progress", "progress_by_teacher", "export_progress")
    return {
        "board": found,
        "form": found.form,
        "hrefs": {
            name: listing.with_same_query(request, reverse(f"gradebook:{name}")) for name in names
        },
        "here": request.path,
        "may_see_anomalies": found.watched.whole
        and kernel.may(request.user, Action.VIEW_ANOMALIES),
    }


@require_safe
def export_progress(request: Request) -> HttpResponse:
    """Every book of the board with its teachers and figures, as a spreadsheet."""
    found = board(request)
    year = found.watched.year
    headings = [
        Heading("Lớp"),
        Heading("Môn học"),
        Heading("Giáo viên"),
        Heading("Phải nhập", Kind.NUMBER),
        Heading("Đã nhập", Kind.NUMBER),
        Heading("Tỉ lệ (%)", Kind.NUMBER),
        Heading("Còn thiếu", Kind.NUMBER),
        Heading("Quá hạn", Kind.NUMBER),
        Heading("Thiếu khi hết hạn", Kind.NUMBER),
    ]
    title = _("Progress of entry, %(what)s, school year %(year)s") % {
        "what": _what(found),
        "year": year.name if year else "",
    }
    content = write_table(headings, _lines(found), sheet="Tiến độ", title=title)
    return listing.spreadsheet(content, title)


def _what(found: Board) -> str:
    if found.month:
        return _("at the end of %(month)s") % {"month": f"{found.month:%m-%Y}"}
    if len(found.terms) > 1:
        return _("whole year")
    return _("term %(term)s") % {"term": found.terms[0]}


def _lines(found: Board) -> list[list[Any]]:
    lines = []
    for line in found.lines:
        tally = line.tally(found.terms)
        if not tally.required:
            continue
        lines.append(
            [
                line.group.name,
                line.taught.subject.name if line.taught else _("Conduct and remarks"),
                ", ".join(one["name"] for one in line.teachers),
                tally.required,
                tally.entered,
                tally.percent,
                tally.missing,
                tally.late,
                line.missed(found.terms),
            ]
        )
    return lines
