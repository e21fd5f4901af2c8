"""What the file of a pupil holds beside the particulars: guardians, exemptions and their papers (R-025, R-027)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from simple_history.utils import get_history_manager_for_model

from schoolbook import access, audit, clock, signals
from schoolbook.errors import Conflict, Invalid
from schoolbook.models import Exemption, Guardian, SchoolYear, Subject, User
from schoolbook.rules import names
from schoolbook.rules.permissions import Action
from schoolbook.selectors import history
from schoolbook.services import rows


@dataclass(frozen=True)
class Contact:
    """A parent or guardian as the class book lists them."""

    relation: str
    full_name: str
    occupation: str = ""
    phone: str = ""
    email: str = ""

    def tidied(self) -> dict[str, str]:
        """The same by field, with spaces and letters put in order."""
        return {name: names.tidy(text) for name, text in asdict(self).items()}


CONTACT = tuple(field.name for field in fields(Contact))


@transaction.atomic
def add_guardian(*, student_id: int, contact: Contact, actor: User) -> Guardian:
    """Enter a parent or guardian of a pupil.

    Raises Http404, PermissionDenied, Invalid.
    """
    student = access.student(actor, student_id, to=Action.EDIT_STUDENTS, lock=True)
    row = Guardian(school=student.school, student=student, **contact.tidied())
    return rows.enter(row, actor=actor)


def version(guardian: Guardian) -> int:
    """Which state of a guardian this is: the place of its newest change in the history; one query."""
    newest = get_history_manager_for_model(guardian).filter(id=guardian.pk).latest("history_id")
    return int(newest.history_id)


@transaction.atomic
def edit_guardian(
    *, guardian_id: int, seen: int, contact: Contact, actor: User, reason: str = ""
) -> Guardian:
    """Change what is known of a guardian; `seen` is the version the actor saw. The same content again is no change.

    Raises Http404, PermissionDenied, Invalid, and Conflict when somebody else was faster.
    """
    row = access.guardian(actor, guardian_id, to=Action.EDIT_STUDENTS, lock=True)
    wanted = contact.tidied()
    present = {name: getattr(row, name) for name in CONTACT}
    if wanted == present:
        return row
    if (newest := version(row)) != seen:
        author, at = history.newest(row)
        raise Conflict(version=newest, values=present, author=author, at=at)
    for name, text in wanted.items():
        setattr(row, name, text)
    rows.check(row)
    row.save(update_fields=CONTACT)
    audit.record([row], actor=actor, reason=names.tidy(reason))
    return row


@transaction.atomic
def withdraw_guardian(*, guardian_id: int, reason: str, actor: User) -> Guardian:
    """Take a guardian out of use; the row stays with its history. Doing so twice is doing so once.

    Raises Http404, PermissionDenied, Invalid.
    """
    row = access.guardian(actor, guardian_id, to=Action.EDIT_STUDENTS, lock=True)
    if not row.is_active:
        return row
    row.is_active = False
    row.save(update_fields=["is_active"])
    audit.record([row], actor=actor, reason=_said(reason))
    return row


@transaction.atomic
def exempt(
    *,
    student_id: int,
    subject: Subject,
    year: SchoolYear,
    terms: tuple[bool, bool],
    kind: str,
    paper: str,
    actor: User,
) -> Exemption:
    """Record an exemption from a subject, or a reduced requirement in it, with the paper that allows it (R-027).

    Raises Http404, PermissionDenied, Invalid.
    """
    student = access.student(actor, student_id, to=Action.EDIT_STUDENTS, lock=True)
    if not any(terms):
        raise Invalid({"in_term1": _("Choose at least one term.")})
    if not names.tidy(paper):
        raise Invalid({"paper": _("Name the paper that allows it.")})
    row = Exemption(
        school=student.school,
        student=student,
        subject=subject,
        year=year,
        in_term1=terms[0],
        in_term2=terms[1],
        kind=kind,
        paper=names.tidy(paper),
    )
    row = rows.enter(row, actor=actor)
    signals.exemption_changed.send(sender=Exemption, exemption=row, actor=actor)
    return row


@transaction.atomic
def withdraw_exemption(*, exemption_id: int, reason: str, actor: User) -> Exemption:
    """End an exemption that no longer holds or was a mistake; it stays with its paper. Twice is once.

    Raises Http404, PermissionDenied, Invalid.
    """
    row = access.exemption(actor, exemption_id, to=Action.EDIT_STUDENTS, lock=True)
    if row.withdrawn_on:
        return row
    row.withdrawn_on = clock.today()
    row.save(update_fields=["withdrawn_on"])
    audit.record([row], actor=actor, reason=_said(reason))
    signals.exemption_changed.send(sender=Exemption, exemption=row, actor=actor)
    return row


def _said(reason: str) -> str:
    said = names.tidy(reason)
    if not said:
        raise Invalid({"reason": _("Say why: it stays in the history.")})
    return said
