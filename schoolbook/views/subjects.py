"""The subjects of the school, and of each class with periods, kind of assessment and terms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolbook import access
from schoolbook.forms.years import (
    AddSubjectForm,
    CopySubjectsForm,
    EditSubjectForm,
    SubjectForm,
    TaughtForm,
    UsualSubjectsForm,
)
from schoolbook.http import Request, page, sent
from schoolbook.rules.permissions import Action
from schoolbook.selectors import structure as found
from schoolbook.services import classes, structure
from schoolbook.views.acts import ActPage, answer


@require_safe
def subjects(request: Request) -> HttpResponse:
    """The subjects of the school in the order of its books."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.VIEW_SCHOOL)
    may_set_up = access.may(request.user, Action.SET_UP_YEAR)
    context = {"subjects": found.subjects(school), "may_set_up": may_set_up}
    return page(request, "schoolbook/years/subjects.html", context)


@require_POST
def take_catalogue(request: Request) -> HttpResponse:
    """Enter the Ministry's subjects of the level that the school does not have yet."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.SET_UP_YEAR)
    count = len(structure.take_catalogue(school=school, actor=request.user))
    words = ngettext("%(count)s subject is entered.", "%(count)s subjects are entered.", count)
    messages.success(request, words % {"count": count})
    return redirect("schoolbook:subjects")


@require_http_methods(["GET", "HEAD", "POST"])
def add_subject(request: Request) -> HttpResponse:
    """Enter a subject of the school's own."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.SET_UP_YEAR)
    form = SubjectForm(sent(request))
    shown = ActPage(
        title=_("A new subject"),
        text=_("One that the Ministry's list of the level does not have."),
        submit=_("Enter it"),
        trail=[(_("Subjects of the school"), reverse("schoolbook:subjects"))],
    )

    def act() -> object:
        return classes.add_subject(school=school, actor=request.user, **form.cleaned_data)

    return answer(request, form, act, shown, done=_("The subject is entered."))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_subject(request: Request, subject_id: int) -> HttpResponse:
    """Rename a subject, or say how classes that get it from now on are assessed in it."""
    subject = access.subject(request.user, subject_id, to=Action.SET_UP_YEAR)
    initial = {name: getattr(subject, name) for name in found.SUBJECT_FIELDS}
    form = EditSubjectForm(sent(request), version=found.mark(subject), initial=initial)
    shown = ActPage(
        title=_("Change %(name)s") % {"name": subject.name},
        text=_("Classes that have the subject already keep how they are assessed in it."),
        submit=_("Save"),
        trail=[(_("Subjects of the school"), reverse("schoolbook:subjects"))],
        history=found.panel(subject),
    )

    def act() -> object:
        said = form.cleaned_data
        return classes.edit_subject(subject_id=subject.pk, actor=request.user, **said)

    return answer(request, form, act, shown, done=_("The subject is saved."))


@require_http_methods(["GET", "HEAD", "POST"])
def class_subjects(request: Request, class_group_id: int) -> HttpResponse:
    """Periods, kind of assessment and terms of every subject of a class, on one page."""
    group = access.class_group(request.user, class_group_id, to=Action.SET_UP_YEAR)
    form = TaughtForm(sent(request), taught=found.taught(group), version=found.taught_mark(group))
    shown = ActPage(
        title=_("Subjects of class %(class)s") % {"class": group.name},
        text=_("How many periods each has a year, how it is assessed, and in which terms."),
        submit=_("Save"),
        trail=_trail(group)[:-1],
        history=found.taught_panel(group),
        template="schoolbook/years/class_subjects.html",
        more={"group": group},
    )

    def act() -> object:
        return classes.edit_subjects(
            class_group_id=group.pk,
            wanted=form.wanted,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
            actor=request.user,
        )

    back = request.path
    return answer(request, form, act, shown, done=_("The subjects are saved."), back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def take_usual_subjects(request: Request, class_group_id: int) -> HttpResponse:
    """Give a class those of the usual subjects of its grade that it learns."""
    group = access.class_group(request.user, class_group_id, to=Action.SET_UP_YEAR)
    form = UsualSubjectsForm(sent(request), subjects=found.usual_lacking(group, group.school))
    shown = ActPage(
        title=_("Usual subjects for class %(class)s") % {"class": group.name},
        text=_("What its grade usually has and the class does not yet, with the usual periods."),
        submit=_("Take them"),
        trail=_trail(group),
    )

    def act() -> object:
        codes = form.cleaned_data["codes"]
        return structure.take_usual_subjects(class_group=group, codes=codes, actor=request.user)

    return answer(request, form, act, shown, done=_("The subjects are entered."))


@require_http_methods(["GET", "HEAD", "POST"])
def add_class_subject(request: Request, class_group_id: int) -> HttpResponse:
    """Give a class one more subject."""
    group = access.class_group(request.user, class_group_id, to=Action.SET_UP_YEAR)
    form = AddSubjectForm(sent(request), subjects=found.lacking(group, group.school))
    shown = ActPage(
        title=_("One more subject for class %(class)s") % {"class": group.name},
        text=_("It cannot be taken away again: what was taught stays in the books."),
        submit=_("Enter it"),
        trail=_trail(group),
    )

    def act() -> object:
        said = form.cleaned_data
        return structure.teach_subject(class_group=group, actor=request.user, **said)

    return answer(request, form, act, shown, done=_("The subject is entered."))


@require_http_methods(["GET", "HEAD", "POST"])
def copy_subjects(request: Request, class_group_id: int) -> HttpResponse:
    """Give the other classes of the grade the subjects of this one that they lack."""
    group = access.class_group(request.user, class_group_id, to=Action.SET_UP_YEAR)
    form = CopySubjectsForm(sent(request), groups=found.parallel(group))
    shown = ActPage(
        title=_("Copy the subjects of class %(class)s") % {"class": group.name},
        text=_("Subjects that the others have already stay as they are."),
        submit=_("Copy"),
        trail=_trail(group),
    )

    def act() -> object:
        said = form.cleaned_data
        return classes.copy_subjects(class_group_id=group.pk, actor=request.user, **said)

    return answer(request, form, act, shown, done=_("The subjects are copied."))


def _trail(group: Any) -> list[tuple[str, str]]:
    there = reverse("schoolbook:class_assignments", kwargs={"class_group_id": group.pk})
    here = reverse("schoolbook:class_subjects", kwargs={"class_group_id": group.pk})
    label = _("Class %(class)s") % {"class": group.name}
    return [(label, there), (_("Subjects and periods"), here)]
