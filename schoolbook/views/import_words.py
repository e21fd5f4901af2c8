"""The rows of a preview in words: labels of fields, values as people write them, reasons with their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolbook.rules.cells import Refusal
from schoolbook.rules.imports import ImportKind
from schoolbook.rules.preview import Entry, Outcome
from schoolbook.selectors.history import FieldChange
from schoolbook.services.imports import sentence

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LABELS: dict[str, StrOrPromise] = {
    "full_name": gettext_lazy("full name"),
    "born_on": gettext_lazy("date of birth"),
    "sex": gettext_lazy("sex"),
    "class_name": gettext_lazy("class"),
    "national_id": gettext_lazy("national identity code"),
    "birth_place": gettext_lazy("place of birth"),
    "ethnicity": gettext_lazy("ethnicity"),
    "priority": gettext_lazy("priority category"),
    "address": gettext_lazy("address"),
    "note": gettext_lazy("changes to mind"),
    "department": gettext_lazy("department"),
    "username": gettext_lazy("user name"),
    "is_active": gettext_lazy("may sign in"),
    "subject": gettext_lazy("subject"),
    "teacher": gettext_lazy("teacher"),
    "teacher_code": gettext_lazy("staff code"),
    "teacher_name": gettext_lazy("full name"),
}
CODES: dict[ImportKind, StrOrPromise] = {
    ImportKind.STAFF: gettext_lazy("staff code"),
    ImportKind.STUDENTS: gettext_lazy("pupil code"),
    ImportKind.ASSIGNMENTS: gettext_lazy("class and subject"),
}


@dataclass(frozen=True)
class Reason:
    """Why a row is refused: the cell and a sentence."""

    address: str
    sentence: str


@dataclass(frozen=True)
class ShownEntry:
    """One row of a preview. `values` are what a new row brings, `changes` what becomes of an old one."""

    number: int
    code: str
    name: str
    outcome: str
    values: Sequence[FieldChange]
    changes: Sequence[FieldChange]
    reasons: Sequence[Reason]


def shown(entry: Entry, kind: ImportKind) -> ShownEntry:
    """A row of the preview in words."""
    code = entry.values.get("code") or entry.code
    if kind is ImportKind.ASSIGNMENTS and not code:
        code = " · ".join(str(entry.values.get(name, "")) for name in ("class_name", "subject"))
    new = entry.values if entry.outcome is Outcome.NEW else {}
    order = list(LABELS)
    changes = sorted(entry.changes, key=lambda c: order.index(c.field) if c.field in order else -1)
    return ShownEntry(
        number=entry.number,
        code=str(code),
        name=str(entry.values.get("full_name", "")),
        outcome=entry.outcome.value,
        values=[
            FieldChange(_label(name, kind), "", _words(name, new[name]))
            for name in order
            if name in new and name != "full_name"
        ],
        changes=[
            FieldChange(_label(c.field, kind), _words(c.field, c.old), _words(c.field, c.new))
            for c in changes
        ],
        reasons=[reason(refusal) for refusal in entry.refusals],
    )


def reason(refusal: Refusal) -> Reason:
    """Why something is refused, in the language of the request."""
    return Reason(refusal.address, sentence(refusal))


def _label(name: str, kind: ImportKind) -> str:
    return capfirst(str(CODES[kind] if name == "code" else LABELS[name]))


def _words(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if name == "sex":
        return _("female") if value == "female" else _("male")
    return str(value)
