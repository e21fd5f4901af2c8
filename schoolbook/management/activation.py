"""What a command says of a slip that it issued."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from schoolbook.services.slips import NewSlip


def instructions(made: NewSlip) -> str:
    """The user name, and the address that activates it: whoever opens it first chooses the password."""
    host = next((name for name in settings.ALLOWED_HOSTS if name.strip(".*")), "localhost")
    scheme = "https" if settings.PRODUCTION else "http"
    address = f"{scheme}://{host.lstrip('.')}{reverse('schoolbook:activate')}#{made.code}"
    return (
        f"User name: {made.slip.user.username}\n"
        f"To choose a password, open once, in the next {settings.SLIP_DAYS} days:\n{address}\n"
        f"or type this code there: {made.code}"
    )
