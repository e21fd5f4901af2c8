"""Fetching is checking: only here does the id in a URL become an object.

A stranger gets 404, as if the object did not exist; somebody who may see it but not do this gets 403. Services call
the same functions again when they write.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from schoolbook.errors import SecondFactorMissing
from schoolbook.models import ActivationSlip, School, User
from schoolbook.rules.permissions import SECOND_FACTOR, Action, allows
from schoolbook.selectors import duties


def rights(user: User) -> frozenset[Action]:
    """Everything this person's duties of today allow, at the own school, as far as the second factor lets it."""
    if not user.is_active:
        return frozenset()
    standing = duties.standing(user)
    asleep = frozenset() if standing.second_factor else SECOND_FACTOR
    return frozenset(a for a in Action if allows(standing.roles, a)) - asleep


def may(user: User, action: Action) -> bool:
    """Whether this person's duties of today give the right, at the own school."""
    return action in rights(user)


def require(user: User, action: Action) -> None:
    """Raise PermissionDenied, with a sentence, unless the person has the right.

    Raises SecondFactorMissing, which is one, when only the second factor is missing.
    """
    standing = duties.standing(user)
    if not user.is_active or not allows(standing.roles, action):
        raise PermissionDenied(
            _(
                "Your duties do not include this. The administrator of your school can tell you more."
            )
        )
    if action in SECOND_FACTOR and not standing.second_factor:
        raise SecondFactorMissing(
            _("Your duties include this, but first you have to set up a second factor.")
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


def account(user: User, user_id: int, *, to: Action, lock: bool = False) -> User:
    """The account of this id at the own school, for this purpose.

    Raises Http404 for a stranger's and PermissionDenied for too little right.
    """
    accounts = User.objects.filter(school__in=School.objects.visible_to(user))
    if lock:
        accounts = accounts.select_for_update(no_key=True, of=("self",))
    found = accounts.filter(pk=user_id).first()
    if found is None:
        raise Http404
    require(user, to)
    return found


def slip(user: User, slip_id: int, *, to: Action, lock: bool = False) -> ActivationSlip:
    """The activation slip of this id, of somebody at the own school.

    Raises Http404 for a stranger's and PermissionDenied for too little right.
    """
    slips = ActivationSlip.objects.visible_to(user).select_related("user")
    if lock:
        slips = slips.select_for_update(no_key=True, of=("self",))
    found = slips.filter(pk=slip_id).first()
    if found is None:
        raise Http404
    require(user, to)
    return found
