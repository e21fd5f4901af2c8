"""What proves the history: the newest gathered head, to be kept outside of Schoolbook."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from schoolbook import access
from schoolbook.http import Request, page
from schoolbook.rules.permissions import Action
from schoolbook.selectors import chain

LINES = "application/jsonl; charset=utf-8"


@require_safe
def audit(request: Request) -> HttpResponse:
    """The newest head as a line to copy, and what it covers."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.VIEW_SECURITY)
    newest = chain.newest_gathering(school)
    context = {
        "newest": newest,
        "line": chain.line_of(newest, school) if newest else "",
        "covered": chain.covered(school),
    }
    return page(request, "schoolbook/audit.html", context)


@require_safe
def export_heads(request: Request) -> HttpResponse:
    """Every gathered head of the school, a line each."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.VIEW_SECURITY)
    lines = "".join(f"{head.line()}\n" for head in chain.kept(chain.gatherings_of(school)))
    response = HttpResponse(lines, content_type=LINES)
    name = f"heads-{school.abbreviation}.jsonl"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
