"""Classes of a school year, and one class with its list: looked at, confirmed, added to, taken along."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolbook import access, clock, listing, registry
from schoolbook.errors import Invalid
from schoolbook.excel import Heading, write_table
from schoolbook.forms.base import HistoryForm
from schoolbook.forms.pupils import AdmitForm, ClassFilterForm, ConfirmListForm, with_year
from schoolbook.http import Request, page, sent
from schoolbook.rules.calendar import nearest
from schoolbook.rules.cells import Kind
from schoolbook.rules.permissions import Action
from schoolbook.rules.subjects import GRADES, Level
from schoolbook.selectors import classes, timeline
from schoolbook.selectors import students as pupils
from schoolbook.services import students
from schoolbook.views import words
from schoolbook.views.acts import problem_of

TEMPLATE = "schoolbook/pupils/class_group.html"


@require_safe
def class_groups(request: Request) -> HttpResponse:
    """The classes of a school year that this person may look at, one's own first."""
    form, found, day = _found(request)
    part = listing.part_of(request, found)
    context = {
        "form": form,
        "part": part,
        "classes": classes.rows(part.rows, day=day),
        "export_href": listing.with_same_query(request, reverse("schoolbook:export_class_groups")),
    }
    return page(request, "schoolbook/pupils/class_groups.html", context)


@require_safe
def export_class_groups(request: Request) -> HttpResponse:
    """The same classes as a spreadsheet."""
    _form, found, day = _found(request)
    headings = [
        Heading(_("Class")),
        Heading(_("Grade"), Kind.NUMBER),
        Heading(_("Pupils"), Kind.NUMBER),
        Heading(_("Homeroom teacher")),
        Heading(_("Assessment")),
        Heading(_("Specialised subject")),
        Heading(_("List")),
    ]
    rows: list[list[Any]] = [
        [
            row.name,
            row.grade,
            row.pupils,
            row.homeroom_teacher,
            row.circular,
            row.specialised_subject,
            words.list_state(row.state),
        ]
        for row in classes.rows(list(found), day=day)
    ]
    return listing.spreadsheet(
        write_table(headings, rows, sheet=_("Classes"), title=_("Classes")), _("Classes")
    )


def _found(request: Request) -> tuple[ClassFilterForm, Any, Any]:
    access.require_anywhere(request.user, Action.VIEW_CLASS)
    school = request.user.school
    assert school  # who has a right anywhere works somewhere
    years, today = classes.years(school), clock.today()
    present = classes.year_of(years, today)
    grades = GRADES[Level(school.level)]
    form = ClassFilterForm(with_year(request.GET, present), years=years, grades=grades)
    year = form.chosen("year", present)
    day = classes.day_in(year, today)
    found = classes.find(
        access.class_groups(request.user, Action.VIEW_CLASS),
        year=year,
        user=request.user,
        day=day,
        grade=form.chosen("grade"),
        words=form.chosen("words", ""),
    )
    return form, found, day


@require_safe
def class_group(request: Request, class_group_id: int) -> HttpResponse:
    """One class: who leads it, what it is taught by whom, its list and what became of it."""
    return _class_page(request, class_group_id)


@require_safe
def class_group_history(request: Request, class_group_id: int) -> HttpResponse:
    """Older changes of the class, a page at a time."""
    group = access.class_group(request.user, class_group_id, to=Action.VIEW_CLASS)
    form = HistoryForm(request.GET)
    if not form.is_valid():
        return redirect("schoolbook:class_group_history", class_group_id=class_group_id)
    panel = timeline.of_class(group, before=form.cleaned_data["before"])
    context = {
        "group": group,
        "changes": panel.changes,
        "older_href": _older_href(class_group_id, panel),
    }
    return page(request, "schoolbook/pupils/class_group_history.html", context)


