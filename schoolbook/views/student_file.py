"""Acts on one pupil, each on a page of its own: moving, leaving, guardians, exemptions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from schoolbook import access, clock
from schoolbook.errors import Conflict, Invalid
from schoolbook.forms.base import Refusable
from schoolbook.forms.pupils import (
    EditGuardianForm,
    ExemptionForm,
    GuardianForm,
    LeaveForm,
    MoveForm,
    WithdrawForm,
)
from schoolbook.http import Request, page, sent
from schoolbook.rules.permissions import Action
from schoolbook.selectors import classes
from schoolbook.services import student_file, students
from schoolbook.views.conflict import both_values

show_or_do = require_http_methods(["GET", "HEAD", "POST"])


@show_or_do
def move_student(request: Request, student_id: int) -> HttpResponse:
    """Move a pupil to another class of a year, or back into one."""
    found = access.student(request.user, student_id, to=Action.PLACE_STUDENTS)
    year = classes.year_of(classes.years(found.school), clock.today())
    groups = access.class_groups(request.user, Action.PLACE_STUDENTS).filter(year=year)
    form = MoveForm(sent(request), groups=classes.in_order(groups), day=clock.today())

    def act() -> None:
        students.move(student_id=student_id, actor=request.user, **form.cleaned_data)

    done = _("The pupil moves to the other class.")
    return _answer(request, "move_student", found, form, act, done)


@show_or_do
def leave_class(request: Request, enrolment_id: int) -> HttpResponse:
    """Record that a pupil leaves a class, or set the day right."""
    place = access.enrolment(request.user, enrolment_id, to=Action.EDIT_STUDENTS)
    shown = {"last_day": place.ends_on or clock.today(), "reason": place.end_reason}
    form = LeaveForm(sent(request), initial=shown)

    def act() -> None:
        students.leave(enrolment_id=enrolment_id, actor=request.user, **form.cleaned_data)

    done = _("The last day in the class is recorded.")
    return _answer(request, "leave_class", place.student, form, act, done, place=place)


@show_or_do
def add_guardian(request: Request, student_id: int) -> HttpResponse:
    """Enter a parent or guardian."""
    found = access.student(request.user, student_id, to=Action.EDIT_STUDENTS)
    form = GuardianForm(sent(request))

    def act() -> None:
        student_file.add_guardian(student_id=student_id, contact=form.contact, actor=request.user)

    done = _("The guardian is entered.")
    return _answer(request, "guardian", found, form, act, done, guardian=None)


@show_or_do
def edit_guardian(request: Request, guardian_id: int) -> HttpResponse:
    """Change what is known of a parent or guardian."""
    guardian = access.guardian(request.user, guardian_id, to=Action.EDIT_STUDENTS)
    form = (
        EditGuardianForm(request.POST)
        if request.method == "POST"
        else EditGuardianForm.showing(guardian, student_file.version(guardian))
    )

    def act() -> None:
        student_file.edit_guardian(
            guardian_id=guardian_id,
            seen=form.cleaned_data["version"],
            contact=form.contact,
            reason=form.cleaned_data["reason"],
            actor=request.user,
        )

    done = _("The guardian's particulars are saved.")
    return _answer(request, "guardian", guardian.student, form, act, done, guardian=guardian)


@show_or_do
def withdraw_guardian(request: Request, guardian_id: int) -> HttpResponse:
    """Take a guardian out of use."""
    guardian = access.guardian(request.user, guardian_id, to=Action.EDIT_STUDENTS)
    form = WithdrawForm(sent(request))

    def act() -> None:
        student_file.withdraw_guardian(
            guardian_id=guardian_id, actor=request.user, **form.cleaned_data
        )

    done = _("The guardian is no longer in use.")
    title = _("Guardian no longer in use: %(name)s") % {"name": guardian}
    return _answer(request, "withdraw", guardian.student, form, act, done, title=title)


@show_or_do
def add_exemption(request: Request, student_id: int) -> HttpResponse:
    """Record an exemption or a reduced requirement, with its paper (R-027)."""
    found = access.student(request.user, student_id, to=Action.EDIT_STUDENTS)
    years = classes.years(found.school)
    form = ExemptionForm(
        sent(request),
        subjects=classes.subjects_of(found.school),
        years=years,
        year=classes.year_of(years, clock.today()),
    )

    def act() -> None:
        student_file.exempt(
            student_id=student_id,
            terms=form.terms,
            actor=request.user,
            **{name: form.cleaned_data[name] for name in ("subject", "year", "kind", "paper")},
        )

    return _answer(request, "add_exemption", found, form, act, _("The exemption is recorded."))


@show_or_do
def withdraw_exemption(request: Request, exemption_id: int) -> HttpResponse:
    """End an exemption."""
    exemption = access.exemption(request.user, exemption_id, to=Action.EDIT_STUDENTS)
    form = WithdrawForm(sent(request))

    def act() -> None:
        student_file.withdraw_exemption(
            exemption_id=exemption_id, actor=request.user, **form.cleaned_data
        )

    done = _("The exemption is withdrawn.")
    title = _("Withdraw the exemption: %(subject)s") % {"subject": exemption.subject}
    return _answer(request, "withdraw", exemption.student, form, act, done, title=title)


def _answer(
    request: Request,
    name: str,
    student: Any,
    form: Refusable,
    act: Callable[[], None],
    done: str,
    **more: Any,
) -> HttpResponse:
    """Do it and lead back to the pupil; or show the form, for the first time or with what was refused."""
    status, conflict = 200, None
    if form.is_bound:
        status = 422
        try:
            if form.is_valid():
                act()
                messages.success(request, done)
                return redirect("schoolbook:student", student_id=student.pk)
        except Invalid as refusal:
            form.add_errors(refusal.errors)
        except Conflict as newer:
            status, conflict = 409, both_values(form, form.contact.tidied(), newer)  # type: ignore[attr-defined]
    context = {"student": student, "form": form, "conflict": conflict, **more}
    return page(request, f"schoolbook/pupils/{name}.html", context, status=status)
