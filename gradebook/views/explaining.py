"""Every number explains itself: how an average, a level, a title came about, and what is missing (invariant 13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gradebook import access, rules, words
from gradebook.selectors import levels
from gradebook.selectors.ledger import PERIODS, Seen, ledger, worked_out
from gradebook.selectors.trace import column_name
from gradebook.views import places
from schoolbook.http import Request, fragment

TEMPLATE = "gradebook/explain.html"


def _language() -> Literal["vi", "en"]:
    return "en" if get_language() == "en" else "vi"


@require_safe
def explain_result(
    request: Request, class_subject_id: int, student_id: int, period: str
) -> HttpResponse:
    """The working of an average or level of a subject, as a page or beside the sheet."""
    book = access.subject_book(request.user, class_subject_id, 2 if period == "year" else 1)
    seen = Seen(book.class_group, whole=False, only=frozenset({class_subject_id}))
    student = access.student_of(request.user, seen.class_group, student_id)
    if period not in PERIODS or book.is_primary:
        raise Http404
    found = ledger(seen, students=[student.pk], components=None)
    [taught] = found.subjects
    worked = worked_out(found, taught, student.pk)
    result = worked.by_period.get(period)
    if result is None:
        raise Http404
    context = {
        "group": book.class_group,
        "student": student,
        "title": f"{taught.class_subject.subject.name}: {places.PERIOD_NAMES[period]}",  # type: ignore[union-attr]
        "shown": found.figure(taught, student.pk, period).shown,
        "parts": [_part(_("How it is worked out"), result)],
        "missing": _missing(result.missing),
        "problems": [words.sentence(worked.problem)] if worked.problem else [],
    }
    return fragment(request, TEMPLATE, ["explanation"], context)


def _missing(cells: Sequence[Any]) -> list[str]:
    """What there is no result without, in words."""
    said = []
    for cell in cells:
        name = _cell_name(cell.component, cell.place)
        waits = _("absent, waits for the make-up test") if cell.why == "awaiting" else ""
        said.append(f"{name}: {waits}" if waits else name)
    return said


def _cell_name(component: str, place: int) -> str:
    if component in places.PERIOD_NAMES:
        return str(places.PERIOD_NAMES[component])
    return column_name(component, place)


@require_safe
def explain_level(
    request: Request, class_group_id: int, student_id: int, period: str
) -> HttpResponse:
    """The working of level, conduct and title of a pupil, as a page or beside another."""
    seen = access.seen(request.user, class_group_id, whole=True)
    student = access.student_of(request.user, seen.class_group, student_id)
    found = ledger(seen, students=[student.pk])
    pupil = found.pupil(student.pk)
    if pupil is None or period not in levels.periods(found.about):
        raise Http404
    one = levels.levels_of(found, pupil, period)
    context = {
        "group": seen.class_group,
        "student": student,
        "title": places.period_names(found.about)[period],
        "shown": " · ".join(filter(None, (one.level, one.conduct, one.title))),
        "parts": _parts(one),
        "missing": [],
        "problems": [words.sentence(error) for error in one.problems],
    }
    return fragment(request, TEMPLATE, ["explanation"], context)


def _part(title: str, result: Any) -> dict[str, Any]:
    """The steps of a result, with what the next level still lacks, in the language of the reader."""
    return {"title": title, "said": rules.explanation(result, _language())}


def _parts(one: Any) -> list[dict[str, Any]]:
    """Level, conduct and title, each with its steps; what comes after the summer stands beside the first."""
    found = [
        (_("Level"), one.primary or one.academic),
        (_("Conduct"), one.conduct_result),
        (_("Title"), one.award),
        (_("After being assessed again"), one.again),
        (_("After summer training"), one.summer),
        (_("Completion of the grade"), one.promotion),
    ]
    parts = [_part(title, result) for title, result in found if result is not None]
    if one.primary is None and one.conduct_result is None and one.conduct:
        said = _("%(level)s, entered by the homeroom teacher") % {"level": one.conduct}
        parts.insert(1, {"title": _("Conduct"), "said": [said]})
    if one.academic is not None and one.conduct_result is not None:
        said = _("Attendance is not recorded yet, so nothing is said of promotion.")
        parts.append({"title": _("Promotion"), "said": [said]})
    return parts
