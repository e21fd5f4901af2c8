"""What accounts and security ask of people, as cards of the home page."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schoolbook import access, clock
from schoolbook.models import User
from schoolbook.registry import Card
from schoolbook.rules.permissions import SECOND_FACTOR, Action, Role, any_of
from schoolbook.selectors import duties, grants, security


def own_account(user: User) -> Iterator[Card]:
    """Second factor, statement, codes and password of one's own; two queries."""
    own = security.own(user)
    if not own.second_factor and any_of(duties.roles_today(user), SECOND_FACTOR):
        yield Card(
            _("Set up your second factor"),
            _("Your duties ask for one: until it is set up, you can read but not administer."),
            reverse("schoolbook:set_up_second_factor"),
            _("Set up"),
            tone="late",
        )
    if not own.statement:
        yield Card(
            _("Accept the responsibility statement"),
            _("Once every school year: you answer for the safety of your account."),
            reverse("schoolbook:statement"),
            _("Read"),
            tone="due",
        )
    if own.few_codes:
        yield Card(
            _("Print a new sheet of codes"),
            ngettext(
                "Only %(count)s recovery code is left.",
                "Only %(count)s recovery codes are left.",
                own.codes_left,
            )
            % {"count": own.codes_left},
            reverse("schoolbook:set_up_second_factor"),
            _("New codes"),
            tone="due",
        )
    if own.password_old:
        yield Card(
            _("Time to change your password"),
            _("It is a reminder only: your password goes on working."),
            reverse("schoolbook:change_password"),
            _("Change the password"),
        )


def slips(user: User) -> Iterator[Card]:
    """Slips to confirm and slips that nobody has used yet, for those who may; one or two queries."""
    rights = access.rights(user)
    if not {Action.CONFIRM_SLIPS, Action.MANAGE_ACCOUNTS} & rights:
        return
    found = security.outstanding_slips(user)
    address = reverse("schoolbook:security") + f"?filter={security.Filter.SLIP_OUTSTANDING}"
    if found.to_confirm and Action.CONFIRM_SLIPS in rights:
        yield Card(
            _("Confirm an activation slip"),
            ngettext(
                "%(count)s slip of somebody with power waits for a second person.",
                "%(count)s slips of people with power wait for a second person.",
                found.to_confirm,
            )
            % {"count": found.to_confirm},
            address,
            _("Look"),
            tone="due",
        )
    if found.unused and Action.MANAGE_ACCOUNTS in rights:
        yield Card(
            _("Activation slips that nobody has used yet"),
            ngettext(
                "%(count)s slip is outstanding.",
                "%(count)s slips are outstanding.",
                found.unused,
            )
            % {"count": found.unused},
            address,
            _("Look"),
        )


def given_rights(user: User) -> Iterator[Card]:
    """What one may do for others for some days; one query, and two more for those who may."""
    if Role.DELEGATE not in duties.roles_today(user):
        return
    for grant in grants.held(user, clock.today()):
        may_enter = grant.right is Action.ENTER_MARKS
        title = (
            _("You may enter marks of %(subject)s in %(class)s")
            if may_enter
            else _("You may look at marks of %(subject)s in %(class)s")
        )
        yield Card(
            title % {"subject": grant.subject, "class": grant.class_name},
            _("Given to you by the administrator. What you do there stands under your own name."),
            reverse("schoolbook:class_group", kwargs={"class_group_id": grant.class_group_id}),
            _("To the class"),
            due=_("until %(day)s") % {"day": grant.ends_on.strftime("%d/%m/%Y")},
        )
