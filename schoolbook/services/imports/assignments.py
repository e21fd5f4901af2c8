"""Who teaches which subject in which class, and who is its homeroom teacher; teachers by code or user name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schoolbook.models import (
    ClassGroup,
    ClassSubject,
    HomeroomAssignment,
    ImportAct,
    Subject,
    TeachingAssignment,
    User,
)
from schoolbook.rules import names
from schoolbook.rules.imports import HOMEROOM_WORDS, is_homeroom, keyed_subjects
from schoolbook.rules.preview import Entry
from schoolbook.rules.tables import Row, heading_key
from schoolbook.services.imports.plan import KEY, LAST_DAY, Comparison, Plan
from schoolbook.services.imports.students import Classes, close_before
from schoolbook.services.imports.writing import Writer

TEACHER = "teacher"
DATED = ("ends_on", "withdrawn_on")
Held = TeachingAssignment | HomeroomAssignment


@dataclass(frozen=True)
class Slot:
    """What somebody is assigned to: a subject in a class or, without one, the class as its homeroom."""

    group: ClassGroup
    subject: Subject | None
    class_subject_id: int | None = None

    @property
    def name(self) -> str:
        """How it is called in the preview, and what rows are compared by."""
        return f"{self.group.name} · {self.subject or HOMEROOM_WORDS[0]}"


class Timetable:
    """Subjects, who teaches them in the classes of the year, and the staff that can."""

    def __init__(self, act: ImportAct, *, lock: bool) -> None:
        assert act.year is not None
        self.classes = Classes(act.year)
        subjects = Subject.objects.filter(school=act.school_id)
        self.subjects = keyed_subjects((one.code, one.name, one) for one in subjects)
        taught = ClassSubject.objects.filter(class_group__year=act.year)
        self.taught = {
            (group, subject): key
            for key, group, subject in taught.values_list("pk", "class_group", "subject")
        }
        users = list(User.objects.filter(school=act.school_id))
        self.users = {user.pk: user for user in users}
        self.by_code = {user.code.casefold(): user for user in users if user.code}
        self.by_username = {user.username: user for user in users}
        self.teaching = self._held(
            TeachingAssignment.objects.filter(class_subject__in=list(self.taught.values())),
            act,
            lock=lock,
        )
        self.homerooms = self._held(
            HomeroomAssignment.objects.filter(class_group__year=act.year), act, lock=lock
        )

    @staticmethod
    def _held(rows: Any, act: ImportAct, *, lock: bool) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        rows = rows.between(act.day, LAST_DAY).order_by("pk")
        for row in rows.select_for_update(no_key=True, of=("self",)) if lock else rows:
            slot = (
                row.class_group_id if isinstance(row, HomeroomAssignment) else row.class_subject_id
            )
            found.setdefault(slot, []).append(row)
        return found

    def find(self, text: str) -> Subject | None:
        """The subject that is called so."""
        return self.subjects.get(heading_key(text))

    def held(self, slot: Slot) -> list[Any]:
        """Who is assigned to it on the day or later."""
        if slot.class_subject_id is None:
            return self.homerooms.get(slot.group.pk, [])
        return self.teaching.get(slot.class_subject_id, [])


def plan(act: ImportAct, *, lock: bool) -> Plan:
    """Compare the rows of the act with the assignments of the year; seven queries, whatever their number."""
    comparison = Comparison(act)
    timetable = Timetable(act, lock=lock)
    slots: dict[str, Slot] = {}
    for row in comparison.good_rows():
        slot = _slot(row, timetable, comparison, act)
        teacher = _teacher(row, timetable, comparison)
        if slot is None:
            continue
        slots[slot.name] = slot
        values: dict[str, object] = {KEY: slot.name}
        held = timetable.held(slot)
        main = [one for one in held if one.begins_on <= act.day and _leads(one)]
        if main:
            comparison.present[slot.name] = {TEACHER: _label(timetable.users[main[0].user_id])}
        if teacher:
            values[TEACHER] = _label(teacher)
            same = bool(main) and main[0].user_id == teacher.pk
            if not same and _planned(held, main, teacher):
                comparison.refuse(row, "subject", "assignment_planned")
        comparison.take(row, values)
    comparison.refuse_repeated("subject", "assignment_twice", "what")
    return Plan(comparison.preview(), _Write(act, timetable, slots))


def _leads(row: Held) -> bool:
    return isinstance(row, HomeroomAssignment) or row.gives_final


def _planned(held: Sequence[Held], main: Sequence[Held], teacher: User) -> bool:
    """Whether a plain hand-over on the day is not possible."""
    others = [one for one in held if one not in main and _leads(one)]
    beside = any(one.user_id == teacher.pk for one in held)
    return bool(others) or beside or any(one.ends_on for one in main)


def _slot(row: Row, timetable: Timetable, comparison: Comparison, act: ImportAct) -> Slot | None:
    assert act.year is not None
    class_name, text = str(row.values["class_name"]), str(row.values["subject"])
    group = timetable.classes.find(class_name)
    if group is None:
        named = {"text": class_name, "year": act.year.name}
        comparison.refuse(row, "class_name", "class_unknown", **named)
    if is_homeroom(text):
        return Slot(group, None) if group else None
    subject = timetable.find(text)
    if subject is None:
        comparison.refuse(row, "subject", "subject_unknown", text=text)
    if group is None or subject is None:
        return None
    taught = timetable.taught.get((group.pk, subject.pk))
    if taught is None:
        named = {"class": group.name, "subject": subject.name}
        comparison.refuse(row, "subject", "subject_not_in_class", **named)
        return None
    return Slot(group, subject, taught)


def _teacher(row: Row, timetable: Timetable, comparison: Comparison) -> User | None:
    code = str(row.values.get("teacher_code", "")).casefold()
    username = str(row.values.get("username", "")).casefold()
    by_code = timetable.by_code.get(code) or timetable.by_username.get(code)
    by_name = timetable.by_username.get(username)
    column = "teacher_code" if code else "username"
    found = by_code or by_name
    if not code and not username:
        comparison.refuse(row, "teacher_code", "teacher_missing")
    elif code and by_code is None:
        comparison.refuse(
            row, "teacher_code", "teacher_unknown", text=str(row.values["teacher_code"])
        )
    elif username and by_name is None:
        comparison.refuse(row, "username", "teacher_unknown", text=username)
    elif by_code and by_name and by_code != by_name:
        both = {"code": by_code.full_name, "username": by_name.full_name}
        comparison.refuse(row, "username", "teachers_differ", **both)
    elif found and not found.is_active:
        comparison.refuse(row, column, "teacher_deactivated", name=found.full_name)
    elif found and _named_otherwise(found, row):
        named = {"name": found.full_name, "text": str(row.values["teacher_name"])}
        comparison.refuse(row, "teacher_name", "teacher_named_otherwise", **named)
    return found


def _named_otherwise(user: User, row: Row) -> bool:
    """Whether the file names somebody else; without diacritics, for many a file has none."""
    said = names.search_key(str(row.values.get("teacher_name", "")))
    return bool(said) and said != names.search_key(user.full_name)


def _label(user: User) -> str:
    return f"{user.full_name} ({user.code or user.username})"


class _Write:
    """Ends what is handed over, then writes what begins."""

    def __init__(self, act: ImportAct, timetable: Timetable, slots: dict[str, Slot]) -> None:
        self.act, self.timetable, self.slots = act, timetable, slots
        self.by_label = {_label(user): user for user in timetable.users.values()}

    def __call__(self, entries: Sequence[Entry], writer: Writer) -> None:
        pairs = [
            (self.slots[entry.code], self.by_label[str(entry.values[TEACHER])]) for entry in entries
        ]
        ended = [
            close_before(row, self.act.day)
            for slot, _ in pairs
            for row in self.timetable.held(slot)
            if _leads(row)
        ]
        writer.change([row for row in ended if isinstance(row, TeachingAssignment)], DATED)
        writer.change([row for row in ended if isinstance(row, HomeroomAssignment)], DATED)
        writer.make(
            [
                self._teaching(slot.class_subject_id, user)
                for slot, user in pairs
                if slot.class_subject_id is not None
            ]
        )
        writer.make([self._homeroom(slot, user) for slot, user in pairs if slot.subject is None])

    def _teaching(self, class_subject_id: int, user: User) -> TeachingAssignment:
        return TeachingAssignment(
            school_id=self.act.school_id,
            class_subject_id=class_subject_id,
            user=user,
            begins_on=self.act.day,
        )

    def _homeroom(self, slot: Slot, user: User) -> HomeroomAssignment:
        return HomeroomAssignment(
            school_id=self.act.school_id,
            class_group=slot.group,
            user=user,
            begins_on=self.act.day,
        )
