"""Acts over many cells: looked at by the script of a sheet, shown, applied, and undone; each person's own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gradebook import access
from gradebook.forms.acts import ApplyForm, leaves_out, read_paste
from gradebook.selectors import acts as selector
from gradebook.selectors.books import Place
from gradebook.services import acts as service
from gradebook.services.acts import Asked, NotAsShown
from gradebook.views import act_answers
from schoolbook import access as core
from schoolbook import listing
from schoolbook.errors import Invalid
from schoolbook.forms.imports import PreviewFilterForm
from schoolbook.http import Request, page
from schoolbook.rules.permissions import Action
from schoolbook.rules.preview import Outcome
from schoolbook.services import drafts

MOST_TROUBLES = 20


@require_POST
def preview_paste_subject(request: Request, class_subject_id: int, term: int) -> HttpResponse:
    """What a paste or fill would do on the sheet of a subject; asked by its script, as JSON."""
    return _preview(request, Place(term, class_subject_id=class_subject_id))


@require_POST
def preview_paste_class(request: Request, class_group_id: int, term: int) -> HttpResponse:
    """What a paste or fill would do on the homeroom teacher's sheet; asked by its script, as JSON."""
    return _preview(request, Place(term, class_group_id=class_group_id))


def _preview(request: Request, place: Place) -> HttpResponse:
    access.book(request.user, place, to=Action.ENTER_MARKS)
    try:
        account, kind, cells = read_paste(request.body)
    except Invalid as error:
        sentence = " ".join(map(str, error.errors.values()))
        return JsonResponse({"sentence": sentence}, status=422)
    if account != drafts.account(request.user):
        sentence = _("Another account is signed in now. Nothing of this was saved.")
        return JsonResponse({"sentence": sentence}, status=409)
    act = service.preview(kind=kind, asked=[Asked(place, cells)], actor=request.user)
    return act_answers.looked(act)


@require_POST
def bring_marks(
    request: Request, class_subject_id: int, term: int, student_id: int
) -> HttpResponse:
    """Look at the marks that a pupil brings along from the class of before."""
    place = Place(term, class_subject_id=class_subject_id)
    try:
        act = service.bring(place=place, student_id=student_id, actor=request.user)
    except Invalid as refusal:
        messages.warning(request, next(iter(refusal.errors.values())))
        return redirect("gradebook:subject_sheet", class_subject_id, term)
    return redirect("gradebook:act", act_id=act.pk)


@require_safe
def acts(request: Request) -> HttpResponse:
    """What this person did or began with many cells at once, newest first."""
    part = listing.part_of(request, selector.acts_of(request.user))
    may_import = Action.ENTER_MARKS in core.rights(request.user)
    return page(request, "gradebook/acts/acts.html", {"part": part, "may_import": may_import})


@require_safe
def act(request: Request, act_id: int) -> HttpResponse:
    """What an act would do, or did, cell by cell."""
    return _page(request, act_id)


@require_POST
def apply_act(request: Request, act_id: int) -> HttpResponse:
    """Write what the preview shows, all of it or nothing; for a form or a script."""
    access.act(request.user, act_id)
    fetch = act_answers.is_fetch(request)
    try:
        done = service.apply(act_id=act_id, leave_out=leaves_out(request), actor=request.user)
    except (NotAsShown, Invalid) as error:
        if fetch:
            return act_answers.not_done(error)
        return _page(request, act_id, error=error, status=409)
    if fetch:
        undo = reverse("gradebook:undo_act", kwargs={"act_id": act_id})
        return act_answers.done(done, undo=undo)
    messages.success(request, _("The marks are written."))
    return redirect("gradebook:act", act_id=act_id)


@require_POST
def undo_act(request: Request, act_id: int) -> HttpResponse:
    """Take back what an act did, all of it or nothing; for a form or a script."""
    access.act(request.user, act_id)
    fetch = act_answers.is_fetch(request)
    try:
        done = service.undo(act_id=act_id, actor=request.user)
    except (NotAsShown, Invalid) as error:
        if fetch:
            return act_answers.not_done(error)
        return _page(request, act_id, error=error, status=409)
    if fetch:
        return act_answers.done(done)
    messages.success(request, _("It is undone: every cell holds again what it held before."))
    return redirect("gradebook:act", act_id=act_id)


def _page(
    request: Request, act_id: int, *, error: NotAsShown | Invalid | None = None, status: int = 200
) -> HttpResponse:
    act = access.act(request.user, act_id)
    form = ApplyForm(request.POST if isinstance(error, Invalid) else None)
    if isinstance(error, Invalid):
        form.add_errors(error.errors)
        status = 422
    applied = act.state == "applied" and act.kind != "undo"
    in_the_way = service.in_the_way(act)[:MOST_TROUBLES] if applied else ()
    trouble = error if isinstance(error, NotAsShown) else None
    context: dict[str, Any] = {
        "act": act,
        "form": form,
        "facts": _facts(act),
        "trouble": trouble,
        "in_trouble": selector.named(act, trouble.cells[:MOST_TROUBLES] if trouble else ()),
        "in_the_way": selector.named(act, in_the_way),
        **_cells(request, act),
    }
    return page(request, "gradebook/acts/act.html", context, status=status)


def _cells(request: Request, act: Any) -> dict[str, Any]:
    """The cells of an act, a page of them at a time, and how many have which outcome."""
    asked = PreviewFilterForm(request.GET)
    wanted = asked.cleaned_data["outcome"] if asked.is_valid() else ""
    counts = {outcome.value: getattr(act, outcome.value) for outcome in Outcome}
    return {
        "sheets": selector.sheets_of(act),
        "part": listing.part_of(request, selector.rows_of(act, wanted)),
        "wanted": wanted,
        "counts": counts,
        "total": sum(counts.values()),
        "to_write": counts["new"] + counts["changed"],
    }


def _facts(act: Any) -> list[dict[str, object]]:
    """What is known of an act beside its cells."""
    undone = _("number %(number)s") % {"number": act.undoes_id} if act.undoes_id else ""
    facts = [
        (_("Number"), act.pk),
        (_("School year"), act.year),
        (_("File"), act.file_name),
        (_("Taken over from"), act.source),
        (_("What it undoes"), undone),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]
