"""Sheets themselves: made when first written in, locked for every save, widened by columns."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from gradebook import access
from gradebook.models import Mark, MarkSheet
from gradebook.rules.columns import TERMS, Component
from gradebook.selectors.books import Book, Place
from schoolbook import audit
from schoolbook.errors import Invalid
from schoolbook.models import ClassGroup, ClassSubject, User
from schoolbook.rules.permissions import Action


def locked(actor: User, place: Place, *, to: Action = Action.ENTER_MARKS) -> Book:
    """The book at this place, for writing: both its sheets are there, and locked until the transaction ends.

    For another purpose than entry the caller asks for that right itself.

    Locking both in the order of their ids is what every save does, so no two deadlock, and results over the two terms
    see every mark. Raises Http404, PermissionDenied.
    """
    book = access.book(actor, place, to=to, lock=True)
    if len(book.sheets) == len(TERMS):
        return book
    # Two people may open the same new sheet at the same moment: the row of the subject or class lets one in at a time.
    if book.class_subject:
        ClassSubject.objects.select_for_update(no_key=True).get(pk=book.class_subject.pk)
    else:
        ClassGroup.objects.select_for_update(no_key=True).get(pk=book.class_group.pk)
    book = access.book(actor, place, to=to, lock=True)
    if not book.sheets:
        made = MarkSheet.objects.bulk_create(
            MarkSheet(
                school=book.school,
                class_group=book.class_group,
                class_subject=book.class_subject,
                term=term,
            )
            for term in TERMS
        )
        audit.record(made, actor=actor, created=True)
        book = access.book(actor, place, to=to, lock=True)
    return book


@transaction.atomic
def set_regular(*, place: Place, columns: int, actor: User, reason: str = "") -> Book:
    """Give the sheet so many regular columns: as many as the circular asks for, or more if the school allows.

    A column with something in it stays. Raises Http404, PermissionDenied, Invalid.
    """
    book = locked(actor, place)
    sheet = book.sheets[book.term]
    needed, most = book.regular_needed, book.regular_most
    if not needed <= columns <= most:
        if needed == most:
            sentence = _(
                "The school's regulation allows no more columns than the circular asks for."
            )
        else:
            sentence = _("There can be %(least)s to %(most)s such columns.") % {
                "least": needed,
                "most": most,
            }
        raise Invalid({"columns": sentence})
    used = Mark.objects.filter(
        sheet=sheet, component=Component.REGULAR.value, number__gt=columns
    ).exclude(state="blank")
    if used.exists():
        raise Invalid({"columns": _("The last column has marks: clear them first.")})
    if (sheet.regular or needed) != columns:
        if book.closing.signed:
            raise Invalid(
                {"columns": _("The sheet is confirmed. Take that back first, then change it.")}
            )
        sheet.regular = columns
        sheet.save(update_fields=["regular"])
        audit.record([sheet], actor=actor, reason=reason)
    return access.book(actor, place)
