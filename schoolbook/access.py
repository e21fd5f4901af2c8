"""Fetching is checking: only here does the id in a URL become an object.

A stranger gets 404, as if the object did not exist; somebody who may see it but not do this gets 403. Services call
the same functions again when they write.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from schoolbook.models import School, User
from schoolbook.rules.permissions import Action, allows
from schoolbook.selectors import duties


def may(user: User, action: Action) -> bool:
    """Whether this person's duties of today give the right, at the own school."""
    return user.is_active and allows(duties.roles_today(user), action)


def require(user: User, action: Action) -> None:
    """Raise PermissionDenied, with a sentence, unless the person has the right."""
    if not may(user, action):
        raise PermissionDenied(
            _(
                "Your duties do not include this. The administrator of your school can tell you more."
            )
        )


def school(user: User, school_id: int, *, to: Action, lock: bool = False) -> School:
    """The school of this id, for this person and this purpose; locked until the transaction ends if asked.

    Raises Http404 for another school and PermissionDenied for too little right.
    """
    schools = School.objects.visible_to(user)
    if lock:
        schools = schools.select_for_update(no_key=True)
    found = schools.filter(pk=school_id).first()
    if found is None:
        raise Http404
    require(user, to)
    return found
