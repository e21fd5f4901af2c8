"""What views answer with: a page, or one block of the same template as a fragment."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy
from django.template.loader import get_template
from django.utils.http import content_disposition_header
from django_htmx.middleware import HtmxDetails

from schoolbook import stored
from schoolbook.context import request_id
from schoolbook.rules.names import tidy

log = structlog.get_logger(__name__)

if TYPE_CHECKING:
    from schoolbook.models import User


FRAME = "base.html"
# A kept file is fetched, never shown in the site's own name; should a browser show it all the same, it can do nothing.
SEALED = "sandbox; default-src 'none'"


class Request(HttpRequest):
    """A request of somebody who is signed in, as typed views see it."""

    user: User
    htmx: HtmxDetails


def client_address(request: HttpRequest) -> str:
    """Where the request comes from: for the proxy that is trusted, what it says itself, the last entry it added."""
    if settings.TRUST_PROXY:
        forwarded = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        try:
            return str(ip_address(forwarded))
        except ValueError:
            pass
    return str(request.META.get("REMOTE_ADDR", ""))


def wants_a_page(request: HttpRequest) -> bool:
    """Whether a person follows a link, not a script."""
    if getattr(request, "htmx", False):
        return False
    return request.accepts("text/html")


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: everything that was posted, be it nothing; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The whole page."""
    html = get_template(template).render({"oob": False, **context}, request)
    return HttpResponse(html, status=status)


def fragment(
    request: HttpRequest,
    template: str,
    blocks: Sequence[str],
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """The named blocks of the template, one after the other, if htmx asks; else the whole page.

    The first block replaces the target of the request. The others are told `oob`, with which they find their own
    place on the page.
    """
    if not getattr(request, "htmx", False):
        return page(request, template, context, status=status)
    loaded: Any = get_template(template)
    values: dict[str, Any] = {**context, "request": request}
    values["csrf_input"] = csrf_input_lazy(request)
    values["csrf_token"] = csrf_token_lazy(request)
    for processor in loaded.backend.template_context_processors:
        values |= processor(request)
    # A page's own blocks, and those of the frame around every page.
    known = {**loaded.template.environment.get_template(FRAME).blocks, **loaded.template.blocks}
    html = ""
    for position, block in enumerate(blocks):
        inner = loaded.template.new_context({**values, "oob": position > 0})
        html += "".join(known[block](inner))
    return HttpResponse(html, status=status)


def attachment(
    request: HttpRequest, *, file: str, sha256: str, name: str, content_type: str
) -> HttpResponse:
    """A kept file to fetch, under the name that people gave it; the caller has asked access.

    `file` is its name in `schoolbook.stored`, `sha256` what was noted when it was stored. A file that is missing or
    differs is not served: a page says so with status 410, and the log says which file.
    """
    try:
        with stored.opened(file) as kept:
            content = kept.read()
    except (FileNotFoundError, ValueError):
        content = None
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        found = "missing" if content is None else "changed"
        log.error("kept_file_damaged", file=file, found=found)
        return page(request, "damaged_file.html", {"request_id": request_id()}, status=410)
    response = HttpResponse(content, content_type=content_type)
    plain = tidy(name).translate(dict.fromkeys(map(ord, '/\\:*?"<>|'), "-"))
    response["Content-Disposition"] = content_disposition_header(True, plain)
    response["Content-Security-Policy"] = SEALED
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
