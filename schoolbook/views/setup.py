"""The set-up assistant: what a school year still lacks, each with the place where it is mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from schoolbook import access
from schoolbook.forms.assignments import YearForm
from schoolbook.http import Request, page
from schoolbook.rules import school_year
from schoolbook.rules.permissions import Action
from schoolbook.rules.subjects import Level, usual_subjects
from schoolbook.selectors import setup as found
from schoolbook.selectors import years as years_of
from schoolbook.selectors.setup import Missing

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Line:
    """One thing that is missing, and where it is mended."""

    text: StrOrPromise
    href: str


TITLES: dict[Missing, StrOrPromise] = {
    Missing.YEAR: gettext_lazy("The school year is not opened"),
    Missing.CLASSES: gettext_lazy("The year has no classes"),
    Missing.REGULATION: gettext_lazy("The school has decided no regulation"),
    Missing.BOARD: gettext_lazy("No admin board of three or more"),
    Missing.HEADS: gettext_lazy("Departments and teams without a head"),
    Missing.SUBJECTS: gettext_lazy("Classes without subjects"),
    Missing.HOMEROOMS: gettext_lazy("Classes without a homeroom teacher"),
    Missing.TEACHERS: gettext_lazy("Subjects of classes without a teacher"),
    Missing.FINALS: gettext_lazy("Subjects where nobody gives the final assessment"),
    Missing.PUPILS: gettext_lazy("Classes without pupils"),
    Missing.PLACES: gettext_lazy("Pupils without a class this year"),
    Missing.PERIODS: gettext_lazy("Periods that differ from the usual number"),
    Missing.ACTIVATION: gettext_lazy("Accounts that were never activated"),
}


def _to(route: str, argument: str) -> Callable[[Any], Line]:
    """A line with the name of the thing, and the address of its own page."""
    return lambda row: Line(str(row), reverse(f"schoolbook:{route}", kwargs={argument: row.pk}))


def _plain(route: str, text: StrOrPromise) -> Callable[[Any], Line]:
    """A line that says what to do, and the address where it is done."""
    return lambda _row: Line(text, reverse(f"schoolbook:{route}"))


def _assign(row: Any) -> Line:
    text = f"{row.class_group.name}: {row.subject.name}"
    return Line(text, reverse("schoolbook:assign_subject", kwargs={"class_subject_id": row.pk}))


def _periods(row: Any, level: Level) -> Line:
    usual = {entry.code: entry.periods for entry in usual_subjects(level, row.class_group.grade)}
    sentence = _("%(class)s: %(subject)s has %(periods)s periods a year, usually %(usual)s")
    values = {
        "class": row.class_group.name,
        "subject": row.subject.name,
        "periods": row.periods,
        "usual": usual[row.subject.code],
    }
    kwargs = {"class_group_id": row.class_group_id}
    return Line(sentence % values, reverse("schoolbook:class_subjects", kwargs=kwargs))


def _pupil(row: Any) -> Line:
    address = reverse("schoolbook:student", kwargs={"student_id": row.pk})
    return Line(f"{row.full_name} ({row.code})", address)


def _lines(gap: found.Gap, level: Level) -> list[Line]:
    ways: dict[Missing, Callable[[Any], Line]] = {
        Missing.YEAR: _plain("open_year", _("Open it, or start it from the year before.")),
        Missing.CLASSES: _to("year", "year_id"),
        Missing.REGULATION: _to("regulation", "school_id"),
        Missing.BOARD: _plain("admin_boards", _("Record the board of the principal's decision.")),
        Missing.HEADS: _to("department", "department_id"),
        Missing.SUBJECTS: _to("class_subjects", "class_group_id"),
        Missing.HOMEROOMS: _to("assign_homeroom", "class_group_id"),
        Missing.TEACHERS: _assign,
        Missing.FINALS: _assign,
        Missing.PUPILS: _to("class_group", "class_group_id"),
        Missing.PLACES: _pupil,
        Missing.PERIODS: lambda row: _periods(row, level),
        Missing.ACTIVATION: _to("account", "user_id"),
    }
    return [ways[gap.what](row) for row in gap.rows]


@require_safe
def setup(request: Request) -> HttpResponse:
    """What the year that was asked for still lacks; the present one if none was."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.SET_UP_YEAR)
    years = years_of.years(school)
    form = YearForm(request.GET, years=years, start=found.this_start())
    start = int(form.asked())
    year = next((year for year in years if year.start == start), None)
    level = Level(school.level)
    gaps = [(TITLES[gap.what], gap, _lines(gap, level)) for gap in found.gaps(school, year, start)]
    context = {
        "form": form,
        "year": year,
        "name": school_year.name(start),
        "gaps": [entry for entry in gaps if not entry[1].hint],
        "hints": [entry for entry in gaps if entry[1].hint],
        "may_start": bool(years),
    }
    return page(request, "schoolbook/setup/setup.html", context)
