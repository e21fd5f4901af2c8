"""The word of a teacher that computed figures were looked through (R-053, R-054)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradebook import access
from gradebook.models import MarkSheet, ResultCheck
from gradebook.selectors import checks
from gradebook.selectors.books import Place
from gradebook.selectors.ledger import Seen, ledger
from gradebook.services import sheets
from schoolbook import access as kernel
from schoolbook import audit
from schoolbook.errors import Invalid
from schoolbook.models import User
from schoolbook.rules.permissions import Action


@transaction.atomic
def check_subject(*, class_subject_id: int, term: int, digest: str, actor: User) -> ResultCheck:
    """The subject teacher has looked through the averages of a term, in term 2 also those of the year (R-053).

    `digest` is that of the figures as they were shown. Somebody to whom entry was lent may not. The same word again
    is the same word. Raises Http404, PermissionDenied, Invalid.
    """
    kernel.class_subject(actor, class_subject_id, to=Action.CHECK_RESULTS)
    book = sheets.locked(actor, Place(term, class_subject_id=class_subject_id))
    mine = Seen(book.class_group, whole=False, only=frozenset({class_subject_id}))
    found = ledger(mine, components=())
    known = checks.of_class_group(book.class_group)
    [taught] = found.subjects
    return _give(checks.of_subject(found, taught, term, known), book.sheets[term], digest, actor)


@transaction.atomic
def check_class(*, class_group_id: int, term: int, digest: str, actor: User) -> ResultCheck:
    """The homeroom teacher has looked through results, levels, conduct and titles of the class (R-054).

    In term 2 also those of the year. Otherwise as `check_subject`.
    """
    book = sheets.locked(actor, Place(term, class_group_id=class_group_id))
    found = ledger(access.seen(actor, class_group_id, whole=True))
    known = checks.of_class_group(book.class_group)
    return _give(checks.of_class(found, term, known), book.sheets[term], digest, actor)


def _give(now: checks.Check, sheet: MarkSheet, digest: str, actor: User) -> ResultCheck:
    if not now.figures:
        raise Invalid({"digest": _("There is no result to look through yet.")})
    if now.digest != digest:
        raise Invalid(
            {
                "digest": _(
                    "The figures have changed since they were shown: look through them again."
                )
            }
        )
    newest = ResultCheck.objects.filter(sheet=sheet, user=actor).order_by("-id").first()
    if newest is not None and newest.digest == digest and now.holds:
        return newest
    row = ResultCheck.objects.create(
        school=sheet.school,
        sheet=sheet,
        user=actor,
        checked_at=timezone.now(),
        figures=now.figures,
        digest=digest,
    )
    audit.record([row], actor=actor, created=True)
    return row