@require_POST
def confirm_class_list(request: Request, class_group_id: int) -> HttpResponse:
    """The homeroom teacher's word that the list is right, as it was seen (R-024)."""
    access.class_group(request.user, class_group_id, to=Action.CONFIRM_CLASS_LIST)
    form = ConfirmListForm(request.POST)

    def act(said: dict[str, Any]) -> object:
        return students.confirm_class_list(
            class_group_id=class_group_id, digest=said["digest"], actor=request.user
        )

    problem = problem_of(request, form, act, done=_("The list of the class is confirmed."))
    if problem:
        return _class_page(request, class_group_id, problem=problem, status=422)
    return redirect("schoolbook:class_group", class_group_id=class_group_id)


@require_http_methods(["GET", "HEAD", "POST"])
def admit_student(request: Request, class_group_id: int) -> HttpResponse:
    """Enter a new pupil into the class."""
    group = access.class_group(request.user, class_group_id, to=Action.EDIT_STUDENTS)
    day = nearest(clock.today(), group.year.term1_begins_on, group.year.term2_ends_on)
    form = AdmitForm(sent(request), initial={"begins_on": day})
    if form.is_valid():
        try:
            made = students.admit(
                class_group_id=class_group_id,
                particulars=form.particulars,
                begins_on=form.cleaned_data["begins_on"],
                actor=request.user,
            )
        except Invalid as refusal:
            form.add_errors(refusal.errors)
        else:
            messages.success(request, _("%(pupil)s is in the list now.") % {"pupil": made})
            return redirect("schoolbook:class_group", class_group_id=class_group_id)
    context = {"group": group, "form": form}
    status = 422 if form.errors else 200
    return page(request, "schoolbook/pupils/admit_student.html", context, status=status)


@require_safe
def export_class_list(request: Request, class_group_id: int) -> HttpResponse:
    """The list of the class as a spreadsheet, those who left included."""
    group = access.class_group(request.user, class_group_id, to=Action.VIEW_CLASS)
    title = _("List of class %(class)s, school year %(year)s") % {
        "class": group.name,
        "year": group.year.name,
    }
    content = write_table(*_list_table(group), sheet=_("Class list"), title=title)
    return listing.spreadsheet(content, title)


def _list_table(group: Any) -> tuple[list[Heading], list[list[Any]]]:
    headings = [
        Heading(_("No."), Kind.NUMBER),
        Heading(_("Pupil code")),
        Heading(_("Full name")),
        Heading(_("Date of birth"), Kind.DATE),
        Heading(_("Sex")),
        Heading(_("In the class from"), Kind.DATE),
        Heading(_("Last day in the class"), Kind.DATE),
    ]
    rows = [
        [
            number,
            row.code,
            row.full_name,
            row.born_on,
            words.sex(row.sex),
            row.joined_on,
            row.left_on,
        ]
        for number, row in enumerate(pupils.class_list(group), start=1)
    ]
    return headings, rows


def _older_href(class_group_id: int, panel: Any) -> str | None:
    if panel.older is None:
        return None
    address = reverse("schoolbook:class_group_history", args=[class_group_id])
    return f"{address}?before={panel.older}"


def _class_page(
    request: Request, class_group_id: int, *, problem: str = "", status: int = 200
) -> HttpResponse:
    group = access.class_group(request.user, class_group_id, to=Action.VIEW_CLASS)
    rights = access.rights_in_class(request.user, group)
    day = classes.day_in(group.year, clock.today())
    listed = pupils.class_list(group)
    reached = access.students(request.user, Action.VIEW_CLASS).filter(
        pk__in=[row.student_id for row in listed]
    )
    panel, today = timeline.of_class(group), clock.today()
    confirmation = classes.confirmation(group, listed)
    context = {
        "group": group,
        "circular": registry.schemes.circular(group.scheme),
        "homeroom_teachers": classes.homeroom_teachers(group, day),
        "subjects": classes.subjects(group, day),
        "listed": listed,
        "present": sum(row.is_in(day) for row in listed),
        "reached": set(reached.values_list("pk", flat=True)),
        "day": day,
        "confirmation": confirmation,
        "late": today > confirmation.due_by,
        "may_edit": Action.EDIT_STUDENTS in rights,
        "may_confirm": Action.CONFIRM_CLASS_LIST in rights,
        "problem": problem,
        "history": panel.changes,
        "more_history_href": _older_href(group.pk, panel),
    }
    return page(request, TEMPLATE, context, status=status)
