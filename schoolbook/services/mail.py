"""E-mail, where the operator has set it up: news of work that waits on the site. Nothing depends on its arriving.

A message says that something waits and where; marks and the names of pupils stay on the site.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from kombu.exceptions import KombuError

from schoolbook import audit
from schoolbook.celery import app
from schoolbook.errors import Invalid
from schoolbook.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

log = structlog.get_logger(__name__)

TASK = "schoolbook.tasks.send_mail"


@transaction.atomic
def choose_address(*, address: str, actor: User) -> User:
    """Note where the actor wants to be written to; an empty address ends it. The same again is no change.

    Raises Invalid.
    """
    user = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=actor.pk)
    if user.email == address:
        return user
    user.email = address
    try:
        user.clean_fields()
    except ValidationError as error:
        raise Invalid.of(error) from error
    user.save(update_fields=["email"])
    audit.record([user], actor=actor)
    return user


def tell(user_ids: Collection[int], subject: StrOrPromise, text: StrOrPromise, path: str) -> None:
    """Write to these people, once the transaction has committed, that something waits for them at this address.

    In Vietnamese, whoever's act it is news of. Put nothing in it that not everybody may read: no mark, no pupil's
    name. Where e-mail is not set up, or the queue is away, nothing is sent and nothing fails.
    """
    if not settings.SENDS_MAIL or not user_ids:
        return
    with translation.override(settings.LANGUAGE_CODE):
        message = {"subject": str(subject), "text": str(text), "path": path}
    transaction.on_commit(partial(_queue, sorted(set(user_ids)), message), robust=True)


def send(user_ids: Collection[int], *, subject: str, text: str, path: str) -> int:
    """Send a message to those of these people who have an address, each by itself; to how many it went.

    What the mail server refuses, or its being away, is logged and not tried again: the site says the same.
    """
    people = User.objects.filter(pk__in=user_ids, is_active=True).exclude(email="")
    if not settings.SENDS_MAIL or not people:
        return 0
    try:
        with get_connection() as connection, translation.override(settings.LANGUAGE_CODE):
            body = _body(text, path)
            return sum(_sent(connection, user, subject, body) for user in people.order_by("id"))
    except OSError as error:
        log.warning("mail_server_away", error=type(error).__name__)
        return 0


def _queue(user_ids: Collection[int], message: dict[str, str]) -> None:
    try:
        app.send_task(TASK, args=[list(user_ids)], kwargs=message, retry=False)
    except (KombuError, OSError) as error:
        log.warning("mail_not_queued", error=type(error).__name__, people=len(user_ids))


def _body(text: str, path: str) -> str:
    footer = _(
        "The program sends this by itself; nobody reads answers. To get no more of it, remove your address under "
        "“Your account”."
    )
    return f"{text}\n\n{settings.SITE_URL}{path}\n\n-- \n{footer}\n"


def _sent(connection: BaseEmailBackend, user: User, subject: str, body: str) -> bool:
    one_line = " ".join(subject.split())
    message = EmailMessage(
        one_line,
        body,
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    try:
        return bool(message.send())
    except (OSError, ValueError) as error:
        log.warning("mail_not_sent", error=type(error).__name__, user_id=user.pk)
        return False
