"""The Jinja2 environment of all pages, and what every page is told.

An undefined name is an error, never an empty string. The macros in `templates/components/` are at hand everywhere as
`ui.forms`, `ui.history` and so on, also where only one block of a page is rendered.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import jinja2
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation

from schoolbook import access, clock
from schoolbook.context import request_id
from schoolbook.registry import navigation
from schoolbook.services import sessions


class Components:
    """The modules of `templates/components/`, loaded when first named."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Any:
        return self._environment.get_template(f"components/{name}.html").module


def environment(**options: Any) -> jinja2.Environment:
    """Build the environment; Django's Jinja2 backend calls this once."""
    options["undefined"] = jinja2.StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    # Django's backend turns autoescape on.
    made = jinja2.Environment(  # noqa: S701
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **options
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext,
        ngettext=translation.ngettext,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
        newstyle=True,
    )
    made.globals.update(
        static=static,
        url=url,
        date=format_date,
        date_time=format_date_time,
        school_now=clock.now,
        ui=Components(made),
    )
    return made


def url(name: str, **arguments: Any) -> str:
    """The address of a view by the name of its URL."""
    return reverse(name, kwargs=arguments)


def format_date(value: date) -> str:
    """A day as it is written in Viet Nam, 05/09/2026."""
    return value.strftime("%d/%m/%Y")


def format_date_time(value: datetime) -> str:
    """A moment by the clock of Viet Nam: 14:05 05/09/2026."""
    return timezone.localtime(value).strftime("%H:%M %d/%m/%Y")


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page is told beside what its view says."""
    user: Any = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    if signed_in and sessions.second_factor_asked(request.session):
        signed_in = False  # halfway: no page of the school is open yet
    return {
        "user": user,
        "school": user.school if signed_in else None,
        "navigation": _links(request) if signed_in else [],
        "messages": get_messages(request),
        "mode": settings.MODE,
        "request_id": request_id(),
        "LANGUAGE_CODE": translation.get_language(),
        "LANGUAGES": settings.LANGUAGES,
    }


def _links(request: HttpRequest) -> list[dict[str, Any]]:
    links = []
    user: Any = request.user
    entries = navigation.entries()
    rights = access.rights(user) if any(entry.rights for entry in entries) else frozenset()
    for entry in entries:
        if entry.rights and not entry.rights & rights:
            continue
        href = url(entry.route, **entry.arguments(user))
        links.append({"label": entry.label, "href": href, "current": href == request.path})
    return links
