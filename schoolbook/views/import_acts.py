"""One import: what it would do, applying it, what it did, and undoing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from schoolbook import access, listing
from schoolbook.errors import Invalid
from schoolbook.forms.imports import ApplyImportForm, PreviewFilterForm
from schoolbook.http import Request, page
from schoolbook.rules.imports import ImportKind
from schoolbook.rules.permissions import Action
from schoolbook.rules.preview import Outcome
from schoolbook.selectors import history
from schoolbook.services import imports as service
from schoolbook.services import sessions
from schoolbook.views.import_words import CODES, shown
from schoolbook.views.second_factor import prompts_for_second_factor

HISTORY = ("state", "new", "changed", "same", "refused")


@require_safe
def import_act(request: Request, import_id: int) -> HttpResponse:
    """What an import would do, as things are now, or what it did."""
    return _answer(request, import_id)


@require_POST
@prompts_for_second_factor
def apply_import(request: Request, import_id: int) -> HttpResponse:
    """Write what the preview shows, all of it or nothing."""
    access.import_act(request.user, import_id, to=Action.IMPORT)
    form = ApplyImportForm(request.POST)
    if not form.is_valid():
        return _answer(request, import_id, form=form, status=422)
    try:
        service.apply(
            import_id=import_id,
            digest=form.cleaned_data["digest"],
            leave_out=form.cleaned_data["leave_out"],
            actor=request.user,
            verified_at=sessions.verified_at(request.session),
        )
    except service.Outdated as refusal:
        return _answer(request, import_id, outdated=_sentences(refusal), status=409)
    except Invalid as refusal:
        form.add_errors(refusal.errors)
        return _answer(request, import_id, form=form, status=422)
    messages.success(request, _("The import is applied."))
    return redirect("schoolbook:import_act", import_id=import_id)


@require_POST
@prompts_for_second_factor
def undo_import(request: Request, import_id: int) -> HttpResponse:
    """Take back what an import did."""
    access.import_act(request.user, import_id, to=Action.IMPORT)
    verified_at = sessions.verified_at(request.session)
    try:
        service.undo(import_id=import_id, actor=request.user, verified_at=verified_at)
    except Invalid as refusal:
        return _answer(request, import_id, not_undone=_sentences(refusal), status=422)
    messages.success(request, _("The import is undone."))
    return redirect("schoolbook:import_act", import_id=import_id)


def _sentences(refusal: Invalid) -> str:
    return " ".join(map(str, refusal.errors.values()))


def _answer(
    request: Request,
    import_id: int,
    *,
    form: ApplyImportForm | None = None,
    outdated: str = "",
    not_undone: str = "",
    status: int = 200,
) -> HttpResponse:
    act = access.import_act(request.user, import_id, to=Action.IMPORT)
    context: dict[str, Any] = {
        "act": act,
        "code_label": capfirst(str(CODES[ImportKind(act.kind)])),
        "history": history.panel(act, HISTORY).changes,
        "outdated": outdated,
        "not_undone": not_undone,
    }
    if act.state == "previewed":
        context |= _preview(request, act, form)
        return page(request, "schoolbook/imports/preview.html", context, status=status)
    context["obstacle"] = service.why_not(act) if act.state == "applied" else ""
    return page(request, "schoolbook/imports/done.html", context, status=status)


def _preview(request: Request, act: Any, form: ApplyImportForm | None) -> dict[str, Any]:
    plan = service.plan_of(act)
    filter_form = PreviewFilterForm(request.GET)
    wanted = filter_form.cleaned_data["outcome"] if filter_form.is_valid() else ""
    entries = [e for e in plan.preview.entries if wanted in {"", e.outcome}]
    part = listing.part_of(request, entries)
    if form is None or form.errors.get("digest"):
        form = ApplyImportForm()
    form.initial["digest"] = plan.preview.digest
    counts = {outcome.value: plan.preview.counts[outcome] for outcome in Outcome}
    return {
        "part": part,
        "rows": [shown(entry, ImportKind(act.kind)) for entry in part.rows],
        "counts": counts,
        "total": len(plan.preview.entries),
        "to_write": counts["new"] + counts["changed"],
        "wanted": wanted,
        "content": act.content,
        "digest": plan.preview.digest,
        "form": form,
    }
