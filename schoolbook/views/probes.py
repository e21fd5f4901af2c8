"""Answers for operators and their tools; nothing in them is secret."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from schoolbook.selectors import system


@login_not_required
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """The process is up."""
    return JsonResponse({"status": "up"})


@login_not_required
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """The database, the queue and the migrations are in order; 503 names what is not."""
    found = system.readiness()
    return JsonResponse({"ready": found.ready, **found.parts}, status=200 if found.ready else 503)
