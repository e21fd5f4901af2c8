"""The summary of a year's corrections on paper: every one that was applied, and the counts below (R-129)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from approvals.excel import OF_CLASS, TITLE
from approvals.selectors.summary import Line, Summary, Tally
from schoolbook import clock, printing
from schoolbook.models import School
from schoolbook.rules import paper
from schoolbook.rules.permissions import Role
from schoolbook.selectors import chain, schools

TEMPLATE = "print/approvals/summary.html"
KIND = "approvals.summary"


def html_of(school: School, found: Summary, narrowed: Sequence[str]) -> str:
    """The summary of a school; `narrowed` says to what it is, in words. In two queries."""
    lines = [_said(order, one) for order, one in enumerate(found.lines, start=1)]
    tables = [
        ("Theo lớp", "Lớp", found.by_class),
        ("Theo môn học", "Môn học", found.by_subject),
        ("Theo người đề nghị", "Người đề nghị", found.by_teacher),
    ]
    about = [f"Năm học {found.year.name}", *narrowed]
    framed = printing.frame(
        school,
        f"{TITLE}, {', '.join(about)}",
        kind=KIND,
        facts=[about, lines, [[head, list(map(_counts, rows))] for head, _name, rows in tables]],
        heads=chain.heads_of_acts(school),
        start=found.year.start,
    )
    regulation = schools.regulation_on(school, clock.today())
    context = {
        "title": TITLE,
        "about": about,
        "lines": lines,
        "tables": [
            (head, name, [_counts(one) for one in rows]) for head, name, rows in tables if rows
        ],
        "total": found.total,
        "dated": printing.dated(framed.place, printing.now().date()),
        "head": paper.title_of(Role.PRINCIPAL, school.level, regulation.words).upper(),
    }
    return printing.rendered(TEMPLATE, framed, context)


def _said(order: int, one: Line) -> list[str]:
    """A correction as a line of the table."""
    where = one.subject or OF_CLASS
    return [
        str(order),
        str(one.number),
        one.class_name,
        f"{where}, HK{paper.ROMAN[one.term]}" if one.term else where,
        f"{one.pupil} ({one.code})",
        one.label,
        one.old or "(trống)",
        one.new or "(trống)",
        one.reason,
        one.requester,
        one.approver,
        paper.minute_said(timezone.localtime(one.at)),
    ]


def _counts(one: Tally) -> list[str]:
    figures = (one.requests, one.applied, one.lines, one.refused, one.withdrawn, one.expired)
    return [one.name or OF_CLASS, *map(str, figures), str(one.waiting)]
