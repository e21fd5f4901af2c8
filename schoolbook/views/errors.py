"""Pages for what goes wrong: a sentence, what to do next, and the number of the request for whoever helps."""

from __future__ import annotations

import sys
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.utils.translation import gettext as _

from schoolbook.context import request_id
from schoolbook.errors import SecondFactorMissing
from schoolbook.http import page, wants_a_page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Something about the request itself is wrong."""
    return _bare("400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The person may not do this; the sentence says why if it was written for a person."""
    if isinstance(exception, SecondFactorMissing) and request.method in {"GET", "HEAD"}:
        messages.warning(request, str(exception))
        return redirect("schoolbook:set_up_second_factor")
    sentence = next((arg for arg in exception.args if isinstance(arg, str)), "")
    if not wants_a_page(request):
        return HttpResponse(sentence or _("You may not do this."), status=403)
    return page(request, "403.html", {"sentence": sentence}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page, or none that this person may know of."""
    return page(request, "404.html", {}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours, told without anything that could be broken too.

    A database that cannot be reached, or that starts again, is no fault of the program: the page may be tried again.
    """
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    try:
        return _bare("503.html", 503) if away else _bare("500.html", 500)
    except Exception:  # whatever is wrong with templates or files, say something
        sentence = "Đã có lỗi ngoài dự kiến. / Something went wrong."
        return HttpResponse(
            f"{sentence} {request_id()}", status=500, content_type="text/plain; charset=utf-8"
        )


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere."""
    return _bare("403_csrf.html", 403)


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Too many wrong passwords for one account from one address."""
    return _bare("429.html", 429)


def _bare(template: str, status: int) -> HttpResponse:
    html = get_template(template).render({"request_id": request_id()})
    return HttpResponse(html, status=status)
