"""Marks as teachers and homeroom teachers look at them: one's own sheets, those of a class, one subject of a class."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gradebook import access
from gradebook.forms.overview import CheckForm
from gradebook.selectors import checks, corrected, missing, sign_offs
from gradebook.selectors.ledger import Ledger, Seen, ledger
from gradebook.services import checks as given
from gradebook.views import places, striking, tables
from schoolbook import access as kernel
from schoolbook import clock
from schoolbook.http import Request, page
from schoolbook.rules.permissions import Action
from schoolbook.selectors import classes
from schoolbook.views.acts import problem_of


@require_safe
def my_sheets(request: Request) -> HttpResponse:
    """Every sheet that one fills in, with what is missing; and the classes whose marks one may look at (R-045)."""
    kernel.require_anywhere(request.user, Action.VIEW_MARKS)
    own = access.own_books(request.user)
    term = places.asked_term(request, own[0].term if own else 1)
    if own and term != own[0].term:
        own = access.own_books(request.user, term)
    context = {
        "term": term,
        "lines": missing.lines(own),
        "words": sign_offs.of_books(own),
        "sheet_href": places.sheet_href,
        "groups": list(_groups(request)),
    }
    return page(request, "gradebook/my_sheets.html", context)


def _groups(request: Request) -> Any:
    school = request.user.school
    assert school  # who has a right anywhere works somewhere
    year = classes.year_of(classes.years(school), clock.today())
    found = access.class_groups(request.user).filter(year=year)
    return classes.in_order(found)


@require_safe
def class_marks(request: Request, class_group_id: int) -> HttpResponse:
    """The sheets of a class: who fills them in, what is missing, whether the figures were looked through."""
    seen = access.seen(request.user, class_group_id)
    group = seen.class_group
    term = places.asked_term(request, missing.term_on(group.year))
    found = ledger(seen, components=())
    known = checks.of_class_group(group)
    taught = {one.class_subject.pk: one for one in found.subjects if one.class_subject}
    listed = [one.class_subject for one in found.subjects]
    books = [
        missing.book_of(group, one, term) for one in ([None, *listed] if seen.whole else listed)
    ]
    context = {
        "group": group,
        "seen": seen,
        "term": term,
        "lines": missing.lines(books),
        "teachers": {pk: one.teachers for pk, one in taught.items()},
        "words": sign_offs.newest(group, term),
        "checks": {pk: checks.of_subject(found, one, term, known) for pk, one in taught.items()},
        "counter": _counter(found, corrected.of_class(found, [term])),
        "is_primary": found.about.is_primary,
        "sheet_href": places.sheet_href,
    }
    return page(request, "gradebook/class_marks.html", context)


def _counter(found: Ledger, struck: Any) -> list[str]:
    return striking.counter_of_class(found, corrected.by_subject(struck))


@require_safe
def class_by_subject(request: Request, class_subject_id: int) -> HttpResponse:
    """One subject of a class: the marks of both terms and of the year, to read and to print (R-188)."""
    return _by_subject(request, class_subject_id)


@require_POST
def check_subject(request: Request, class_subject_id: int, term: int) -> HttpResponse:
    """The subject teacher's word that the averages of a sheet were looked through (R-053)."""
    kernel.class_subject(request.user, class_subject_id, to=Action.CHECK_RESULTS)
    form = CheckForm(request.POST)

    def act(said: dict[str, Any]) -> object:
        return given.check_subject(
            class_subject_id=class_subject_id,
            term=term,
            digest=said["digest"],
            actor=request.user,
        )

    done = _("It is recorded that you looked through the results.")
    problem = problem_of(request, form, act, done=done)
    if problem:
        return _by_subject(request, class_subject_id, problem=problem, status=422)
    here = reverse("gradebook:class_by_subject", args=[class_subject_id])
    return redirect(places.way_back(form.cleaned_data["next"], here))


def _by_subject(
    request: Request, class_subject_id: int, *, problem: str = "", status: int = 200
) -> HttpResponse:
    book = access.subject_book(request.user, class_subject_id, 1)
    mine = Seen(book.class_group, whole=False, only=frozenset({class_subject_id}))
    found = ledger(mine, components=None)
    [taught] = found.subjects
    struck = corrected.of_class(found)
    context = {
        "group": book.class_group,
        "book": taught,
        "table": tables.of_subject(found, taught, struck),
        "counter": _counter(found, struck),
        "checks": _checks(found, taught),
        "may_check": kernel.class_subjects(request.user, Action.CHECK_RESULTS)
        .filter(pk=class_subject_id)
        .exists(),
        "open_href": places.sheet_href(
            replace(taught, term=missing.term_on(book.class_group.year))
        ),
        "problem": problem,
    }
    return page(request, "gradebook/class_by_subject.html", context, status=status)


def _checks(found: Ledger, taught: Any) -> list[checks.Check]:
    known = checks.of_class_group(found.group)
    terms = [
        term
        for term in (1, 2)
        if (taught.class_subject.in_term1, taught.class_subject.in_term2)[term - 1]
    ]
    shown = [checks.of_subject(found, taught, term, known) for term in terms]
    return [one for one in shown if one.figures or one.by]
