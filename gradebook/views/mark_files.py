"""Marks from files and to files, in the layout of vnEdu and the sector's database."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gradebook import access, excel, words
from gradebook.forms.acts import StartImportForm, TargetForm
from gradebook.rules.columns import TERMS
from gradebook.selectors.books import Book, Place
from gradebook.selectors.sheet import sheet
from gradebook.services import acts as service
from gradebook.services.acts import Chosen
from schoolbook import access as core
from schoolbook import listing
from schoolbook.errors import Invalid
from schoolbook.http import Request, page
from schoolbook.rules.permissions import Action


@require_http_methods(["GET", "HEAD", "POST"])
def start_import(request: Request) -> HttpResponse:
    """Choose a file of marks, for one sheet or for all of a term; what it would do is shown before it is written."""
    core.require_anywhere(request.user, Action.ENTER_MARKS)
    school = request.user.school
    assert school  # who has a right anywhere works somewhere
    target = _target(request)
    form = StartImportForm(request, school=school, has_target=target is not None)
    if form.is_valid():
        found = form.cleaned_data
        year, term = (target.year, target.term) if target else (found["year"], found["term"])
        try:
            act = service.start(
                file=found["file"],
                file_name=found["file"].name,
                chosen=Chosen(year, term, target, found["source"]),
                actor=request.user,
            )
        except Invalid as refusal:
            form.add_errors(refusal.errors)
        else:
            return redirect("gradebook:act", act_id=act.pk)
    title = words.sheet_title(target) if target else ""
    context = {"form": form, "title": title, "action": request.get_full_path()}
    status = 422 if form.is_bound else 200
    return page(request, "gradebook/acts/start.html", context, status=status)


def _target(request: Request) -> Book | None:
    form = TargetForm(request.GET)
    if not form.is_valid():
        return None
    place = Place(form.cleaned_data["term"], class_subject_id=form.cleaned_data["class_subject"])
    return access.book(request.user, place, to=Action.ENTER_MARKS)


@require_safe
def export_subject_sheet(request: Request, class_subject_id: int, term: int) -> HttpResponse:
    """The sheet of a subject as a workbook that the import reads back."""
    book = access.subject_book(request.user, class_subject_id, term)
    title = words.sheet_title(book)
    return listing.spreadsheet(excel.workbook([sheet(book)], by_class=True), title)


@require_safe
def export_class_workbook(request: Request, class_group_id: int, term: int) -> HttpResponse:
    """The sheets of all subjects of a class that this person may look at, as one workbook."""
    group = core.class_group(request.user, class_group_id, to=Action.VIEW_CLASS)
    if term not in TERMS:
        raise Http404
    seen = core.class_subjects(request.user, Action.VIEW_MARKS).filter(
        class_group=group, **{f"in_term{term}": True}
    )
    ids = list(seen.order_by("subject__place", "pk").values_list("pk", flat=True))
    if not ids:
        core.class_group(request.user, class_group_id, to=Action.VIEW_MARKS)
        raise Http404(_("The class has no subject in this term."))
    sheets = [sheet(access.subject_book(request.user, pk, term)) for pk in ids]
    return listing.spreadsheet(excel.workbook(sheets), f"{group.name} · HK{'I' * term}")
