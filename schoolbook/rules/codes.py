"""Codes that are printed and typed: activation slips and recovery codes. No Django here."""

from __future__ import annotations

import hashlib
import secrets

# Crockford's letters: none reads like a figure, and O, I and L are understood when they are typed nevertheless.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_AS_TYPED = str.maketrans("OIL", "011")
GROUP = 4
SLIP_LETTERS = 28  # × 5 bits: 140 bits, more than the 128 that need no slow hash
RECOVERY_LETTERS = 12  # 60 bits behind its number; kept with the slow hash of passwords
RECOVERY_CODES = 10
PRINTED_CODES = 30  # for those who sign in with nothing else


def _random(letters: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(letters))


def grouped(code: str) -> str:
    """The code as it is printed, in groups of four."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def typed(text: str) -> str:
    """What a person typed, without spaces and hyphens, in the letters that codes have."""
    return "".join(ch for ch in text.upper() if ch.isalnum()).translate(_AS_TYPED)


def new_slip_code() -> str:
    """A fresh code of an activation slip, as it is printed."""
    return grouped(_random(SLIP_LETTERS))


def digest(code: str) -> str:
    """What is kept of a code that nobody can guess: SHA-256 of its letters, in hexadecimal."""
    return hashlib.sha256(typed(code).encode()).hexdigest()


def new_recovery_codes(count: int) -> list[str]:
    """Fresh recovery codes as they are printed, each beginning with its number: `03-7K2M-…`."""
    return [f"{number:02}-{grouped(_random(RECOVERY_LETTERS))}" for number in range(1, count + 1)]


def recovery_code(text: str) -> tuple[int, str] | None:
    """The number and the letters of a typed recovery code, or nothing if it cannot be one."""
    letters = typed(text)
    if len(letters) != 2 + RECOVERY_LETTERS or not letters[:2].isdecimal():
        return None
    return int(letters[:2]), letters[2:]
