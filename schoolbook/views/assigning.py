"""Assigning teachers and homeroom teachers from a day on, and ending assignments (R-032 – R-037)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from schoolbook import access
from schoolbook.forms.assignments import AssignHomeroomForm, AssignSubjectForm, Kind
from schoolbook.forms.people import EndForm
from schoolbook.http import Request, sent
from schoolbook.rules.permissions import Action
from schoolbook.selectors import assignments as found
from schoolbook.selectors import years as years_of
from schoolbook.services import assignments, structure
from schoolbook.views.acts import ActPage, answer

SERVICES: dict[str, Any] = {
    Kind.TAKE_OVER: lambda user, **sent: structure.hand_over(to=user, **sent),
    Kind.BESIDE: assignments.teach_beside,
    Kind.FINAL: assignments.name_final,
}


@require_http_methods(["GET", "HEAD", "POST"])
def assign_subject(request: Request, class_subject_id: int) -> HttpResponse:
    """Let somebody teach a subject to a class from a day on: instead of, or beside, those who do."""
    taught = access.class_subject(request.user, class_subject_id, to=Action.ASSIGN)
    form = AssignSubjectForm(
        sent(request),
        school=taught.school,
        day=years_of.day_of(taught.class_group.year),
        version=found.subject_mark(taught),
    )
    shown = ActPage(
        title=f"{taught.subject.name}, {taught.class_group.name}",
        text=_("Who teaches this subject to this class from a day on."),
        submit=_("Save"),
        trail=_trail(taught.class_group),
        history=found.panel_of_subject(taught),
        template="schoolbook/assignments/assign_subject.html",
        more={"held": found.of_subject(taught), "taught": taught},
    )

    def act() -> object:
        said = dict(form.cleaned_data)
        service = SERVICES[said.pop("kind")]
        return service(class_subject_id=taught.pk, actor=request.user, **said)

    return answer(request, form, act, shown, done=_("The assignment is saved."))


@require_http_methods(["GET", "HEAD", "POST"])
def assign_homeroom(request: Request, class_group_id: int) -> HttpResponse:
    """Make somebody the homeroom teacher of a class from a day on."""
    group = access.class_group(request.user, class_group_id, to=Action.ASSIGN)
    form = AssignHomeroomForm(
        sent(request),
        school=group.school,
        day=years_of.day_of(group.year),
        version=found.homeroom_mark(group),
    )
    shown = ActPage(
        title=_("Homeroom teacher of %(class)s") % {"class": group.name},
        text=_("Who answers for this class from a day on."),
        submit=_("Save"),
        trail=_trail(group),
        history=found.panel_of_homeroom(group),
    )

    def act() -> object:
        said = dict(form.cleaned_data)
        said["begins_on"] = said.pop("day")
        return structure.assign_homeroom(class_group=group, actor=request.user, **said)

    return answer(request, form, act, shown, done=_("The homeroom teacher is saved."))


@require_http_methods(["GET", "HEAD", "POST"])
def end_teaching(request: Request, teaching_id: int) -> HttpResponse:
    """End a teaching assignment with a last day."""
    row = access.teaching(request.user, teaching_id, to=Action.ASSIGN)
    taught = row.class_subject
    form = EndForm(sent(request), version=found.teaching_mark(row))
    facts = [(_("Teacher"), row.user.full_name), (_("Subject"), taught.subject.name)]
    shown = _end_page(row, taught.class_group, facts, found.panel_of_subject(taught))

    def act() -> object:
        said = form.cleaned_data
        return assignments.end_teaching(teaching_id=row.pk, actor=request.user, **said)

    return answer(request, form, act, shown, done=_("The assignment ends with that day."))


@require_http_methods(["GET", "HEAD", "POST"])
def end_homeroom(request: Request, homeroom_id: int) -> HttpResponse:
    """End a homeroom assignment with a last day."""
    row = access.homeroom(request.user, homeroom_id, to=Action.ASSIGN)
    form = EndForm(sent(request), version=found.teaching_mark(row))
    facts = [(_("Homeroom teacher"), row.user.full_name)]
    shown = _end_page(row, row.class_group, facts, found.panel_of_homeroom(row.class_group))

    def act() -> object:
        said = form.cleaned_data
        return assignments.end_homeroom(homeroom_id=row.pk, actor=request.user, **said)

    return answer(request, form, act, shown, done=_("The assignment ends with that day."))


def _end_page(row: Any, group: Any, facts: Sequence[tuple[str, object]], history: Any) -> ActPage:
    days = [(_("Class"), group.name), (_("Since"), f"{row.begins_on:%d/%m/%Y}")]
    return ActPage(
        title=_("End an assignment"),
        text=_("What was entered under it stays. To let somebody else go on, assign them instead."),
        submit=_("End it"),
        trail=_trail(group),
        facts=[*facts, *days],
        history=history,
    )


def _trail(group: Any) -> list[tuple[str, str]]:
    here = reverse("schoolbook:class_assignments", kwargs={"class_group_id": group.pk})
    return [
        (_("Assignments by class"), reverse("schoolbook:assignments_by_class")),
        (_("Class %(class)s") % {"class": group.name}, here),
    ]
