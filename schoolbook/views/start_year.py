"""Starting a school year from the last one: a preview, then all of it in one act."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from schoolbook import access
from schoolbook.forms.years import StartYearForm, usual_days
from schoolbook.http import Request, sent
from schoolbook.rules import school_year
from schoolbook.rules.permissions import Action
from schoolbook.selectors import new_year as found
from schoolbook.selectors import years as years_of
from schoolbook.services import new_year
from schoolbook.views.acts import ActPage, answer


@require_http_methods(["GET", "HEAD", "POST"])
def start_year(request: Request) -> HttpResponse:
    """Show what the new year would be, with what is ticked; then make it."""
    school = access.school(request.user, request.user.school_id or 0, to=Action.SET_UP_YEAR)
    years = years_of.years(school)
    if not years:
        return redirect("schoolbook:open_year")
    # A page that was sent twice still means the year it has shown.
    old = next((y for y in years if str(y.start + 1) == request.POST.get("start")), years[0])
    proposed = found.proposal(school, old)
    form = StartYearForm(sent(request), sources=proposed.sources, initial=_initial(proposed))
    shown = _page(proposed, old)

    def act() -> object:
        said = form.cleaned_data
        return new_year.start_year(
            school=school,
            old=old,
            digest=said["digest"],
            plan=form.plan,
            begins_on=said["begins_on"],
            kept=new_year.Kept(said["homerooms"], said["teachers"]),
            actor=request.user,
        )

    back = f"{reverse('schoolbook:setup')}?year={proposed.start}"
    return answer(request, form, act, shown, done=_("The school year is started."), back=back)


def _initial(proposed: found.Proposal) -> dict[str, Any]:
    return {
        **usual_days(proposed.start),
        "begins_on": school_year.first_day(proposed.start),
        "homerooms": proposed.sources,
        "teachers": proposed.sources,
        "start": proposed.start,
        "digest": proposed.digest,
    }


def _page(proposed: found.Proposal, old: Any) -> ActPage:
    names = {"new": school_year.name(proposed.start), "old": old.name}
    return ActPage(
        title=_("Start %(new)s from %(old)s") % names,
        text=_(
            "Each class goes on a grade higher with its subjects. Pupils are not moved: "
            "who goes on is decided at the end of the year."
        ),
        submit=_("Start the year"),
        trail=[(_("Set-up of the year"), reverse("schoolbook:setup"))],
        template="schoolbook/setup/start_year.html",
        more={"proposed": proposed},
    )
