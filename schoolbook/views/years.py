"""School years, their terms and weeks, and the classes of each (R-020, R-021)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from schoolbook import access
from schoolbook.forms.years import ClassForm, EditClassForm, EditYearForm, OpenYearForm, usual_days
from schoolbook.http import Request, page, sent
from schoolbook.rules.permissions import Action
from schoolbook.selectors import setup
from schoolbook.selectors import structure as found
from schoolbook.selectors import years as years_of
from schoolbook.services import classes, structure
from schoolbook.views.acts import ActPage, answer


@require_safe
def years(request: Request) -> HttpResponse:
    """The school years, newest first."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.VIEW_SCHOOL)
    may_set_up = access.may(request.user, Action.SET_UP_YEAR)
    context = {"years": list(found.years(school)), "may_set_up": may_set_up}
    return page(request, "schoolbook/years/years.html", context)


@require_safe
def year(request: Request, year_id: int) -> HttpResponse:
    """One year: its terms, its numbered weeks, its classes, its history."""
    one = access.year(request.user, year_id, to=Action.VIEW_SCHOOL)
    context = {
        "year": one,
        "weeks": years_of.weeks(one),
        "classes": found.classes(one),
        "may_set_up": access.may(request.user, Action.SET_UP_YEAR),
        "history": found.panel(one).changes,
    }
    return page(request, "schoolbook/years/year.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_year(request: Request) -> HttpResponse:
    """Open a school year with the days of its terms; the usual ones are proposed."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.SET_UP_YEAR)
    newest = years_of.years(school)[:1]
    start = newest[0].start + 1 if newest else setup.this_start()
    form = OpenYearForm(sent(request), initial={"start": start, **usual_days(start)})
    shown = ActPage(
        title=_("Open a school year"),
        text=_("The days are those of the plan of the year; week 1 is the first week of lessons."),
        submit=_("Open the year"),
        trail=[(_("School years"), reverse("schoolbook:years"))],
    )

    def act() -> object:
        start = form.cleaned_data["start"]
        return structure.open_year(school=school, start=start, plan=form.plan, actor=request.user)

    return answer(request, form, act, shown, done=_("The school year is open."))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_year(request: Request, year_id: int) -> HttpResponse:
    """Correct the days of the terms."""
    one = access.year(request.user, year_id, to=Action.SET_UP_YEAR)
    initial = {name: getattr(one, name) for name in found.YEAR_FIELDS}
    form = EditYearForm(sent(request), version=found.mark(one), initial=initial)
    shown = ActPage(
        title=_("Days of the school year %(year)s") % {"year": one.name},
        text=_("Weeks and deadlines follow from these days."),
        submit=_("Save"),
        trail=_trail(one),
        history=found.panel(one),
    )

    def act() -> object:
        reason, version = form.cleaned_data["reason"], form.cleaned_data["version"]
        return classes.edit_year(
            year_id=one.pk, plan=form.plan, reason=reason, version=version, actor=request.user
        )

    return answer(request, form, act, shown, done=_("The days are saved."))


@require_http_methods(["GET", "HEAD", "POST"])
def add_class(request: Request, year_id: int) -> HttpResponse:
    """Enter a class of a year, with the usual subjects of its grade if that is wanted."""
    one = access.year(request.user, year_id, to=Action.SET_UP_YEAR)
    form = ClassForm(sent(request), school=one.school)
    shown = ActPage(
        title=_("A new class of %(year)s") % {"year": one.name},
        text=_("How it is assessed follows from level, grade and year."),
        submit=_("Enter the class"),
        trail=_trail(one),
    )

    def act() -> object:
        return classes.add_class(year=one, actor=request.user, **form.cleaned_data)

    return answer(request, form, act, shown, done=_("The class is entered."))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_class(request: Request, class_group_id: int) -> HttpResponse:
    """Rename a class, or name the subject in which it specialises."""
    group = access.class_group(request.user, class_group_id, to=Action.SET_UP_YEAR)
    initial = {"name": group.name, "specialised_subject": group.specialised_subject_id}
    form = EditClassForm(
        sent(request), school=group.school, version=found.mark(group), initial=initial
    )
    shown = ActPage(
        title=_("Change class %(class)s") % {"class": group.name},
        text=_("Pupils, marks and assignments stay with the class."),
        submit=_("Save"),
        trail=_trail(group.year),
        history=found.panel(group),
    )

    def act() -> object:
        said = form.cleaned_data
        return classes.edit_class(class_group_id=group.pk, actor=request.user, **said)

    return answer(request, form, act, shown, done=_("The class is saved."))


def _trail(one: Any) -> list[tuple[str, str]]:
    here = reverse("schoolbook:year", kwargs={"year_id": one.pk})
    return [(_("School years"), reverse("schoolbook:years")), (one.name, here)]
