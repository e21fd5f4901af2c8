"""Every component in every state, for those who build pages and for the accessibility test."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from schoolbook.forms.school import SchoolForm
from schoolbook.http import Request, page


@require_safe
def gallery(request: Request) -> HttpResponse:
    """Show it to signed-in people of the demo; elsewhere there is no such page."""
    if settings.MODE not in {"demo", "test"}:
        raise Http404
    refused = SchoolForm(
        {"name": "", "abbreviation": "THPT Số 1", "version": "1"}, auto_id="wrong_%s"
    )
    return page(request, "schoolbook/gallery.html", {"form": refused, "blank_form": SchoolForm()})
