"""The history of several objects together: a pupil with the places, guardians and papers; a class with its lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from schoolbook import registry
from schoolbook.models import (
    ClassGroup,
    ClassListConfirmation,
    Enrolment,
    Exemption,
    GroupGrant,
    Guardian,
    HomeroomAssignment,
    PersonGrant,
    School,
    Student,
)
from schoolbook.rules.permissions import Action
from schoolbook.selectors.history import PAGE, Change, FieldChange, Panel

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

# What the class list prints of a pupil, and what only the file holds.
LISTED = ("code", "full_name", "sex", "born_on")
FILED = ("national_id", "birth_place", "ethnicity", "priority", "address", "note")


@dataclass(frozen=True)
class Entry(Change):
    """A change of one of several objects; `about` says of which, if it is not the page's own."""

    about: str


@dataclass(frozen=True)
class Strand:
    """The history rows of some objects of one model, the fields to show, and what to call each object."""

    rows: QuerySet[Any]
    fields: Sequence[str]
    about: Callable[[Any], str] = lambda _row: ""


def of_student(student: Student, *, whole: bool, before: int | None = None) -> Panel:
    """The history of a pupil's particulars, places, exemptions and, as a `whole`, of all that the file holds.

    Without the file neither reasons nor papers are shown. At most eight queries.
    """
    own = {"student_id": student.pk}
    strands = [
        Strand(Student.history.filter(id=student.pk), LISTED + (FILED if whole else ())),
        Strand(
            Enrolment.history.filter(**own).select_related("class_group"),
            ("class_group", "begins_on", "ends_on", *(["end_reason"] if whole else [])),
            lambda row: _("Class %(class)s") % {"class": row.class_group},
        ),
        Strand(
            Exemption.history.filter(**own).select_related("subject", "year"),
            (
                *("subject", "year", "kind", "in_term1", "in_term2", "withdrawn_on"),
                *(["paper"] if whole else []),
            ),
            lambda row: _("Exemption: %(subject)s") % {"subject": row.subject},
        ),
    ]
    if whole:
        strands.append(
            Strand(
                Guardian.history.filter(**own),
                ("relation", "full_name", "occupation", "phone", "email", "is_active"),
                lambda row: f"{capfirst(row.get_relation_display())}: {row.full_name}",
            )
        )
    return timeline(strands, before=before, reasons=whole)


def of_class(group: ClassGroup, *, before: int | None = None) -> Panel:
    """The history of a class, of who led it, and of the lists that were confirmed; at most six queries."""
    own = {"class_group_id": group.pk}
    strands = [
        Strand(
            ClassGroup.history.filter(id=group.pk).select_related("specialised_subject"),
            ("name", "grade", "scheme", "specialised_subject"),
        ),
        Strand(
            HomeroomAssignment.history.filter(**own).select_related("user"),
            ("user", "begins_on", "ends_on"),
            lambda _row: _("Homeroom teacher"),
        ),
        Strand(
            ClassListConfirmation.history.filter(**own),
            ("confirmed_at", "pupils"),
            lambda _row: _("The list was confirmed"),
        ),
    ]
    return timeline(strands, before=before)


def of_grants(school: School, *, before: int | None = None) -> Panel:
    """The history of the rights a school has given for some days; at most four queries."""

    def strand(kind: type[PersonGrant] | type[GroupGrant], holder: str) -> Strand:
        joined = ("permission", holder, "content_object__subject", "content_object__class_group")
        return Strand(
            kind.history.filter(school_id=school.pk).select_related(*joined),
            (holder, "begins_on", "ends_on", "revoked_at"),
            _right_given,
        )

    return timeline([strand(PersonGrant, "user"), strand(GroupGrant, "group")], before=before)


def _right_given(row: Any) -> str:
    taught = row.content_object
    verb = _("enter marks") if row.permission.codename == Action.ENTER_MARKS else _("look at marks")
    return f"{capfirst(verb)}: {taught.class_group.name} · {taught.subject.name}"


def timeline(
    strands: Sequence[Strand],
    *,
    before: int | None = None,
    size: int = PAGE,
    reasons: bool = True,
) -> Panel:
    """The newest changes of all strands, or those before a moment, in at most two queries a strand.

    A change of nothing that the fields show is left out. `older` is a moment in microseconds since 1970.
    """
    until = LATEST if before is None else min(EPOCH + _microseconds(before), LATEST)
    found: list[tuple[Any, Strand]] = []
    for strand in strands:
        found += [(row, strand) for row in _newest(strand, until, size + 1)]
    found.sort(key=lambda pair: pair[0].history_date, reverse=True)
    end = _end_of_page([row.history_date for row, _strand in found], size)
    shown = found[:end]
    older = (shown[-1][0].history_date - EPOCH) // MICROSECOND if len(found) > end else None
    known = {id(strand): _earlier(strand, shown) for strand in strands}
    entries = [
        _entry(row, known[id(strand)].get(row.earlier), strand, reasons) for row, strand in shown
    ]
    entries = [entry for entry in entries if entry.changes]
    if not entries and older is not None:
        return timeline(strands, before=older, size=size, reasons=reasons)
    return Panel(changes=entries, older=older)


def _microseconds(count: int) -> timedelta:
    return min(count, (LATEST - EPOCH) // MICROSECOND) * MICROSECOND


def _end_of_page(moments: Sequence[datetime], size: int) -> int:
    """Where the page ends; never between changes of one moment, which the next page would miss."""
    end = min(size, len(moments))
    while 0 < end < len(moments) and moments[end] == moments[end - 1]:
        end += 1
    return end


def _newest(strand: Strand, until: datetime, count: int) -> list[Any]:
    # The rows come without their manager's class: history models are made when Django starts.
    same = strand.rows.model._default_manager.filter(
        id=OuterRef("id"), history_id__lt=OuterRef("history_id")
    )
    earlier = Subquery(same.order_by("-history_id").values("history_id")[:1])
    rows = strand.rows.filter(history_date__lt=until).annotate(earlier=earlier)
    return list(rows.order_by("-history_date", "-history_id")[:count])


def _earlier(strand: Strand, shown: Sequence[tuple[Any, Strand]]) -> dict[int, Any]:
    """The rows that those shown followed, by their place in the history."""
    mine = {row.history_id: row for row, of in shown if of is strand}
    missing = {row.earlier for row in mine.values()} - {None} - set(mine)
    return mine | {row.history_id: row for row in strand.rows.filter(history_id__in=missing)}


def _entry(row: Any, earlier: Any | None, strand: Strand, reasons: bool) -> Entry:
    changes = []
    for name in strand.fields:
        old, new = "" if earlier is None else _words(earlier, name), _words(row, name)
        if old != new:
            changes.append(FieldChange(label=_label(row, name), old=old, new=new))
    return Entry(
        at=row.history_date,
        actor_name=row.actor_name,
        reason=(row.history_change_reason or "") if reasons else "",
        changes=changes,
        first=earlier is None,
        about=strand.about(row),
    )


def _label(row: Any, name: str) -> str:
    """What a field is called; one that points to something and has no name of its own, as that is called."""
    field = row._meta.get_field(name)
    unnamed = field.is_relation and field.verbose_name == name.replace("_", " ")
    return str(capfirst((field.related_model._meta if unnamed else field).verbose_name))


def _words(row: Any, name: str) -> str:
    """The value of a field as people write it."""
    value = getattr(row, name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%H:%M %d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if name == "scheme":
        return registry.schemes.circular(value)
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display else value)
