"""Acts on one pupil, each on a page of its own: moving, leaving, guardians, exemptions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from schoolbook import access, clock
from schoolbook.errors import Conflict, Invalid
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


@dataclass(frozen=True)
class Act:
    """What the page of an act says, what its button does, and what is said when it is done."""

    title: str
    text: str
    button: str
    do: Callable[[], object]
    done: str


@show_or_do
def move_student(request: Request, student_id: int) -> HttpResponse:
    """Move a pupil to another class of this year, or back into one."""
    found = access.student(request.user, student_id, to=Action.PLACE_STUDENTS)
    year = classes.year_of(classes.years(found.school), clock.today())
    groups = access.class_groups(request.user, Action.PLACE_STUDENTS).filter(year=year)
    form = MoveForm(sent(request), groups=classes.in_order(groups), day=clock.today())
    act = Act(
        title=_("Move to another class"),
        text=_("The place in the present class ends the day before; both stay in the books."),
        button=_("Move"),
        do=lambda: students.move(student_id=student_id, actor=request.user, **form.cleaned_data),
        done=_("The move is recorded."),
    )
    return _answer(request, found, form, act)


@show_or_do
def leave_class(request: Request, enrolment_id: int) -> HttpResponse:
    """Record that a pupil leaves a class, or set the day right."""
    place = access.enrolment(request.user, enrolment_id, to=Action.EDIT_STUDENTS)
    shown = {"last_day": place.ends_on or clock.today(), "reason": place.end_reason}
    form = LeaveForm(sent(request), initial=shown)
    act = Act(
        title=_("Leave class %(class)s") % {"class": place.class_group},
        text=_("The pupil stays in the books of the class, with the last day."),
        button=_("Record the last day"),
        do=lambda: students.leave(
            enrolment_id=enrolment_id, actor=request.user, **form.cleaned_data
        ),
        done=_("The last day in the class is recorded."),
    )
    return _answer(request, place.student, form, act)


@show_or_do
def add_guardian(request: Request, student_id: int) -> HttpResponse:
    """Enter a parent or guardian."""
    found = access.student(request.user, student_id, to=Action.EDIT_STUDENTS)
    form = GuardianForm(sent(request))
    act = Act(
        title=_("Add a guardian"),
        text=_("A parent, or whoever looks after the pupil instead."),
        button=_("Save"),
        do=lambda: student_file.add_guardian(
            student_id=student_id, contact=form.contact, actor=request.user
        ),
        done=_("The guardian is entered."),
    )
    return _answer(request, found, form, act)


@show_or_do
def edit_guardian(request: Request, guardian_id: int) -> HttpResponse:
    """Change what is known of a parent or guardian."""
    guardian = access.guardian(request.user, guardian_id, to=Action.EDIT_STUDENTS)
    form = (
        EditGuardianForm(request.POST)
        if request.method == "POST"
        else EditGuardianForm.showing(guardian, student_file.version(guardian))
    )
    act = Act(
        title=_("Change a guardian"),
        text=str(guardian),
        button=_("Save"),
        do=lambda: student_file.edit_guardian(
            guardian_id=guardian_id,
            seen=form.cleaned_data["version"],
            contact=form.contact,
            reason=form.cleaned_data["reason"],
            actor=request.user,
        ),
        done=_("The guardian's particulars are saved."),
    )
    return _answer(request, guardian.student, form, act)


@show_or_do
def withdraw_guardian(request: Request, guardian_id: int) -> HttpResponse:
    """Take a guardian out of use."""
    guardian = access.guardian(request.user, guardian_id, to=Action.EDIT_STUDENTS)
    form = WithdrawForm(sent(request))
    act = Act(
        title=_("Guardian no longer in use"),
        text=_("%(name)s stays in the history of the pupil.") % {"name": guardian},
        button=_("No longer in use"),
        do=lambda: student_file.withdraw_guardian(
            guardian_id=guardian_id, actor=request.user, **form.cleaned_data
        ),
        done=_("The guardian is no longer in use."),
    )
    return _answer(request, guardian.student, form, act)


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
    act = Act(
        title=_("Add an exemption"),
        text=_(
            "From a subject, or a reduced requirement in it; the averages of the pupil mind it."
        ),
        button=_("Save"),
        do=lambda: student_file.exempt(student_id=student_id, actor=request.user, **form.exemption),
        done=_("The exemption is recorded."),
    )
    return _answer(request, found, form, act)


@show_or_do
def withdraw_exemption(request: Request, exemption_id: int) -> HttpResponse:
    """End an exemption."""
    exemption = access.exemption(request.user, exemption_id, to=Action.EDIT_STUDENTS)
    form = WithdrawForm(sent(request))
    act = Act(
        title=_("Withdraw an exemption"),
        text=_("%(subject)s: the exemption stays in the history with its paper.")
        % {"subject": exemption.subject},
        button=_("Withdraw"),
        do=lambda: student_file.withdraw_exemption(
            exemption_id=exemption_id, actor=request.user, **form.cleaned_data
        ),
        done=_("The exemption is withdrawn."),
    )
    return _answer(request, exemption.student, form, act)


def _answer(request: Request, student: Any, form: Any, act: Act) -> HttpResponse:
    """Do it and lead back to the pupil; or show the form, for the first time or with what was refused."""
    status, conflict = 200, None
    if form.is_bound:
        status = 422
        try:
            if form.is_valid():
                act.do()
                messages.success(request, act.done)
                return redirect("schoolbook:student", student_id=student.pk)
        except Invalid as refusal:
            form.add_errors(refusal.errors)
        except Conflict as newer:
            status, conflict = 409, both_values(form, form.contact.tidied(), newer)
    context = {"student": student, "form": form, "act": act, "conflict": conflict}
    return page(request, "schoolbook/pupils/act.html", context, status=status)
