"""Addresses that an operator writes into the environment, understood or refused with a sentence."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Usual ports of mail servers: nothing is encrypted, everything after a first word, everything.
PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def mail_server(url: str, password: str) -> dict[str, Any]:
    """Django's settings for a mail server such as smtp+tls://user@mail.example.edu.vn:587.

    Raises ImproperlyConfigured.
    """
    found = urlsplit(url)
    try:
        port = found.port or PORTS.get(found.scheme)
    except ValueError:
        port = None
    extra = found.path.strip("/") or found.query or found.fragment
    if port is None or found.scheme not in PORTS or not found.hostname or extra or " " in url:
        raise ImproperlyConfigured(
            "EMAIL_URL is a mail server, such as smtp+tls://user@mail.example.edu.vn:587; "
            "it begins with smtp+tls, smtps or smtp."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": found.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(found.username or ""),
        "EMAIL_HOST_PASSWORD": password or unquote(found.password or ""),
        "EMAIL_USE_TLS": found.scheme == "smtp+tls",
        "EMAIL_USE_SSL": found.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,  # seconds
    }


def site(url: str, *, only_https: bool) -> str:
    """The address of the site as links in messages begin, without a slash at its end.

    Raises ImproperlyConfigured.
    """
    plain = url.rstrip("/")
    found = urlsplit(plain)
    schemes = {"https"} if only_https else {"https", "http"}
    if (
        found.scheme not in schemes
        or not found.netloc
        or plain != f"{found.scheme}://{found.netloc}"
    ):
        raise ImproperlyConfigured(
            "SITE_URL is the address that people type, such as https://so.example.edu.vn, and nothing behind it."
        )
    return plain
