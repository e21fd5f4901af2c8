"""The marks of one pupil: the mark sheet by subject (R-187), and the slip that goes home (R-190)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from gradebook import access, words
from gradebook.rules.columns import Component
from gradebook.selectors import corrected, levels, missing, sign_offs
from gradebook.selectors.books import Pupil
from gradebook.selectors.ledger import Ledger, Seen, ledger
from gradebook.views import places, tables
from schoolbook.http import Request, page


@require_safe
def student_marks(request: Request, class_group_id: int, student_id: int) -> HttpResponse:
    """Every mark of a pupil in a class, by subject, with results and levels, as far as the reader may see them."""
    seen = access.seen(request.user, class_group_id)
    student = access.student_of(request.user, seen.class_group, student_id)
    found = ledger(seen, students=[student.pk], components=None)
    pupil = _pupil(found, student.pk)
    names = places.period_names(found.about)
    struck = corrected.of_class(found, students=[student.pk])
    context = {
        "group": seen.class_group,
        "seen": seen,
        "pupil": pupil,
        "parts": {term: tables.of_pupil(found, pupil, [term], struck) for term in (1, 2)},
        "levels": {period: levels.levels_of(found, pupil, period) for period in names}
        if seen.whole
        else {},
        "periods": names,
        "sentence": words.sentence,
    }
    return page(request, "gradebook/student_marks.html", context)


@require_safe
def mark_slip(request: Request, class_group_id: int, student_id: int) -> HttpResponse:
    """The slip of one pupil, to print."""
    seen = access.seen(request.user, class_group_id, whole=True)
    student = access.student_of(request.user, seen.class_group, student_id)
    return _slips(request, seen, [student.pk])


@require_safe
def class_slips(request: Request, class_group_id: int) -> HttpResponse:
    """The slips of all pupils of a class, one on a page."""
    return _slips(request, access.seen(request.user, class_group_id, whole=True), None)


def _slips(request: Request, seen: Seen, only: Collection[int] | None) -> HttpResponse:
    found = ledger(seen, students=only, components=None)
    names = places.period_names(found.about)
    usual = f"term{missing.term_on(seen.class_group.year)}"
    period = places.asked_period(request, names, usual if usual in names else "year")
    of_term = levels.periods(found.about)[period]
    # Who left long ago gets one when asked for by name only.
    pupils = [one for one in found.pupils if only or one.id in found.on_sheet[of_term]]
    context = {
        "group": seen.class_group,
        "pupil": _pupil(found, next(iter(only))) if only else None,
        "slips": [_slip(found, pupil, period) for pupil in pupils],
        "period": period,
        "periods": names,
        "is_primary": found.about.is_primary,
        "word": sign_offs.newest(seen.class_group, of_term).get(None),
    }
    return page(request, "gradebook/slips.html", context)


def _slip(found: Ledger, pupil: Pupil, period: str) -> dict[str, Any]:
    """What goes home: this pupil's own figures, nothing of anybody else's."""
    term = levels.periods(found.about)[period]
    whole_year = period == "year" and not found.about.is_primary
    remark = levels.WHERE[period][1] if found.about.is_primary else 2 if whole_year else 1
    return {
        "pupil": pupil,
        "parts": [] if whole_year else tables.of_pupil(found, pupil, [term]),
        "year": _year(found, pupil) if whole_year else [],
        "levels": levels.levels_of(found, pupil, period),
        "remark": found.entry(None, term, pupil.id, (Component.COMMENT.value, remark)).entry.text,
    }


def _year(found: Ledger, pupil: Pupil) -> list[Any]:
    """The results of both terms and the year, by subject."""
    return [
        (
            book,
            [
                found.figure(book, pupil.id, period) if levels.taught_in(book, period) else None
                for period in levels.SECONDARY_PERIODS
            ],
        )
        for book in found.subjects
    ]


def _pupil(found: Ledger, student_id: int) -> Pupil:
    pupil = found.pupil(student_id)
    if pupil is None:  # placed in the class, but on no day of its year
        raise Http404
    return pupil
