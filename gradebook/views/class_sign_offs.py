"""Confirming a class for a term, what was frozen with that, and what a school has confirmed (R-145, R-146)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradebook import access, access_sign_offs
from gradebook.forms.sign_offs import SignOffForm, TakeBackForm
from gradebook.rules import kept
from gradebook.rules.columns import TERMS
from gradebook.selectors import missing
from gradebook.selectors import sign_off_board as boards
from gradebook.selectors import sign_offs as read
from gradebook.selectors.ledger import Seen, ledger
from gradebook.services import sign_offs as services
from gradebook.views import places
from gradebook.views.sign_offs import taken_back
from schoolbook import access as kernel
from schoolbook import clock, registry
from schoolbook.http import Request, page
from schoolbook.rules.permissions import Action
from schoolbook.selectors import classes
from schoolbook.views.acts import problem_of

TEMPLATE = "gradebook/sign_offs/class_sign_off.html"


@require_safe
def sign_offs(request: Request) -> HttpResponse:
    """Classes × subjects of a term: what is confirmed, what is not, and what was broken by a change."""
    user = request.user
    kernel.require_anywhere(user, Action.VIEW_PROGRESS)
    assert user.school  # who has a right anywhere works somewhere
    year = classes.year_of(classes.years(user.school), clock.today())
    term = places.asked_term(request, missing.term_on(year) if year else 1)
    taught = kernel.class_subjects(user, Action.VIEW_PROGRESS)
    groups = kernel.class_groups(user, Action.VIEW_PROGRESS).select_related("year")
    whole = access_sign_offs.whole_classes(user).filter(year=year)
    shown = list(classes.in_order(groups.filter(year=year)))
    context = {
        "year": year,
        "term": term,
        "board": boards.board(taught, whole.values_list("pk", flat=True), term, shown),
    }
    return page(request, "gradebook/sign_offs/sign_offs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def class_sign_off(request: Request, class_group_id: int, term: int) -> HttpResponse:
    """Every subject with its confirmation, the levels as they would be frozen, and the button; after, what was."""
    seen = _seen(request, class_group_id, term)
    if request.method != "POST":
        return _show(request, seen, term)
    kernel.class_group(request.user, class_group_id, to=Action.CONFIRM_CLASS)
    form = SignOffForm(request.POST)

    def act(said: dict[str, Any]) -> object:
        return services.confirm_class(
            class_group_id=class_group_id, term=term, digest=said["digest"], actor=request.user
        )

    done = _("The class is confirmed. Levels and titles are kept.")
    problem = problem_of(request, form, act, done=done)
    if not problem:
        return redirect("gradebook:class_sign_off", class_group_id, term)
    return _show(request, seen, term, problem=problem, status=422)


@require_POST
def take_back_class_sign_off(request: Request, class_group_id: int, term: int) -> HttpResponse:
    """Take the confirmation of a class back, with a reason."""
    kernel.class_group(request.user, class_group_id, to=Action.CONFIRM_CLASS)
    seen = _seen(request, class_group_id, term)
    form = TakeBackForm(request.POST)
    done = _("The confirmation of the class is taken back.")
    if taken_back(request, form, services.take_back_class, done=done):
        return redirect("gradebook:class_sign_off", class_group_id, term)
    return _show(request, seen, term, taking_back=form, status=422)


@require_safe
def frozen_standing(
    request: Request, class_group_id: int, term: int, student_id: int, period: str
) -> HttpResponse:
    """How a level and title that were frozen came about then, beside what is worked out today."""
    seen = _seen(request, class_group_id, term)
    student = access.student_of(request.user, seen.class_group, student_id)
    word = read.newest(seen.class_group, term).get(None)
    row = read.frozen(word).get((student.pk, period))
    if row is None:
        messages.info(request, _("Nothing is kept of this pupil and period."))
        return redirect("gradebook:class_sign_off", class_group_id, term)
    context = {
        "group": seen.class_group,
        "term": term,
        "student": student,
        "word": word,
        **_beside_today(seen, row, term, period),
    }
    return page(request, "gradebook/sign_offs/frozen_standing.html", context)


def _beside_today(seen: Seen, row: Any, term: int, period: str) -> dict[str, Any]:
    """What was kept of a pupil, in the language of the reader, and what is worked out today."""
    held = ledger(seen, students=[row.student_id], components=None)
    reached = read.class_signing(held, term).reached
    live = next((one for one in reached if one.period == period), None)
    language = "en" if get_language() == "en" else "vi"
    return {
        "period": places.period_names(held.about)[period],
        "row": row,
        "circular": registry.schemes.circular(row.scheme),
        "parts": _parts(row.working, language),
        "live": live.working if live else None,
        "same": live is not None and live.working == row.working,
        "problems": [one[language] for one in row.working["problems"]],
    }


def _parts(working: Any, language: Any) -> list[dict[str, Any]]:
    titles = {
        "level": _("Level"),
        "conduct": _("Conduct"),
        "title": _("Title"),
        "again": _("After being assessed again"),
        "summer": _("After summer training"),
        "promotion": _("Completion of the grade"),
    }
    found = [{"title": titles[one.name], "said": one.said(language)} for one in kept.parts(working)]
    if working["conduct"] and all(one["name"] != "conduct" for one in working["parts"]):
        said = _("%(level)s, entered by the homeroom teacher") % {"level": working["conduct"]}
        found.insert(1, {"title": titles["conduct"], "said": [said]})
    return found


def _seen(request: Request, class_group_id: int, term: int) -> Seen:
    if term not in TERMS:
        raise Http404
    return access.seen(request.user, class_group_id, whole=True)


def _show(
    request: Request,
    seen: Seen,
    term: int,
    *,
    problem: str = "",
    taking_back: TakeBackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = read.class_signing(ledger(seen, components=None), term)
    word, group = now.word, seen.class_group
    stands = bool(word and not word.ended_at)
    mine = kernel.class_groups(request.user, Action.CONFIRM_CLASS).filter(pk=group.pk)
    may_sign = seen.leads and mine.exists()
    if taking_back is None and word and stands and may_sign:
        taking_back = TakeBackForm(initial={"sign_off": word.pk})
    frozen = read.frozen(word)
    context = {
        "group": group,
        "term": term,
        "now": now,
        "word": word,
        "stands": stands,
        "holds": stands and word is not None and word.digest == now.digest,
        "may_sign": may_sign,
        "taking_back": taking_back,
        "problem": problem,
        "frozen": {key: kept_words(row.working) for key, row in frozen.items()},
        "periods": places.period_names(now.ledger.about),
        "is_primary": now.ledger.about.is_primary,
        "sheet_href": places.sheet_href,
    }
    return page(request, TEMPLATE, context, status=status)


def kept_words(working: Any) -> dict[str, str]:
    """Level, conduct and title of a working, in full."""
    names = ("level", "conduct", "title", "level_again", "conduct_again")
    return {name: working[name] for name in names}
