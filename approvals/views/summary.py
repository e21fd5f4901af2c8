"""The corrections of a school year together, to look at, to print and as a spreadsheet (R-129)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals import access, excel, pdf
from approvals.forms.summary import SummaryForm, YearForm
from approvals.selectors import summary as selector
from approvals.selectors.summary import Asked, Summary
from schoolbook import listing
from schoolbook.http import Request, page
from schoolbook.selectors import classes
from schoolbook.views.jobs import started


@dataclass(frozen=True)
class Found:
    """The summary that an address asks for, and the form that says to what it is narrowed."""

    form: SummaryForm
    summary: Summary


@require_safe
def corrections_summary(request: Request) -> HttpResponse:
    """Every correction of a school year that was applied, and how many requests came to another end."""
    found = _found(request, request.GET)
    context = {"form": found.form, "found": found.summary, "query": request.GET.urlencode()}
    return page(request, "approvals/summary.html", context)


@require_safe
def export_corrections_summary(request: Request) -> HttpResponse:
    """The same as a spreadsheet."""
    found = _found(request, request.GET)
    name = _("Corrections %(year)s") % {"year": found.summary.year.name}
    return listing.spreadsheet(excel.workbook(found.summary), name)


@require_POST
def print_corrections_summary(request: Request) -> HttpResponse:
    """The same as a document."""
    found = _found(request, request.POST)
    arguments = {"year": found.summary.year.start, **found.form.asked()}
    return started(request, pdf.SUMMARY, arguments)


def _found(request: Request, said: QueryDict) -> Found:
    year = access.summed_year(request.user, YearForm(said).start())
    whole = selector.summary(year, Asked())
    form = SummaryForm(
        said,
        year=year.start,
        years=[(one.start, one.name) for one in classes.years(year.school)],
        class_group=whole.classes,
        subject=whole.subjects,
        teacher=whole.teachers,
    )
    asked = Asked(**form.asked())
    return Found(form, whole if asked == Asked() else selector.summary(year, asked))
