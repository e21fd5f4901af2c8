"""How marks are spread, as charts with the same numbers as a table under them (R-112)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from gradebook.access_watching import Watched, watched
from gradebook.forms.watching import TERM_CHOICES, SpreadForm
from gradebook.rules.progress import ColumnKey
from gradebook.selectors import spread as selectors
from gradebook.selectors.missing import term_on
from gradebook.selectors.spread import Series
from schoolbook.http import Request, page


@dataclass(frozen=True)
class Comparison:
    """Charts with the same bars, so that they can be compared and stand in one table."""

    labels: Sequence[str]
    of_marks: bool
    series: Sequence[Series]

    @property
    def most(self) -> int:
        """The highest bar of the single classes or tests."""
        single = [one for one in self.series if not one.is_together]
        return max((count for one in single for count in one.spread.counts), default=0)


@require_safe
def spread(request: Request) -> HttpResponse:
    """One test in the classes of a grade side by side, or all tests of one class."""
    seen = watched(request.user)
    form, subjects = _form(request, seen)
    term = form.number("term") or 1
    found = selectors.counted(subjects, term)
    if form.chosen("class_group"):
        series = [one for row in subjects for one in selectors.by_test(row, term, found)]
    else:
        together = _("Grade %(grade)s") % {"grade": form.chosen("grade")}
        test = _key(form.chosen("test"))
        series = selectors.by_class(subjects, term, test, found, together=together)
    context = {
        "form": form,
        "comparisons": _comparisons([one for one in series if one.spread.count]),
        "said": said,
        "decimal": _decimal,
        "subject": subjects[0].subject.name if subjects else "",
    }
    return page(request, "gradebook/watching/spread.html", context)


def said(one: Series) -> str:
    """A chart in words, for who cannot see it."""
    count = one.spread.count
    head = ngettext("%(label)s, %(count)s mark", "%(label)s, %(count)s marks", count)
    bars = "; ".join(f"{name}: {number}" for name, number in one.spread.bars)
    return f"{head % {'label': one.label, 'count': count}}. {bars}."


def _decimal(value: Decimal) -> str:
    """A figure as Vietnamese papers write it, with its two decimals."""
    return str(value).replace(".", ",")


def _comparisons(series: Sequence[Series]) -> list[Comparison]:
    by_bars: dict[tuple[Any, ...], list[Series]] = {}
    for one in series:
        by_bars.setdefault((one.spread.labels, one.spread.of_marks), []).append(one)
    return [Comparison(labels, of_marks, those) for (labels, of_marks), those in by_bars.items()]


def _key(text: str) -> ColumnKey:
    component, _colon, number = text.partition(":")
    return (component, int(number or 1))


def _form(request: Request, seen: Watched) -> tuple[SpreadForm, list[Any]]:
    """The filters, and the subjects of classes that they name."""
    grades = sorted({row.class_group.grade for row in seen.subjects})
    usual = {"term": str(term_on(seen.year)) if seen.year else "1"}
    usual["grade"] = str(grades[0]) if grades else ""
    asked = {"grade": [(str(one), str(one)) for one in grades], "term": TERM_CHOICES[:2]}
    grade = SpreadForm(request.GET, usual=usual, **asked).number("grade")
    in_grade = [row for row in seen.subjects if row.class_group.grade == grade]
    taught = {row.subject_id: row.subject for row in in_grade}
    ordered = sorted(taught.values(), key=lambda one: (one.place, one.pk))
    asked["subject"] = [(str(one.pk), one.name) for one in ordered]
    usual["subject"] = str(ordered[0].pk) if ordered else ""
    subject = SpreadForm(request.GET, usual=usual, **asked).number("subject")
    rows = [row for row in in_grade if row.subject_id == subject]
    asked["class_group"] = [
        ("", _("all classes")),
        *((str(row.class_group_id), row.class_group.name) for row in rows),
    ]
    first = SpreadForm(request.GET, usual=usual, **asked)
    columns = [
        column
        for row in rows
        for column in selectors.columns(row, first.number("term") or 1).values()
    ]
    asked["test"] = list({f"{one.key[0]}:{one.key[1]}": one.name for one in columns}.items())
    usual["test"] = str(asked["test"][0][0]) if asked["test"] else ""
    form = SpreadForm(request.GET, usual=usual, **asked)
    only = form.number("class_group")
    return form, [row for row in rows if only in {None, row.class_group_id}]
