"""Ending one's own sessions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schoolbook.http import Request
from schoolbook.services import sessions


@require_POST
def end_session(request: Request, public_id: UUID) -> HttpResponse:
    """End one of them."""
    sessions.end(public_id=public_id, actor=request.user)
    messages.success(request, _("That session has ended."))
    return redirect("schoolbook:my_account")


@require_POST
def end_other_sessions(request: Request) -> HttpResponse:
    """End all but this one."""
    sessions.end_all(request.user, but=request.session.session_key)
    messages.success(request, _("You are signed in only here now."))
    return redirect("schoolbook:my_account")
