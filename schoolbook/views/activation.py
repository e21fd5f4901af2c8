"""Activation: from the code of a slip to an own password, signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from schoolbook.errors import Invalid
from schoolbook.forms.accounts import ActivatePasswordForm, ActivateSecondFactorForm, SlipCodeForm
from schoolbook.http import Request, page, sent
from schoolbook.selectors import duties
from schoolbook.services import slips


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: Request) -> HttpResponse:
    """Ask for the code, then for what it lets its bearer choose. The address itself never holds the code."""
    form = SlipCodeForm(sent(request))
    if form.is_valid():
        try:
            slip = slips.look_up(form.cleaned_data["code"])
        except Invalid as refusal:
            form.add_errors(refusal.errors)
        else:
            return _choose(request, slip, _form(request, slip, None, form.cleaned_data["code"]))
    status = 422 if form.errors else 200
    return page(request, "schoolbook/account/activate.html", {"form": form}, status=status)


@login_not_required
@require_POST
def complete_activation(request: Request) -> HttpResponse:
    """Use the slip and sign in."""
    code = request.POST.get("code", "")[:60]
    try:
        slip = slips.look_up(code)
        form = _form(request, slip, request.POST, code)
        if not form.is_valid():
            return _choose(request, slip, form, status=422)
        user = slips.use(code=code, password=form.cleaned_data.get("new_password", ""))
    except Invalid as refusal:
        if "code" not in refusal.errors:
            form.add_errors(refusal.errors)
            return _choose(request, slip, form, status=422)
        again = SlipCodeForm({"code": code})
        again.add_errors(refusal.errors)
        return page(request, "schoolbook/account/activate.html", {"form": again}, status=422)
    login(request, user, settings.AUTHENTICATION_BACKENDS[-1])
    missing = duties.lacks_second_factor(user)
    return redirect("schoolbook:set_up_second_factor" if missing else "schoolbook:home")


def _form(request: Request, slip: Any, data: Any, code: str) -> Any:
    initial = {"code": code}
    if not slip.lets_choose_password:
        return ActivateSecondFactorForm(request, slip.user, data, initial=initial)
    return ActivatePasswordForm(data, initial=initial)


def _choose(request: Request, slip: Any, form: Any, *, status: int = 200) -> HttpResponse:
    template = "schoolbook/account/complete_activation.html"
    return page(request, template, {"form": form, "slip": slip}, status=status)
