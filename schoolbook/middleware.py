"""What happens to every request, whichever view answers it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from schoolbook.context import identified
from schoolbook.http import wants_a_page
from schoolbook.rules.routes import ROUTES, Openness
from schoolbook.services import drafts, sessions
from schoolbook.views import probes as probe_views

log = structlog.get_logger("schoolbook.request")

Answer = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


def request_context(get_response: Answer) -> Answer:
    """Give the request its id, and log one line when it has been answered.

    The line says which view, not which address: an address may hold what somebody searched for.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        with identified() as number:
            response = get_response(request)
            response.headers["X-Request-ID"] = number
            match = request.resolver_match
            log.info(
                "request",
                method=request.method,
                view=match.view_name if match else None,
                status=response.status_code,
                milliseconds=round((time.perf_counter() - started) * 1000),
                user_id=getattr(getattr(request, "_cached_user", None), "pk", None),
            )
            return response

    return answer


def browser_policy(get_response: Answer) -> Answer:
    """Tell the browser what pages may do, and to keep none of them.

    Files with a digest in their name say otherwise themselves.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return answer


def probes(get_response: Answer) -> Answer:
    """Answer operators' questions before sessions, host names and redirects come in."""
    views = {"/health/": probe_views.health, "/ready/": probe_views.ready}

    def answer(request: HttpRequest) -> HttpResponseBase:
        view = views.get(request.path_info)
        return view(request) if view else get_response(request)

    return answer


def language(get_response: Answer) -> Answer:
    """Vietnamese, unless this browser has chosen English here; what the browser prefers is not asked.

    Many a school computer runs an English system, and its users still want the words of the circulars.
    """
    known = dict(settings.LANGUAGES)

    def answer(request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(code):
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        patch_vary_headers(response, ["Cookie"])
        return response

    return answer


def session_limits(get_response: Answer) -> Answer:
    """End a session that was idle or has lasted for too long, before any page is shown to it."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated and not sessions.goes_on(request.session, user):
            logout(request)
            messages.info(
                request, _("You were signed out because your session had lasted long enough.")
            )
        return get_response(request)

    return answer


class SecondFactorAsked(MiddlewareMixin):
    """After the password, nothing but the second factor is answered to those who have one."""

    OPEN = frozenset({Openness.ANYBODY, Openness.HALF_SIGNED_IN})

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        """Ask for it, unless the address is one that the way there needs."""
        if not request.user.is_authenticated or not sessions.second_factor_asked(request.session):
            return None
        match = request.resolver_match
        route = ROUTES.get(match.view_name if match else "")
        if route and self.OPEN.intersection(route.methods.values()):
            return None
        if not wants_a_page(request):
            return HttpResponse(_("Enter your second factor first."), status=401)
        return redirect_to_login(request.get_full_path(), reverse("schoolbook:second_factor"))


class SignInRequired(LoginRequiredMiddleware):
    """Every page asks for signing in unless its view says otherwise.

    A fetch by a script gets 401 and a sentence: a whole sign-in page in the middle of another would help nobody.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        """Send a person to the sign-in page and a script away."""
        if not wants_a_page(request):
            return HttpResponse(_("You have been signed out. Sign in again."), status=401)
        if request.method not in {"GET", "HEAD"}:
            # What was sent cannot be asked for again by its address: lead back to the page with the form.
            if page := drafts.keep(request):
                messages.info(
                    request,
                    _("You had been signed out. What you typed is kept: sign in to save it."),
                )
                return redirect_to_login(page, settings.LOGIN_URL)
            messages.warning(
                request, _("You had been signed out, so what you sent last was not saved.")
            )
            return redirect_to_login(self._page_of(request), settings.LOGIN_URL)
        return super().handle_no_permission(request, view_func)

    def _page_of(self, request: HttpRequest) -> str:
        """The page of ours that a request came from, or the home page."""
        page = urlsplit(request.headers.get("Referer", ""))
        return page.path if page.netloc == request.get_host() and page.path else "/"
