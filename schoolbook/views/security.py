"""Accounts of the school: who holds which power and how well it is kept, opening accounts, issuing slips."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolbook import access, qr
from schoolbook.errors import Invalid
from schoolbook.forms.accounts import IssueSlipForm, OpenAccountForm, SecurityFilterForm
from schoolbook.forms.base import ReasonForm
from schoolbook.http import Request, page, sent
from schoolbook.rules.permissions import Action
from schoolbook.selectors import history
from schoolbook.selectors import security as accounts_of
from schoolbook.services import accounts, sessions, slips
from schoolbook.services.slips import NewSlip
from schoolbook.views.second_factor import prompts_for_second_factor

SHOWN = ("full_name", "username", "is_active")


@require_safe
def security(request: Request) -> HttpResponse:
    """Every account of the school, with its power and its state (R-008)."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.VIEW_SECURITY)
    form = SecurityFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {"filter": "", "words": ""}
    found = accounts_of.accounts(
        school, chosen=accounts_of.Filter(chosen["filter"]), words=chosen["words"]
    )
    may_manage = access.may(request.user, Action.MANAGE_ACCOUNTS)
    context = {"accounts": found, "form": form, "may_manage": may_manage}
    return page(request, "schoolbook/account/security.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@prompts_for_second_factor
def open_account(request: Request) -> HttpResponse:
    """Show which user name a person will get and why; then open the account and show its slip."""
    access.require(request.user, Action.MANAGE_ACCOUNTS)
    form = OpenAccountForm(sent(request))
    if not form.is_valid():
        return _open_page(request, form, status=422 if form.errors else 200)
    full_name, shown = form.cleaned_data["full_name"], form.cleaned_data["username"]
    try:
        if not shown or "preview" in request.POST:
            username = accounts.propose_username(full_name, actor=request.user)
            return _open_page(request, form, username=username)
        made = accounts.open_account(
            full_name=full_name, username=shown, actor=request.user, verified_at=_fresh(request)
        )
    except accounts.NameTaken as taken:
        form.add_errors(taken.errors)
        return _open_page(request, form, username=taken.username, status=409)
    except Invalid as refusal:
        form.add_errors(refusal.errors)
        return _open_page(request, form, status=422)
    return _slip_page(request, made)


@require_safe
def account(request: Request, user_id: int) -> HttpResponse:
    """One account: its power, its slips, its history, and what may be done with it."""
    access.account(request.user, user_id, to=Action.VIEW_SECURITY)
    return _account_page(request, user_id)


@require_POST
@prompts_for_second_factor
def issue_slip(request: Request, user_id: int) -> HttpResponse:
    """Issue a slip and show it, this once."""
    access.account(request.user, user_id, to=Action.MANAGE_ACCOUNTS)
    form = IssueSlipForm(request.POST)
    if not form.is_valid():
        return _account_page(request, user_id, status=422, slip_form=form)
    try:
        made = slips.issue(
            user_id=user_id,
            kind=form.cleaned_data["kind"],
            actor=request.user,
            verified_at=_fresh(request),
        )
    except Invalid as refusal:
        form.add_errors(refusal.errors)
        return _account_page(request, user_id, status=422, slip_form=form)
    return _slip_page(request, made)


@require_POST
@prompts_for_second_factor
def confirm_slip(request: Request, slip_id: int) -> HttpResponse:
    """Be the second person for a slip."""
    slip = access.slip(request.user, slip_id, to=Action.CONFIRM_SLIPS)
    try:
        slips.confirm(slip_id=slip_id, actor=request.user, verified_at=_fresh(request))
    except Invalid as refusal:
        messages.error(request, " ".join(map(str, refusal.errors.values())))
    else:
        messages.success(request, _("The slip is confirmed and works now."))
    return redirect("schoolbook:account", user_id=slip.user_id)


@require_POST
@prompts_for_second_factor
def deactivate(request: Request, user_id: int) -> HttpResponse:
    """Deactivate an account; it is out at once."""
    return _turn(request, user_id, accounts.deactivate, _("The account is deactivated."))


@require_POST
@prompts_for_second_factor
def reactivate(request: Request, user_id: int) -> HttpResponse:
    """Let an account in again."""
    return _turn(request, user_id, accounts.reactivate, _("The account is active again."))


def _turn(request: Request, user_id: int, service: Any, done: str) -> HttpResponse:
    access.account(request.user, user_id, to=Action.MANAGE_ACCOUNTS)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _account_page(request, user_id, status=422, reason_form=form)
    reason = form.cleaned_data["reason"]
    try:
        service(user_id=user_id, reason=reason, actor=request.user, verified_at=_fresh(request))
    except Invalid as refusal:
        form.add_errors(refusal.errors)
        return _account_page(request, user_id, status=422, reason_form=form)
    messages.success(request, done)
    return redirect("schoolbook:account", user_id=user_id)


def _fresh(request: Request) -> Any:
    return sessions.verified_at(request.session)


def _open_page(
    request: Request, form: Any, *, username: str = "", status: int = 200
) -> HttpResponse:
    template = "schoolbook/account/open_account.html"
    return page(request, template, {"form": form, "username": username}, status=status)


def _account_page(
    request: Request,
    user_id: int,
    *,
    status: int = 200,
    slip_form: Any = None,
    reason_form: Any = None,
) -> HttpResponse:
    found = access.account(request.user, user_id, to=Action.VIEW_SECURITY)
    rights = access.rights(request.user)
    context = {
        "account": accounts_of.account(found),
        "slips": accounts_of.slips(found),
        "history": history.panel(found, SHOWN).changes,
        "may_manage": Action.MANAGE_ACCOUNTS in rights,
        "may_confirm": Action.CONFIRM_SLIPS in rights,
        "slip_form": slip_form or IssueSlipForm(),
        "reason_form": reason_form or ReasonForm(),
        "is_self": found == request.user,
    }
    return page(request, "schoolbook/account/account.html", context, status=status)


def _slip_page(request: Request, made: NewSlip) -> HttpResponse:
    address = request.build_absolute_uri(reverse("schoolbook:activate"))
    # After the hash sign nothing is sent to a server, so the code is in no log.
    context = {
        "slip": made.slip,
        "code": made.code,
        "address": address,
        "picture": qr.draw(f"{address}#{made.code}"),
    }
    return page(request, "schoolbook/account/slip.html", context)
