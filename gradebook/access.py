"""Fetching is checking, for sheets: the class or subject in an address becomes a book, for this person and purpose.

A stranger gets 404; somebody who may look at the class, but not at its marks, or not write them, gets 403. Services
call the same functions again when they write, with the rows locked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, Value
from django.http import Http404

from gradebook.models import EntryAct, MarkSheet, Phrase
from gradebook.rules.columns import TERMS
from gradebook.selectors import closing, trace
from gradebook.selectors.books import Book, Place, newest_check, newest_word, sheets_where
from gradebook.selectors.ledger import Seen
from gradebook.selectors.missing import book_of, term_on
from schoolbook import access, clock
from schoolbook.models import (
    ClassGroup,
    ClassSubject,
    HomeroomAssignment,
    Regulation,
    Student,
    TeachingAssignment,
    User,
)
from schoolbook.models.structure import covered_class_subjects, covered_classes
from schoolbook.page_memo import asked_once
from schoolbook.rules.permissions import Action, Scope
from schoolbook.rules.regulation import Regulation as Parameters
from schoolbook.rules.school_year import first_calendar_year
from schoolbook.selectors import grants

# How far a right has to reach to cover all subjects of a class, and what follows from them.
WHOLE_CLASS = {Scope.OWN_SCHOOL, Scope.OWN_CLASS}


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
    actions = (
        Action.VIEW_MARKS,
        Action.ENTER_MARKS,
        Action.ASK_LOCK,
        Action.SIGN_OFF,
        Action.FILE_CORRECTIONS,
    )
    far = access.reaches(user, actions)
    far[Action.ASK_LOCK] -= {Scope.OWN_CLASS}
    far[Action.FILE_CORRECTIONS] -= {Scope.OWN_CLASS}
    rows = ClassSubject.objects.visible_to(user).select_related(
        "class_group__year", "class_group__school", "class_group__specialised_subject", "subject"
    )
    teachers = TeachingAssignment.objects.filter(class_subject=OuterRef("pk"))
    found = _row(
        rows.annotate(
            regulation=_regulation("school"), teachers=_names(teachers), **closing.of_subject(term)
        ),
        class_subject_id,
        user,
        covered_class_subjects,
        far,
    )
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
    actions = (
        Action.VIEW_MARKS,
        Action.ENTER_CLASS_RESULTS,
        Action.ASK_LOCK,
        Action.CONFIRM_CLASS,
        Action.FILE_CORRECTIONS,
    )
    far = access.reaches(user, actions)
    # Who teaches or was lent a subject of the class sees that, and not the whole class.
    far[Action.VIEW_MARKS] &= WHOLE_CLASS
    far[Action.ASK_LOCK] &= WHOLE_CLASS
    far[Action.FILE_CORRECTIONS] &= WHOLE_CLASS
    leaders = HomeroomAssignment.objects.filter(class_group=OuterRef("pk"))
    found = _row(
        _groups(user).annotate(
            regulation=_regulation("school"), teachers=_names(leaders), **closing.of_class(term)
        ),
        class_group_id,
        user,
        covered_classes,
        far,
    )
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


def _groups(user: User) -> QuerySet[ClassGroup]:
    return ClassGroup.objects.visible_to(user).select_related(
        "year", "school", "specialised_subject"
    )


def _row(
    rows: QuerySet[Any],
    pk: int,
    user: User,
    covered: Callable[..., Q],
    far: dict[Action, set[Scope]],
) -> Any:
    """The row of this id, with `sees`, `enters` and so on: whether the rights that were asked for reach it."""
    named = dict(zip(("sees", "enters", "asks", "signs", "files"), far, strict=False))
    rights = {name: may(covered, user, action, far) for name, action in named.items()}
    found = rows.filter(pk=pk).annotate(**rights).first()
    if found is None:
        raise Http404
    return found


def covers(
    covered: Callable[..., Q], user: User, action: Action, far: dict[Action, set[Scope]]
) -> Q:
    """The condition under which a right that reaches this far today covers a row."""
    reach, day = far[action], clock.today()
    if Scope.OWN_SCHOOL in reach:
        return Q()
    granted = grants.covering(user, action, day) if Scope.GRANTED in reach else Q(pk__in=[])
    return covered(reach, user=user, day=day, granted=granted)


def may(
    covered: Callable[..., Q], user: User, action: Action, far: dict[Action, set[Scope]]
) -> Any:
    """Whether the right reaches the row, as an expression beside it: no query of its own."""
    reach = far[action]
    if Scope.OWN_SCHOOL in reach or not reach:
        return Value(bool(reach), output_field=BooleanField())
    return ExpressionWrapper(covers(covered, user, action, far), output_field=BooleanField())


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
    raise access.refusal() if found.sees else _refusal(user, class_group_id)


def _refusal(user: User, class_group_id: int) -> Exception:
    """PermissionDenied for somebody who may look at the class at least, Http404 for a stranger."""
    known = access.class_groups(user, Action.VIEW_CLASS).filter(pk=class_group_id).exists()
    return access.refusal() if known else Http404()


def _sheets(book_of: Q, lock: bool) -> list[MarkSheet]:
    rows = sheets_where(book_of)
    if lock:
        return list(rows.select_for_update(no_key=True))
    return list(rows.annotate(checked=newest_check(), word=newest_word()))


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
        may_ask=found.asks,
        may_sign=found.signs,
        may_file=found.files,
        teachers=tuple(found.teachers),
        sheets={sheet.term: sheet for sheet in sheets},
        closing=closing.closing_of(found),
    )


def seen(user: User, class_group_id: int, *, whole: bool = False) -> Seen:
    """A class to look at its marks: all of it, or only the subjects that this person may see there.

    Levels, conduct and titles rest on every subject, so they are for those who see the `whole` class: its homeroom
    teacher, leaders and inspectors. In two queries, or three. Raises Http404 and PermissionDenied.
    """
    far = access.reaches(user, (Action.VIEW_MARKS, Action.ENTER_CLASS_RESULTS))
    of_some = far[Action.VIEW_MARKS] - WHOLE_CLASS
    far[Action.VIEW_MARKS] &= WHOLE_CLASS
    found = _row(_groups(user), class_group_id, user, covered_classes, far)
    if found.sees:
        return Seen(found, whole=True, leads=found.enters)
    some = ClassSubject.objects.filter(class_group=found)
    day = clock.today()
    granted = grants.covering(user, Action.VIEW_MARKS, day)
    ids = frozenset(
        some.within(of_some, user=user, day=day, granted=granted).values_list("pk", flat=True)
    )
    if whole or not ids:
        raise _refusal(user, found.pk)
    return Seen(found, whole=False, leads=found.enters, only=ids)


def student_of(user: User, group: ClassGroup, student_id: int) -> Student:
    """A pupil who is or was in a class that this person was let to see. Raises Http404 for anybody else; one query."""
    found = (
        Student.objects.visible_to(user)
        .filter(
            pk=student_id,
            enrolments__class_group=group,
            enrolments__withdrawn_on__isnull=True,
        )
        .distinct()
        .first()
    )
    if found is None:
        raise Http404
    return found


@asked_once
def own_books(user: User, term: int | None = None) -> list[Book]:
    """The sheets that this person fills in this school year: assigned, lent, and those of one's own class.

    Of the term of today unless another is asked for; by class, in the order of books. In three queries.
    """
    far = access.reaches(user, (Action.ENTER_MARKS, Action.ENTER_CLASS_RESULTS))
    day = clock.today()
    start = first_calendar_year(day)
    rows = ClassSubject.objects.visible_to(user).filter(class_group__year__start=start)
    granted = grants.covering(user, Action.ENTER_MARKS, day)
    taught = rows.within(far[Action.ENTER_MARKS], user=user, day=day, granted=granted)
    groups = ClassGroup.objects.visible_to(user).filter(year__start=start)
    led = groups.within(
        far[Action.ENTER_CLASS_RESULTS], user=user, day=day, granted=Q(pk__in=[])
    ).select_related("year", "school")
    found = [
        book_of(row.class_group, row, term or term_on(row.class_group.year))
        for row in taught.select_related("class_group__year", "class_group__school", "subject")
    ]
    found += [book_of(group, None, term or term_on(group.year)) for group in led]
    return sorted(found, key=_in_order)


def _in_order(book: Book) -> tuple[int, int, str, bool, int, int]:
    group, taught = book.class_group, book.class_subject
    place = (taught.subject.place, taught.pk) if taught else (0, 0)
    return (group.grade, len(group.name), group.name, taught is None, *place)


def traced(user: User) -> QuerySet[Any]:
    """The history of the marks that this person may look at today. Raises PermissionDenied where that is none."""
    far = access.reach(user, Action.VIEW_MARKS)
    if not far or user.school is None:
        raise access.refusal()
    if Scope.OWN_SCHOOL in far:
        return trace.all_of(user.school)
    day = clock.today()
    subjects = ClassSubject.objects.visible_to(user).within(
        far, user=user, day=day, granted=grants.covering(user, Action.VIEW_MARKS, day)
    )
    groups = ClassGroup.objects.visible_to(user).within(
        far & WHOLE_CLASS, user=user, day=day, granted=Q(pk__in=[])
    )
    return trace.within(user.school, subjects, groups)


def class_groups(user: User) -> QuerySet[ClassGroup]:
    """The classes, of all years, of whose marks this person may look at some today."""
    far = access.reach(user, Action.VIEW_MARKS)
    groups = ClassGroup.objects.visible_to(user)
    if Scope.OWN_SCHOOL in far:
        return groups
    day = clock.today()
    subjects = ClassSubject.objects.visible_to(user).within(
        far, user=user, day=day, granted=grants.covering(user, Action.VIEW_MARKS, day)
    )
    whole = groups.within(far & WHOLE_CLASS, user=user, day=day, granted=Q(pk__in=[]))
    return groups.filter(Q(pk__in=subjects.values("class_group")) | Q(pk__in=whole.values("pk")))
