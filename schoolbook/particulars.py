"""A pupil's particulars as a book in which something can be corrected (R-128).

They count as closed once the homeroom teacher has confirmed the list of the class (R-024): what was confirmed, printed
and signed is then set right by a request with its evidence and an approval. Before that they are simply edited.
Editing them on the pupil's page stays possible for whoever may; a request that is overtaken so expires when somebody
next turns to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolbook import access
from schoolbook.correctable import Change, Item, Matter, Order, Overtaken
from schoolbook.errors import Invalid
from schoolbook.models import Student, User
from schoolbook.models.students import FEMALE, MALE
from schoolbook.rules.names import tidy
from schoolbook.rules.permissions import Action
from schoolbook.selectors import particulars as read
from schoolbook.services import students

SEXES = {"Nữ": FEMALE, "Nam": MALE}


@dataclass(frozen=True, slots=True)
class Field:
    """One of the particulars: what the official form calls it, how it is shown there, and how it is read back.

    `typed` raises ValueError, with a sentence.
    """

    label: str
    shown: Callable[[Any], str] = str
    typed: Callable[[str], Any] = str


def _day(text: str) -> date:
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    raise ValueError(_("Write the day like 25/03/2015."))


def _sex(text: str) -> str:
    found = {name.casefold(): value for name, value in SEXES.items()}.get(text.casefold())
    if not found:
        raise ValueError(_("Write Nam or Nữ."))
    return found


def _said_sex(value: str) -> str:
    return next((name for name, one in SEXES.items() if one == value), value)


# In the words of the form, which is Vietnamese whoever fills it in.
FIELDS = {
    "full_name": Field("Họ và tên"),
    "sex": Field("Giới tính", _said_sex, _sex),
    "born_on": Field("Ngày sinh", lambda day: f"{day:%d/%m/%Y}", _day),
    "birth_place": Field("Nơi sinh"),
    "national_id": Field("Số định danh cá nhân"),
    "ethnicity": Field("Dân tộc"),
    "priority": Field("Đối tượng ưu tiên"),
    "address": Field("Địa chỉ"),
}


class Particulars:
    """The particulars of one pupil, asked for on the page of a class."""

    name = "particulars"
    title = gettext_lazy("Particulars of pupils")

    def opened(self, user: User, asked: Mapping[str, str]) -> Matter:
        """The particulars of `student` in `class_group`, to who may ask for corrections there.

        Raises Http404, PermissionDenied.
        """
        group = access.class_group(user, _number(asked, "class_group"), to=Action.FILE_CORRECTIONS)
        pupil = Student.objects.filter(
            pk=_number(asked, "student"), enrolments__class_group=group
        ).first()
        if pupil is None:
            raise Http404
        closed = group.list_confirmations.exists()
        why_not = (
            ""
            if closed
            else _("The class list is not confirmed yet: edit it on the page of the pupil.")
        )
        versions = read.versions(pupil.pk)
        items = [
            Item(key, one.label, one.shown(getattr(pupil, key)), versions[key], why_not=why_not)
            for key, one in FIELDS.items()
        ]
        return Matter(
            book=self.name,
            place={"class_group": group.pk},
            school_id=group.school_id,
            year_id=group.year_id,
            class_group_id=group.pk,
            student_id=pupil.pk,
            items=tuple(items),
        )

    def changes(self, matter: Matter, typed: Mapping[str, str]) -> list[Change]:
        """What was typed, checked as on the page of the pupil. Raises Invalid by key."""
        pupil = Student.objects.get(pk=matter.student_id)
        found, wanted, refused = [], {}, {}
        for item in matter.items:
            text = tidy(typed.get(item.key, item.shown))
            if text == item.shown:
                continue
            try:
                wanted[item.key] = FIELDS[item.key].typed(text)
            except ValueError as error:
                refused[item.key] = str(error)
                continue
            shown = FIELDS[item.key].shown(wanted[item.key])
            if shown == item.shown:
                continue
            if item.why_not:
                refused[item.key] = item.why_not
            found.append(
                Change(item.key, item.label, item.group, item.shown, item.version, text, shown)
            )
        refused |= {
            key: str(why) for key, why in students.faults(pupil, wanted).items() if key in wanted
        }
        if refused:
            raise Invalid(refused)
        return found

    def effect(self, matter: Matter, changes: Sequence[Change]) -> Mapping[str, Any]:
        """Nothing beyond themselves."""
        return {}

    def said(self, effect: Mapping[str, Any]) -> Sequence[tuple[str, str, str]]:
        """Nothing."""
        return []

    def hold(self, actor: User, place: Mapping[str, Any]) -> None:
        """Nothing but the pupil is written, which `apply` locks."""

    def standing(
        self, place: Mapping[str, Any], student_id: int, keys: Sequence[str]
    ) -> Mapping[str, tuple[int, str]]:
        """Version and value of these fields now; in two queries."""
        pupil = Student.every.get(pk=student_id)
        versions = read.versions(student_id)
        return {key: (versions[key], FIELDS[key].shown(getattr(pupil, key))) for key in keys}

    @transaction.atomic
    def apply(self, order: Order, *, actor: User) -> None:
        """Write the fields into the pupil. Raises Overtaken, Http404, PermissionDenied."""
        access.require(actor, Action.APPLY_CORRECTIONS)
        locked = Student.objects.visible_to(actor).select_for_update(no_key=True)
        pupil = locked.filter(pk=order.student_id).first()
        if pupil is None:
            raise Http404
        now = self.standing(order.place, pupil.pk, [one.key for one in order.changes])
        for one in order.changes:
            if now[one.key][0] != one.old_version:
                raise Overtaken(one.label, now[one.key][1])
        wanted = {one.key: FIELDS[one.key].typed(one.typed) for one in order.changes}
        if why := students.faults(pupil, wanted):
            key = next(iter(why))
            raise Overtaken(FIELDS[key].label if key in FIELDS else key, str(why[key]))
        students.put_right(pupil, wanted, actor=actor, reason=order.reason)

    def href(self, place: Mapping[str, Any], student_id: int) -> str:
        """The page of the pupil."""
        return reverse("schoolbook:student", args=[student_id])

    def history(
        self, place: Mapping[str, Any], student_id: int, keys: Sequence[str]
    ) -> Sequence[tuple[datetime, str, str, str, str]]:
        """The edits of these fields, newest first; in one query."""
        return [
            (at, actor, FIELDS[key].label, FIELDS[key].shown(value), reason)
            for at, actor, key, value, reason in read.edits(student_id, keys)
        ]


def _number(asked: Mapping[str, str], name: str) -> int:
    text = str(asked.get(name, ""))
    if not (text.isascii() and text.isdigit() and len(text) <= 9):  # noqa: PLR2004
        raise Http404
    return int(text)
