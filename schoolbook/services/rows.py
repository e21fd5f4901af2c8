"""Entering a row with its history, and ending what holds from a day to a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from schoolbook import audit
from schoolbook.errors import Invalid
from schoolbook.models import User
from schoolbook.models.dated import Dated

Row = TypeVar("Row", bound=Model)
DatedRow = TypeVar("DatedRow", bound=Dated)


def check(row: Model) -> None:
    """Raise Invalid with a sentence for each field that breaks a rule; overlaps and doubles are rules, too."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid.of(error) from error


def enter(row: Row, *, actor: User, reason: str = "") -> Row:
    """Enter a new row with its history; the caller has checked the right and opened the transaction.

    Raises Invalid.
    """
    check(row)
    row.save(force_insert=True)
    audit.record([row], actor=actor, reason=reason, created=True)
    return row


def references(row: Model) -> set[str]:
    """The fields that point to other rows: asking for each whether it is there would cost a query a row."""
    return {field.name for field in row._meta.concrete_fields if field.is_relation}


def enter_many(made: Sequence[Row], *, actor: User, reason: str = "") -> list[Row]:
    """Enter new rows of one model, all or none, in two statements whatever their number.

    Each is checked by itself; what they must not be together, such as twice the same or at the same time, is the
    database's to refuse.

    Raises Invalid.
    """
    if not made:
        return []
    for row in made:
        try:
            row.clean_fields(exclude=references(row))
            row.clean()
        except ValidationError as error:
            raise Invalid.of(error) from error
    try:
        with transaction.atomic():
            entered = type(made[0])._default_manager.bulk_create(made)
    except IntegrityError as error:
        raise Invalid({"__all__": _("Some of these are there already, or overlap.")}) from error
    audit.record(entered, actor=actor, reason=reason, created=True)
    return entered


def end(row: DatedRow, *, last_day: date, actor: User, reason: str = "") -> DatedRow:
    """Set the last day of a row that the caller has locked.

    Raises Invalid when it would end before it began.
    """
    row.ends_on = last_day
    check(row)
    row.save()
    audit.record([row], actor=actor, reason=reason)
    return row


def day_before(day: date) -> date:
    """The last day of what another thing follows on this day."""
    return day - timedelta(days=1)
