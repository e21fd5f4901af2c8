"""The plan of entry windows: one page a year, its draft, and the decision that announces it (R-101, R-105)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gradebook import access_locks, words
from gradebook.forms.windows import DecideWindowsForm, PlanForm
from gradebook.selectors import windows as found
from gradebook.services import windows as service
from gradebook.services.windows import LinesRefused
from gradebook.views import plan_table
from schoolbook import access as kernel
from schoolbook.forms.base import Refusable
from schoolbook.http import Request, page, sent
from schoolbook.rules.permissions import Action
from schoolbook.selectors import years as years_of
from schoolbook.views.acts import ActPage, answer, fresh
from schoolbook.views.second_factor import prompts_for_second_factor

Trail = Sequence[tuple[str, str]]


@require_safe
def windows(request: Request) -> HttpResponse:
    """The plan of a year: what is in force, what is drafted, and every version with its decision."""
    school = access_locks.school(request.user)
    years = years_of.years(school)
    year = years_of.asked(years, request.GET.get("year", ""))
    rights = kernel.rights(request.user)
    versions = found.versions(year) if year else []
    if Action.VIEW_LOCKS not in rights:
        versions = [one for one in versions if one.standing in {"in_force", "replaced"}]
    by_standing = {one.standing: one for one in versions if one.standing in {"draft", "in_force"}}
    context = {
        "years": years,
        "year": year,
        "in_force": by_standing.get("in_force"),
        "draft": by_standing.get("draft"),
        "older": [one for one in versions if one.standing in {"replaced", "withdrawn"}],
        "may_draft": Action.DRAFT_WINDOWS in rights,
        "may_decide": Action.DECIDE_LOCKS in rights and access_locks.is_decider(request.user),
        "table": plan_table.table,
        "words": words,
    }
    return page(request, "gradebook/windows/windows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_windows(request: Request, year_id: int) -> HttpResponse:
    """Write the draft of a year: all of its lines in one save."""
    year = kernel.year(request.user, year_id, to=Action.DRAFT_WINDOWS)
    plan = found.draft(year)
    lines = found.lines_of(plan) if plan else found.proposed(year)
    form = PlanForm(
        sent(request),
        year=year,
        lines=lines,
        version=found.mark(plan),
        reason=plan.reason if plan else "",
    )
    shown = ActPage(
        title=_("Draft the entry times of %(year)s") % {"year": year.name},
        text=_(
            "Nothing of this counts before it is decided. What has no line here is not limited."
        ),
        submit=_("Save the draft"),
        trail=_trail(year),
        template="gradebook/windows/draft.html",
        more={"plan": plan},
    )

    def act() -> object:
        try:
            return service.save_draft(
                year_id=year.pk,
                lines=form.sent_lines,
                version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
                actor=request.user,
            )
        except LinesRefused as refusal:
            form.refuse_lines(refusal.lines)
            raise

    return answer(request, form, act, shown, done=_("The draft is saved."))


@require_http_methods(["GET", "HEAD", "POST"])
@prompts_for_second_factor
def decide_windows(request: Request, plan_id: int) -> HttpResponse:
    """Decide a draft: it is announced and counts from then on."""
    plan = access_locks.plan(request.user, plan_id, to=Action.DECIDE_LOCKS)
    version = next(one for one in found.versions(plan.year) if one.plan.pk == plan.pk)
    form = DecideWindowsForm(sent(request), initial={"version": found.mark(plan)})
    shown = ActPage(
        title=_("Decide the entry times of %(year)s") % {"year": plan.year.name},
        text=_(
            "%(name)s drafted this. Once decided it counts for all and is never changed: another version replaces it."
        )
        % {"name": plan.drafted_by.full_name},
        submit=_("Put it in force"),
        trail=_trail(plan.year),
        template="gradebook/windows/decide.html",
        more={
            "version": version,
            "may_decide": access_locks.is_decider(request.user),
            "table": plan_table.table,
            "words": words,
        },
    )

    def act() -> object:
        return service.decide(
            plan_id=plan_id,
            actor=request.user,
            verified_at=fresh(request),
            **form.cleaned_data,
        )

    return answer(request, form, act, shown, done=_("The entry times are in force."))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_windows(request: Request, plan_id: int) -> HttpResponse:
    """Give a draft up."""
    plan = access_locks.plan(request.user, plan_id, to=Action.DRAFT_WINDOWS)
    form = Refusable(sent(request))
    shown = ActPage(
        title=_("Withdraw the draft of %(year)s") % {"year": plan.year.name},
        text=_("It stays in the list of versions. What is in force stays in force."),
        submit=_("Withdraw the draft"),
        trail=_trail(plan.year),
        facts=[(_("Drafted by"), plan.drafted_by.full_name)],
    )

    def act() -> object:
        return service.withdraw(plan_id=plan_id, actor=request.user)

    return answer(request, form, act, shown, done=_("The draft is withdrawn."))


def _trail(year: Any) -> Trail:
    return [(_("Entry times"), f"{reverse('gradebook:windows')}?year={year.start}")]
