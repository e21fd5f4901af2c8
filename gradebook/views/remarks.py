"""Monthly remarks on the books of classes: of all classes, of one, and writing one (R-113)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gradebook import access
from gradebook.forms.watching import MonthForm, RemarkForm
from gradebook.rules.progress import months
from gradebook.selectors import remarks as selectors
from gradebook.services import remarks as services
from schoolbook import access as kernel
from schoolbook import clock
from schoolbook.http import Request, page, sent
from schoolbook.rules.permissions import Action
from schoolbook.views.acts import ActPage, answer


@require_safe
def remarks(request: Request) -> HttpResponse:
    """Every class with the figures of a month and its remark, for those who write them."""
    kernel.require(request.user, Action.WRITE_REMARKS)
    assert request.user.school
    year = selectors.year_of(request.user.school)
    known = selectors.begun(year) if year else []
    last = (selectors.last_over(year) if year else None) or (known[0] if known else None)
    form = MonthForm(
        request.GET,
        usual={"month": last.isoformat() if last else ""},
        month=[(one.isoformat(), f"{one:%m/%Y}") for one in known],
    )
    month = date.fromisoformat(form.chosen("month")) if form.chosen("month") else None
    lines = selectors.of_school(year, month) if year and month else []
    context = {"form": form, "month": month, "lines": lines, "address": address}
    return page(request, "gradebook/watching/remarks.html", context)


def address(class_group_id: int, month: date) -> str:
    """Where the remark on a class for a month is written."""
    return reverse("gradebook:write_remark", args=[class_group_id, f"{month:%Y-%m}"])


@require_safe
def book_remarks(request: Request, class_group_id: int) -> HttpResponse:
    """The remarks on a class's book, for everybody who sees marks of it."""
    seen = access.seen(request.user, class_group_id)
    context = {
        "group": seen.class_group,
        "seen": seen,
        "months": selectors.of_class(seen),
        "may_write": kernel.may(request.user, Action.WRITE_REMARKS),
        "address": address,
        "history": selectors.changes(seen.class_group).changes,
    }
    return page(request, "gradebook/watching/book_remarks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write_remark(request: Request, class_group_id: int, month: str) -> HttpResponse:
    """Write the remark on a class for a month, with the figures of the month beside it; or change it."""
    group = kernel.class_group(request.user, class_group_id, to=Action.WRITE_REMARKS)
    day = _month(month, group.year)
    found, figures = selectors.of_month(group, day)
    shown = ActPage(
        title=_("Remark on class %(class)s, %(month)s")
        % {"class": group.name, "month": f"{day:%m/%Y}"},
        text=_("What the check of the book in this month showed. It stands at its end."),
        submit=_("Save the remark"),
        trail=[
            (_("Mark book"), reverse("gradebook:class_marks", args=[group.pk])),
            (_("Remarks on the book"), reverse("gradebook:book_remarks", args=[group.pk])),
        ],
        template="gradebook/watching/write_remark.html",
        more={"group": group, "month": day, "figures": figures},
    )
    form = RemarkForm(
        sent(request),
        version=found.version if found else 0,
        initial={"text": found.text if found else ""},
    )

    def act() -> object:
        return services.write(
            class_group_id=class_group_id, month=day, actor=request.user, **form.cleaned_data
        )

    return answer(request, form, act, shown, done=_("The remark is saved."))


def _month(text: str, year: Any) -> date:
    """The month of an address, if it is one of the school year that has begun. Raises Http404."""
    known = months(year.term1_begins_on, year.term2_ends_on)
    for month in known:
        if f"{month:%Y-%m}" == text and month <= clock.today():
            return month
    raise Http404
