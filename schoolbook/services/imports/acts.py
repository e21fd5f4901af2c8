"""An import as one act: started by a file, looked at, applied as a whole or not at all, and undone as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolbook import access, audit, clock, excel
from schoolbook.errors import Invalid
from schoolbook.models import ImportAct, ImportState, SchoolYear, User
from schoolbook.rules.imports import ImportKind, NoTable, read_table
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action
from schoolbook.rules.preview import Outcome, Preview
from schoolbook.services import rows, second_factor
from schoolbook.services.imports import assignments, staff, students, undoing
from schoolbook.services.imports.plan import Plan
from schoolbook.services.imports.sentences import sentence
from schoolbook.services.imports.writing import Writer

if TYPE_CHECKING:
    from schoolbook.excel.reading import Readable

LONGEST_FILE_NAME = 200
FIRST_MONTH = 7  # pupils are placed some weeks before the first day of lessons
PLANS: dict[ImportKind, Callable[..., Plan]] = {
    ImportKind.STAFF: staff.plan,
    ImportKind.STUDENTS: students.plan,
    ImportKind.ASSIGNMENTS: assignments.plan,
}


class Outdated(Invalid):
    """What is there has changed since the preview was shown, so nothing was written; the page shows a new one."""


class NotToUndo(Invalid):
    """The import cannot be undone any more; the sentence says why."""


def start(
    *,
    file: Readable,
    file_name: str,
    kind: ImportKind,
    year: SchoolYear | None,
    day: date | None,
    actor: User,
) -> ImportAct:
    """Read a spreadsheet and record what it would do; of the school's facts nothing is changed.

    Without a day it is today, or the first day of the year before that begins. The file is read and thrown away.

    Raises Http404, PermissionDenied, and Invalid with a sentence for whatever is wrong with the file.
    """
    school = access.school(actor, actor.school_id or 0, to=Action.IMPORT)
    data = file.read(excel.LIMITS.size + 1)
    try:
        sheets = excel.read(data).sheets
        content = read_table(sheets, kind, year=year.start if year else None)
    except excel.SpreadsheetError as error:
        raise Invalid({"file": str(error)}) from error
    except NoTable as error:
        raise Invalid({"file": _sentences(error)}) from error
    act = ImportAct(
        school=school,
        kind=kind,
        year=year,
        day=_checked(day, year),
        file_name=tidy(file_name)[:LONGEST_FILE_NAME] or "–",
        file_digest=hashlib.sha256(data).hexdigest(),
        content=content.as_json(),
        previewed_by=actor,
        previewed_at=timezone.now(),
    )
    with transaction.atomic():
        _count(act, plan_of(act).preview)
        rows.enter_many([act], actor=actor)
    return act


def _sentences(error: NoTable) -> str:
    """What is wrong with the table: each sentence with its place."""
    places = ("!".join(filter(None, [error.sheet, refusal.address])) for refusal in error.refusals)
    texts = map(sentence, error.refusals)
    return " ".join(
        f"{place}: {text}" if place else text for place, text in zip(places, texts, strict=True)
    )


def _checked(day: date | None, year: SchoolYear | None) -> date:
    today = clock.today()
    if year is None:
        return day or today
    first, last = date(year.start, FIRST_MONTH, 1), year.term2_ends_on
    if day is None:
        day = min(max(today, year.term1_begins_on), last)
    if not first <= day <= last:
        raise Invalid(
            {
                "day": _("Choose a day of the school year, from %(first)s to %(last)s.")
                % {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
            }
        )
    return day


def plan_of(act: ImportAct, *, lock: bool = False) -> Plan:
    """What the act would do as things are now, in few queries; `lock` keeps them so until the transaction ends."""
    return PLANS[ImportKind(act.kind)](act, lock=lock)


def _count(act: ImportAct, preview: Preview) -> None:
    act.digest = preview.digest
    for outcome in Outcome:
        setattr(act, outcome.value, preview.counts[outcome])


@transaction.atomic
def apply(
    *, import_id: int, digest: str, leave_out: bool, actor: User, verified_at: datetime | None
) -> ImportAct:
    """Write everything that is new or changed, or nothing. `digest` is that of the preview that was shown.

    With `leave_out` the refused rows are left out; else one of them holds back all. Applying twice is applying once.

    Raises Http404, PermissionDenied, SecondFactorNeeded, Invalid, and Outdated when the preview is no longer true.
    """
    act = _locked(import_id, actor, verified_at)
    if act.state == ImportState.UNDONE:
        raise Invalid({"__all__": _("This import was undone. Choose the file again.")})
    if act.state == ImportState.APPLIED:
        return act
    plan = plan_of(act, lock=True)
    if plan.preview.digest != digest:
        raise Outdated({"__all__": _("What is there has changed since this preview was made.")})
    if plan.preview.counts[Outcome.REFUSED] and not leave_out:
        raise Invalid(
            {"leave_out": _("Some rows are refused. Correct the file, or leave these rows out.")}
        )
    entries = plan.to_write()
    if not entries:
        raise Invalid({"__all__": _("There is nothing to write.")})
    reason = _("Import %(number)s: %(file)s") % {"number": act.pk, "file": act.file_name}
    writer = Writer(actor=actor, reason=reason)
    try:
        with transaction.atomic():
            plan.write(entries, writer)
    except (IntegrityError, Invalid) as error:
        # Somebody entered the like at the same moment; nothing that was there could be locked.
        raise Outdated(
            {"__all__": _("What is there has changed since this preview was made.")}
        ) from error
    _count(act, plan.preview)
    act.touched = writer.touched
    act.state, act.applied_by, act.applied_at = ImportState.APPLIED, actor, timezone.now()
    act.save()
    audit.record([act], actor=actor)
    return act


def why_not(act: ImportAct) -> str:
    """Why an applied import cannot be undone; empty when it can. The number of queries does not grow with its rows."""
    return undoing.obstacle(act.touched)


@transaction.atomic
def undo(*, import_id: int, actor: User, verified_at: datetime | None) -> ImportAct:
    """Take everything back that an import did: old values return, what was new is withdrawn; history only grows.

    Undoing twice is undoing once.

    Raises Http404, PermissionDenied, SecondFactorNeeded, and NotToUndo when something has changed since.
    """
    act = _locked(import_id, actor, verified_at)
    if act.state == ImportState.UNDONE:
        return act
    if act.state != ImportState.APPLIED:
        raise NotToUndo({"__all__": _("This import was never applied.")})
    undoing.lock(act.touched)
    if obstacle := why_not(act):
        raise NotToUndo({"__all__": obstacle})
    reason = _("Import %(number)s undone") % {"number": act.pk}
    try:
        with transaction.atomic():
            undoing.take_back(act.touched, actor=actor, reason=reason)
    except IntegrityError as error:
        raise NotToUndo(
            {"__all__": _("What was entered since stands in the way of the old values.")}
        ) from error
    act.state, act.undone_by, act.undone_at = ImportState.UNDONE, actor, timezone.now()
    act.save(update_fields=["state", "undone_by", "undone_at"])
    audit.record([act], actor=actor)
    return act


def _locked(import_id: int, actor: User, verified_at: datetime | None) -> ImportAct:
    """The act, with the right and the second factor checked; imports of one school take turns."""
    access.school(actor, actor.school_id or 0, to=Action.IMPORT, lock=True)
    actor = User.objects.get(pk=actor.pk)
    second_factor.require_fresh(actor, verified_at)
    return access.import_act(actor, import_id, to=Action.IMPORT, lock=True)
