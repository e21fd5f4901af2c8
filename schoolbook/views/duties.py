"""Giving duties and ending them, and the admin board; acts of power, which ask for a fresh second factor."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from schoolbook import access, clock
from schoolbook.forms.people import EndForm
from schoolbook.forms.staff import BoardForm, GiveDutyForm
from schoolbook.http import Request, page, sent
from schoolbook.rules.permissions import Action, Role
from schoolbook.selectors import departments as boards_of
from schoolbook.selectors import schools as schools_of
from schoolbook.selectors import staff as people
from schoolbook.services import duties
from schoolbook.views.acts import ActPage, answer, fresh
from schoolbook.views.second_factor import prompts_for_second_factor


@require_http_methods(["GET", "HEAD", "POST"])
@prompts_for_second_factor
def give_duty(request: Request, user_id: int) -> HttpResponse:
    """Give a person a duty from a day on, and until another if one is named."""
    person = access.account(request.user, user_id, to=Action.GIVE_DUTIES)
    school: Any = person.school
    roles = schools_of.role_names(school, clock.today())
    form = GiveDutyForm(sent(request), school=school, roles=roles)
    shown = ActPage(
        title=_("Give a duty"),
        text=person.full_name,
        submit=_("Give the duty"),
        trail=_trail(person),
        history=people.panel(person),
    )

    def act() -> object:
        said = {**form.cleaned_data, "verified_at": fresh(request)}
        return duties.charge(school=school, user=person, actor=request.user, **said)

    return answer(request, form, act, shown, done=_("The duty is given."))


@require_http_methods(["GET", "HEAD", "POST"])
@prompts_for_second_factor
def end_duty(request: Request, duty_id: int) -> HttpResponse:
    """End a duty with a last day; its rights end with it."""
    duty = access.duty(request.user, duty_id, to=Action.GIVE_DUTIES)
    form = EndForm(sent(request), version=people.mark(duty))
    name = schools_of.role_names(duty.school, clock.today())[Role(duty.role)]
    facts: list[tuple[str, object]] = [
        (_("Person"), duty.user.full_name),
        (_("Duty"), f"{name} ({duty.department.name})" if duty.department else name),
        (_("Since"), f"{duty.begins_on:%d/%m/%Y}"),
    ]
    shown = ActPage(
        title=_("End a duty"),
        text=_("Nothing is deleted: the duty stays in the history with its last day."),
        submit=_("End the duty"),
        trail=_trail(duty.user),
        facts=facts,
        history=people.duty_panel(duty),
    )

    def act() -> object:
        said = {**form.cleaned_data, "verified_at": fresh(request)}
        return duties.discharge(duty_id=duty.pk, actor=request.user, **said)

    return answer(request, form, act, shown, done=_("The duty ends with that day."))


@require_safe
def admin_boards(request: Request) -> HttpResponse:
    """The present admin board and the former ones, each with its decision and who is charged with what."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.VIEW_STAFF)
    today = clock.today()
    boards = [
        (board, [(people.state(duty, today), duty) for duty in board.people])
        for board in boards_of.boards(school)
    ]
    context = {"boards": boards, "may_give": access.may(request.user, Action.GIVE_DUTIES)}
    return page(request, "schoolbook/departments/admin_boards.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@prompts_for_second_factor
def appoint_board(request: Request) -> HttpResponse:
    """Record the admin board that the principal has set up by a numbered decision (R-004)."""
    school_id = request.user.school_id or 0
    school = access.school(request.user, school_id, to=Action.GIVE_DUTIES)
    form = BoardForm(sent(request), school=school)
    shown = ActPage(
        title=_("A new admin board"),
        text=_(
            "By a numbered decision of the principal: three to five members, each with a written duty."
        ),
        submit=_("Record the board"),
        trail=[(_("Admin board"), reverse("schoolbook:admin_boards"))],
        template="schoolbook/departments/appoint_board.html",
    )

    def act() -> object:
        return duties.appoint_board(
            school=school,
            decision_number=form.cleaned_data["decision_number"],
            decided_on=form.cleaned_data["decided_on"],
            members=form.board,
            actor=request.user,
            verified_at=fresh(request),
        )

    return answer(request, form, act, shown, done=_("The admin board is recorded."))


def _trail(person: Any) -> list[tuple[str, str]]:
    here = reverse("schoolbook:person", kwargs={"user_id": person.pk})
    return [(_("Staff"), reverse("schoolbook:staff")), (person.full_name, here)]
