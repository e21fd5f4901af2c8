"""Evidence: putting files to a draft, taking them out, and handing them over, which only access lets (R-120)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals import access
from approvals.forms.filing import EvidenceForm
from approvals.services import requests as service
from approvals.views.drafts import draft_page, gone, words_of
from schoolbook import evidence as files_of
from schoolbook.errors import Invalid
from schoolbook.http import Request, attachment

TYPES = {kind.value: said for kind, said in files_of.CONTENT_TYPES.items()}


@require_POST
def add_evidence(request: Request, own_correction_id: int) -> HttpResponse:
    """Put one or several files to a draft of one's own; a refused one is named, the others stay."""
    row = access.own_correction(request.user, own_correction_id)
    if away := gone(request, row):
        return away
    form = EvidenceForm(request)
    if not form.is_valid() or attach(request, row, form):
        return draft_page(request, row, form=form, status=422)
    messages.success(request, _("The evidence is kept with the draft."))
    return redirect("approvals:draft", row.pk)


@require_POST
def take_out_evidence(request: Request, own_evidence_id: int) -> HttpResponse:
    """Take a file out of a draft of one's own."""
    found = access.own_evidence(request.user, own_evidence_id)
    row = access.own_correction(request.user, found.correction_id)
    if away := gone(request, row):
        return away
    try:
        service.take_out_evidence(evidence_id=found.pk, actor=request.user)
    except Invalid as refusal:
        return draft_page(request, row, problem=words_of(refusal), status=422)
    messages.success(request, _("%(name)s is taken out.") % {"name": found.name})
    return redirect("approvals:draft", row.pk)


@require_safe
def evidence(request: Request, evidence_id: int) -> HttpResponse:
    """The file as it is kept, to be saved and looked at; never shown by the browser in the name of this site."""
    found = access.evidence(request.user, evidence_id)
    return attachment(
        request,
        file=found.stored,
        sha256=found.stored_sha256,
        name=found.name,
        content_type=TYPES[found.kind],
    )


def attach(request: Request, row: Any, form: EvidenceForm) -> bool:
    """Put the files of a valid form to a draft, each by itself; whether one was refused, which the form then says."""
    refused = [form.too_big] if form.too_big else []
    for file in form.cleaned_data["evidence"]:
        try:
            service.add_evidence(
                correction_id=row.pk, content=file.read(), name=file.name, actor=request.user
            )
        except Invalid as refusal:
            refused.append(f"{file.name}: {words_of(refusal)}")
    for sentence in refused:
        form.add_error("evidence", sentence)
    return bool(refused)
