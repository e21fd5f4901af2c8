"""What leaders and administrators are told when history is no longer gathered, or no backup was made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolbook import access
from schoolbook.models import User
from schoolbook.registry import Card
from schoolbook.rules.permissions import Action
from schoolbook.selectors import chain as chains
from schoolbook.services import backups

TOO_LONG = timedelta(hours=26)  # a night's backup may begin and end a little later than the last


def chain(user: User) -> Iterator[Card]:
    """Heads that wait for longer than a day, and a backup that is older; for others than those who look, nothing."""
    if user.school is None or not access.may(user, Action.VIEW_SECURITY):
        return
    since = timezone.now() - TOO_LONG
    last = chains.newest_gathering(user.school)
    made = backups.newest(settings.BACKUP_FOLDER) if settings.BACKUP_FOLDER else None
    is_late = last is None or last.gathered_at < since
    is_old = made is not None and made < since
    address = reverse("schoolbook:audit")
    if is_late and chains.new_heads(user.school):
        yield Card(
            _("The history is not being gathered"),
            _(
                "What was written lately could be rewritten unseen. The operator looks at the scheduler."
            ),
            address,
            _("Look"),
            tone="late",
        )
    if is_old:
        yield Card(
            _("The last backup is older than a day"),
            _("Tell the operator: the backup of the night failed, or was not begun."),
            address,
            _("Look"),
            tone="late",
        )
