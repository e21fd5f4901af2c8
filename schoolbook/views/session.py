"""Signing in and out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import reverse
from django.views.decorators.http import require_POST

from schoolbook import demo
from schoolbook.forms.accounts import SignInForm
from schoolbook.selectors import duties


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


sign_in = SignIn.as_view()
sign_out = require_POST(LogoutView.as_view())
