"""Who teaches what: by class and by teacher (R-032 – R-037)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from schoolbook import access, listing
from schoolbook.excel import Heading, write_table
from schoolbook.forms.assignments import LoadFilterForm, YearForm
from schoolbook.http import Request, page
from schoolbook.rules.cells import Kind
from schoolbook.rules.permissions import Action
from schoolbook.selectors import assignments as found
from schoolbook.selectors import departments as departments_of
from schoolbook.selectors import years as years_of


def _asked(request: Request) -> tuple[LoadFilterForm, Any, Any]:
    """The filters of the overview, the year they mean, and the people they leave."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.VIEW_STAFF)
    years = years_of.years(school)
    departments = departments_of.in_use(school)
    form = LoadFilterForm(request.GET, years=years, departments=departments)
    year = years_of.asked(years, form.asked())
    people = found.teachers(
        school,
        words=form.words_asked,
        department=form.department_asked,
        day=years_of.day_of(year),
    )
    return form, year, people


@require_safe
def assignments(request: Request) -> HttpResponse:
    """Every teacher with classes, subjects and periods; filtered, a page at a time."""
    form, year, people = _asked(request)
    part = listing.part_of(request, people)
    day = years_of.day_of(year)
    context = {
        "form": form,
        "year": year,
        "day": day,
        "part": part,
        "loads": found.loads(part.rows, year, day),
        "export_href": listing.with_same_query(request, reverse("schoolbook:export_assignments")),
    }
    return page(request, "schoolbook/assignments/assignments.html", context)


@require_safe
def export_assignments(request: Request) -> HttpResponse:
    """The same list, all of it, as a spreadsheet: a row for each teacher and subject."""
    _form, year, people = _asked(request)
    loads = found.loads(list(people), year, years_of.day_of(year))
    rows = [
        (load.user.full_name, load.user.username, load.departments, load.homerooms, *line)
        for load in loads
        for line in _lines(load)
    ]
    headings = [_("Full name"), _("User name"), _("Department"), _("Homeroom of"), _("Subject")]
    columns = [Heading(text) for text in (*headings, _("Classes"))]
    columns += [Heading(text, Kind.NUMBER) for text in (_("Periods a year"), _("Periods a week"))]
    title = _("Assignments of %(year)s") % {"year": year.name if year else ""}
    content = write_table(columns, rows, sheet=_("Assignments"), title=title)
    return listing.spreadsheet(content, title)


def _lines(load: Any) -> list[tuple[str, str, int | None, str]]:
    """Subject and classes line by line; the periods of the person stand on the first."""
    first, *others = load.subjects or [("", "")]
    return [(*first, load.periods, load.weekly), *((*line, None, "") for line in others)]


@require_safe
def assignments_by_class(request: Request) -> HttpResponse:
    """The classes of a year that one may look at, with what each still lacks."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.VIEW_SCHOOL)
    years = years_of.years(school)
    form = YearForm(request.GET, years=years)
    year = years_of.asked(years, form.asked())
    groups = access.class_groups(request.user, Action.VIEW_CLASS)
    rows = list(found.classes(groups, year, years_of.day_of(year))) if year else []
    may_set_up = access.may(request.user, Action.SET_UP_YEAR)
    context = {"form": form, "year": year, "groups": rows, "may_set_up": may_set_up}
    return page(request, "schoolbook/assignments/by_class.html", context)


@require_safe
def class_assignments(request: Request, class_group_id: int) -> HttpResponse:
    """One class: each subject with who teaches it, who gives the final assessment, the homeroom teacher."""
    group = access.class_group(request.user, class_group_id, to=Action.VIEW_CLASS)
    day = years_of.day_of(group.year)
    rights = access.rights(request.user)
    context = {
        "group": group,
        "day": day,
        "subjects": found.of_class(group, day),
        "homerooms": found.homerooms_of(group),
        "homeroom": found.homeroom_of(group, day),
        "may_assign": Action.ASSIGN in rights,
        "may_set_up": Action.SET_UP_YEAR in rights,
        "history": found.panel_of_class(group).changes,
    }
    return page(request, "schoolbook/assignments/class_assignments.html", context)
