"""The school's own particulars, with their history beside them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from schoolbook import access
from schoolbook.errors import Conflict, Invalid
from schoolbook.forms.base import HistoryForm
from schoolbook.forms.school import SchoolForm
from schoolbook.http import Request, fragment, page
from schoolbook.rules.permissions import Action
from schoolbook.selectors import history
from schoolbook.services import schools

TEMPLATE = "schoolbook/school.html"


@require_safe
def school(request: Request, school_id: int) -> HttpResponse:
    """Show the particulars: as a form to those who may change them."""
    found = access.school(request.user, school_id, to=Action.VIEW_SCHOOL)
    may_edit = access.may(request.user, Action.EDIT_SCHOOL)
    form = SchoolForm.showing(found) if may_edit else None
    return page(request, TEMPLATE, _context(found, form))


@require_safe
def school_history(request: Request, school_id: int) -> HttpResponse:
    """Show older changes of the particulars, a page at a time."""
    found = access.school(request.user, school_id, to=Action.VIEW_SCHOOL)
    form = HistoryForm(request.GET)
    if not form.is_valid():
        return redirect("schoolbook:school_history", school_id=school_id)
    panel = history.panel(found, schools.PARTICULARS, before=form.cleaned_data["before"])
    context = {"changes": panel.changes, "older_href": _older_href(found, panel)}
    return page(request, "schoolbook/school_history.html", {"school": found, **context})


@require_POST
def edit_school(request: Request, school_id: int) -> HttpResponse:
    """Change the particulars, or show again what was typed with the reason why not."""
    found = access.school(request.user, school_id, to=Action.EDIT_SCHOOL)
    form = SchoolForm(request.POST)
    if not form.is_valid():
        return _again(request, found, form, status=422)
    try:
        found = schools.edit(
            school_id=school_id,
            version=form.cleaned_data["version"],
            particulars=form.particulars,
            reason=form.cleaned_data["reason"],
            actor=request.user,
        )
    except Invalid as error:
        form.add_errors(error.errors)
        return _again(request, found, form, status=422)
    except Conflict as conflict:
        return _again(request, found, form, status=409, conflict=conflict)
    if not request.htmx:
        messages.success(request, _("The particulars of the school are saved."))
        return redirect("schoolbook:school", school_id=school_id)
    context = {**_context(found, SchoolForm.showing(found)), "saved": True}
    return fragment(request, TEMPLATE, ["particulars", "history", "bar_school"], context)


def _again(
    request: Request,
    found: Any,
    form: SchoolForm,
    *,
    status: int,
    conflict: Conflict | None = None,
) -> HttpResponse:
    context = _context(found, form)
    if conflict:
        context["conflict"] = _both_values(form, conflict)
    return fragment(request, TEMPLATE, ["particulars"], context, status=status)


def _context(found: Any, form: SchoolForm | None) -> dict[str, Any]:
    panel = history.panel(found, schools.PARTICULARS)
    return {
        "school": found,
        "form": form,
        "may_edit": form is not None,
        "history": panel.changes,
        "more_history_href": _older_href(found, panel),
        "conflict": None,
        "saved": False,
    }


def _older_href(found: Any, panel: history.Panel) -> str | None:
    if panel.older is None:
        return None
    address = reverse("schoolbook:school_history", kwargs={"school_id": found.pk})
    return f"{address}?before={panel.older}"


def _both_values(form: SchoolForm, conflict: Conflict) -> dict[str, Any]:
    """Both values of each field that differs; sending the form again would then mean the person's own."""
    mine = form.particulars.tidied()
    form.data = {**{name: form.data[name] for name in form.fields}, "version": conflict.version}
    return {
        "author": conflict.author,
        "at": conflict.at,
        "changes": [
            {"label": form[name].label, "theirs": theirs, "yours": getattr(mine, name)}
            for name, theirs in conflict.values.items()
            if theirs != getattr(mine, name)
        ],
    }
