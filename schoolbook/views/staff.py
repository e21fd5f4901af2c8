"""The staff list, and what each person is charged with."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from schoolbook import access, clock, listing
from schoolbook.excel import Heading, write_table
from schoolbook.forms.staff import StaffFilterForm
from schoolbook.http import Request, page
from schoolbook.rules.permissions import Action, Role
from schoolbook.selectors import departments as departments_of
from schoolbook.selectors import schools as schools_of
from schoolbook.selectors import staff as people


def _asked(request: Request) -> tuple[StaffFilterForm, Any, dict[Role, str]]:
    """The filters, the people they leave, and what duties are called here."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.VIEW_STAFF)
    today = clock.today()
    roles = schools_of.role_names(school, today)
    departments = departments_of.in_use(school)
    form = StaffFilterForm(request.GET, departments=departments, roles=roles)
    return form, people.staff(school, form.wanted(), today), roles


@require_safe
def staff(request: Request) -> HttpResponse:
    """Every colleague with duties, departments and classes of today; filtered, a page at a time."""
    form, found, roles = _asked(request)
    part = listing.part_of(request, found)
    context = {
        "form": form,
        "part": part,
        "members": people.members(part.rows, clock.today()),
        "roles": roles,
        "export_href": listing.with_same_query(request, reverse("schoolbook:export_staff")),
        "may_manage": access.may(request.user, Action.MANAGE_ACCOUNTS),
    }
    return page(request, "schoolbook/staff/staff.html", context)


@require_safe
def export_staff(request: Request) -> HttpResponse:
    """The same list, all of it, as a spreadsheet."""
    _form, found, roles = _asked(request)
    rows = [
        (
            one.full_name,
            one.username,
            "; ".join(words(duty, roles) for duty in one.duties),
            ", ".join(one.departments),
            ", ".join(one.homerooms),
            ", ".join(one.classes),
        )
        for one in people.members(found, clock.today())
    ]
    headings = [_("Full name"), _("User name"), _("Duties"), _("Department"), _("Homeroom of")]
    columns = [Heading(text) for text in (*headings, _("Teaches"))]
    title = _("Staff list")
    return listing.spreadsheet(write_table(columns, rows, sheet=title, title=title), title)


def words(duty: Any, roles: dict[Role, str]) -> str:
    """A duty in words: what it is called, and of which department."""
    name = roles[Role(duty.role)]
    return f"{name} ({duty.department.name})" if duty.department else name


@require_safe
def person(request: Request, user_id: int) -> HttpResponse:
    """One colleague: duties past, present and future, departments, assignments by year, history."""
    found = access.account(request.user, user_id, to=Action.VIEW_STAFF)
    today = clock.today()
    rights = access.rights(request.user)
    context = {
        "person": found,
        "charge": people.person(found, today),
        "roles": schools_of.role_names(request.user.school, today),  # type: ignore[arg-type]
        "may_give": Action.GIVE_DUTIES in rights,
        "may_watch": Action.VIEW_SECURITY in rights,
        "history": people.panel(found).changes,
    }
    return page(request, "schoolbook/staff/person.html", context)
