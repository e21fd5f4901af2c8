"""What the workflow says, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from approvals.models.requests import STATE_NAMES, WITNESS_NAMES
from approvals.rules.workflow import Why
from schoolbook import registry

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from approvals.models import CorrectionRequest

__all__ = ["STATE_NAMES", "WHY", "WITNESS_NAMES", "subject"]

WHY: dict[Why, StrOrPromise] = {
    Why.NOT_NOW: _("The request has moved on meanwhile; this step is not possible any more."),
    Why.NOT_YOURS: _("This is somebody else's request."),
    Why.OWN_REQUEST: _("You asked for this yourself, so somebody else has to decide it."),
    Why.NOT_THE_DECIDER: _("By the school's regulation somebody else decides this request."),
    Why.NOT_A_WITNESS: _("You are not one of the witnesses that the regulation asks for here."),
    Why.DECIDED_IT: _("You decided this request, so somebody else has to be its witness."),
    Why.WITNESSED_ALREADY: _("This witness has confirmed already, and each is another person."),
    Why.OTHERS_LEFT_OUT: _(
        "Confirm in your other role: otherwise nobody is left for one of the witnesses."
    ),
    Why.NO_EVIDENCE: _("Add at least one file that proves what is right."),
    Why.NO_LINES: _("Nothing would change: enter the value that is right."),
    Why.NO_REASON: _("Say why it has to be corrected."),
}


def subject(row: CorrectionRequest) -> str:
    """The subject that a request is about, or what its book is called."""
    taught = row.class_subject
    return taught.subject.name if taught else str(registry.correctables.get(row.book).title)
