"""The monthly remark of a vice-principal at the end of a class's book (R-113)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gradebook.models import BookRemark
from gradebook.rules.progress import months
from schoolbook import access, audit, clock
from schoolbook.errors import Conflict, Invalid
from schoolbook.models import ClassGroup, User
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action
from schoolbook.selectors import history
from schoolbook.services import rows


@transaction.atomic
def write(
    *,
    class_group_id: int,
    month: date,
    text: str,
    version: int,
    actor: User,
    reason: str = "",
) -> BookRemark:
    """Write the remark on a class's book for a month, or change it; `version` is that of what the page showed, or 0.

    Raises Http404, PermissionDenied, Invalid, and Conflict where somebody else was faster.
    """
    group = access.class_group(actor, class_group_id, to=Action.WRITE_REMARKS, lock=True)
    if month not in months(group.year.term1_begins_on, group.year.term2_ends_on):
        raise Invalid({"__all__": _("This month is not one of the school year of the class.")})
    if month > clock.today():
        raise Invalid({"__all__": _("This month has not begun yet.")})
    row = BookRemark.objects.filter(class_group=group, month=month).first()
    if row is None:
        return _first(group, month, text, version, actor)
    if row.version != version:
        author, at = history.newest(row)
        raise Conflict(row.version, {str(_("Remark")): row.text}, author, at)
    if row.text == tidy(text):
        return row
    row.text, row.written_by, row.version = tidy(text), actor, row.version + 1
    rows.check(row)
    row.save()
    audit.record([row], actor=actor, reason=tidy(reason))
    return row


def _first(group: ClassGroup, month: date, text: str, version: int, actor: User) -> BookRemark:
    if version:
        raise Invalid({"__all__": _("This page is out of date: reload it before you save.")})
    row = BookRemark(
        school=actor.school, class_group=group, month=month, text=tidy(text), written_by=actor
    )
    return rows.enter(row, actor=actor)
