"""Fetching is checking, for sheets: the class or subject in an address becomes a book, for this person and purpose.

A stranger gets 404; somebody who may look at the class, but not at its marks, or not write them, gets 403. Services
call the same functions again when they write, with the rows locked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, Subquery, Value
from django.http import Http404

from gradebook.models import EntryAct, MarkSheet, Phrase
from gradebook.selectors.books import Book, Place, newest_check, sheets_where
from schoolbook import access, clock
from schoolbook.models import (
    ClassGroup,
    ClassSubject,
    HomeroomAssignment,
    Regulation,
    TeachingAssignment,
    User,
)
from schoolbook.models.structure import covered_class_subjects, covered_classes
from schoolbook.rules.permissions import Action, Scope
from schoolbook.rules.regulation import Regulation as Parameters
from schoolbook.selectors import grants

TERMS = (1, 2)


def book(user: User, place: Place, *, to: Action = Action.VIEW_MARKS, lock: bool = False) -> Book:
    """The sheet at this place, to look at or, with ENTER_MARKS, to write; locked with its other term if asked.

    In three queries. Raises Http404 and PermissionDenied.
    """
    if place.class_subject_id is not None:
        return subject_book(user, place.class_subject_id, place.term, to=to, lock=lock)
    assert place.class_group_id is not None
    if to == Action.ENTER_MARKS:
        to = Action.ENTER_CLASS_RESULTS
    return class_book(user, place.class_group_id, place.term, to=to, lock=lock)


def subject_book(
    user: User,
    class_subject_id: int,
    term: int,
    *,
    to: Action = Action.VIEW_MARKS,
    lock: bool = False,
) -> Book:
    """The sheet of a subject of a class in a term; as `book`."""
    _known(term)
    sheets = _sheets(Q(class_subject=class_subject_id), lock)
    far = access.reaches(user, (Action.VIEW_MARKS, Action.ENTER_MARKS))
    rows = ClassSubject.objects.visible_to(user).select_related(
        "class_group__year", "class_group__school", "class_group__specialised_subject", "subject"
    )
    found: Any = (
        rows.filter(pk=class_subject_id)
        .annotate(
            sees=_may(covered_class_subjects, user, Action.VIEW_MARKS, far),
            enters=_may(covered_class_subjects, user, Action.ENTER_MARKS, far),
            regulation=_regulation("school"),
            teachers=_names(TeachingAssignment.objects.filter(class_subject=OuterRef("pk"))),
        )
        .first()
    )
    if found is None:
        raise Http404
    _require(found, to, Action.ENTER_MARKS, user, found.class_group_id)
    return _book(found, found.class_group, found, term, sheets)


def class_book(
    user: User,
    class_group_id: int,
    term: int,
    *,
    to: Action = Action.VIEW_MARKS,
    lock: bool = False,
) -> Book:
    """The homeroom teacher's sheet of a class in a term; otherwise as `book`."""
    _known(term)
    sheets = _sheets(Q(class_group=class_group_id, class_subject__isnull=True), lock)
    far = access.reaches(user, (Action.VIEW_MARKS, Action.ENTER_CLASS_RESULTS))
    # Who teaches or was lent a subject of the class sees that, and not the whole class.
    far[Action.VIEW_MARKS] -= {Scope.TAUGHT_SUBJECTS, Scope.GRANTED}
    rows = ClassGroup.objects.visible_to(user).select_related(
        "year", "school", "specialised_subject"
    )
    found: Any = (
        rows.filter(pk=class_group_id)
        .annotate(
            sees=_may(covered_classes, user, Action.VIEW_MARKS, far),
            enters=_may(covered_classes, user, Action.ENTER_CLASS_RESULTS, far),
            regulation=_regulation("school"),
            teachers=_names(HomeroomAssignment.objects.filter(class_group=OuterRef("pk"))),
        )
        .first()
    )
    if found is None:
        raise Http404
    _require(found, to, Action.ENTER_CLASS_RESULTS, user, found.pk)
    return _book(found, found, None, term, sheets)


def act(user: User, act_id: int, *, lock: bool = False) -> EntryAct:
    """An act of entry of this person's own. Raises Http404 for anybody else's."""
    acts = EntryAct.objects.visible_to(user).select_related("year", "made_by")
    if lock:
        acts = acts.select_for_update(no_key=True, of=("self",))
    found = acts.filter(pk=act_id, made_by=user).first()
    if found is None:
        raise Http404
    return found


def phrase(user: User, phrase_id: int, *, lock: bool = False) -> Phrase:
    """A phrase of this person's own. Raises Http404 for anybody else's."""
    phrases = Phrase.objects.all()
    if lock:
        phrases = phrases.select_for_update(no_key=True)
    found = phrases.filter(pk=phrase_id, user=user).first()
    if found is None:
        raise Http404
    return found


def _known(term: int) -> None:
    if term not in TERMS:
        raise Http404


def _may(
    covered: Callable[..., Q], user: User, action: Action, far: dict[Action, set[Scope]]
) -> Any:
    """Whether the right reaches the row, as an expression beside it: no query of its own."""
    reach = far[action]
    if Scope.OWN_SCHOOL in reach or not reach:
        return Value(bool(reach), output_field=BooleanField())
    day = clock.today()
    granted = grants.covering(user, action, day) if Scope.GRANTED in reach else Q()
    condition = covered(reach, user=user, day=day, granted=granted)
    return ExpressionWrapper(condition, output_field=BooleanField())


def _regulation(school: str) -> Subquery:
    decided = Regulation.objects.filter(
        school=OuterRef(school), in_force_from__lte=clock.today()
    ).order_by("-in_force_from", "-number")
    return Subquery(decided.values("parameters")[:1])


def _names(assigned: Any) -> ArraySubquery:
    """The names of those who are assigned today, as the page and "whom to ask" name them."""
    return ArraySubquery(assigned.on(clock.today()).order_by("id").values("user__full_name"))


def _require(found: Any, to: Action, entering: Action, user: User, class_group_id: int) -> None:
    """Raise PermissionDenied for too little right, or Http404 for who may not even look at the class."""
    if found.enters if to == entering else found.sees:
        return
    if (
        found.sees
        or access.class_groups(user, Action.VIEW_CLASS).filter(pk=class_group_id).exists()
    ):
        raise access.refusal()
    raise Http404


def _sheets(book_of: Q, lock: bool) -> list[MarkSheet]:
    rows = sheets_where(book_of)
    if lock:
        return list(rows.select_for_update(no_key=True))
    return list(rows.annotate(checked=newest_check()))


def _book(
    found: Any,
    group: ClassGroup,
    taught: ClassSubject | None,
    term: int,
    sheets: list[MarkSheet],
) -> Book:
    return Book(
        class_group=group,
        class_subject=taught,
        term=term,
        regulation=Parameters.from_json(found.regulation) if found.regulation else Parameters(),
        may_enter=found.enters,
        teachers=tuple(found.teachers),
        sheets={sheet.term: sheet for sheet in sheets},
    )
