"""Signing in and out, also in the middle of a page that is not left for it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from schoolbook import demo
from schoolbook.forms.accounts import SignInForm
from schoolbook.http import wants_a_page
from schoolbook.selectors import duties
from schoolbook.services import drafts, sessions


class SignIn(LoginView):
    """The sign-in page; a demo offers its accounts there."""

    template_name = "schoolbook/sign_in.html"
    authentication_form = SignInForm
    http_method_names = ("get", "head", "post")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the accounts of the demo, if this is one."""
        return super().get_context_data(demo_accounts=demo.accounts(), **kwargs)

    def get_success_url(self) -> str:
        """The page that was asked for; those who must set up a second factor are led there first."""
        if duties.lacks_second_factor(self.request.user):  # type: ignore[arg-type]
            return reverse("schoolbook:set_up_second_factor")
        return super().get_success_url()

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in; a script is told what its next request needs."""
        answer = super().form_valid(form)
        return answer if wants_a_page(self.request) else signed_in(self.request)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again; a script is told the sentence."""
        if wants_a_page(self.request):
            return super().form_invalid(form)
        return not_signed_in(form)


def signed_in(request: HttpRequest) -> JsonResponse:
    """What a page needs that was not left: the new token, whose session it is, whether a code is still asked for."""
    user: Any = request.user
    return JsonResponse(
        {
            "csrf": get_token(request),
            "account": drafts.account(user),
            "second_factor": sessions.second_factor_asked(request.session),
        }
    )


def not_signed_in(form: Any) -> JsonResponse:
    """The first sentence of a form that was refused."""
    sentence = next(text for texts in form.errors.values() for text in texts)
    return JsonResponse({"sentence": sentence}, status=422)


@login_not_required
@require_safe
def session_state(request: HttpRequest) -> HttpResponse:
    """Whose session this browser has by now, and its token; 401 where nobody is signed in, or only halfway."""
    if not request.user.is_authenticated or sessions.second_factor_asked(request.session):
        return JsonResponse({"csrf": get_token(request)}, status=401)
    return signed_in(request)


sign_in = SignIn.as_view()
sign_out = require_POST(LogoutView.as_view())
