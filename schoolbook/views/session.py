"""Signing in and out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.views.decorators.http import require_POST

from schoolbook import demo
from schoolbook.forms import SignInForm


class SignIn(LoginView):
    """The sign-in page; a demo offers its accounts there."""

    template_name = "schoolbook/sign_in.html"
    authentication_form = SignInForm
    http_method_names = ("get", "head", "post")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the accounts of the demo, if this is one."""
        return super().get_context_data(demo_accounts=demo.accounts(), **kwargs)


sign_in = SignIn.as_view()
sign_out = require_POST(LogoutView.as_view())
