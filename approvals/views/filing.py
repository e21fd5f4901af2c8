"""Asking for a correction: the form as it is on paper, with its original values filled in (R-120, R-121, R-128)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals import access
from approvals.forms.filing import AnotherForm, FilingForm
from approvals.selectors import filing as found
from approvals.selectors import requests as read
from approvals.selectors.outlook import outlook
from approvals.services import requests as service
from approvals.views.evidence import attach
from schoolbook import access as kernel
from schoolbook import clock, registry
from schoolbook.correctable import Correctable, Matter
from schoolbook.errors import Invalid
from schoolbook.http import Request, page, sent
from schoolbook.rules.permissions import Action


@dataclass(frozen=True)
class Paper:
    """The page that an address asks for: of which book, about what, the cell it names, and the draft there is."""

    book: Correctable
    asked: Mapping[str, str]
    matter: Matter
    cell: str
    draft: Any


@require_http_methods(["GET", "HEAD", "POST"])
def file_correction(request: Request) -> HttpResponse:
    """The form for one pupil on one page of a book; saved it is a draft, and its files stay with it."""
    kernel.require_anywhere(request.user, Action.FILE_CORRECTIONS)
    if "book" not in request.GET:
        return redirect("approvals:my_corrections")
    paper = _paper(request)
    form = FilingForm(request, matter=paper.matter, **_said_before(request, paper))
    if sent(request) is None:
        return _form_page(request, paper, form)
    if not form.is_valid():
        return _form_page(request, paper, form, status=422)
    proposal = service.Proposal(
        paper.book.name, paper.asked, form.typed, form.cleaned_data["reason"]
    )
    try:
        row = service.save_draft(proposal, actor=request.user)
    except Invalid as refusal:
        form.add_errors(refusal.errors)
        return _form_page(request, paper, form, status=422)
    if attach(request, row, form):
        return _form_page(request, _paper(request), form, status=422, is_kept=True)
    messages.success(
        request, _("The draft is kept. Nothing is sent yet: look at it, then send it.")
    )
    return redirect("approvals:draft", row.pk)


def _paper(request: Request) -> Paper:
    """What the address asks for. Raises Http404, PermissionDenied."""
    asked = request.GET.dict()
    try:
        book = registry.correctables.get(asked["book"])
    except KeyError as error:
        raise Http404 from error
    matter, cell = book.opened(request.user, asked), asked.get("cell", "")
    if cell and cell not in matter.by_key:
        raise Http404
    return Paper(book, asked, matter, cell, found.drafts(request.user, matter).first())


def _said_before(request: Request, paper: Paper) -> dict[str, Any]:
    """What the draft of this page says, or else the earlier request of one's own that is to be asked for again."""
    row, form = paper.draft, AnotherForm(request.GET)
    again = form.cleaned_data["again"] if form.is_valid() else None
    if row is None and again:
        row = access.own_correction(request.user, again)
        if (row.book, row.student_id) != (paper.matter.book, paper.matter.student_id):
            raise Http404
    if row is None:
        return {"said": {}}
    return {"said": {one.key: one.typed for one in read.lines(row)}, "reason": row.reason}


def _form_page(
    request: Request,
    paper: Paper,
    form: FilingForm,
    *,
    status: int = 200,
    is_kept: bool = False,
) -> HttpResponse:
    """The form, and with a draft the files that it has already; `is_kept` where only files were refused."""
    school: Any = request.user.school
    context = {
        "form": form,
        "cell": paper.cell,
        "heading": found.heading(paper.matter),
        "outlook": outlook(request.user, school, clock.today()),
        "book_title": paper.book.title,
        "back_href": paper.book.href(paper.matter.place, paper.matter.student_id),
        "draft": paper.draft,
        "evidence": read.evidence(paper.draft) if paper.draft else [],
        "may_be_corrected": any(not item.why_not for item in paper.matter.items),
        "is_kept": is_kept,
        "files_lost": bool(request.FILES) and not is_kept,
    }
    return page(request, "approvals/filing/form.html", context, status=status)
