"""Fetching is checking, for confirmations: the id in a form becomes a row, for who may take it back."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from gradebook.access import WHOLE_CLASS
from gradebook.models import SignOff
from schoolbook import access, clock
from schoolbook.models import ClassGroup, User
from schoolbook.rules.permissions import Action


def subject_sign_off(user: User, sign_off_id: int) -> SignOff:
    """The confirmation of a subject's sheet, for whoever teaches the subject there today.

    Raises Http404 and PermissionDenied.
    """
    row = _row(user, sign_off_id)
    if row.sheet.class_subject_id is None:
        raise Http404
    access.class_subject(user, row.sheet.class_subject_id, to=Action.SIGN_OFF)
    return row


def class_sign_off(user: User, sign_off_id: int) -> SignOff:
    """The confirmation of a class, for its homeroom teacher of today. Raises Http404 and PermissionDenied."""
    row = _row(user, sign_off_id)
    if row.sheet.class_subject_id is not None:
        raise Http404
    access.class_group(user, row.sheet.class_group_id, to=Action.CONFIRM_CLASS)
    return row


def _row(user: User, sign_off_id: int) -> SignOff:
    found = SignOff.objects.visible_to(user).select_related("sheet").filter(pk=sign_off_id).first()
    if found is None:
        raise Http404
    return found


def whole_classes(user: User) -> QuerySet[ClassGroup]:
    """The classes, of all years, of which this person sees all marks, and so levels and titles."""
    far = access.reach(user, Action.VIEW_MARKS) & WHOLE_CLASS
    return ClassGroup.objects.visible_to(user).within(
        far, user=user, day=clock.today(), granted=Q(pk__in=[])
    )
