"""The second factor: after the password, before acts of power, and setting it up."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from schoolbook import demo, qr, totp
from schoolbook.errors import Invalid, SecondFactorNeeded
from schoolbook.forms.accounts import PresentPasswordForm, SecondFactorForm, SetUpSecondFactorForm
from schoolbook.http import Request, page, sent, wants_a_page
from schoolbook.selectors import security
from schoolbook.services import second_factor as service
from schoolbook.services import sessions
from schoolbook.views.session import not_signed_in, signed_in

PROMPT = "schoolbook/account/second_factor_prompt.html"
PREFIX, PENDING, RENEW = "second_factor", "totp", "renew"
PRODUCT = "Schoolbook"
P = ParamSpec("P")


def prompts_for_second_factor(
    view: Callable[Concatenate[Request, P], HttpResponse],
) -> Callable[Concatenate[Request, P], HttpResponse]:
    """Ask in place when the service wants a second factor of the last minutes, then send the same act again.

    What was typed travels in hidden fields, files excepted.
    """

    @wraps(view)
    def answer(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if f"{PREFIX}-code" in request.POST:
            form = SecondFactorForm(request.POST, prefix=PREFIX)
            if not _accepted(request, form):
                return _prompt(request, form)
        try:
            return view(request, *args, **kwargs)
        except SecondFactorNeeded:
            return _prompt(request, SecondFactorForm(prefix=PREFIX))

    return answer


def _accepted(request: Request, form: SecondFactorForm) -> bool:
    """Whether the code was right; if so, the session knows, and if not, the form says why."""
    if not form.is_valid():
        return False
    try:
        service.verify(code=form.cleaned_data["code"], user=request.user)
    except Invalid as refusal:
        form.add_errors(refusal.errors)
        return False
    sessions.note_second_factor(request.session)
    return True


def _prompt(request: Request, form: SecondFactorForm) -> HttpResponse:
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {f"{PREFIX}-code", "csrfmiddlewaretoken"}
    ]
    context = {"form": form, "typed": typed, "demo_code": demo.code_of(request.user.username)}
    return page(request, PROMPT, context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: Request) -> HttpResponse:
    """After the password: ask for the code, then go on to the page that was asked for."""
    onward = request.POST.get("next", request.GET.get("next", ""))
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure()):
        onward = resolve_url("schoolbook:home")
    in_place = not wants_a_page(request)
    if not sessions.second_factor_asked(request.session):
        return signed_in(request) if in_place else redirect(onward)
    form = SecondFactorForm(sent(request))
    if form.is_bound and _accepted(request, form):
        return signed_in(request) if in_place else redirect(onward)
    if in_place and form.is_bound:
        return not_signed_in(form)
    code = demo.code_of(request.user.username)
    context = {"form": form, "next": onward, "demo_code": code}
    status = 422 if form.errors else 200
    return page(request, "schoolbook/account/second_factor.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@prompts_for_second_factor
def set_up_second_factor(request: Request) -> HttpResponse:
    """Choose a phone or a printed sheet, change between them, or print a new sheet."""
    chosen = request.POST.get("method")
    secret = request.session.setdefault(PENDING, totp.new_secret())
    form = SetUpSecondFactorForm(sent(request))
    own = security.own(request.user)
    # Somebody who finds a signed-in screen must not make this account theirs (ASVS 7.5.1).
    passwords = {} if own.second_factor else _password_forms(request, chosen)
    status = 422 if form.is_bound else 200
    try:
        if chosen == RENEW:
            return _codes(request, _renew(request))
        if form.is_valid() and (own.second_factor or passwords[chosen].is_valid()):
            return _codes(request, _set_up(request, form, secret))
    except Invalid as refusal:
        form.add_errors(refusal.errors)
    return _set_up_page(request, own, secret, form, passwords=passwords, status=status)


def _password_forms(request: Request, chosen: str | None) -> dict[Any, PresentPasswordForm]:
    """One for each way; only the one that was sent is bound."""
    return {
        method: PresentPasswordForm(
            request,
            request.user,
            request.POST if method == chosen else None,
            auto_id=f"{method}_%s",
        )
        for method in ("totp", "printed")
    }


def _renew(request: Request) -> list[str]:
    fresh = sessions.verified_at(request.session)
    return service.renew_codes(actor=request.user, verified_at=fresh)


def _set_up(request: Request, form: Any, secret: str) -> list[str]:
    codes = service.set_up(
        method=form.cleaned_data["method"],
        secret=secret,
        code=form.cleaned_data["code"],
        actor=request.user,
        verified_at=sessions.verified_at(request.session),
        session_key=request.session.session_key,
    )
    del request.session[PENDING]
    sessions.note_second_factor(request.session)
    return codes


def _set_up_page(
    request: Request, own: security.Own, secret: str, form: Any, *, passwords: Any, status: int
) -> HttpResponse:
    address = totp.address(secret, username=request.user.username, issuer=PRODUCT)
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    context = {
        "own": own,
        "form": form,
        "passwords": passwords,
        "picture": qr.draw(address),
        "secret": groups,
    }
    return page(request, "schoolbook/account/set_up_second_factor.html", context, status=status)


def _codes(request: Request, codes: list[str]) -> HttpResponse:
    context = {"codes": codes, "own": security.own(request.user)}
    return page(request, "schoolbook/account/codes.html", context)
