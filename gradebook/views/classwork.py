"""What teachers keep beside the cells: phrases for comments, and the columns of a sheet."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gradebook.forms.classwork import ColumnsForm, PhraseForm
from gradebook.selectors import phrases as kept
from gradebook.selectors.books import Place
from gradebook.services import phrases as services
from gradebook.services import sheets
from schoolbook.errors import Invalid
from schoolbook.http import Request, fragment, page

TEMPLATE = "gradebook/phrases.html"


@require_safe
def phrases(request: Request) -> HttpResponse:
    """One's own phrases; as buttons alone for the script of the sheet."""
    context = {"phrases": kept.own(request.user), "form": PhraseForm()}
    return fragment(request, TEMPLATE, ["buttons"], context)


@require_POST
def add_phrase(request: Request) -> HttpResponse:
    """Keep a phrase."""
    form = PhraseForm(request.POST)
    if form.is_valid():
        try:
            services.add(text=form.cleaned_data["text"], actor=request.user)
        except Invalid as refusal:
            form.add_errors(refusal.errors)
        else:
            messages.success(request, _("The phrase is kept."))
            return redirect("gradebook:phrases")
    context = {"phrases": kept.own(request.user), "form": form}
    return page(request, TEMPLATE, context, status=422)


@require_POST
def put_away_phrase(request: Request, phrase_id: int) -> HttpResponse:
    """Offer a phrase no longer."""
    services.put_away(phrase_id=phrase_id, actor=request.user)
    messages.success(request, _("The phrase is put away."))
    return redirect("gradebook:phrases")


@require_POST
def set_regular(request: Request, class_subject_id: int, term: int) -> HttpResponse:
    """Widen or narrow a sheet by regular columns."""
    place = Place(term, class_subject_id=class_subject_id)
    form = ColumnsForm(request.POST)
    columns = form.cleaned_data["columns"] if form.is_valid() else 0
    try:
        sheets.set_regular(place=place, columns=columns, actor=request.user)
    except Invalid as refusal:
        messages.error(request, next(iter(refusal.errors.values())))
    else:
        messages.success(request, _("The sheet has its columns."))
    return redirect("gradebook:subject_sheet", class_subject_id, term)
