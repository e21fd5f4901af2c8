"""The first page after signing in: what this person has to do."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from schoolbook.http import Request, page
from schoolbook.page_memo import one_page
from schoolbook.registry import worklist


@require_safe
def home(request: Request) -> HttpResponse:
    """The worklist; what this person may do is asked once for all who have something to put on it."""
    with one_page():
        return page(request, "schoolbook/home.html", {"cards": worklist.cards(request.user)})
