"""The six digits of a phone (RFC 6238), with django-otp's arithmetic: when a code counts, and that it counts once."""

from __future__ import annotations

import base64
import hmac
import secrets
from urllib.parse import quote

from django_otp.oath import hotp

SECONDS, DIGITS, NEIGHBOURS, SECRET_BYTES = 30, 6, 1, 20


def new_secret() -> str:
    """A fresh secret to share with a phone, in Base32 as apps take it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_of(moment: float) -> int:
    """The number of the half minute, counted as phones do, of a moment in seconds since 1970."""
    return int(moment) // SECONDS


def code_of(secret: str, step: int) -> str:
    """The digits of one half minute."""
    return f"{hotp(base64.b32decode(secret), step, DIGITS):0{DIGITS}}"


def matching_step(secret: str, code: str, *, moment: float, after: int) -> int | None:
    """The half minute to which the code belongs: now, the one before or the one after, and later than `after`.

    `after` is the last one that was used, so that a code works once. All are compared, each in constant time.
    """
    found = None
    now = step_of(moment)
    for step in range(now - NEIGHBOURS, now + NEIGHBOURS + 1):
        same = hmac.compare_digest(code_of(secret, step).encode(), code.encode())
        if same and step > after:
            found = step
    return found


def address(secret: str, *, username: str, issuer: str) -> str:
    """What the QR code for a phone holds."""
    label = f"{quote(issuer)}:{quote(username)}"
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer)}"
