"""What those who watch over books are told at home: sheets that are late, and books without a remark."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradebook.access_watching import watched
from gradebook.rules.columns import TERMS
from gradebook.selectors import progress, remarks
from schoolbook.models import User
from schoolbook.registry import Card
from schoolbook.rules.permissions import Role
from schoolbook.selectors import duties

NAMED = 4


def late_sheets(user: User) -> Iterator[Card]:
    """How many sheets that this person watches are late (R-110, R-114); no more than nine queries, one for a teacher.

    The figures are asked for only once something is due at all.
    """
    try:
        seen = watched(user)
    except PermissionDenied:
        return
    if seen.year is None or not progress.anything_due(seen.year):
        return
    found = progress.lines(seen.year, seen.subjects, seen.groups)
    late = [line for line in found if line.tally(TERMS).late]
    if not late:
        return
    marks = sum(line.tally(TERMS).late for line in late)
    names = [_name(line) for line in late[:NAMED]] + ["…"] * (len(late) > NAMED)
    count = ngettext("%(count)s mark is overdue.", "%(count)s marks are overdue.", marks)
    yield Card(
        ngettext("%(count)s sheet is late", "%(count)s sheets are late", len(late))
        % {"count": len(late)},
        " ".join([count % {"count": marks}, "" if seen.whole else ", ".join(names)]).strip(),
        reverse("gradebook:progress"),
        _("Look at the progress"),
        tone="due",
    )


def _name(line: progress.Line) -> str:
    what = line.taught.subject.name if line.taught else _("Conduct and remarks")
    return f"{line.group.name} · {what}"


def missing_remarks(user: User) -> Iterator[Card]:
    """How many books lack the remark of the last month, for a vice-principal (R-113); no more than four queries."""
    if Role.VICE_PRINCIPAL not in duties.roles_today(user) or user.school is None:
        return
    year = remarks.year_of(user.school)
    month = remarks.last_over(year) if year else None
    count = remarks.lacking(year, month) if year and month else 0
    if not count or month is None:
        return
    yield Card(
        ngettext(
            "%(count)s book has no remark for %(month)s",
            "%(count)s books have no remark for %(month)s",
            count,
        )
        % {"count": count, "month": f"{month:%m/%Y}"},
        _("After the check of a month the vice-principal writes a remark at the end of the book."),
        reverse("gradebook:remarks"),
        _("Write the remarks"),
        tone="due",
    )
