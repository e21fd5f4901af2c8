"""What accounts and security ask of people, as cards of the home page."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schoolbook import access
from schoolbook.models import User
from schoolbook.registry import Card
from schoolbook.rules.permissions import SECOND_FACTOR, Action, any_of
from schoolbook.selectors import duties, security


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
