"""Marks that a pupil brings along from the class of before, within one year: looked at, then applied as one act."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gradebook import access
from gradebook.models import ActKind, EntryAct, MarkSheet
from gradebook.rules.columns import TAKEN_OVER
from gradebook.rules.typed import BLANK
from gradebook.selectors.books import NOTHING, Book, Place, marks_of
from gradebook.services.acts.previewing import Asked, Wanted, look, record
from schoolbook.errors import Invalid
from schoolbook.models import Enrolment, User
from schoolbook.rules.permissions import Action


def bring(*, place: Place, student_id: int, actor: User) -> EntryAct:
    """Look at what the pupil's sheet of the same subject and term in the class of before would fill here.

    Only cells that are blank here are filled; each says from which class it came. Raises Http404, PermissionDenied, and
    Invalid where there is nothing to bring.
    """
    book = access.book(actor, place, to=Action.ENTER_MARKS)
    former = _former_sheet(book, student_id)
    if former is None:
        raise Invalid({"student": _("The pupil was in no other class with this subject before.")})
    here = marks_of([book.sheet], [student_id])[book.term] if book.sheet else {}
    there = marks_of([former], [student_id])[former.term]
    cells = [
        Wanted(student_id, component, number, held.entry.shown)
        for (_student, component, number), held in sorted(there.items())
        if held.entry != BLANK
        and component not in TAKEN_OVER
        and here.get((student_id, component, number), NOTHING).entry == BLANK
    ]
    if not cells:
        raise Invalid({"student": _("There is no mark to bring along.")})
    source = _("class %(class)s") % {"class": former.class_group.name}
    looked = look(Asked(place, cells), actor, source)
    act = EntryAct(kind=ActKind.BRING, year=book.year, source=source)
    return record(act, [looked.part], actor)


def _former_sheet(book: Book, student_id: int) -> MarkSheet | None:
    """The sheet of this subject and term in the class where the pupil was last before this one."""
    if book.class_subject is None:
        return None
    before = (
        Enrolment.objects.filter(
            student=student_id, class_group__year=book.year, ends_on__isnull=False
        )
        .exclude(class_group=book.class_group)
        .order_by("-begins_on")
        .values_list("class_group", flat=True)
        .first()
    )
    return (
        MarkSheet.objects.select_related("class_group")
        .filter(
            class_group=before,
            class_subject__subject=book.class_subject.subject_id,
            term=book.term,
        )
        .first()
        if before
        else None
    )
