"""One's own account: password, where one is signed in, the statement."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from schoolbook import clock
from schoolbook.errors import Invalid
from schoolbook.forms.accounts import AddressForm, ChangePasswordForm
from schoolbook.http import Request, page, sent
from schoolbook.rules import school_year
from schoolbook.rules import statement as words
from schoolbook.selectors import security
from schoolbook.services import mail, passwords, statements
from schoolbook.views.acts import ActPage, answer


@require_safe
def my_account(request: Request) -> HttpResponse:
    """The state of one's own account, and every place where one is signed in."""
    context = {
        "own": security.own(request.user),
        "sessions": security.sessions(request.user),
        "session_key": request.session.session_key,
    }
    return page(request, "schoolbook/account/my_account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: Request) -> HttpResponse:
    """Change the own password; every other session ends."""
    form = ChangePasswordForm(request, request.user, sent(request))
    if form.is_valid():
        try:
            user = passwords.change(
                password=form.cleaned_data["new_password"],
                session_key=request.session.session_key,
                actor=request.user,
            )
        except Invalid as refusal:
            form.add_errors(refusal.errors)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("Your password is changed. You are signed in only here."))
            return redirect("schoolbook:my_account")
    status = 422 if form.errors else 200
    return page(request, "schoolbook/account/change_password.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change_address(request: Request) -> HttpResponse:
    """Choose where news of work is sent to, or that it is not."""
    form = AddressForm(sent(request), initial={"email": request.user.email})
    shown = ActPage(
        title=_("Change the e-mail address"),
        text=_("When something waits for you here, a message can say so.")
        if settings.SENDS_MAIL
        else _("E-mail is not set up on this server yet, so nothing is sent to it."),
        submit=_("Save"),
        trail=[(_("Your account"), reverse("schoolbook:my_account"))],
        template="schoolbook/account/change_address.html",
    )

    def act() -> object:
        return mail.choose_address(address=form.cleaned_data["email"], actor=request.user)

    return answer(request, form, act, shown, done=_("Your e-mail address is saved."))


@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: Request) -> HttpResponse:
    """Read the responsibility statement, and accept it for this school year."""
    if request.method == "POST":
        statements.accept(actor=request.user)
        messages.success(request, _("Thank you. Your acceptance is recorded."))
        return redirect("schoolbook:home")
    year = school_year.first_calendar_year(clock.today())
    context = {
        "paragraphs": words.paragraphs(),
        "year": school_year.label(year),
        "accepted": security.own(request.user).statement,
    }
    return page(request, "schoolbook/account/statement.html", context)
