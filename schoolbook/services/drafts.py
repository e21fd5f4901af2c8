"""What was typed and sent by somebody whose session was over: kept for that account, shown again after signing in.

A page with much to type carries a signed slip that says for whom, when and at which address it was made. A form that
arrives signed out with such a slip is put into the new session, before anybody signs in to it, and handed only to the
account that the slip names (invariant 10). Without the slip nothing is kept: a stranger cannot fill the table.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils.crypto import salted_hmac

from schoolbook.models import User

FIELD = "page"
SALT, ACCOUNT_SALT = "schoolbook.page", "schoolbook.account"
KEPT = "draft"
KEPT_MINUTES, LONGEST = 30, 256 * 1024


@dataclass(frozen=True)
class Slip:
    """What a page says of itself: a key of its own, for whom and at which address it was made."""

    key: UUID
    account: str
    path: str


def account(user: User) -> str:
    """A name for an account that tells nobody whose it is; the same in every session."""
    return salted_hmac(ACCOUNT_SALT, str(user.pk), algorithm="sha256").hexdigest()[:32]


def slip_of(user: User, path: str) -> str:
    """A slip for a page that is made now."""
    return signing.dumps([uuid4().hex, account(user), path], salt=SALT, compress=True)


def read(text: str) -> Slip | None:
    """The slip, if it is one of ours and no older than a session can be."""
    try:
        key, whose, path = signing.loads(text, salt=SALT, max_age=settings.SESSION_HOURS * 3600)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Slip(UUID(key), whose, path)


def keep(request: HttpRequest) -> str | None:
    """Keep what a form sent, if it has a slip and is not too long; the address of its page, else None."""
    slip = read(request.POST.get(FIELD, ""))
    sent = {
        name: values
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", FIELD}
    }
    size = sum(len(name) + sum(map(len, values)) for name, values in sent.items())
    if slip is None or size > LONGEST:
        return None
    request.session[KEPT] = {
        "account": slip.account,
        "path": slip.path,
        "sent": sent,
        "at": time.time(),
    }
    request.session.set_expiry(KEPT_MINUTES * 60)  # until somebody signs in to it
    return slip.path


def kept(session: SessionBase, user: User, path: str) -> QueryDict | None:
    """What this account sent from this page before it signed in again; what is another's or old is forgotten."""
    held: Any = session.get(KEPT)
    if not held:
        return None
    if held["account"] != account(user) or time.time() - held["at"] > KEPT_MINUTES * 60:
        forget(session)
        return None
    if held["path"] != path:
        return None
    found = QueryDict(mutable=True)
    for name, values in held["sent"].items():
        found.setlist(name, values)
    return found


def forget(session: SessionBase) -> None:
    """Keep it no longer."""
    session.pop(KEPT, None)
