"""What a school decides for itself: the version in force, the ones before and to come, and deciding a new one."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from schoolbook import access, clock
from schoolbook.forms.regulation import RegulationForm, described
from schoolbook.http import Request, page, sent
from schoolbook.rules.permissions import Action
from schoolbook.selectors import schools as found
from schoolbook.services import schools
from schoolbook.views.acts import ActPage, answer, fresh
from schoolbook.views.second_factor import prompts_for_second_factor


@require_safe
def regulation(request: Request, school_id: int) -> HttpResponse:
    """The parameters in force, and every version with its decision."""
    school = access.school(request.user, school_id, to=Action.VIEW_SCHOOL)
    today = clock.today()
    versions = found.versions(school, today)
    deputies = found.deputies(one.parameters for one in versions)
    context = {
        "now": described(found.regulation_on(school, today), deputies),
        "versions": [(one, described(one.parameters, deputies)) for one in versions],
        "may_decide": access.may(request.user, Action.DECIDE_REGULATION),
        "history": found.panel(school).changes,
    }
    return page(request, "schoolbook/regulation/regulation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@prompts_for_second_factor
def decide_regulation(request: Request, school_id: int) -> HttpResponse:
    """Decide a new version, with the number and date of the decision."""
    school = access.school(request.user, school_id, to=Action.DECIDE_REGULATION)
    versions = found.versions(school, clock.today())
    newest = versions[0].decision.number if versions else 0
    present = found.regulation_on(school, clock.today())
    form = RegulationForm(sent(request), present=present, school=school, version=newest)
    shown = ActPage(
        title=_("Decide a new regulation"),
        text=_("All parameters as they are to hold, with the decision that says so."),
        submit=_("Record the decision"),
        trail=[(_("Regulation"), reverse("schoolbook:regulation", args=[school_id]))],
        template="schoolbook/regulation/decide_regulation.html",
    )

    def act() -> object:
        said = form.cleaned_data
        return schools.decide(
            school_id=school_id,
            parameters=form.parameters,
            **{name: said[name] for name in ("in_force_from", "decision_number", "decided_on")},
            version=said["version"],
            actor=request.user,
            verified_at=fresh(request),
        )

    return answer(request, form, act, shown, done=_("The new regulation is recorded."))
