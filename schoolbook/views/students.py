"""Pupils: searched for, looked at, and their particulars changed by those who keep them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from schoolbook import access, clock, listing
from schoolbook.errors import Conflict, Invalid
from schoolbook.excel import Heading, write_table
from schoolbook.forms.base import HistoryForm
from schoolbook.forms.pupils import StudentFilterForm, StudentForm, with_year
from schoolbook.http import Request, fragment, page
from schoolbook.rules.cells import Kind
from schoolbook.rules.permissions import Action
from schoolbook.selectors import classes, timeline
from schoolbook.selectors import students as pupils
from schoolbook.selectors.students import Search, State
from schoolbook.services import students as services
from schoolbook.views import words
from schoolbook.views.conflict import both_values

TEMPLATE = "schoolbook/pupils/student.html"


@require_safe
def students(request: Request) -> HttpResponse:
    """Search the pupils of the classes that this person may look at."""
    form, found = _found(request)
    context = {
        "form": form,
        "part": listing.part_of(request, found),
        "export_href": listing.with_same_query(request, reverse("schoolbook:export_students")),
    }
    return page(request, "schoolbook/pupils/students.html", context)


@require_safe
def export_students(request: Request) -> HttpResponse:
    """The same pupils as a spreadsheet: all particulars for those who keep them for the whole school."""
    _form, found = _found(request)
    whole = access.may(request.user, Action.EDIT_STUDENTS)
    names = [*timeline.LISTED, *(timeline.FILED if whole else ())]
    kinds = {"born_on": Kind.DATE}
    headings = [
        Heading(_("Class")),
        *(Heading(str(capfirst(pupils.label(name))), kinds.get(name, Kind.TEXT)) for name in names),
        Heading(_("Last day in the class"), Kind.DATE),
    ]
    rows = [
        [
            row.class_name,
            *(words.sex(row.sex) if name == "sex" else getattr(row, name) for name in names),
            row.left_on,
        ]
        for row in found
    ]
    content = write_table(headings, rows, sheet=_("Pupils"), title=_("Pupils"))
    return listing.spreadsheet(content, _("Pupils"))


def _found(request: Request) -> tuple[StudentFilterForm, Any]:
    access.require_anywhere(request.user, Action.VIEW_CLASS)
    school = request.user.school
    assert school  # who has a right anywhere works somewhere
    years, today = classes.years(school), clock.today()
    present = classes.year_of(years, today)
    groups = classes.in_order(access.class_groups(request.user, Action.VIEW_CLASS))
    form = StudentFilterForm(with_year(request.GET, present), years=years, groups=groups)
    year = form.chosen("year", present)
    wanted = Search(
        year=year,
        day=classes.day_in(year, today),
        words=form.chosen("words", ""),
        class_group=form.chosen("class_group"),
        state=State(form.chosen("state", State.PRESENT)),
    )
    return form, pupils.search(access.students(request.user, Action.VIEW_CLASS), wanted)


@require_safe
def student(request: Request, student_id: int) -> HttpResponse:
    """One pupil: particulars, classes, guardians, exemptions and all that ever changed there."""
    found = access.student(request.user, student_id, to=Action.VIEW_CLASS)
    return page(request, TEMPLATE, _context(request, found))


@require_safe
def student_history(request: Request, student_id: int) -> HttpResponse:
    """Older changes of a pupil, a page at a time."""
    found = access.student(request.user, student_id, to=Action.VIEW_CLASS)
    form = HistoryForm(request.GET)
    if not form.is_valid():
        return redirect("schoolbook:student_history", student_id=student_id)
    whole = Action.VIEW_STUDENT_FILE in access.rights_over(request.user, found)
    panel = timeline.of_student(found, whole=whole, before=form.cleaned_data["before"])
    context = {
        "student": found,
        "changes": panel.changes,
        "older_href": _older_href(found, panel),
    }
    return page(request, "schoolbook/pupils/student_history.html", context)


@require_POST
def edit_student(request: Request, student_id: int) -> HttpResponse:
    """Change the particulars, or show again what was typed with the reason why not."""
    found = access.student(request.user, student_id, to=Action.EDIT_STUDENTS)
    form = StudentForm(request.POST)
    if not form.is_valid():
        return _again(request, found, form, status=422)
    try:
        found = services.edit(
            student_id=student_id,
            version=form.cleaned_data["version"],
            particulars=form.particulars,
            reason=form.cleaned_data["reason"],
            actor=request.user,
        )
    except Invalid as refusal:
        form.add_errors(refusal.errors)
        return _again(request, found, form, status=422)
    except Conflict as conflict:
        shown = both_values(form, form.particulars.tidied(), conflict)
        return _again(request, found, form, status=409, conflict=shown)
    if not request.htmx:
        messages.success(request, _("The particulars of the pupil are saved."))
        return redirect("schoolbook:student", student_id=student_id)
    context = {**_context(request, found), "saved": True}
    return fragment(request, TEMPLATE, ["particulars", "history", "head"], context)


def _again(
    request: Request, found: Any, form: StudentForm, *, status: int, conflict: Any = None
) -> HttpResponse:
    context = {**_context(request, found), "form": form, "conflict": conflict}
    return fragment(request, TEMPLATE, ["particulars"], context, status=status)


def _context(request: Request, found: Any) -> dict[str, Any]:
    rights = access.rights_over(request.user, found)
    whole = Action.VIEW_STUDENT_FILE in rights
    panel = timeline.of_student(found, whole=whole)
    places = pupils.places(found)
    return {
        "student": found,
        "form": StudentForm.showing(found) if Action.EDIT_STUDENTS in rights else None,
        "whole": whole,
        "may_edit": Action.EDIT_STUDENTS in rights,
        "may_place": Action.PLACE_STUDENTS in rights,
        "places": places,
        "today": clock.today(),
        "guardians": pupils.guardians(found) if whole else [],
        "exemptions": pupils.exemptions(found),
        "history": panel.changes,
        "more_history_href": _older_href(found, panel),
        "conflict": None,
        "saved": False,
    }


def _older_href(found: Any, panel: Any) -> str | None:
    if panel.older is None:
        return None
    return f"{reverse('schoolbook:student_history', args=[found.pk])}?before={panel.older}"
