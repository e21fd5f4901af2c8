"""Departments and teams: opening, renaming, who is in them and who heads them (R-005, R-036)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from schoolbook import access, clock
from schoolbook.forms.people import EndForm
from schoolbook.forms.staff import DepartmentForm, JoinForm, OpenDepartmentForm
from schoolbook.http import Request, page, sent
from schoolbook.rules.permissions import Action
from schoolbook.selectors import departments as found
from schoolbook.selectors import staff as people
from schoolbook.services import duties
from schoolbook.views.acts import ActPage, answer, fresh
from schoolbook.views.second_factor import prompts_for_second_factor


@require_safe
def departments(request: Request) -> HttpResponse:
    """All departments and teams with their heads and how many are in them."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.VIEW_STAFF)
    context = {
        "departments": list(found.departments(school, clock.today())),
        "may_give": access.may(request.user, Action.GIVE_DUTIES),
    }
    return page(request, "schoolbook/departments/departments.html", context)


@require_safe
def department(request: Request, department_id: int) -> HttpResponse:
    """One department: who heads it, who is in it, since when, and its history."""
    one = access.department(request.user, department_id, to=Action.VIEW_STAFF)
    today = clock.today()
    context = {
        "department": one,
        "members": [(people.state(row, today), row) for row in found.members(one)],
        "heads": [(people.state(row, today), row) for row in found.heads(one)],
        "may_give": access.may(request.user, Action.GIVE_DUTIES),
        "history": found.panel(one).changes,
    }
    return page(request, "schoolbook/departments/department.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_department(request: Request) -> HttpResponse:
    """Enter a department or a team."""
    school_id = request.user.school_id or 0
    school = access.school(request.user, school_id, to=Action.GIVE_DUTIES)
    form = OpenDepartmentForm(sent(request))
    shown = ActPage(
        title=_("A new department or team"),
        text=_("Rights can be given to departments and teams as well as to persons."),
        submit=_("Enter it"),
        trail=[(_("Departments and teams"), reverse("schoolbook:departments"))],
    )

    def act() -> object:
        return duties.open_department(school=school, actor=request.user, **form.cleaned_data)

    return answer(request, form, act, shown, done=_("The department is entered."))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_department(request: Request, department_id: int) -> HttpResponse:
    """Rename a department, or take it out of use."""
    one = access.department(request.user, department_id, to=Action.GIVE_DUTIES)
    initial = {name: getattr(one, name) for name in found.FIELDS}
    form = DepartmentForm(sent(request), version=found.mark(one), initial=initial)
    shown = ActPage(
        title=_("Change %(name)s") % {"name": one.name},
        text=_("What is out of use stays in the history and is offered no more."),
        submit=_("Save"),
        trail=_trail(one),
        history=found.panel(one),
    )

    def act() -> object:
        said = form.cleaned_data
        return duties.edit_department(department_id=one.pk, actor=request.user, **said)

    return answer(request, form, act, shown, done=_("The department is saved."))


@require_http_methods(["GET", "HEAD", "POST"])
def join_department(request: Request, department_id: int) -> HttpResponse:
    """Put somebody into a department from a day on."""
    one = access.department(request.user, department_id, to=Action.GIVE_DUTIES)
    form = JoinForm(sent(request), school=one.school)
    shown = ActPage(_("Add a member"), one.name, _("Add"), _trail(one))

    def act() -> object:
        said = dict(form.cleaned_data)
        said["begins_on"] = said.pop("day")
        return duties.join_department(department=one, actor=request.user, **said)

    return answer(request, form, act, shown, done=_("The member is added."))


@require_http_methods(["GET", "HEAD", "POST"])
@prompts_for_second_factor
def name_head(request: Request, department_id: int) -> HttpResponse:
    """Let somebody head a department from a day on; an act that gives power."""
    one = access.department(request.user, department_id, to=Action.GIVE_DUTIES)
    form = JoinForm(sent(request), school=one.school)
    text = _("Who headed it before ends the day before.")
    shown = ActPage(_("Head of %(name)s") % {"name": one.name}, text, _("Save"), _trail(one))

    def act() -> object:
        said = {**form.cleaned_data, "verified_at": fresh(request)}
        return duties.name_head(department_id=one.pk, actor=request.user, **said)

    return answer(request, form, act, shown, done=_("The head is saved."))


@require_http_methods(["GET", "HEAD", "POST"])
def leave_department(request: Request, membership_id: int) -> HttpResponse:
    """End a person's place in a department."""
    row = access.membership(request.user, membership_id, to=Action.GIVE_DUTIES)
    form = EndForm(sent(request), version=people.mark(row))
    shown = ActPage(
        title=_("End a membership"),
        text=_("The person stays in the history of the department with the last day."),
        submit=_("End it"),
        trail=_trail(row.department),
        facts=[(_("Person"), row.user.full_name), (_("Since"), f"{row.begins_on:%d/%m/%Y}")],
        history=people.membership_panel(row),
    )

    def act() -> object:
        said = form.cleaned_data
        return duties.leave_department(membership_id=row.pk, actor=request.user, **said)

    return answer(request, form, act, shown, done=_("The membership ends with that day."))


def _trail(one: Any) -> list[tuple[str, str]]:
    here = reverse("schoolbook:department", kwargs={"department_id": one.pk})
    return [(_("Departments and teams"), reverse("schoolbook:departments")), (one.name, here)]
